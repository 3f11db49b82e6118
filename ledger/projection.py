"""From the journal of a batch to the rows that it changed.

The journal names every object that a batch touched. The rows to write are the after-images of
those that have a table: pure, and the same whether effects were decided or folded.
"""

from dataclasses import dataclass, field
from typing import Any

from ledger.journal import Created, Journal
from ledger.state import Row

# Tables whose new rows go by COPY: a key of theirs is never used twice.
APPENDED = frozenset({"movement", "trade", "trading_order"})


@dataclass(slots=True)
class TableRows:
    """The rows of one table that a batch made or changed, by key."""

    table: str
    created: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)


def write_set(journal: Journal, *, start: int = 0) -> list[TableRows]:
    """Return the rows that the journal's records from ``start`` on name, as they are now.

    Each object once, in the order of its last change, so that of two objects with one key (a timer
    and the one that replaced it) the later stands last. New rows of append tables stand apart.
    """
    touched: dict[int, Any] = {}
    created: set[int] = set()
    for place in range(start, len(journal)):
        record = journal[place]
        value = record[0]
        if type(value) is Created:
            value = value.value
            new = True
        else:
            new = len(record) == 1
        if hasattr(value, "TABLE"):
            number = id(value)
            touched.pop(number, None)
            touched[number] = value
            if new and value.TABLE in APPENDED:
                created.add(number)
    return _by_table(touched, created)


def _by_table(touched: dict[int, Any], created: set[int]) -> list[TableRows]:
    tables: dict[str, TableRows] = {}
    for number, value in touched.items():
        name = value.TABLE
        found = tables.get(name)
        if found is None:
            found = tables[name] = TableRows(name)
        (found.created if number in created else found.changed).append(value.row())
    return list(tables.values())
