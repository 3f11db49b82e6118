"""The decision: terms that an entry put in force, as an append-only row.

What a rule said on a day is asked long after: these rows answer without reading the log.
"""

from typing import ClassVar

import msgspec

from kernel.canonical import canonical, to_builtins_with_decimal_strings
from ledger.state import Ledger, Row


class Decision:
    """Terms of one subject from one entry on, until the next of its kind and subject."""

    TABLE: ClassVar[str] = "decision"
    __slots__ = ("at", "entry", "kind", "number", "subject", "terms")

    def __init__(
        self, *, entry: int, number: int, at: int, kind: str, subject: str, terms: str
    ) -> None:
        self.entry = entry
        self.number = number
        self.at = at
        self.kind = kind
        self.subject = subject
        self.terms = terms

    def row(self) -> Row:
        """Return (entry, number, at, kind, subject, terms)."""
        return (self.entry, self.number, self.at, self.kind, self.subject, self.terms)

    def restore(self) -> None:
        """Nothing to take back: the row was never part of the resident state."""


def record_decision(ledger: Ledger, *, kind: str, subject: str, terms: msgspec.Struct) -> None:
    """Append the row of one decision to the write set; its terms are those of an effect."""
    decision = Decision(
        entry=ledger.entry,
        number=ledger.decided,
        at=ledger.at,
        kind=kind,
        subject=subject,
        terms=canonical(to_builtins_with_decimal_strings(terms)).decode(),
    )
    ledger.decided += 1
    ledger.journal.append((decision,))
