"""Each day's orders clear in any order of arrival, near the settlement, inside the band."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.imports.eu_ets.errors import PlanImpossible
from gateway.imports.eu_ets.rows import Cents, DayPrice, InstallationId
from gateway.imports.eu_ets.steps import (
    AllocateCountry,
    CashLine,
    FundBuyers,
    IssueUnits,
    ListInstrument,
    PlannedOrder,
    Side,
    Step,
    TradeDay,
    UnitLine,
)
from gateway.imports.eu_ets.supply import YearSupply
from gateway.imports.eu_ets.trading import CloseRange, plan_days
from kernel.money import Lots, Ticks
from tests.gateway.imports.eu_ets.naive_market import NaiveMarket

PLENTY = 10**15


def lots_by_firm(prefix: str, quantities: list[int]) -> dict[InstallationId, Lots]:
    return {InstallationId(f"{prefix}-{n}"): Lots(lots) for n, lots in enumerate(quantities)}


def year_supply(
    *, bought: list[int], sold: list[int], lapsing: list[int] | None = None
) -> YearSupply:
    return YearSupply(
        bought=lots_by_firm("B", bought),
        sold=lots_by_firm("S", sold),
        lapsing=lots_by_firm("L", lapsing or []),
        from_regulator=Lots(sum(bought) - sum(sold)),
    )


def day_prices(settlements: list[int | None]) -> list[DayPrice]:
    return [
        DayPrice(
            day=date(2013, 1, 2) + timedelta(days=n),
            settlement=None if ticks is None else Ticks(ticks),
        )
        for n, ticks in enumerate(settlements)
    ]


def planned(supply: YearSupply, settlements: list[int | None]) -> list[TradeDay]:
    reference = next(Ticks(ticks) for ticks in settlements if ticks is not None)
    close = CloseRange(low=reference, high=reference)
    return list(plan_days(supply, prices=day_prices(settlements), close=close, seed="1/2013"))


def provision(supply: YearSupply, *, reference: int) -> Iterator[Step]:
    """Give every firm what it sells and more cash than it can spend."""
    on = date(2013, 1, 1)
    offered = {
        firm: Lots(supply.sold.get(firm, 0) + supply.lapsing.get(firm, 0))
        for firm in (*supply.sold, *supply.lapsing)
    }
    yield ListInstrument(on=on, reference=Ticks(reference))
    yield IssueUnits(
        on=on, year=2013, allocation=Lots(sum(offered.values())), sale=supply.from_regulator
    )
    yield AllocateCountry(
        on=on,
        year=2013,
        country="AT",
        lines=tuple(UnitLine(installation=firm, lots=lots) for firm, lots in offered.items()),
    )
    yield FundBuyers(
        on=on,
        year=2013,
        lines=tuple(CashLine(installation=firm, cents=Cents(PLENTY)) for firm in supply.bought),
    )


def shuffled(day: TradeDay, *, chance: Random) -> TradeDay:
    orders: list[PlannedOrder] = list(day.orders)
    chance.shuffle(orders)
    return TradeDay(
        on=day.on,
        settlement=day.settlement,
        price_min=day.price_min,
        price_max=day.price_max,
        between_firms=day.between_firms,
        from_regulator=day.from_regulator,
        orders=tuple(orders),
    )


supplies = st.builds(
    lambda bought, share, lapsing: year_supply(
        bought=bought,
        sold=[lots * share // 100 for lots in bought if lots * share >= 100],
        lapsing=lapsing,
    ),
    st.lists(st.integers(1, 50_000), max_size=30),
    st.integers(0, 100),
    st.lists(st.integers(1, 1_000), max_size=5),
)
settlement_walks = st.lists(st.integers(400, 500) | st.none(), max_size=12).map(
    lambda ticks: [450, *ticks]
)


@given(supplies, settlement_walks, st.integers())
def test_whatever_the_order_of_arrival_everything_fills_the_same_day(
    supply: YearSupply, settlements: list[int | None], seed: int
) -> None:
    market = NaiveMarket().run(provision(supply, reference=450))
    chance = Random(seed)  # noqa: S311 - an order of arrival, no secret

    market.run(shuffled(day, chance=chance) for day in planned(supply, settlements))

    left = {firm: lots for firm, lots in market.units.items() if lots}
    assert left == {**supply.bought, **supply.lapsing}
    assert market.widest_miss_permille <= 20


@given(supplies, settlement_walks)
def test_every_firm_sends_an_order_and_its_lots_are_all_sent(
    supply: YearSupply, settlements: list[int | None]
) -> None:
    sent: dict[tuple[InstallationId | None, Side, bool], int] = {}
    for day in planned(supply, settlements):
        for order in day.orders:
            key = order.installation, order.side, order.filled > 0
            sent[key] = sent.get(key, 0) + order.lots

    expected: dict[tuple[InstallationId | None, Side, bool], int] = {
        **{(firm, Side.BUY, True): lots for firm, lots in supply.bought.items()},
        **{(firm, Side.SELL, True): lots for firm, lots in supply.sold.items()},
        **{(firm, Side.SELL, False): lots for firm, lots in supply.lapsing.items()},
        (None, Side.SELL, True): supply.from_regulator,
    }
    assert sent == {key: lots for key, lots in expected.items() if lots}


def test_orders_are_spread_over_all_days_of_the_year() -> None:
    supply = year_supply(bought=[90_000, 3, 5_000], sold=[30_000, 1])

    days = planned(supply, [450] * 100)

    counts = [sum(order.side is Side.BUY for order in day.orders) for day in days]
    assert min(counts) >= 9
    assert max(counts) <= 11


def test_a_few_lots_trade_on_a_few_days() -> None:
    days = planned(year_supply(bought=[1, 1], sold=[]), [450] * 10)

    assert [len(day.orders) for day in days] == [2, 0, 0, 0, 0, 2, 0, 0, 0, 0]


def test_a_day_without_a_settlement_has_no_orders() -> None:
    days = planned(year_supply(bought=[1_000], sold=[10]), [450, None, 450])

    assert [bool(day.orders) for day in days] == [True, False, True]
    assert days[1].settlement is None


def test_firms_sell_the_same_share_of_each_day() -> None:
    days = planned(year_supply(bought=[10_000], sold=[2_500]), [450] * 50)

    assert {(day.between_firms, day.from_regulator) for day in days} == {(50, 150)}


def test_a_price_that_leaves_the_band_is_refused_with_its_day() -> None:
    with pytest.raises(PlanImpossible, match="leave the sure band") as refused:
        planned(year_supply(bought=[1_000], sold=[]), [450, 450, 700])

    assert refused.value.on == date(2013, 1, 4)


def test_a_band_starts_from_the_last_day_with_trades() -> None:
    rising: list[int | None] = [450, 600, 800, 1_000]

    assert len(planned(year_supply(bought=[1_000], sold=[]), rising)) == 4
    with pytest.raises(PlanImpossible):
        planned(year_supply(bought=[1, 1], sold=[]), rising)


def test_a_day_with_more_orders_than_one_command_may_fill_is_refused() -> None:
    with pytest.raises(PlanImpossible, match="1001 orders on one side"):
        planned(year_supply(bought=[1] * 1_001, sold=[]), [450])


@pytest.mark.parametrize("ticks", [1, 49, 50, 270, 4_439])
def test_limits_stay_within_two_percent_of_any_settlement(ticks: int) -> None:
    (day,) = planned(year_supply(bought=[100] * 50, sold=[90] * 50), [ticks])

    assert all(50 * abs(order.limit - ticks) <= ticks for order in day.orders)
    assert all(
        (order.limit >= ticks) is (order.side is Side.BUY) or order.limit == ticks
        for order in day.orders
    )
