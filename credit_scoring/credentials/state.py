"""The state of credentials: the issuer and the list that is being filled; the rest is on a shelf.

Invariants
1. A place of a list belongs to one credential for ever; a list has one issuer and one address.
2. No credential that is suspended was issued without a list for it.
3. A revocation has a reason, and is never taken back.
"""

from typing import ClassVar

import msgspec

from credit_scoring.credentials.status_list import BITS
from credit_scoring.runs.state import CreditRun, Runs
from kernel.errors import ensure
from ledger.shelf import Key, Shelf
from ledger.state import Ledger, Row


class IssuerTerms:
    """In whose name credentials are issued, and where their lists stand; there is one."""

    TABLE: ClassVar[str] = "credential_issuer"
    __slots__ = ("base", "issuer", "number")

    def __init__(self, *, number: int, issuer: str, base: str) -> None:
        self.number = number
        self.issuer = issuer
        self.base = base

    def row(self) -> Row:
        """Return (number, issuer, base)."""
        return (self.number, self.issuer, self.base)

    def restore(self, issuer: str, base: str) -> None:
        """Take old terms back."""
        self.issuer = issuer
        self.base = base


class Given(msgspec.Struct, frozen=True):
    """One issued credential: what it says, where its statuses stand, and what they are."""

    TABLE: ClassVar[str] = "credential"
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("id", "text"),)

    id: str
    entry: int
    issuer: str
    base: str
    list: int
    place: int
    subject: str
    subject_kind: str
    grade: str
    colour: str
    as_of: int
    rule_set_version: str
    rule_set_hash: str
    records_hash: str
    score_entry: int | None
    valid_from: int
    valid_until: int
    suspendable: bool
    revoked_at: int | None = None
    reason: str = ""
    suspended_at: int | None = None

    @property
    def key(self) -> Key:
        """Return the id."""
        return (self.id,)

    def row(self) -> Row:
        """Return the columns of table ``credential`` in their order."""
        return msgspec.structs.astuple(self)

    def check(self) -> None:
        """Prove invariants 2 and 3.

        Raises:
            InvariantBroken: naming the credential.
        """
        ensure(
            self.suspended_at is None or self.suspendable,
            f"{self.id} is suspended and has no list for it",
        )
        ensure(
            (self.revoked_at is None) == (self.reason == ""),
            f"{self.id} is revoked without a reason, or has one without being revoked",
        )


class Last:
    """The list that is being filled: in whose name, and which of its places are taken."""

    __slots__ = ("base", "count", "issuer", "list", "taken")

    def __init__(self) -> None:
        self.list = 1
        self.count = 0
        self.issuer = ""
        self.base = ""
        self.taken = bytearray(BITS // 8)

    def has(self, place: int) -> bool:
        """Tell whether a place of this list is taken."""
        return bool(self.taken[place >> 3] & 1 << (place & 7))

    def take(self, given: Given) -> None:
        """Count a credential, which stands in this list or begins the next."""
        if given.list != self.list:
            self.count, self.taken = 0, bytearray(BITS // 8)
        self.count += 1
        self.list, self.issuer, self.base = given.list, given.issuer, given.base
        self.taken[given.place >> 3] |= 1 << (given.place & 7)

    def restore(self, old: tuple[int, int, str, str], taken: bytearray, place: int | None) -> None:
        """Take old values back; ``place`` is the one of ``taken`` that was free, if any was."""
        self.list, self.count, self.issuer, self.base = old
        self.taken = taken
        if place is not None:
            taken[place >> 3] &= ~(1 << (place & 7))


class Credentials:
    """Everything about credentials that the writer keeps."""

    __slots__ = ("given", "last", "ledger", "runs", "terms")

    def __init__(self, ledger: Ledger, runs: Runs | None = None) -> None:
        self.ledger = ledger
        self.runs = runs
        self.terms: dict[int, IssuerTerms] = {}
        self.given: Shelf[Given] = Shelf(Given)
        self.last = Last()

    def change(self, name: str, **changes: int | str | None) -> None:
        """Put other statuses in the place of a credential's."""
        given = self.given.get(name)
        assert given is not None
        self.given.put(self.ledger.journal, msgspec.structs.replace(given, **changes))

    def run_of(self, entry: int | None) -> CreditRun | None:
        """Return the run that an entry recorded, if it did."""
        return None if entry is None or self.runs is None else self.runs.of_entry(entry)

    def issue(self, given: Given) -> None:
        """Add a credential and take its place."""
        last = self.last
        old = (last.list, last.count, last.issuer, last.base)
        place = given.place if given.list == last.list else None
        self.ledger.journal.append((last, old, last.taken, place))
        self.given.put(self.ledger.journal, given)
        last.take(given)

    def next_list(self, terms: IssuerTerms) -> int:
        """Return the list in which the next credential stands; a list has one issuer and place."""
        last = self.last
        other = last.count > 0 and (last.issuer, last.base) != (terms.issuer, terms.base)
        return last.list + 1 if other or last.count == BITS else last.list

    def is_taken(self, number: int, place: int) -> bool:
        """Tell whether a place is taken in the last list, or in the one that begins now."""
        return number == self.last.list and self.last.has(place)

    def check(self) -> None:
        """Prove the invariants where all credentials are in memory.

        Raises:
            InvariantBroken: naming the first contradiction.
        """
        if not self.given.whole:
            return
        all_given = list(self.given.rows())
        places = {(each.list, each.place) for each in all_given}
        ensure(len(places) == len(all_given), "two credentials have one place")
        last = [each for each in all_given if each.list == self.last.list]
        ensure(len(last) == self.last.count, "the last list is counted wrong")
        ensure(all(self.last.has(each.place) for each in last), "a place of the list is free")
        taken = sum(byte.bit_count() for byte in self.last.taken)
        ensure(taken == self.last.count, "the last list has other places")
        named = {(each.list, each.issuer, each.base) for each in all_given}
        lists = {number for number, _, _ in named}
        ensure(len(named) == len(lists), "a list has two issuers or two addresses")
        for each in all_given:
            each.check()
