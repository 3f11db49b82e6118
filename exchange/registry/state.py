"""The state that the registry owns: obligations by party, right and year, and how they settle."""

from collections.abc import Callable
from typing import Any, ClassVar

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


class Registry:
    """The registry's resident state; trading terms it needs are handed in as functions."""

    __slots__ = ("four_eyes_lots", "ledger", "obligations", "rules", "trading_day")

    def __init__(
        self,
        ledger: Ledger,
        *,
        four_eyes_lots: Callable[[str], int | None],
        trading_day: Callable[[str], int],
    ) -> None:
        self.ledger = ledger
        self.four_eyes_lots = four_eyes_lots
        self.trading_day = trading_day
        self.obligations: dict[ObligationKey, Obligation] = {}
        self.rules: dict[str, ComplianceRule] = {}
