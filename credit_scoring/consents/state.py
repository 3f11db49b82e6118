"""The state of consents: lines on a shelf, and the numbers of the next consent and query.

Consents as they were granted, revocations and queries are rows that never change and are not
resident; nothing is decided by them.
"""

from collections.abc import Callable
from typing import ClassVar

from credit_scoring.consents.commands import QueryPurpose
from credit_scoring.consents.consent_line import ConsentLine, line_of
from kernel.errors import ensure
from ledger.shelf import RowKey, Shelf
from ledger.state import Ledger, Row


class Written:
    """A row that an entry wrote and nothing changes."""

    TABLE: ClassVar[str]
    __slots__ = ("_row",)

    def __init__(self, *row: str | int | list[str] | None) -> None:
        self._row = row

    def row(self) -> Row:
        """Return the columns of its table in their order."""
        return self._row

    def restore(self) -> None:
        """Nothing to take back: the row was never part of the resident state."""


class GrantedConsent(Written):
    """A consent as it was granted (授权同意)."""

    TABLE: ClassVar[str] = "credit_consent"


class RevokedConsent(Written):
    """The end of a consent by its subject (撤回同意)."""

    TABLE: ClassVar[str] = "credit_consent_revocation"


class LoggedQuery(Written):
    """A query of a bank, answered or not (查询记录)."""

    TABLE: ClassVar[str] = "credit_query"


class Numbering:
    """The numbers of the next consent and query; their rows' keys determine both."""

    __slots__ = ("consent", "query")

    def __init__(self) -> None:
        self.consent = 1
        self.query = 1

    def restore(self, consent: int, query: int) -> None:
        """Take old numbers back."""
        self.consent, self.query = consent, query


class Consents:
    """All consents of one venue; ``months_max`` says how long one may last."""

    __slots__ = ("ledger", "lines", "months_max", "next")

    def __init__(self, ledger: Ledger, *, months_max: Callable[[], int]) -> None:
        self.ledger = ledger
        self.months_max = months_max
        self.next = Numbering()
        self.lines: Shelf[ConsentLine] = Shelf(ConsentLine, make=line_of)

    def line(self, subject: str, grantee: str, purpose: QueryPurpose) -> ConsentLine:
        """Return a line, an empty one where nothing was ever granted on it."""
        found = self.lines.get(subject, grantee, purpose.value)
        if found is not None:
            return found
        return ConsentLine(subject=subject, grantee=grantee, purpose=purpose.value)

    def named(self, subject: str, grantee: str, purpose: QueryPurpose) -> RowKey:
        """Return the name of a line's row, for a declaration."""
        return self.lines.named(subject, grantee, purpose.value)

    def number(self, *, consent: int | None = None, query: int | None = None) -> None:
        """Let the numbers go on after one that was given."""
        numbers = self.next
        self.ledger.journal.append((numbers, numbers.consent, numbers.query))
        if consent is not None:
            numbers.consent = consent + 1
        if query is not None:
            numbers.query = query + 1

    def write(self, written: Written) -> None:
        """Append a row that nothing changes."""
        self.ledger.journal.append((written,))

    def check(self) -> None:
        """Prove every line that is in memory, where all are.

        Raises:
            InvariantBroken: a line contradicts itself, or the numbers.
        """
        if not self.lines.whole:
            return
        for line in self.lines.rows():
            line.check()
            last = max((span.consent for span in line.spans), default=0)
            ensure(last < self.next.consent, f"consent {last} is not numbered")
