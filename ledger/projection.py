"""From the journal of a batch to the rows that it changed.

The journal names every object that a batch touched. The rows to write are the after-images of
those that have a table: pure, and the same whether effects were decided or folded.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ledger.journal import Created, Journal, Placed
from ledger.state import Row

# Tables whose new rows go by COPY: a key of theirs is never used twice.
APPENDED = frozenset(
    {
        "coin_act",
        "coin_bill",
        "credit_consent",
        "credit_consequence_table",
        "credit_consent_revocation",
        "credit_erasure",
        "credit_event",
        "credit_fact",
        "credit_rule_set",
        "credit_run",
        "credit_snapshot",
        "credit_query",
        "credit_signed_batch",
        "decision",
        "disclosure_use",
        "gep_boundary",
        "gep_document",
        "gep_geometry",
        "gep_warning_event",
        "gep_valuation_document",
        "movement",
        "reconciliation_event",
        "state_root",
        "trade",
        "trading_order",
    }
)
# Those of them whose rows never change, so that every row of theirs in a journal is new. A fact
# changes once, when it is erased.
NEVER_CHANGED = APPENDED - {"credit_fact", "trading_order"}


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
    records = journal[start:] if start else journal
    # From the end, so that the first time an object is seen is its last change.
    named = {id(record[0]): record[0] for record in reversed(records)}
    touched: dict[int, Any] = {}
    created: set[int] = set()
    for value in named.values():
        if type(value) is Created:
            made = value.value
            created.add(id(made))
            touched.setdefault(id(made), made)
        elif type(value) is Placed:
            made = value.value
            if value.is_new:
                created.add(id(made))
            touched.setdefault(id(made), made)
        else:
            touched.setdefault(id(value), value)
    return _by_table(reversed(touched.values()), created)


def _by_table(touched: Iterable[Any], created: set[int]) -> list[TableRows]:
    tables: dict[str, TableRows] = {}
    by_type: dict[type, TableRows | None] = {}
    for value in touched:
        kind = type(value)
        if kind not in by_type:
            name = getattr(kind, "TABLE", None)
            by_type[kind] = None if name is None else tables.setdefault(name, TableRows(name))
        found = by_type[kind]
        if found is None:
            continue
        if found.table in NEVER_CHANGED or (found.table in APPENDED and id(value) in created):
            found.created.append(value.row())
        else:
            found.changed.append(value.row())
    return list(tables.values())
