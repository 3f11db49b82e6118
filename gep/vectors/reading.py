"""A file of published figures: inputs, formula, the engine's call, and what must come out.

The form is that of ``gep_vectors.json``, whose ``about`` explains it. Titles, notes and whatever
else is information are not read; calls, figures and formulas are read whole, so that a file with an
error in them is refused before anything runs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from gep.calls import arguments_of
from gep.document import Place, read_document
from gep.errors import Unknown
from gep.vectors.formula import Formula, NoFormula, parse

NESTING_MAX = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """An input of the vector, times a factor that brings it to the unit of the call."""

    name: str
    times: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineCall:
    """A call of the engine, its result times a factor."""

    name: str
    arguments: "dict[str, Term | list[Term]]"
    times: float = 1.0


Term: TypeAlias = "Input | float | EngineCall"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """A figure that must come out, and how far off it may be."""

    value: float
    within: float

    def holds(self, found: float) -> bool:
        """Say whether a result is close enough."""
        return abs(found - self.value) <= self.within


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """One published figure; without an engine's call it checks its source's arithmetic."""

    id: str
    inputs: dict[str, float]
    formula: Formula
    checks: tuple[Tolerance, ...]
    engine: EngineCall | None


def read_vectors(text: bytes) -> tuple[Vector, ...]:
    """Read a file of vectors.

    Raises:
        Malformed: the place and what was expected there.
    """
    found = _having(read_document(text), "vectors")
    return tuple(found["vectors"].unique(_vector, lambda each: each.id))


def _having(place: Place, *names: str) -> dict[str, Place]:
    """Return an object's members, which these are among; others are information."""
    found = place.members()
    for name in names:
        if name not in found:
            place.refuse("key_missing", f"the key {name}")
    return found


def _vector(place: Place) -> Vector:
    found = _having(place, "id", "inputs", "formula", "expected", "tolerance_rel")
    inputs = {name: _input(each) for name, each in found["inputs"].members().items()}
    expected = _finite(found["expected"].fields("value", "unit")["value"])
    relative = float(found["tolerance_rel"].between(0, 1))
    engine = found.get("engine", Place(None))
    return Vector(
        id=found["id"].text(),
        inputs=inputs,
        formula=_formula(found["formula"], inputs),
        checks=(
            Tolerance(value=expected, within=relative * abs(expected)),
            *_second(found.get("second_check", Place(None))),
        ),
        engine=None if engine.value is None else _call(engine, inputs),
    )


def _input(place: Place) -> float:
    return _finite(place.fields("value", "unit note")["value"])


def _finite(place: Place) -> float:
    return float(place.number())


def _second(place: Place) -> Iterable[Tolerance]:
    if place.value is not None:
        found = place.fields("value tolerance_abs", "unit derived")
        within = float(found["tolerance_abs"].between(0, 1e60))
        yield Tolerance(value=_finite(found["value"]), within=within)


def _formula(place: Place, inputs: Iterable[str]) -> Formula:
    try:
        formula = parse(place.text())
    except NoFormula as error:
        place.refuse("not_a_formula", str(error))
    missing = sorted(formula.names - set(inputs))
    if missing:
        place.refuse("input_unknown", f"an input named {missing[0]}")
    return formula


def _call(place: Place, inputs: Iterable[str], depth: int = 1) -> EngineCall:
    if depth > NESTING_MAX:
        place.refuse("too_many", f"calls nested at most {NESTING_MAX} deep")
    found = place.fields("call args", "times")
    name, given = found["call"].text(), found["args"].members()
    try:
        known = arguments_of(name)
    except Unknown:
        found["call"].refuse("call_unknown", "a call of the engine")
    needed = " ".join(each.name for each in known.values() if not each.is_optional)
    found["args"].fields(needed, " ".join(known))
    return EngineCall(
        name=name,
        arguments={key: _terms(each, inputs, depth) for key, each in given.items()},
        times=_finite(found["times"]) if "times" in found else 1.0,
    )


def _terms(place: Place, inputs: Iterable[str], depth: int) -> "Term | list[Term]":
    if isinstance(place.value, list):
        return [_term(each, inputs, depth) for each in place.items()]
    return _term(place, inputs, depth)


def _term(place: Place, inputs: Iterable[str], depth: int) -> Term:
    if isinstance(place.value, str):
        return Input(name=_known(place, inputs))
    if not isinstance(place.value, dict):
        return _finite(place)
    if "call" in place.value:
        return _call(place, inputs, depth + 1)
    found = place.fields("input", "times")
    times = _finite(found["times"]) if "times" in found else 1.0
    return Input(name=_known(found["input"], inputs), times=times)


def _known(place: Place, inputs: Iterable[str]) -> str:
    if place.text() not in inputs:
        place.refuse("input_unknown", "the name of an input")
    return place.text()
