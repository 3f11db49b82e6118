"""A table of consequences as one document: ``version``, ``effective_from`` and its ``rows``.

Its canonical form holds numbers as decimal texts; both forms are read, and give the same. Grades
are those of a rule set, which the machine chooses when the table is adopted, for good.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any

from credit_scoring.consequences.reading import grades_of, read_rows
from credit_scoring.consequences.row import Row
from credit_scoring.rule_sets.adopting.state import read as read_rule_set
from credit_scoring.rule_sets.document import Place, read_json
from kernel.canonical import canonical

VERSION = re.compile(r"[A-Za-z0-9.-]{1,32}\Z")
READ_MAX = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of consequences, from its first day on."""

    version: str
    effective_from: date
    rows: tuple[Row, ...]


def canonical_table(document: Mapping[str, Any]) -> str:
    """Return a document's canonical JSON.

    Raises:
        NotCanonical: a value that is neither text, whole number, truth value, list nor object.
    """
    return canonical(_texts(dict(document))).decode()


def hash_of(document: str) -> str:
    """Return the SHA-256 of a canonical document."""
    return sha256(document.encode()).hexdigest()


def head_of(document: str) -> tuple[str, date]:
    """Return version and first day.

    Raises:
        Malformed: the place and what was expected there.
    """
    place = read_json(document.encode())
    place.keys(required=("version", "effective_from", "rows"), optional=("note",))
    version = place.at("version")
    if VERSION.match(version.text()) is None:
        version.refuse("wrong_type", "1 to 32 of A-Z a-z 0-9 . -")
    return version.text(), place.at("effective_from").day()


@lru_cache(maxsize=READ_MAX)
def read_table(document: str, rule_set: str) -> Table:
    """Return the table of a document, by the grades of a rule set's document.

    Raises:
        Malformed: the place and what was expected there.
        ConsequenceRefused: a row breaks a rule of consequences.
    """
    version, first = head_of(document)
    rows = read_json(document.encode()).value["rows"]
    found = read_rows(Place({"rows": rows}), grades=grades_of(read_rule_set(rule_set)))
    return Table(version=version, effective_from=first, rows=found)


def _texts(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, dict):
        return {key: _texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_texts(item) for item in value]
    return value
