"""Seals: a few digits of a hash for every cell of an export, so that a changed one is named.

An account's hash tells that something was changed, a seal tells where. Whoever changes a cell can
change its seal as well: what decides is the hash, and where it was had from. A row is an object of
scalars, named by its place; a list of scalars is a row too, and a geometry one cell.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any, TypeAlias

import msgspec

Rows: TypeAlias = dict[str, dict[str, str]]
SEAL_DIGITS = 8
SEALS, CONTEXT, METADATA = "seals", "@context", "metadata.json"
# What is the same in every export carries no seal.
UNSEALED = (CONTEXT, METADATA)
WHOLE = frozenset({"bbox", "coordinates"})
_POINT = re.compile(rb"\[\n +(-?[0-9][^\s,]*),\n +(-?[0-9][^\s,]*)\n +\]")
_encode = msgspec.json.Encoder(decimal_format="number").encode


def json_bytes(document: Mapping[str, Any]) -> bytes:
    """Return a document as JSON for people and machines: its own order, decimals as numbers."""
    spread = msgspec.json.format(_encode(document), indent=1)
    # No text has a bare newline within: what is matched are points of a boundary.
    return _POINT.sub(rb"[\1, \2]", spread) + b"\n"


def compact_json(value: Any) -> str:
    """Return a value as JSON in one line, decimals as numbers."""
    return _encode(value).decode()


def sealed(document: Mapping[str, Any]) -> bytes:
    """Return a document as JSON, with the seals of all its cells."""
    return json_bytes({**document, SEALS: seals_of(rows_of(document))})


def rows_of(document: Mapping[str, Any], name: str = "") -> Rows:
    """Return the cells of a document by row and key, as texts; seals are none of them."""
    rows: Rows = {}
    waiting: list[tuple[str, Any]] = [(name, document)]
    while waiting:
        place, value = waiting.pop()
        for key, each in _members(value):
            if place == name and key == SEALS:
                continue
            if isinstance(each, dict | list | tuple) and key not in WHOLE:
                waiting.append((_inside(place, key, value), each))
            else:
                rows.setdefault(place, {})[key] = _text(each)
    return rows


def seals_of(rows: Rows) -> dict[str, str]:
    """Return a seal for each row: the first digits of each cell's hash, by key."""
    return {
        place: "".join(_digits(place, key, cells[key]) for key in sorted(cells))
        for place, cells in sorted(rows.items())
        if not place.startswith(UNSEALED)
    }


def broken_seals(rows: Rows, seals: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    """Yield row and key of cells that are not as they were sealed; no key for a row as a whole."""
    now = seals_of(rows)
    for place in sorted(now.keys() | seals.keys()):
        found, said = now.get(place), seals.get(place)
        if found == said:
            continue
        if found is None or said is None or len(found) != len(said):
            yield place, None
            continue
        for number, key in enumerate(sorted(rows[place])):
            part = slice(number * SEAL_DIGITS, (number + 1) * SEAL_DIGITS)
            if found[part] != said[part]:
                yield place, key


def cell_of(place: str, key: str | None) -> str:
    """Return a cell's name: ``lines[0].value_yuan``, ``lines.csv position 1, value_yuan``."""
    if key is None or not place:
        return key or place
    if " position " in place:
        return f"{place}, {key}"
    return f"{place}[{key}]" if key.isdigit() else f"{place}.{key}"


def _digits(place: str, key: str, text: str) -> str:
    return sha256(f"{place}\n{key}\n{text}".encode()).hexdigest()[:SEAL_DIGITS]


def _members(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    else:
        yield from ((str(number), each) for number, each in enumerate(value))


def _inside(place: str, key: str, value: Any) -> str:
    if not isinstance(value, dict):
        return f"{place}[{key}]"
    return f"{place}.{key}" if place else key


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float() | Decimal():
            return f"{Decimal(str(value)).normalize():f}"
        case str():
            return value
    return str([_text(each) for each in _flat(value)])


def _flat(value: Any) -> list[Any]:
    """Return what nested lists hold, each list's length before it."""
    found: list[Any] = []
    waiting = [value]
    while waiting:
        each = waiting.pop()
        inside = [*each.keys(), *each.values()] if isinstance(each, dict) else each
        if isinstance(inside, list | tuple):
            found.append(len(inside))
            waiting.extend(reversed(inside))
        else:
            found.append(each)
    return found
