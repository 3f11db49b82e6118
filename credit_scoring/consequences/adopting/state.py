"""The tables of consequences that a venue has adopted. All resident.

Invariants
1. An adopted table never changes and never leaves; its document has the hash it is known by.
2. No two have a first day in common, and a day that has passed keeps the table that was in force.
3. A table is read by the grades of the rule set that was in force on its first day when it was
   adopted, whatever is adopted later.
"""

from datetime import date
from typing import ClassVar

import msgspec

from credit_scoring.consequences.adopting.table import hash_of
from credit_scoring.rule_sets.adopting.state import RuleSets
from kernel.errors import ensure
from ledger.state import Ledger, Row


class AdoptedTable(msgspec.Struct, frozen=True):
    """A table that counts from ``effective_from`` (an ordinal) on, by entry ``entry``."""

    TABLE: ClassVar[str] = "credit_consequence_table"

    version: str
    hash: str
    decision: str
    entry: int
    effective_from: int
    rule_set: str
    document: str

    def row(self) -> Row:
        """Return the columns of table ``credit_consequence_table`` in their order."""
        return msgspec.structs.astuple(self)


class Consequences:
    """The tables of one venue, by version."""

    __slots__ = ("adopted", "ledger", "rule_sets")

    def __init__(self, ledger: Ledger, rule_sets: RuleSets) -> None:
        self.ledger = ledger
        self.rule_sets = rule_sets
        self.adopted: dict[str, AdoptedTable] = {}

    def check(self) -> None:
        """Prove invariants 1 and 2.

        Raises:
            InvariantBroken: one of them is false.
        """
        days = {each.effective_from for each in self.adopted.values()}
        ensure(len(days) == len(self.adopted), "two tables of consequences begin on one day")
        for each in self.adopted.values():
            known = hash_of(each.document) == each.hash and each.rule_set in self.rule_sets.adopted
            ensure(known, f"table {each.version} is not that of its hash and rule set")


def in_force(tables: list[AdoptedTable], on: date) -> AdoptedTable | None:
    """Return the newest table that has begun on a day."""
    begun = [each for each in tables if each.effective_from <= on.toordinal()]
    return max(begun, key=lambda each: each.effective_from, default=None)
