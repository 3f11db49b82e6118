"""What a value's cell may say beside a number: an input, a step, a parameter's row, a land column.

Without a word before it a name means the input of that name, else the step, else the parameter. A
word and a colon say which is meant. ``{cover}`` in a parameter's dimension stands for what a land
class has in that column.
"""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeAlias

from gep.registry.parameter_set import Dims, ParameterSet

_WORDS = {
    "input": "input",
    "输入": "input",
    "step": "step",
    "步骤": "step",
    "parameter": "parameter",
    "参数": "parameter",
    "land": "land",
    "地类": "land",
}
_WORD = re.compile(r"([A-Za-z]+|[\u4e00-\u9fff]+)[:\uff1a](.+)\Z", re.DOTALL)
_PARAMETER = re.compile(r"([^\[\]{}]*[^\[\]{}\s])\s*(?:\[([^\[\]]*)\])?\Z")
_HOLE = re.compile(r"\{([a-z_]+)\}\Z")


@dataclass(frozen=True, slots=True)
class InputName:
    """An input."""

    name: str


@dataclass(frozen=True, slots=True)
class StepName:
    """A step of the methods."""

    name: str


@dataclass(frozen=True, slots=True)
class ParameterName:
    """A parameter's row; ``holes`` are dimensions that a land class fills, by column."""

    key: str
    dims: Dims = ()
    holes: Dims = ()


@dataclass(frozen=True, slots=True)
class LandColumn:
    """A column of the land sheet: a figure for each class."""

    name: str


Reference: TypeAlias = InputName | StepName | ParameterName | LandColumn


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names that a file has: its inputs and steps, and the keys of its parameter set."""

    inputs: Collection[str] = ()
    steps: Collection[str] = ()
    keys: Collection[str] | None = None

    def meant_by(self, text: str) -> Reference | None:
        """Return what a text refers to; None where nothing has that name."""
        found = _WORD.match(text)
        word = None if found is None else _WORDS.get(found[1].lower())
        if found is not None and word is not None:
            return self._worded(word, found[2])
        if text in self.inputs:
            return InputName(text)
        if text in self.steps:
            return StepName(text)
        parameter = parameter_in(text)
        if parameter is None or (self.keys is not None and parameter.key not in self.keys):
            return None
        return parameter

    def _worded(self, word: str, name: str) -> Reference | None:
        if word == "input":
            exact = name if name in self.inputs else name.strip()
            return InputName(exact) if exact in self.inputs else None
        if word == "step":
            exact = name if name in self.steps else name.strip()
            return StepName(exact) if exact in self.steps else None
        if word == "land":
            return LandColumn(name.strip())
        return parameter_in(name)


def keys_of(parameters: ParameterSet) -> frozenset[str]:
    """Return the keys of a set and of those that it extends."""
    found: set[str] = set()
    here: ParameterSet | None = parameters
    while here is not None:
        found.update(key for key, _ in here.rows)
        here = here.extends
    return frozenset(found)


def parameter_in(text: str) -> ParameterName | None:
    """Return the parameter's row that a text names: ``key[dimension=value, ...]``."""
    text = text.strip()
    if text.startswith("{"):
        return _from_json(text)
    found = _PARAMETER.match(text)
    if found is None:
        return None
    dims: dict[str, str] = {}
    holes: dict[str, str] = {}
    for part in (found[2] or "").replace("\uff0c", ",").split(","):
        name, has_value, value = (each.strip() for each in part.partition("="))
        if not name and not value and not found[2]:
            continue
        if not has_value or not name or not value or name in dims or name in holes:
            return None
        hole = _HOLE.match(value)
        if hole is None:
            dims[name] = value
        else:
            holes[name] = hole[1]
    return ParameterName(found[1], tuple(sorted(dims.items())), tuple(sorted(holes.items())))


def parameter_text(key: str, dims: Dims) -> str:
    """Return a parameter's row as a text that ``parameter_in`` reads as the same row."""
    inside = ", ".join(f"{name}={value}" for name, value in dims)
    text = f"{key}[{inside}]" if inside else key
    if parameter_in(text) == ParameterName(key, dims):
        return text
    return json.dumps({"parameter": key, "dims": dict(dims)}, ensure_ascii=False)


def _from_json(text: str) -> ParameterName | None:
    try:
        found = json.loads(text)
        key, dims = found["parameter"], found["dims"]
        pairs = tuple(sorted((str(name), str(value)) for name, value in dims.items()))
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    return ParameterName(str(key), pairs)
