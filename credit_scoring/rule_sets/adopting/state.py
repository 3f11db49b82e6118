"""The rule sets of one venue: those that were adopted, and challengers beside them. All resident.

Invariants
1. An adopted set never changes and never leaves; its document has the hash that it is known by.
2. No two adopted sets have a version in common, nor a first day.
3. A day that has passed keeps the set that was in force on it: a set begins after the day of its
   approval, or on days on which none was in force and so nothing was scored.
4. No challenger has the version of an adopted set.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import ClassVar

import msgspec

from credit_scoring.rule_sets.adopting.commands import CHALLENGERS_MAX
from credit_scoring.rule_sets.document import read_json
from credit_scoring.rule_sets.reading import read_rule_set
from credit_scoring.rule_sets.rule_set import RuleSet, rule_set_in_force
from kernel.errors import ensure
from ledger.state import Ledger, Row

READ_MAX = 64


class AdoptedRuleSet(msgspec.Struct, frozen=True):
    """A rule set that counts from ``effective_from`` (an ordinal) on, by entry ``entry``."""

    TABLE: ClassVar[str] = "credit_rule_set"

    version: str
    hash: str
    decision: str
    entry: int
    effective_from: int
    document: str

    def row(self) -> Row:
        """Return the columns of table ``credit_rule_set`` in their order."""
        return msgspec.structs.astuple(self)


class Challenger(msgspec.Struct, frozen=True):
    """A rule set that is evaluated beside the one in force; dropped ones stay as rows."""

    TABLE: ClassVar[str] = "credit_challenger"

    entry: int
    version: str
    hash: str
    decision: str
    document: str
    dropped_in: int | None = None

    def row(self) -> Row:
        """Return the columns of table ``credit_challenger`` in their order."""
        return msgspec.structs.astuple(self)


class RuleSets:
    """The rule sets of one venue, by version."""

    __slots__ = ("adopted", "challengers", "ledger")

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.adopted: dict[str, AdoptedRuleSet] = {}
        self.challengers: dict[str, Challenger] = {}

    def sets(self) -> list[RuleSet]:
        """Return the adopted sets, by their first days."""
        return read_all(each.document for each in self.adopted.values())

    def in_force(self, on: date) -> RuleSet:
        """Return the adopted set that is in force on a day.

        Raises:
            RuleSetMissing: none is, so nothing is scored for that day.
        """
        return rule_set_in_force(self.sets(), on)

    def check(self) -> None:
        """Prove invariants 1, 2 and 4.

        Raises:
            InvariantBroken: one of them is false.
        """
        days = {each.effective_from for each in self.adopted.values()}
        ensure(len(days) == len(self.adopted), "two rule sets begin on one day")
        ensure(self.adopted.keys().isdisjoint(self.challengers), "a challenger is adopted")
        ensure(len(self.challengers) <= CHALLENGERS_MAX, "too many challengers")
        known: list[AdoptedRuleSet | Challenger] = [
            *self.adopted.values(),
            *self.challengers.values(),
        ]
        for each in known:
            digest = sha256(each.document.encode()).hexdigest()
            ensure(digest == each.hash, f"rule set {each.version} is not that of its hash")


@lru_cache(maxsize=READ_MAX)
def read(document: str) -> RuleSet:
    """Return the rule set that a document says; one document is read once.

    Raises:
        Malformed: the place and what was expected there.
    """
    return read_rule_set(read_json(document.encode()))


def read_all(documents: Iterable[str]) -> list[RuleSet]:
    """Return the rule sets of documents, by their first days."""
    return sorted(map(read, documents), key=lambda each: (each.effective_from, each.version))
