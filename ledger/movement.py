"""The movement: value that went from one account to another, as an append-only row."""

from typing import ClassVar

from ledger.state import Row


class Movement:
    """One movement of value from account to account; both postings of it (分录). Append-only."""

    TABLE: ClassVar[str] = "movement"
    __slots__ = ("cause", "entry", "instrument", "number", "quantity", "source", "target")

    def __init__(
        self,
        *,
        entry: int,
        number: int,
        source: int,
        target: int,
        instrument: str,
        quantity: int,
        cause: str,
    ) -> None:
        self.entry = entry
        self.number = number
        self.source = source
        self.target = target
        self.instrument = instrument
        self.quantity = quantity
        self.cause = cause

    def row(self) -> Row:
        """Return (entry, number, source, target, instrument, quantity, cause)."""
        return (
            self.entry,
            self.number,
            self.source,
            self.target,
            self.instrument,
            self.quantity,
            self.cause,
        )

    def restore(self) -> None:
        """Nothing to take back: the row was never part of the resident state."""
