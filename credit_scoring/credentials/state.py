"""The resident state of credentials.

Invariants
1. A place of a list belongs to one credential for ever; a list has one issuer and one address.
2. No credential that is suspended was issued without a list for it.
3. A revocation has a reason, and is never taken back.
"""

from typing import Any, ClassVar

from credit_scoring.credentials.status_list import BITS
from credit_scoring.runs.state import CreditRun, Runs
from kernel.errors import ensure
from ledger.journal import Journal
from ledger.state import Ledger, Row

_CHANGING = ("revoked_at", "reason", "suspended_at")


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


class Given:
    """One issued credential: what it says, where its statuses stand, and what they are."""

    TABLE: ClassVar[str] = "credential"
    __slots__ = (
        "as_of",
        "base",
        "colour",
        "entry",
        "grade",
        "id",
        "issuer",
        "list",
        "place",
        "reason",
        "records_hash",
        "revoked_at",
        "rule_set_hash",
        "rule_set_version",
        "score_entry",
        "subject",
        "subject_kind",
        "suspendable",
        "suspended_at",
        "valid_from",
        "valid_until",
    )

    def __init__(  # noqa: PLR0913  one column, one argument
        self,
        *,
        id: str,  # noqa: A002  the standard's word
        entry: int,
        issuer: str,
        base: str,
        list: int,  # noqa: A002  the standard's word
        place: int,
        subject: str,
        subject_kind: str,
        grade: str,
        colour: str,
        as_of: int,
        rule_set_version: str,
        rule_set_hash: str,
        records_hash: str,
        score_entry: int | None,
        valid_from: int,
        valid_until: int,
        suspendable: bool,
        revoked_at: int | None = None,
        reason: str = "",
        suspended_at: int | None = None,
    ) -> None:
        self.id = id
        self.entry = entry
        self.issuer = issuer
        self.base = base
        self.list = list
        self.place = place
        self.subject = subject
        self.subject_kind = subject_kind
        self.grade = grade
        self.colour = colour
        self.as_of = as_of
        self.rule_set_version = rule_set_version
        self.rule_set_hash = rule_set_hash
        self.records_hash = records_hash
        self.score_entry = score_entry
        self.valid_from = valid_from
        self.valid_until = valid_until
        self.suspendable = suspendable
        self.revoked_at = revoked_at
        self.reason = reason
        self.suspended_at = suspended_at

    def row(self) -> Row:
        """Return the columns of table ``credential`` in their order."""
        return (
            self.id,
            self.entry,
            self.issuer,
            self.base,
            self.list,
            self.place,
            self.subject,
            self.subject_kind,
            self.grade,
            self.colour,
            self.as_of,
            self.rule_set_version,
            self.rule_set_hash,
            self.records_hash,
            self.score_entry,
            self.valid_from,
            self.valid_until,
            self.suspendable,
            *(getattr(self, name) for name in _CHANGING),
        )

    def note(self, journal: Journal) -> None:
        """Push the statuses as they are, before a change."""
        journal.append((self, *(getattr(self, name) for name in _CHANGING)))

    def restore(self, *old: Any) -> None:
        """Take old statuses back."""
        for name, value in zip(_CHANGING, old, strict=True):
            setattr(self, name, value)


class Last:
    """The list that is being filled: in whose name, and how many places of it are taken."""

    __slots__ = ("base", "count", "issuer", "list")

    def __init__(self) -> None:
        self.list = 1
        self.count = 0
        self.issuer = ""
        self.base = ""

    def take(self, given: Given) -> None:
        """Count a credential, which stands in this list or begins the next."""
        self.count = self.count + 1 if given.list == self.list else 1
        self.list, self.issuer, self.base = given.list, given.issuer, given.base

    def restore(self, *old: Any) -> None:
        """Take old values back."""
        self.list, self.count, self.issuer, self.base = old


class Credentials:
    """Everything about credentials that the writer keeps."""

    def __init__(self, ledger: Ledger, runs: Runs | None = None) -> None:
        self.ledger = ledger
        self.runs = runs
        self.terms: dict[int, IssuerTerms] = {}
        self.given: dict[str, Given] = {}
        self.taken: dict[tuple[int, int], str] = {}
        self.last = Last()

    def run_of(self, entry: int | None) -> CreditRun | None:
        """Return the run that an entry recorded, if it did."""
        return None if entry is None or self.runs is None else self.runs.of_entry(entry)

    def noted(self, name: str) -> Given:
        """Return a credential whose statuses are about to change."""
        given = self.given[name]
        given.note(self.ledger.journal)
        return given

    def note_last(self) -> None:
        """Push what is known of the last list, before it changes."""
        last = self.last
        self.ledger.journal.append((last, last.list, last.count, last.issuer, last.base))

    def next_list(self, terms: IssuerTerms) -> int:
        """Return the list in which the next credential stands; a list has one issuer and place."""
        last = self.last
        other = last.count > 0 and (last.issuer, last.base) != (terms.issuer, terms.base)
        return last.list + 1 if other or last.count == BITS else last.list

    def adopt(self, given: Given) -> None:
        """Take over a committed credential; they come in the order of their entries."""
        self.given[given.id] = given
        self.taken[given.list, given.place] = given.id
        self.last.take(given)

    def check(self) -> None:
        """Prove the invariants."""
        places = {(each.list, each.place): each.id for each in self.given.values()}
        ensure(places == self.taken, "places of lists are not those of the credentials")
        ensure(len(places) == len(self.given), "two credentials have one place")
        last = [each for each in self.given.values() if each.list == self.last.list]
        ensure(len(last) == self.last.count, "the last list is counted wrong")
        named = {(each.list, each.issuer, each.base) for each in self.given.values()}
        lists = {number for number, _, _ in named}
        ensure(len(named) == len(lists), "a list has two issuers or two addresses")
        for each in self.given.values():
            ensure(
                each.suspended_at is None or each.suspendable,
                f"{each.id} is suspended and has no list for it",
            )
            ensure(
                (each.revoked_at is None) == (each.reason == ""),
                f"{each.id} is revoked without a reason, or has one without being revoked",
            )
