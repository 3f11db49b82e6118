"""What the supervision knows: which rules follow from what, decisions that were served, reports.

Origins are resident; decisions and results of reports lie on shelves. Facts are the archives' own.

Invariants
1. A case number of an authority is used once; a decision is never taken out, only annulled, once.
2. Every origin but that of decisions has at most one department with rules.
3. A report of a party and year has one result.
"""

from hashlib import sha256
from typing import ClassVar

import msgspec

from credit_scoring.archive.state import Archive
from exchange.registry.state import Registry
from exchange.supervision.commands import Origin
from kernel.errors import ensure
from ledger.shelf import Key, Shelf
from ledger.state import Ledger, Row

_DIGITS = 32
_PARTY_DIGITS = 16


class FactOrigin(msgspec.Struct, frozen=True):
    """Which rules follow from an origin, in whose name, by entry ``entry``."""

    TABLE: ClassVar[str] = "fact_origin"

    origin: str
    department: str
    rules: list[str]
    threshold_ppm: int
    basis: str
    entry: int

    def row(self) -> Row:
        """Return the columns of table ``fact_origin`` in their order."""
        return msgspec.structs.astuple(self)


class ServedDecision(msgspec.Struct, frozen=True):
    """A decision as it was served (送达); ``annulled_in`` is the entry that annulled it.

    ``actor`` drafted it, ``checker`` approved it.
    """

    TABLE: ClassVar[str] = "authority_decision"
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("authority", "text"), ("case_number", "text"))

    authority: str
    case_number: str
    number: int
    rule: str
    subjects: list[str]
    served_on: int
    document: str
    fine: int | None
    incident: str
    actor: str
    checker: str
    entry: int
    at: int
    annulled_in: int | None = None
    annulled_ground: str = ""
    annulled_by: str = ""

    @property
    def key(self) -> Key:
        """Return authority and case number."""
        return (self.authority, self.case_number)

    def row(self) -> Row:
        """Return the columns of table ``authority_decision`` in their order."""
        return msgspec.structs.astuple(self)


class ReportResult(msgspec.Struct, frozen=True):
    """What was found of a party's report of a year; ``level`` is "" where none was computed."""

    TABLE: ClassVar[str] = "report_result"
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("report", "text"),
        ("year", "bigint"),
        ("party", "text"),
    )

    report: str
    year: int
    party: str
    due_on: int
    filed_on: int | None
    outcome: str
    quantity: int | None
    value_added: int | None
    level: str
    facts: int
    evidence: str
    actor: str
    entry: int

    @property
    def key(self) -> Key:
        """Return report, year and party."""
        return (self.report, self.year, self.party)

    def row(self) -> Row:
        """Return the columns of table ``report_result`` in their order."""
        return msgspec.structs.astuple(self)


class Numbering:
    """The number of the next decision; the rows determine it."""

    __slots__ = ("decision",)

    def __init__(self) -> None:
        self.decision = 1

    def restore(self, decision: int) -> None:
        """Take an old number back."""
        self.decision = decision


class Supervision:
    """The supervision of one venue."""

    __slots__ = ("archive", "decisions", "ledger", "next", "origins", "registry", "results")

    def __init__(self, ledger: Ledger, *, archive: Archive, registry: Registry) -> None:
        self.ledger = ledger
        self.archive = archive
        self.registry = registry
        self.next = Numbering()
        self.origins: dict[tuple[str, str], FactOrigin] = {}
        self.decisions: Shelf[ServedDecision] = Shelf(ServedDecision)
        self.results: Shelf[ReportResult] = Shelf(ReportResult)

    def origin(self, origin: Origin) -> FactOrigin | None:
        """Return what follows from an event, ``None`` where nothing does."""
        found = [
            each for each in self.origins.values() if each.origin == origin.value and each.rules
        ]
        return found[0] if found else None

    def check(self) -> None:
        """Prove invariant 2.

        Raises:
            InvariantBroken: two departments have rules of one origin.
        """
        named = [
            each.origin
            for each in self.origins.values()
            if each.rules and each.origin != Origin.DECISION
        ]
        ensure(len(named) == len(set(named)), "an origin has two departments")


# A department's own references have no "#", so none of them is ever in the way of one of these.


def decision_reference(case_number: str, place: int) -> str:
    """Return the reference of the fact of a decision's subject, from 1 on."""
    return f"case#{sha256(case_number.encode()).hexdigest()[:_DIGITS]}/{place}"


def settlement_reference(right: str, *, year: int, number: int, place: int) -> str:
    """Return the reference of a settled obligation's fact, from 1 on."""
    return f"surrender#{right}/{year}/{number}/{place}"


def report_reference(report: str, *, year: int, party: str, place: int) -> str:
    """Return the reference of a fact that a report's result gave, from 1 on."""
    return f"report#{report}/{year}/{sha256(party.encode()).hexdigest()[:_PARTY_DIGITS]}/{place}"
