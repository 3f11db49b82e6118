"""The plan of an import: what is done from the first year to the last, step by step.

Each year is closed in itself. On its 1 January the units are issued and allocated and the buyers
get their cash; its trading days follow; on the next 1 January, when the year's emissions can be
known, they are entered, units are surrendered and the year is closed (in reality by 30 April:
our simplification, so that demand, supply and prices of a year stand together). Firms start with
nothing in the first year and keep what they do not sell: one instrument without vintage.

Memory is bounded by one year: the files are streamed once for each, and only the holdings of the
installations go from one year to the next.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from gateway.imports.eu_ets.data import EuEtsFiles
from gateway.imports.eu_ets.errors import RangeEmpty, YearAbsent
from gateway.imports.eu_ets.rows import (
    Cents,
    DayPrice,
    Installation,
    InstallationId,
    InstallationYear,
)
from gateway.imports.eu_ets.steps import (
    EUTL_SCHEME,
    VENUE_SCHEME,
    AllocateCountry,
    CashLine,
    CloseComplianceYear,
    EnterVerified,
    FundBuyers,
    IssueUnits,
    ListInstrument,
    OpenAccounts,
    Part,
    Party,
    PublishCalendar,
    Side,
    Step,
    SurrenderUnits,
    TradeDay,
    UnitLine,
    VerifiedLine,
    YearTotals,
)
from gateway.imports.eu_ets.supply import YearSupply, plan_supply
from gateway.imports.eu_ets.trading import CloseRange, plan_days
from kernel.errors import ensure
from kernel.money import Lots, Ticks

SEED = 2013
PARTIES_PER_STEP_MAX = 500
INSTITUTIONS = (
    Party(scheme=VENUE_SCHEME, value="operator", part=Part.OPERATOR, name="Venue operator"),
    Party(scheme=VENUE_SCHEME, value="regulator", part=Part.REGULATOR, name="Regulator"),
    Party(scheme=VENUE_SCHEME, value="bank", part=Part.SETTLEMENT_BANK, name="Settlement bank"),
    Party(scheme=VENUE_SCHEME, value="verifier", part=Part.VERIFIER, name="Verifier"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The years to import and the seed of every draw."""

    files: EuEtsFiles
    first_year: int
    last_year: int
    seed: int = SEED

    def steps(self) -> Iterator[Step]:
        """Yield the steps in chronological order.

        Raises:
            EuEtsRefused: before the first step where the files cannot carry the plan, else
                before the first step of the year that cannot be planned.
        """
        reference = first_settlement(self)
        installations = {one.installation: one for one in self.files.installations()}
        on = date(self.first_year, 1, 1)
        yield from _opening(on, installations=installations.values())
        yield ListInstrument(on=on, reference=reference)
        market = _Market(held={}, close=CloseRange(low=reference, high=reference))
        for year in range(self.first_year, self.last_year + 1):
            rows = self.files.compliance_of(year, among=installations)
            prices = self.files.prices_of(year)
            seed = f"{self.seed}/{year}"
            yield from _year(year, rows=rows, prices=prices, market=market, seed=seed)


@dataclass(slots=True, kw_only=True)
class _Market:
    """What goes from one year to the next."""

    held: dict[InstallationId, Lots]
    close: CloseRange
    issued: int = 0
    surrendered: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _YearPlan:
    rows: tuple[InstallationYear, ...]
    supply: YearSupply
    days: tuple[TradeDay, ...]
    cash: tuple[CashLine, ...]


def first_settlement(plan: Plan) -> Ticks:
    """Return the first year's first settlement; every year must have one, and installations.

    Raises:
        EuEtsRefused: a file cannot be read, or a year lacks what it needs.
    """
    years = range(plan.first_year, plan.last_year + 1)
    active = {row.year for row in plan.files.compliance()}
    if not years:
        raise RangeEmpty(first_year=plan.first_year, last_year=plan.last_year)
    lacking = [year for year in years if year not in active]
    if lacking:
        raise YearAbsent(years=lacking, lacking="installation-year")
    settlements: dict[int, Ticks] = {}
    for price in plan.files.prices():
        if price.settlement is not None:
            settlements.setdefault(price.day.year, price.settlement)
    lacking = [year for year in years if year not in settlements]
    if lacking:
        raise YearAbsent(years=lacking, lacking="settlement")
    return settlements[plan.first_year]


def _opening(on: date, *, installations: Iterable[Installation]) -> Iterator[OpenAccounts]:
    yield OpenAccounts(on=on, parties=INSTITUTIONS)
    parties = [
        Party(
            scheme=EUTL_SCHEME,
            value=one.installation,
            part=Part.TRADER,
            name=f"{one.installation} {one.activity}",
            country=one.country,
        )
        for one in installations
    ]
    for start in range(0, len(parties), PARTIES_PER_STEP_MAX):
        yield OpenAccounts(on=on, parties=tuple(parties[start : start + PARTIES_PER_STEP_MAX]))


