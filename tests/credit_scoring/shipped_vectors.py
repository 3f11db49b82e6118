"""The 141 vectors as a file, and what tests change in it."""

import json
import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from credit_scoring.rule_sets.rule_set import RuleSet
from credit_scoring.vectors.reading import VectorFile, read_vectors

FILE = Path(__file__).parent / "data" / "vectors.json"


@cache
def vector_file() -> VectorFile:
    """The file, read."""
    return read_vectors(FILE.read_bytes())


def vector_document() -> dict[str, Any]:
    """The file as plain values, to be changed."""
    document: dict[str, Any] = json.loads(FILE.read_bytes(), parse_float=Decimal)
    return document


def rule_set_of_vectors() -> RuleSet:
    """The set that the file carries: every row on."""
    return vector_file().rule_set


def encoded(document: dict[str, Any]) -> bytes:
    """The bytes of a changed file; its decimals as texts, which are read alike."""
    return json.dumps(document, default=str, ensure_ascii=False).encode()


GONE = object()


def put(document: dict[str, Any], path: str, value: object) -> None:
    """Set what stands at a path such as ``rules[0].points``; GONE takes it away."""
    *way, last = (int(each) if each.isdigit() else each for each in re.findall(r"[^.\[\]]+", path))
    place: Any = document
    for each in way:
        place = place[each]
    if value is GONE:
        del place[last]
    elif isinstance(place, list) and last == len(place):
        place.append(value)
    else:
        place[last] = value
