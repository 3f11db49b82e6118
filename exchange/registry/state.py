"""The state that the registry owns: obligations by party, right and year, and how they settle."""

from collections.abc import Callable
from typing import Any, ClassVar

import msgspec

from ledger.state import Ledger, Row

OPEN = "open"
COVERED = "covered"
SHORT = "short"
EXCUSED = "excused"
UNKNOWN = "unknown"

ObligationKey = tuple[str, str, int]


class Obligation:
    """What a party owes for a verified year, and what it has surrendered (履约义务).

    ``verified_status`` is "" until something was recorded for the year.
    """

    TABLE: ClassVar[str] = "obligation"
    __slots__ = (
        "party",
        "right",
        "status",
        "surrendered",
        "verified",
        "verified_status",
        "year",
    )

    def __init__(
        self,
        *,
        party: str,
        right: str,
        year: int,
        verified_status: str = "",
        verified: int | None = None,
        surrendered: int = 0,
        status: str = OPEN,
    ) -> None:
        self.party = party
        self.right = right
        self.year = year
        self.verified_status = verified_status
        self.verified = verified
        self.surrendered = surrendered
        self.status = status

    def row(self) -> Row:
        """Return the columns of table ``obligation`` in their order."""
        return (
            self.party,
            self.right,
            self.year,
            self.verified_status,
            self.verified,
            self.surrendered,
            self.status,
        )

    def restore(self, *old: Any) -> None:
        """Take old values back."""
        self.verified_status, self.verified, self.surrendered, self.status = old


class ComplianceRule:
    """How obligations of a right settle."""

    TABLE: ClassVar[str] = "compliance_rule"
    __slots__ = ("first_year", "mode", "right")

    def __init__(self, *, right: str, mode: str, first_year: int) -> None:
        self.right = right
        self.mode = mode
        self.first_year = first_year

    def row(self) -> Row:
        """Return (right, rule, first_year)."""
        return (self.right, str(self.mode), self.first_year)

    def restore(self, mode: str, first_year: int) -> None:
        """Take an old rule back."""
        self.mode = mode
        self.first_year = first_year


class ClosedYear:
    """The first close of a right's year: who had settled by then had settled in time.

    ``phase`` carries it on where it is large, else it is 0. Of those who had ``settled``,
    ``recorded`` have what follows in their archives and ``passed_over`` have no archive.
    """

    TABLE: ClassVar[str] = "closed_year"
    __slots__ = ("entry", "on", "passed_over", "phase", "recorded", "right", "settled", "year")

    def __init__(
        self,
        *,
        right: str,
        year: int,
        entry: int,
        on: int,
        phase: int = 0,
        settled: int = 0,
        recorded: int = 0,
        passed_over: int = 0,
    ) -> None:
        self.right = right
        self.year = year
        self.entry = entry
        self.on = on
        self.phase = phase
        self.settled = settled
        self.recorded = recorded
        self.passed_over = passed_over

    def row(self) -> Row:
        """Return the columns of table ``closed_year`` in their order."""
        return (self.right, self.year, self.entry, self.on, self.phase, *self.changing())

    def changing(self) -> tuple[int, int, int]:
        """Return what changes after the close."""
        return (self.settled, self.recorded, self.passed_over)

    def restore(self, settled: int, recorded: int, passed_over: int) -> None:
        """Take old counts back."""
        self.settled, self.recorded, self.passed_over = settled, recorded, passed_over


class SettledObligation(msgspec.Struct, frozen=True):
    """A party that had surrendered in full when a year was closed first (按时足额清缴).

    It is resident until ``recorded_in`` says in which entry it was taken up.
    """

    TABLE: ClassVar[str] = "settled_obligation"

    right: str
    year: int
    number: int
    party: str
    entry: int
    recorded_in: int | None = None

    def row(self) -> Row:
        """Return the columns of table ``settled_obligation`` in their order."""
        return msgspec.structs.astuple(self)


class ShortObligation(msgspec.Struct, frozen=True):
    """A party that was short at a year's first close (未按时足额清缴), whatever it did later."""

    TABLE: ClassVar[str] = "short_obligation"

    right: str
    year: int
    party: str
    entry: int

    def row(self) -> Row:
        """Return the columns of table ``short_obligation`` in their order."""
        return msgspec.structs.astuple(self)


class Registry:
    """The registry's resident state; what it needs of others is handed in as functions.

    ``surrender_counts`` tells whether anything follows from a year that was settled in time.
    """

    __slots__ = (
        "closed",
        "four_eyes_lots",
        "ledger",
        "obligations",
        "rules",
        "settled",
        "short",
        "surrender_counts",
        "trading_day",
    )

    def __init__(
        self,
        ledger: Ledger,
        *,
        four_eyes_lots: Callable[[str], int | None],
        trading_day: Callable[[str], int],
        surrender_counts: Callable[[], bool],
    ) -> None:
        self.ledger = ledger
        self.four_eyes_lots = four_eyes_lots
        self.trading_day = trading_day
        self.surrender_counts = surrender_counts
        self.closed: dict[tuple[str, int], ClosedYear] = {}
        self.settled: dict[tuple[str, int, int], SettledObligation] = {}
        self.short: dict[tuple[str, int, str], ShortObligation] = {}
        self.obligations: dict[ObligationKey, Obligation] = {}
        self.rules: dict[str, ComplianceRule] = {}