def _year(
    year: int,
    *,
    rows: tuple[InstallationYear, ...],
    prices: tuple[DayPrice, ...],
    market: _Market,
    seed: str,
) -> Iterator[Step]:
    for row in rows:
        _move(market.held, row.installation, lots=row.allocated or 0)
    supply = plan_supply(rows, held=market.held, seed=seed)
    days = tuple(plan_days(supply, prices=prices, close=market.close, seed=seed))
    planned = _YearPlan(rows=rows, supply=supply, days=days, cash=_cash(days))
    allocated = sum(row.allocated or 0 for row in rows)
    on = date(year, 1, 1)
    yield PublishCalendar(on=on, year=year, trading_days=tuple(one.day for one in prices))
    yield IssueUnits(on=on, year=year, allocation=Lots(allocated), sale=supply.from_regulator)
    yield from _allocations(on, rows=rows)
    yield FundBuyers(on=on, year=year, lines=planned.cash)
    yield from days
    _settle(market, planned=planned, allocated=allocated)
    yield from _closing(date(year + 1, 1, 1), year=year, planned=planned, market=market)


def _allocations(on: date, *, rows: Iterable[InstallationYear]) -> Iterator[AllocateCountry]:
    given = sorted((row for row in rows if row.allocated), key=lambda row: row.country)
    for country, of_country in groupby(given, key=lambda row: row.country):
        lines = tuple(
            UnitLine(installation=row.installation, lots=row.allocated)
            for row in of_country
            if row.allocated
        )
        yield AllocateCountry(on=on, year=on.year, country=country, lines=lines)


def _cash(days: Iterable[TradeDay]) -> tuple[CashLine, ...]:
    cents: dict[InstallationId, int] = {}
    for day in days:
        for order in day.orders:
            if order.side is Side.BUY and order.installation is not None:
                spent = cents.get(order.installation, 0)
                cents[order.installation] = spent + order.limit * order.lots
    return tuple(
        CashLine(installation=firm, cents=Cents(amount)) for firm, amount in sorted(cents.items())
    )


def _settle(market: _Market, *, planned: _YearPlan, allocated: int) -> None:
    """Move the year's trades and surrenders through the holdings; keep the last day's prices."""
    for firm, lots in planned.supply.bought.items():
        _move(market.held, firm, lots=lots)
    for firm, lots in planned.supply.sold.items():
        _move(market.held, firm, lots=-lots)
    for row in planned.rows:
        _move(market.held, row.installation, lots=-(row.surrendered or 0))
    market.issued += allocated + planned.supply.from_regulator
    market.surrendered += sum(row.surrendered or 0 for row in planned.rows)
    for day in planned.days:
        if day.price_min is not None and day.price_max is not None:
            market.close = CloseRange(low=day.price_min, high=day.price_max)


def _move(held: dict[InstallationId, Lots], firm: InstallationId, *, lots: int) -> None:
    held[firm] = Lots(held.get(firm, 0) + lots)
    ensure(held[firm] >= 0, f"{firm} would hold {held[firm]} lots")


def _closing(on: date, *, year: int, planned: _YearPlan, market: _Market) -> Iterator[Step]:
    yield EnterVerified(
        on=on,
        year=year,
        lines=tuple(
            VerifiedLine(installation=row.installation, verified=row.verified)
            for row in planned.rows
        ),
    )
    yield SurrenderUnits(
        on=on,
        year=year,
        lines=tuple(
            UnitLine(installation=row.installation, lots=row.surrendered)
            for row in planned.rows
            if row.surrendered
        ),
    )
    held = tuple(
        UnitLine(installation=firm, lots=lots) for firm, lots in sorted(market.held.items()) if lots
    )
    totals = _totals(planned, market=market, held=held)
    yield CloseComplianceYear(on=on, year=year, totals=totals, held=held)


def _totals(planned: _YearPlan, *, market: _Market, held: tuple[UnitLine, ...]) -> YearTotals:
    supply, rows = planned.supply, planned.rows
    return YearTotals(
        installation_years=len(rows),
        long_firms=len(supply.sold.keys() | supply.lapsing.keys()),
        short_firms=len(supply.bought),
        orders=sum(len(day.orders) for day in planned.days),
        allocated=Lots(sum(row.allocated or 0 for row in rows)),
        from_regulator=supply.from_regulator,
        between_firms=Lots(supply.between_firms),
        surrendered=Lots(sum(row.surrendered or 0 for row in rows)),
        credited=Cents(sum(line.cents for line in planned.cash)),
        issued_so_far=Lots(market.issued),
        surrendered_so_far=Lots(market.surrendered),
        held_at_end=Lots(sum(line.lots for line in held)),
    )
