"""The nouns of carbon accounts: factor, credit, reported emissions; and how a reduction counts."""

from typing import Any, ClassVar

from ledger.journal import Journal
from ledger.state import Row

REDUCED = "CO2-REDUCED"
EMITTED = "CO2-EMITTED"
CREDITED = "credited"
REVOKED = "revoked"
KEPT_MONTHS = 24
_PER_MILLIGRAM = 1_000_000


def milligrams(*, activity: int, micrograms: int) -> int:
    """Return floor(activity x factor in g x 1000) milligrams.

    ``activity`` is in thousandths of the factor's unit, the factor in millionths of a gram a unit.
    """
    return activity * micrograms // _PER_MILLIGRAM


class Factor:
    """One version of what a behaviour saves a unit (减排因子); ``None``: nobody names a figure."""

    TABLE: ClassVar[str] = "carbon_factor"
    __slots__ = (
        "behaviour",
        "day_limit",
        "effective_from",
        "late_days",
        "method",
        "micrograms",
        "source",
        "unit",
        "version",
    )

    def __init__(  # noqa: PLR0913  one column, one argument
        self,
        *,
        behaviour: str,
        version: str,
        effective_from: int,
        unit: str,
        micrograms: int | None,
        day_limit: int | None,
        late_days: int,
        method: str,
        source: str,
    ) -> None:
        self.behaviour = behaviour
        self.version = version
        self.effective_from = effective_from
        self.unit = unit
        self.micrograms = micrograms
        self.day_limit = day_limit
        self.late_days = late_days
        self.method = method
        self.source = source

    def row(self) -> Row:
        """Return the columns of table ``carbon_factor`` in their order."""
        return (
            self.behaviour,
            self.version,
            self.effective_from,
            self.unit,
            self.micrograms,
            self.day_limit,
            self.late_days,
            self.method,
            self.source,
        )


class Credit:
    """One reduction of an account, with the version of the factor that gave it."""

    TABLE: ClassVar[str] = "carbon_credit"
    __slots__ = (
        "account",
        "activity",
        "behaviour",
        "cut",
        "day",
        "entry",
        "id",
        "leaves",
        "live",
        "milligrams",
        "reference",
        "source",
        "state",
        "version",
    )

    def __init__(  # noqa: PLR0913  one column, one argument
        self,
        *,
        id: int,  # noqa: A002
        entry: int,
        account: int,
        source: str,
        reference: str,
        behaviour: str,
        version: str,
        activity: int,
        day: int,
        leaves: int,
        milligrams: int,
        cut: int,
        state: str = CREDITED,
        live: bool = True,
    ) -> None:
        self.id = id
        self.entry = entry
        self.account = account
        self.source = source
        self.reference = reference
        self.behaviour = behaviour
        self.version = version
        self.activity = activity
        self.day = day
        self.leaves = leaves
        self.milligrams = milligrams
        self.cut = cut
        self.state = state
        self.live = live

    def row(self) -> Row:
        """Return the columns of table ``carbon_credit`` in their order."""
        return (
            self.id,
            self.entry,
            self.account,
            self.source,
            self.reference,
            self.behaviour,
            self.version,
            self.activity,
            self.day,
            self.leaves,
            self.milligrams,
            self.cut,
            self.state,
            self.live,
        )

    def note(self, journal: Journal) -> None:
        """Push the credit's state, before a change."""
        journal.append((self, self.state, self.live))

    def restore(self, state: str, live: bool) -> None:  # noqa: FBT001  a journal record's shape
        """Take an old state back."""
        self.state = state
        self.live = live


class EmissionYear:
    """What an account's party emitted in a year, by its last report."""

    TABLE: ClassVar[str] = "carbon_emission"
    __slots__ = ("account", "document", "grams", "method", "reports", "year")

    def __init__(
        self,
        *,
        account: int,
        year: int,
        grams: int = 0,
        method: str = "",
        document: str = "",
        reports: int = 0,
    ) -> None:
        self.account = account
        self.year = year
        self.grams = grams
        self.method = method
        self.document = document
        self.reports = reports

    def row(self) -> Row:
        """Return (account, year, grams, method, document, reports)."""
        return (self.account, self.year, self.grams, self.method, self.document, self.reports)

    def note(self, journal: Journal) -> None:
        """Push the report as it is, before a change."""
        journal.append((self, self.grams, self.method, self.document, self.reports))

    def restore(self, *old: Any) -> None:
        """Take an old report back."""
        self.grams, self.method, self.document, self.reports = old
