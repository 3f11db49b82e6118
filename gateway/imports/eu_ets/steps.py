"""The steps of a plan: what its driver asks of the public service, in order, as plain values.

Every step has the date `on` of the venue's scenario clock. Nothing here names a route, a key or
an id of the service: parties are known by identifier scheme and value, countries by their letters.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from gateway.imports.eu_ets.rows import Cents, InstallationId, NoVerification
from kernel.money import Lots, Ticks

INSTRUMENT = "EUA"
CURRENCY = "EUR"
BAND_PERCENT = 50
EUTL_SCHEME = "eutl"
VENUE_SCHEME = "venue"


class Part(StrEnum):
    """The part a party plays in the venue."""

    TRADER = "trader"
    REGULATOR = "regulator"
    SETTLEMENT_BANK = "settlement_bank"
    VERIFIER = "verifier"
    OPERATOR = "operator"


class Side(StrEnum):
    """Which way an order goes."""

    BUY = "BUY"
    SELL = "SELL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A party to register: a trader gets a TRADING account, the regulator the RESERVE account."""

    scheme: str
    value: str
    part: Part
    name: str
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLine:
    """A quantity of one installation."""

    installation: InstallationId
    lots: Lots


@dataclass(frozen=True, slots=True, kw_only=True)
class CashLine:
    """Cash of one installation's account."""

    installation: InstallationId
    cents: Cents


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedLine:
    """The verified emissions of one installation, or why it has none."""

    installation: InstallationId
    verified: Lots | NoVerification


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedOrder:
    """A limit order for the day. `installation` None is the regulator's reserve.

    `filled` is what fills the same day whatever the order of arrival: all of it, or nothing.
    """

    installation: InstallationId | None
    side: Side
    limit: Ticks
    lots: Lots
    filled: Lots


@dataclass(frozen=True, slots=True, kw_only=True)
class ListInstrument:
    """List the allowance; the first band is taken around `reference`."""

    on: date
    reference: Ticks
    instrument: str = INSTRUMENT
    band_percent: int = BAND_PERCENT


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAccounts:
    """Register parties and open their accounts; a step never holds more than 500."""

    on: date
    parties: tuple[Party, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishCalendar:
    """Make these days of one year the venue's trading days."""

    on: date
    year: int
    trading_days: tuple[date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueUnits:
    """Issue a year's units into the reserve: what is allocated, and what is sold from there."""

    on: date
    year: int
    allocation: Lots
    sale: Lots


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocateCountry:
    """Allocate from the reserve: one proposal and one approval for a country and year."""

    on: date
    year: int
    country: str
    lines: tuple[UnitLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FundBuyers:
    """Credit each buyer with the most its orders of the year can cost."""

    on: date
    year: int
    lines: tuple[CashLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeDay:
    """Send these orders in this order in continuous trading, then close the day.

    `between_firms` and `from_regulator` are the lots sold, exact whatever the order of arrival
    within the day; every price paid lies from `price_min` to `price_max`.
    """

    on: date
    settlement: Ticks | None
    price_min: Ticks | None
    price_max: Ticks | None
    between_firms: Lots
    from_regulator: Lots
    orders: tuple[PlannedOrder, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterVerified:
    """Enter the verified emissions of a year; a row without a number is told with its word."""

    on: date
    year: int
    lines: tuple[VerifiedLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SurrenderUnits:
    """Surrender what was surrendered in reality."""

    on: date
    year: int
    lines: tuple[UnitLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearTotals:
    """What the ledger must show when a year is closed. Quantities of the year, then at its end."""

    installation_years: int
    long_firms: int
    short_firms: int
    orders: int
    allocated: Lots
    from_regulator: Lots
    between_firms: Lots
    surrendered: Lots
    credited: Cents
    issued_so_far: Lots
    surrendered_so_far: Lots
    held_at_end: Lots


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseComplianceYear:
    """Compute the year's compliance status from the ledger; compare it with what is expected.

    `held` names every installation that holds units at the end of the year.
    """

    on: date
    year: int
    totals: YearTotals
    held: tuple[UnitLine, ...]


Step: TypeAlias = (
    ListInstrument
    | OpenAccounts
    | PublishCalendar
    | IssueUnits
    | AllocateCountry
    | FundBuyers
    | TradeDay
    | EnterVerified
    | SurrenderUnits
    | CloseComplianceYear
)
