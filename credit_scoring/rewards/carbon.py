"""The nouns of carbon accounts: factor, credit, reported emissions; and how a reduction counts."""

from typing import Any, ClassVar

import msgspec

from ledger.journal import Journal
from ledger.shelf import Key
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


class Credit(msgspec.Struct, frozen=True):
    """One reduction of an account, with the version of the factor that gave it.

    It may be revoked before the day ``leaves``; then it stands for good.
    """

    TABLE: ClassVar[str] = "carbon_credit"
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("source", "text"), ("reference", "text"))

    id: int
    entry: int
    account: int
    source: str
    reference: str
    behaviour: str
    version: str
    activity: int
    day: int
    leaves: int
    milligrams: int
    cut: int
    state: str = CREDITED

    @property
    def key(self) -> Key:
        """Return source and reference."""
        return (self.source, self.reference)

    def row(self) -> Row:
        """Return the columns of table ``carbon_credit`` in their order."""
        return msgspec.structs.astuple(self)


class CarbonDay(msgspec.Struct, frozen=True, kw_only=True):
    """What an account's ``credits`` of one day saved, in milligrams by behaviour.

    A revoked credit saves nothing and is still one of the day's.
    """

    TABLE: ClassVar[str] = "carbon_day"
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("account", "bigint"), ("day", "bigint"))

    account: int
    day: int
    credits: int = 0
    behaviours: tuple[str, ...] = ()
    milligrams: tuple[int, ...] = ()

    @property
    def key(self) -> Key:
        """Return account and day."""
        return (self.account, self.day)

    def row(self) -> Row:
        """Return the columns of table ``carbon_day`` in their order."""
        return (*self.key, self.credits, list(self.behaviours), list(self.milligrams))

    def saved(self, behaviour: str) -> int:
        """Return what a behaviour saved on the day."""
        return self._sums().get(behaviour, 0)

    def changed(self, behaviour: str, milligrams: int, *, credits: int) -> "CarbonDay":  # noqa: A002
        """Return the day with another sum, and so many credits more."""
        sums = self._sums()
        sums[behaviour] = sums.get(behaviour, 0) + milligrams
        return CarbonDay(
            account=self.account,
            day=self.day,
            credits=self.credits + credits,
            behaviours=tuple(sorted(sums)),
            milligrams=tuple(sums[name] for name in sorted(sums)),
        )

    def _sums(self) -> dict[str, int]:
        return dict(zip(self.behaviours, self.milligrams, strict=True))


def carbon_day_of(*row: object) -> CarbonDay:
    """Return the day that a row is."""
    return msgspec.convert(dict(zip(CarbonDay.__struct_fields__, row, strict=True)), CarbonDay)


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
