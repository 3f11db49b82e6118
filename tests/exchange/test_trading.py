"""The rules of the continuous book; the machine is checked after each command."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange import commands as x
from exchange.commands import OrderType, SelfTradePrevention, TimeInForce
from exchange.effects import Filled, OrderCancelled, OrderRested, OrderTriggered
from exchange.refusals import Reject
from exchange.trading.sessions import band
from ledger import commands as c
from ledger.journal import undo
from tests.exchange.conftest import DAY, HOUR, day, define


def fills(outcome: Any) -> list[tuple[int, int]]:
    return [(e.lots, e.ticks) for e in outcome.effects if isinstance(e, Filled)]


def reasons(outcome: Any) -> list[str]:
    return [e.reason for e in outcome.effects if isinstance(e, OrderCancelled)]


def rests(outcome: Any) -> bool:
    return any(isinstance(e, OrderRested) for e in outcome.effects)


def test_better_prices_fill_first_and_earlier_orders_before_later(open_floor: Any) -> None:
    open_floor.order("E01-1", "sell", 10, 7_410)
    open_floor.order("E02-1", "sell", 10, 7_400)
    open_floor.order("E01-1", "sell", 10, 7_400)

    outcome = open_floor.order("E03-1", "buy", 25, 7_410)

    assert fills(outcome) == [(10, 7_400), (10, 7_400), (5, 7_410)]
    assert [e.sell for e in outcome.effects if isinstance(e, Filled)] == [2, 3, 1]


def test_a_fill_delivers_units_against_cash_at_the_resting_price(open_floor: Any) -> None:
    open_floor.order("E01-1", "sell", 10, 7_400)

    open_floor.order("E02-1", "buy", 10, 7_500)

    assert open_floor.lots("E02") == 100_010
    assert open_floor.lots("E02", "CNY") == 10**10 - 74_000
    assert open_floor.lots("E01", "CNY") == 10**10 + 74_000
    assert open_floor.market.orders == {}


def test_fees_do_not_depend_on_how_an_order_is_split(floor: Any) -> None:
    terms = {"calendar": "", "band_ppm": None, "buyer_fee_ppm": 500, "seller_fee_ppm": 500}
    define_with(floor, **terms)
    floor.grant("E01", "CEA25", 100)
    for _ in range(7):
        floor.order("E01-1", "sell", 1, 7_777)

    floor.order("E02-1", "buy", 7, 7_800)

    assert floor.lots("E02", "CNY") == 10**10 - 7 * 7_777 - 27  # 54,439 x 0.0005 = 27.2
    assert floor.ledger.accounts[7].available("CNY") == 27 + 7 * 4  # 3.9 each, rounded half up


def define_with(floor: Any, **terms: Any) -> None:
    base: dict[str, Any] = {
        "instrument": "CEA25",
        "right": "CARBON",
        "substance": "",
        "unit": "t",
        "lot": "1",
        "zone": "",
        "currency": "CNY",
        "tick": "0.01",
        "reference_ticks": 7_400,
    }
    assert floor.send(x.DefineInstrument(**(base | terms)), actor="x").refusal is None


def test_an_ioc_order_takes_what_is_there_and_the_rest_goes(open_floor: Any) -> None:
    open_floor.order("E01-1", "sell", 30, 1_000)

    outcome = open_floor.order("E02-1", "buy", 50, 1_000, time_in_force=TimeInForce.IOC)

    assert (fills(outcome), reasons(outcome)) == ([(30, 1_000)], ["remainder"])


def test_a_fok_order_that_cannot_fill_whole_is_refused(open_floor: Any) -> None:
    open_floor.order("E01-1", "sell", 30, 1_000)

    killed = open_floor.order("E02-1", "buy", 50, 1_000, time_in_force=TimeInForce.FOK)
    open_floor.order("E01-1", "sell", 20, 1_010)
    done = open_floor.order("E02-1", "buy", 50, 1_010, time_in_force=TimeInForce.FOK)

    assert killed.refusal.code == Reject.NOT_FILLABLE
    assert fills(done) == [(30, 1_000), (20, 1_010)]


def test_a_market_orders_remainder_is_cancelled(open_floor: Any) -> None:
    open_floor.order("E01-1", "sell", 30, 1_000)

    outcome = open_floor.order("E02-1", "buy", 50, None, time_in_force=TimeInForce.IOC)

    assert (fills(outcome), reasons(outcome)) == ([(30, 1_000)], ["remainder"])
    assert open_floor.lots("E02", "CNY") == 10**10 - 30_000


def test_a_market_to_limit_order_rests_at_the_price_it_took(open_floor: Any) -> None:
    open_floor.order("E01-1", "sell", 30, 1_000)
    open_floor.order("E01-1", "sell", 30, 1_010)

    outcome = open_floor.order("E02-1", "buy", 50, None, order_type=OrderType.MARKET_TO_LIMIT)

    assert fills(outcome) == [(30, 1_000)]
    assert rests(outcome)
    assert open_floor.book().kernel.bids.best.ticks == 1_000


def test_a_post_only_order_that_would_trade_is_refused(open_floor: Any) -> None:
    open_floor.order("E01-1", "sell", 30, 1_000)

    outcome = open_floor.order("E02-1", "buy", 5, 1_000, post_only=True)

    assert outcome.refusal.code == Reject.WOULD_TRADE


def test_an_iceberg_shows_its_peak_and_goes_behind_after_each(open_floor: Any) -> None:
    open_floor.order("E01-1", "sell", 30, 1_000, display=10)
    open_floor.order("E02-1", "sell", 10, 1_000)

    outcome = open_floor.order("E03-1", "buy", 25, 1_000)

    assert [e.sell for e in outcome.effects if isinstance(e, Filled)] == [1, 2, 1]
    assert open_floor.book().kernel.depth(is_buy=False, levels=1)[0].lots == 5


def test_a_stop_is_triggered_by_the_last_price_in_the_same_entry(open_floor: Any) -> None:
    open_floor.order("E01-1", "sell", 10, 7_500)
    open_floor.order("E01-1", "sell", 10, 7_520)
    stop = open_floor.order(
        "E02-1", "buy", 5, 7_530, order_type=OrderType.STOP_LIMIT, stop_ticks=7_500
    )

    outcome = open_floor.order("E03-1", "buy", 10, 7_500)

    assert fills(stop) == []
    assert any(isinstance(e, OrderTriggered) for e in outcome.effects)
    assert fills(outcome) == [(10, 7_500), (5, 7_520)]


@pytest.mark.parametrize(
    ("mode", "resting_left", "gone"),
    [
        (SelfTradePrevention.CANCEL_INCOMING, 10, ["self_trade_prevention"]),
        (SelfTradePrevention.CANCEL_RESTING, 0, ["self_trade_prevention"]),
        (SelfTradePrevention.CANCEL_BOTH, 0, ["self_trade_prevention"] * 2),
        (SelfTradePrevention.DECREMENT, 6, ["self_trade_prevention"]),
    ],
)
def test_an_owner_does_not_trade_with_itself(
    open_floor: Any, mode: SelfTradePrevention, resting_left: int, gone: list[str]
) -> None:
    open_floor.order("E01-1", "sell", 10, 1_000)

    outcome = open_floor.order("E01-2", "buy", 4, 1_000, self_trade_prevention=mode)

    assert fills(outcome) == []
    assert reasons(outcome) == gone
    left = open_floor.book().kernel.depth(is_buy=False, levels=1)
    assert (left[0].lots if left else 0) == resting_left


def test_a_control_group_counts_as_one_owner(open_floor: Any) -> None:
    for party in ("E01", "E02"):
        open_floor.send(x.SetControlGroup(party=party, group="g"), actor="R-1")
    open_floor.order("E01-1", "sell", 10, 1_000)

    outcome = open_floor.order("E02-1", "buy", 10, 1_000)

    assert reasons(outcome) == ["self_trade_prevention"]


def test_a_smaller_quantity_keeps_its_place_and_a_new_price_loses_it(open_floor: Any) -> None:
    open_floor.order("E01-1", "sell", 10, 1_000)
    open_floor.order("E02-1", "sell", 10, 1_000)
    open_floor.send(x.AmendOrder(order=1, lots=5), actor="E01-1")
    assert [o.id for o in open_floor.book().kernel.walk(is_buy=False)] == [1, 2]

    open_floor.send(x.AmendOrder(order=1, lots=6), actor="E01-1")

    assert [o.id for o in open_floor.book().kernel.walk(is_buy=False)] == [2, 1]


@pytest.mark.parametrize(("version", "order"), [(1, [2, 1]), (2, [1, 2])])
def test_a_shorter_validity_keeps_its_place_from_version_2_on(
    day_floor: Any, version: int, order: list[int]
) -> None:
    if version == 2:
        day_floor.send(c.ActivateMachine(machine=2), actor="x")
    gtd = {"time_in_force": TimeInForce.GTD, "expires": 14}
    day_floor.order("E01-1", "sell", 10, 7_400, **gtd)
    day_floor.order("E02-1", "sell", 10, 7_400, **gtd)

    outcome = day_floor.send(x.AmendOrder(order=1, expires=11), actor="E01-1")

    assert outcome.refusal is None
    assert [o.id for o in day_floor.book().kernel.walk(is_buy=False)] == order


def test_an_amendment_to_a_crossing_price_trades(open_floor: Any) -> None:
    open_floor.order("E01-1", "sell", 10, 1_000)
    open_floor.order("E02-1", "buy", 10, 900)

    outcome = open_floor.send(x.AmendOrder(order=2, ticks=1_000), actor="E02-1")

    assert fills(outcome) == [(10, 1_000)]


def test_mass_cancel_takes_one_side_of_one_account(open_floor: Any) -> None:
    open_floor.order("E01-1", "sell", 10, 1_000)
    open_floor.order("E01-1", "buy", 10, 900)
    open_floor.order("E02-1", "sell", 10, 1_000)

    outcome = open_floor.send(
        x.MassCancel(account=open_floor.accounts["E01"], side="sell"), actor="E01-1"
    )

    assert reasons(outcome) == ["mass_cancel"]
    assert sorted(open_floor.market.orders) == [2, 3]


def test_a_mass_cancel_of_many_goes_in_slices(open_floor: Any) -> None:
    for _ in range(2_500):
        open_floor.machine.check = lambda: None
        open_floor.order("E01-1", "sell", 1, 1_000)

    open_floor.send(x.MassCancel(account=open_floor.accounts["E01"]), actor="E01-1")

    assert [len(reasons(o)) for o in open_floor.outcomes[-2:]] == [2_000, 500]
    assert open_floor.ledger.phases == {}


def test_a_halted_book_takes_only_cancels(open_floor: Any) -> None:
    open_floor.order("E01-1", "sell", 10, 1_000)
    open_floor.send(x.HaltBook(instrument="CEA25", reason="failure"), actor="R-1")

    refused = open_floor.order("E02-1", "buy", 10, 1_000)
    cancelled = open_floor.send(x.CancelOrder(order=1), actor="E01-1")
    open_floor.send(x.ResumeBook(instrument="CEA25", reason="resolved"), actor="R-1")
    taken = open_floor.order("E02-1", "buy", 10, 1_000)

    assert refused.refusal.code == Reject.BOOK_HALTED
    assert cancelled.refusal is None
    assert taken.refusal is None


def test_one_command_fills_at_most_a_thousand_and_the_rest_is_cancelled(open_floor: Any) -> None:
    open_floor.machine.check = lambda: None
    for _ in range(1_001):
        open_floor.order("E01-1", "sell", 1, 1_000)

    fok = open_floor.order("E02-1", "buy", 1_001, 1_000, time_in_force=TimeInForce.FOK)
    outcome = open_floor.order("E02-1", "buy", 1_001, 1_000)

    assert fok.refusal.code == Reject.NOT_FILLABLE
    assert len(fills(outcome)) == 1_000
    assert reasons(outcome) == ["fills_per_command_max"]


@pytest.mark.parametrize(
    ("reference", "ppm", "expected"),
    [
        (4_800, 100_000, (4_320, 5_280)),
        (2_000, 100_000, (1_800, 2_200)),
        (7_485, 300_000, (5_240, 9_731)),
    ],
)
def test_a_band_is_rounded_half_up(reference: int, ppm: int, expected: tuple[int, int]) -> None:
    assert band(reference, ppm=ppm) == expected


def test_the_demonstrations_day_closes_at_its_average(day_floor: Any) -> None:
    order = day_floor.order
    day_floor.order("E01-1", "sell", 2_500, 7_450)
    order("E02-1", "buy", 3_000, 7_450)
    order("E03-1", "sell", 2_000, 7_550)
    order("E01-1", "sell", 1_000, 7_440)
    order("E02-2", "buy", 600, None, time_in_force=TimeInForce.IOC)
    killed = order("E01-1", "buy", 2_000, 7_550, time_in_force=TimeInForce.FOK)
    taken = order("E01-1", "buy", 2_000, 7_550, time_in_force=TimeInForce.IOC)

    day_floor.move(10 * DAY + 16 * HOUR)

    assert killed.refusal.code == Reject.NOT_FILLABLE
    assert fills(taken) == [(1_900, 7_550)]
    assert day_floor.book().volume == 5_500
    assert day_floor.book().previous_close == 7_485


def test_units_bought_today_are_sold_from_the_next_trading_day_on(day_floor: Any) -> None:
    day_floor.order("E01-1", "sell", 1_000, 7_400)
    day_floor.order("E02-1", "buy", 1_000, 7_400)

    refused = day_floor.order("E02-1", "sell", 100_001, 7_600)
    day_floor.move(11 * DAY + 9 * HOUR)
    accepted = day_floor.order("E02-1", "sell", 100_001, 7_600)

    assert refused.refusal.code == Reject.SELLABLE_TOO_SMALL
    assert accepted.refusal is None


def test_day_orders_lapse_at_the_close_and_gtc_orders_stay(day_floor: Any) -> None:
    day_floor.order("E01-1", "sell", 10, 7_600, time_in_force=TimeInForce.DAY)
    day_floor.order("E01-1", "sell", 10, 7_600)
    day_floor.order("E01-1", "sell", 10, 7_600, time_in_force=TimeInForce.GTD, expires=11)

    day_floor.move(10 * DAY + 20 * HOUR)
    assert sorted(day_floor.market.orders) == [2, 3]
    day_floor.move(11 * DAY + 20 * HOUR)

    assert sorted(day_floor.market.orders) == [2]


def test_an_order_outside_the_new_band_is_cancelled_at_the_open(day_floor: Any) -> None:
    day_floor.order("E01-1", "sell", 10, 8_140)
    day_floor.order("E01-1", "sell", 10, 6_800)
    day_floor.order("E02-1", "buy", 10, 6_800)

    day_floor.move(11 * DAY + 9 * HOUR)

    assert day_floor.book().previous_close == 6_800
    assert (day_floor.book().band_low, day_floor.book().band_high) == (6_120, 7_480)
    assert day_floor.market.orders == {}


def test_orders_wait_for_the_session(day_floor: Any) -> None:
    day_floor.move(10 * DAY + 12 * HOUR)
    at_noon = day_floor.order("E01-1", "sell", 10, 7_400)
    day_floor.move(10 * DAY + 13 * HOUR)
    after = day_floor.order("E01-1", "sell", 10, 7_400)

    assert at_noon.refusal.code == Reject.BOOK_NOT_OPEN
    assert after.refusal is None


ORDER = {"order_type": OrderType.LIMIT, "time_in_force": TimeInForce.GTC}
REFUSED: list[tuple[dict[str, Any], Reject]] = [
    ({"account": 999}, Reject.ACCOUNT_UNKNOWN),
    ({"account": 101}, Reject.NOT_THE_OWNER),
    ({"instrument": "X"}, Reject.BOOK_UNKNOWN),
    ({"lots": 0}, Reject.LOTS_NOT_POSITIVE),
    ({"lots": 10**13}, Reject.LOTS_ABOVE_MAX),
    ({"ticks": None}, Reject.PRICE_MISSING),
    ({"order_type": OrderType.MARKET}, Reject.PRICE_NOT_TAKEN),
    ({"ticks": 0}, Reject.PRICE_NOT_POSITIVE),
    ({"ticks": 9_000}, Reject.PRICE_OUTSIDE_BAND),
    ({"stop_ticks": 7_500}, Reject.STOP_PRICE_UNFIT),
    ({"order_type": OrderType.STOP_LIMIT}, Reject.STOP_PRICE_UNFIT),
    ({"order_type": OrderType.STOP_LIMIT, "stop_ticks": 7_300}, Reject.STOP_ALREADY_REACHED),
    ({"time_in_force": TimeInForce.GTD}, Reject.EXPIRY_UNFIT),
    ({"expires": 11}, Reject.EXPIRY_UNFIT),
    ({"display": 11}, Reject.DISPLAY_UNFIT),
    ({"post_only": True, "time_in_force": TimeInForce.IOC}, Reject.POST_ONLY_UNFIT),
    ({"order_type": OrderType.MARKET_TO_LIMIT, "ticks": None}, Reject.NO_OPPOSITE_PRICE),
    ({"lots": 10**12, "ticks": 7_400}, Reject.CASH_TOO_SMALL),
    ({"is_buy": False, "lots": 100_001}, Reject.SELLABLE_TOO_SMALL),
]


@pytest.mark.parametrize(("change", "code"), REFUSED)
def test_an_order_is_refused_with_its_first_reason(
    day_floor: Any, change: dict[str, Any], code: Reject
) -> None:
    wish: dict[str, Any] = {
        "account": 100,
        "instrument": "CEA25",
        "is_buy": True,
        "lots": 10,
        "ticks": 7_400,
    }
    before = day_floor.rows()[1:]

    outcome = day_floor.send(x.PlaceOrder(**(wish | ORDER | change)), actor="E01-1")

    assert outcome.refusal.code == code
    assert day_floor.rows()[1:] == before


COMMANDS = st.one_of(
    st.builds(
        x.PlaceOrder,
        account=st.integers(100, 102),
        instrument=st.just("CEA25"),
        is_buy=st.booleans(),
        order_type=st.sampled_from([OrderType.LIMIT] * 4 + [OrderType.MARKET_TO_LIMIT]),
        time_in_force=st.sampled_from(
            [TimeInForce.GTC, TimeInForce.DAY, TimeInForce.IOC, TimeInForce.FOK]
        ),
        lots=st.integers(1, 60),
        ticks=st.integers(7_380, 7_420),
        display=st.sampled_from([0, 0, 0, 5]),
        self_trade_prevention=st.sampled_from(SelfTradePrevention),
    ),
    st.builds(x.CancelOrder, order=st.integers(1, 30)),
    st.builds(
        x.AmendOrder,
        order=st.integers(1, 30),
        lots=st.none() | st.integers(1, 60),
        ticks=st.none() | st.integers(7_380, 7_420),
    ),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(stream=st.lists(COMMANDS, max_size=30))
def test_every_command_can_be_taken_back(
    new_open_floor: Callable[[], Any], stream: list[c.Command]
) -> None:
    floor = new_open_floor()
    for command in stream:
        number = getattr(command, "account", None)
        order = floor.market.orders.get(getattr(command, "order", 0))
        number = order.account if order is not None else number or 100
        actor = f"{floor.ledger.accounts[number].party}-1"
        before = floor.rows()
        mark = len(floor.ledger.journal)
        floor.send(command, actor=actor)
        after = floor.rows()

        undo(floor.ledger.journal, mark=mark)
        floor.machine.check()
        assert floor.rows() == before

        floor.index -= 1
        floor.send(command, actor=actor)
        assert floor.rows() == after


def test_an_instrument_trades_only_while_it_is_valid(floor: Any) -> None:
    define(floor, calendar="main", band_ppm=100_000, valid_from=11, valid_until=11)
    days = [day(10), day(11), day(14)]
    floor.send(x.DeclareTradingDays(calendar="main", days=days), actor="x")

    floor.move(10 * DAY + 9 * HOUR)
    early = floor.order("E01-1", "buy", 10, 7_400)
    floor.move(11 * DAY + 9 * HOUR)
    taken = floor.order("E01-1", "buy", 10, 7_400)
    floor.move(14 * DAY + 9 * HOUR)
    late = floor.order("E01-1", "buy", 10, 7_400)

    assert early.refusal.code == late.refusal.code == Reject.INSTRUMENT_EXPIRED
    assert taken.refusal is None
    assert floor.market.orders == {}
    cancelled = [e for o in floor.outcomes for e in o.effects if hasattr(e, "reason")]
    assert "instrument_expired" in {effect.reason for effect in cancelled}


def test_a_failed_list_leaves_the_stranger_that_it_filled_as_it_was(open_floor: Any) -> None:
    floor = open_floor
    for lots, ticks in ((5, 7_400), (30, 7_401), (7, 7_401)):
        floor.order("E01-1", "sell", lots, ticks, display=5 if lots > 7 else 0)
    before, queue = floor.rows()[1:], [o.id for o in floor.book().kernel.walk(is_buy=False)]
    buy = x.PlaceOrder(
        account=floor.accounts["E02"],
        instrument="CEA25",
        is_buy=True,
        order_type=OrderType.LIMIT,
        time_in_force=TimeInForce.GTC,
        lots=1,
        ticks=7_401,
    )
    too_much = msgspec.structs.replace(buy, lots=10**9)

    outcome = floor.send(c.Linked(commands=(*[buy] * 49, too_much)), actor="E02-1")

    assert (outcome.refusal.code, outcome.refusal.leg) == (Reject.CASH_TOO_SMALL, 49)
    assert outcome.effects == []
    assert floor.rows()[1:] == before
    assert [o.id for o in floor.book().kernel.walk(is_buy=False)] == queue
    assert floor.send(c.Linked(commands=(buy,) * 50), actor="E02-1").refusal is None
