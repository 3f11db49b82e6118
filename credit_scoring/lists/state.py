"""The state of lists: what they are, and the newest stay of each subject on each.

Invariants
1. A list never changes once it is defined.
2. Two stays of a subject on a list share no day on which both hold.
"""

from typing import Any, ClassVar

import msgspec

from credit_scoring.archive.state import Archive
from kernel.errors import ensure
from ledger.journal import Journal
from ledger.state import Ledger, Row

_ENDED = ("left_on", "reason", "left_by", "left_decision", "left_evidence")


class SubjectList(msgspec.Struct, frozen=True, kw_only=True):
    """A positive or negative list (名单), its basis, and what puts a subject on it."""

    TABLE: ClassVar[str] = "credit_list"

    list_name: str
    sign: str
    subject_kind: str
    rules: list[str]
    months: int
    published: bool
    basis: str
    decision: str
    entry: int

    def row(self) -> Row:
        """Return the columns of table ``credit_list`` in their order."""
        return msgspec.structs.astuple(self)


class Listing(msgspec.Struct, kw_only=True):
    """One stay on a list; ``left_on`` is the first day on which it holds no more.

    It is changed in place: a number of its own stays with it when it is ended.
    """

    TABLE: ClassVar[str] = "credit_listing"

    id: int
    list_name: str
    subject: str
    day_from: int
    day_to: int
    source: str
    reference: str
    decision: str
    evidence: str
    actor: str
    entry: int
    left_on: int | None = None
    reason: str = ""
    left_by: str = ""
    left_decision: str = ""
    left_evidence: str = ""

    def row(self) -> Row:
        """Return the columns of table ``credit_listing`` in their order."""
        return msgspec.structs.astuple(self)

    def note(self, journal: Journal) -> None:
        """Push how the stay ended, before that changes."""
        journal.append((self, *(getattr(self, name) for name in _ENDED)))

    def restore(self, *old: Any) -> None:
        """Take back how the stay ended."""
        for name, value in zip(_ENDED, old, strict=True):
            setattr(self, name, value)


class Numbering:
    """The number of the next stay; the rows' keys determine it."""

    __slots__ = ("listing",)

    def __init__(self) -> None:
        self.listing = 1

    def restore(self, listing: int) -> None:
        """Take an old number back."""
        self.listing = listing


class Lists:
    """All lists of one venue; the facts that stays rest on are the archive's."""

    __slots__ = ("archive", "ledger", "listings", "lists", "next")

    def __init__(self, ledger: Ledger, archive: Archive) -> None:
        self.ledger = ledger
        self.archive = archive
        self.next = Numbering()
        self.lists: dict[str, SubjectList] = {}
        self.listings: dict[tuple[str, str], Listing] = {}

    def last_day(self, listing: Listing) -> int:
        """Return the last day on which a stay holds, by its end and what happened to its fact.

        It is before the stay's first day where the fact never held.
        """
        last = listing.day_to if listing.left_on is None else listing.left_on - 1
        if not listing.reference:
            return last
        standing = self.archive.standing(listing.source, listing.reference)
        fact = self.archive.facts.get(listing.source, listing.reference)
        if standing.revoked or fact is None or fact.is_erased:
            return listing.day_from - 1
        if standing.repaired_on:
            return min(last, standing.repaired_on - 1)
        return last

    def check(self) -> None:
        """Prove that what is resident stands where it is looked up, on a list, and is numbered.

        Raises:
            InvariantBroken: it does not.
        """
        for (name, subject), listing in self.listings.items():
            ensure((listing.list_name, listing.subject) == (name, subject), "a stay of another")
            ensure(listing.id < self.next.listing, f"listing {listing.id} is not numbered")
            ensure(name in self.lists, f"listing {listing.id} stands on no list")
