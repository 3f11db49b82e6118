"""The state of rights: reviews that are open, what was noted as overdue, notices on a shelf.

Invariants
1. A subject has at most one open review.
2. What is overdue is noted once, and stays noted when it is answered.
3. A recipient has one notice for each correction of a fact.
"""

from typing import ClassVar

import msgspec

from credit_scoring.archive.state import Archive
from credit_scoring.rights.commands import Clock
from kernel.errors import ensure
from ledger.shelf import Key, Shelf
from ledger.state import Ledger, Row

REQUESTED = "requested"
ANSWERED = "answered"


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """A subject's request that a person look at an automated result; ``due`` is its last day."""

    TABLE: ClassVar[str] = "credit_review"

    id: int
    subject: str
    as_of: int
    rule_set: str
    query: int | None
    evidence: str
    actor: str
    requested_at: int
    due: int
    state: str = REQUESTED
    answered_at: int | None = None
    reviewer: str = ""
    outcome: str = ""
    facts: list[str] = []
    adopted: str = ""
    answer: str = ""

    def row(self) -> Row:
        """Return the columns of table ``credit_review`` in their order."""
        return msgspec.structs.astuple(self)


class NotedOverdue(msgspec.Struct, frozen=True):
    """That an objection or a review was open after its last day."""

    TABLE: ClassVar[str] = "credit_overdue"

    clock: str
    number: int
    subject: str
    due: int
    entry: int
    at: int
    actor: str

    def row(self) -> Row:
        """Return the columns of table ``credit_overdue`` in their order."""
        return msgspec.structs.astuple(self)


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """To one recipient: a correction of a fact changes what it was answered (更正通知)."""

    TABLE: ClassVar[str] = "credit_notice"
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("recipient", "text"),
        ("source", "text"),
        ("reference", "text"),
        ("correction", "text"),
    )

    recipient: str
    source: str
    reference: str
    correction: str
    subject: str
    query: int
    parts: str
    grade_before: str
    index_before: int | None
    grade_after: str
    index_after: int | None
    entry: int
    raised_at: int
    acknowledged_at: int | None = None
    acknowledged_by: str = ""

    @property
    def key(self) -> Key:
        """Return recipient, source, reference and correction."""
        return (self.recipient, self.source, self.reference, self.correction)

    def row(self) -> Row:
        """Return the columns of table ``credit_notice`` in their order."""
        return msgspec.structs.astuple(self)


def notice_of(*row: object) -> Notice:
    """Return the notice that a row is."""
    return msgspec.convert(dict(zip(Notice.__struct_fields__, row, strict=True)), Notice)


class ErasedFact:
    """That a fact's content was erased, as an append-only row."""

    TABLE: ClassVar[str] = "credit_erasure"
    __slots__ = ("_row",)

    def __init__(self, *row: str | int) -> None:
        self._row = row

    def row(self) -> Row:
        """Return the columns of table ``credit_erasure`` in their order."""
        return self._row

    def restore(self) -> None:
        """Nothing to take back: the row was never part of the resident state."""


class Numbering:
    """The number of the next review; the rows' keys determine it."""

    __slots__ = ("review",)

    def __init__(self) -> None:
        self.review = 1

    def restore(self, review: int) -> None:
        """Take an old number back."""
        self.review = review


class Rights:
    """Open reviews, notices and what was overdue of one venue; facts are the archive's."""

    __slots__ = ("archive", "ledger", "next", "notices", "overdue", "reviews")

    def __init__(self, ledger: Ledger, archive: Archive) -> None:
        self.ledger = ledger
        self.archive = archive
        self.next = Numbering()
        self.reviews: dict[int, Review] = {}
        self.overdue: dict[tuple[str, int], NotedOverdue] = {}
        self.notices: Shelf[Notice] = Shelf(Notice, make=notice_of)

    def review_of(self, subject: str) -> Review | None:
        """Return a subject's open review."""
        return next((each for each in self.reviews.values() if each.subject == subject), None)

    def running(self, clock: Clock, number: int) -> tuple[str, int] | None:
        """Return whose clock it is and its last day, ``None`` where nothing is open."""
        found = (
            self.reviews.get(number)
            if clock is Clock.REVIEW
            else self.archive.objections.get(number)
        )
        return None if found is None else (found.subject, found.due)

    def check(self) -> None:
        """Prove invariants 1 and 2.

        Raises:
            InvariantBroken: a subject with two open reviews, or one that is resident and answered.
        """
        subjects = [each.subject for each in self.reviews.values()]
        ensure(len(subjects) == len(set(subjects)), "a subject has two open reviews")
        for each in self.reviews.values():
            ensure(each.state == REQUESTED, f"review {each.id} is resident and answered")
        for key, noted in self.overdue.items():
            ensure(key == (noted.clock, noted.number), f"{key} is noted as another")
