"""The market against a slow and obvious one; every command is also undone and done again."""

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from exchange import commands as x
from ledger import commands as c
from ledger.journal import undo
from ledger.machine import Outcome
from ledger.roles import FEES
from tests.exchange.conftest import DAY, HOUR, day, define, make_floor
from tests.exchange.reference import Purse, ReferenceMarket, Refused, Terms

PARTIES = ("E01", "E02", "E03")
DAYS = (10, 11, 14, 15)
CLOSE = 1_000
CASH, UNITS = 400_000, 400
TERMS = Terms(band_ppm=100_000, buyer_fee_ppm=1_700, seller_fee_ppm=2_300, lots_max=900)

parties = st.sampled_from(PARTIES)
prices = st.integers(CLOSE - 12, CLOSE + 12)
some_lots = st.integers(1, 60)


class MarketsAgree(RuleBasedStateMachine):
    """Sends each command to both markets; whatever can be seen of them must be the same."""

    @initialize(grouped=st.booleans())
    def begin(self, grouped: bool) -> None:  # noqa: FBT001
        self.floor = make_floor(cash=CASH)
        define(
            self.floor,
            calendar="main",
            band_ppm=TERMS.band_ppm,
            resale_delay=True,
            reference_ticks=CLOSE,
            buyer_fee_ppm=TERMS.buyer_fee_ppm,
            seller_fee_ppm=TERMS.seller_fee_ppm,
            order_lots_max=TERMS.lots_max,
        )
        days = [day(number) for number in DAYS]
        self.floor.send(x.DeclareTradingDays(calendar="main", days=days), actor="x")
        for party in PARTIES:
            self.floor.grant(party, "CEA25", UNITS)
        groups = {"E01": "group", "E02": "group"} if grouped else {}
        for party, group in groups.items():
            self.floor.send(x.SetControlGroup(party=party, group=group), actor="R-1")
        self.reference = ReferenceMarket(
            terms=TERMS,
            reference=CLOSE,
            days=[(d.day, list(zip(d.opens, d.closes, strict=True))) for d in days],
            purses={party: Purse(cash=CASH, units=UNITS) for party in PARTIES},
            groups=groups,
        )
        self._pass_to(DAYS[0] * DAY + 9 * HOUR)

    def _pass_to(self, to: int) -> None:
        before = len(self.floor.outcomes)
        self.floor.move(to)
        self.reference.pass_time(to)
        self._compare(self.floor.outcomes[before:])

    def _both(self, command: c.Command, actor: str, *, reference: Any) -> None:
        floor = self.floor
        before = len(floor.outcomes)
        self._do_and_undo(command, actor)
        outcome = floor.send(command, actor=actor)
        code = None if outcome.refusal is None else outcome.refusal.code.removeprefix("exchange.")
        expected = None
        try:
            reference()
        except Refused as refused:
            expected = refused.code
        assert code == expected
        if expected is None:
            self._compare(floor.outcomes[before:])

    def _do_and_undo(self, command: c.Command, actor: str) -> None:
        floor = self.floor
        journal = floor.ledger.journal
        mark, rows = len(journal), sorted(map(repr, floor.rows()))
        queues = self._queues()
        floor.machine.apply(command, actor=actor, index=floor.index + 1, at=floor.at)
        undo(journal, mark=mark)
        assert sorted(map(repr, floor.rows())) == rows
        assert self._queues() == queues
        floor.machine.check()

    def _queues(self) -> list[list[int]]:
        kernel = self.floor.book().kernel
        return [[o.id for o in kernel.walk(is_buy=is_buy)] for is_buy in (True, False)]

    def _compare(self, outcomes: list[Outcome]) -> None:
        effects: list[Any] = [effect for outcome in outcomes for effect in outcome.effects]
        fills = [(e.buy, e.sell, e.ticks, e.lots) for e in effects if hasattr(e, "buyer_fee")]
        cancels = [(e.order, e.reason) for e in effects if type(e).__name__ == "OrderCancelled"]
        assert fills == self.reference.fills
        assert cancels == self.reference.cancels

    @rule(
        party=parties,
        buy=st.booleans(),
        kind=st.sampled_from(
            ["limit"] * 6 + ["market", "market_to_limit", "stop", "stop_limit", "stop_limit"]
        ),
        tif=st.sampled_from(["gtc", "gtc", "day", "gtd", "ioc", "fok"]),
        lots=st.one_of(some_lots, some_lots, some_lots, st.integers(1, 1_000)),
        ticks=st.one_of(prices, prices, prices, st.integers(890, 1_110)),
        stop=st.one_of(prices, prices, st.integers(890, 1_110)),
        display=st.sampled_from([0, 0, 0, 5, 20]),
        post_only=st.sampled_from([False, False, False, True]),
        expires=st.sampled_from(DAYS),
        stp=st.sampled_from([*x.SelfTradePrevention, None]),
    )
    def place(self, **wish: Any) -> None:
        kind, tif, party = wish["kind"], wish["tif"], wish["party"]
        limit = wish["ticks"] if kind in {"limit", "stop_limit"} else None
        stop = wish["stop"] if kind in {"stop", "stop_limit"} else None
        expires = wish["expires"] if tif == "gtd" else None
        stp = wish["stp"]
        command = x.PlaceOrder(
            account=self.floor.accounts[party],
            instrument="CEA25",
            is_buy=wish["buy"],
            order_type=x.OrderType(kind),
            time_in_force=x.TimeInForce(tif),
            lots=wish["lots"],
            ticks=limit,
            display=wish["display"],
            stop_ticks=stop,
            expires=expires,
            post_only=wish["post_only"],
            self_trade_prevention=stp,
        )

        def reference() -> None:
            self.reference.place(
                party,
                buy=wish["buy"],
                type=kind,
                tif=tif,
                limit=limit,
                lots=wish["lots"],
                display=wish["display"],
                stop=stop,
                expires=expires,
                post_only=wish["post_only"],
                stp=str(stp or "cancel_incoming"),
            )

        self._both(command, f"{party}-1", reference=reference)

    @rule(party=parties, buy=st.booleans(), lots=some_lots, ticks=prices, display=st.integers(0, 9))
    def place_plainly(self, **wish: Any) -> None:
        wish["display"] = wish["display"] if wish["display"] <= wish["lots"] else 0
        self.place(
            **wish,
            kind="limit",
            tif="gtc",
            stop=CLOSE,
            post_only=False,
            expires=DAYS[0],
            stp=None,
        )

    @rule(
        party=parties,
        buy=st.booleans(),
        lots=some_lots,
        ticks=prices,
        away=st.integers(1, 5),
        kind=st.sampled_from(["stop", "stop_limit"]),
    )
    def place_a_stop(self, away: int, **wish: Any) -> None:
        sign = 1 if wish["buy"] else -1
        self.place(
            **wish,
            tif="gtc",
            stop=self.reference.last + sign * away,
            display=0,
            post_only=False,
            expires=DAYS[0],
            stp=None,
        )

    @rule(
        party=parties,
        pick=st.integers(0, 10**6),
        own=st.sampled_from([True, True, True, False]),
        lots=st.one_of(st.none(), some_lots),
        ticks=st.one_of(st.none(), prices),
    )
    def amend(self, party: str, pick: int, own: bool, lots: Any, ticks: Any) -> None:  # noqa: FBT001
        number = self._pick(party, pick, own=own)
        self._both(
            x.AmendOrder(order=number, lots=lots, ticks=ticks),
            f"{party}-1",
            reference=lambda: self.reference.amend(party, number, lots=lots, ticks=ticks),
        )

    @rule(party=parties, pick=st.integers(0, 10**6), own=st.booleans())
    def cancel(self, party: str, pick: int, own: bool) -> None:  # noqa: FBT001
        number = self._pick(party, pick, own=own)
        self._both(
            x.CancelOrder(order=number),
            f"{party}-1",
            reference=lambda: self.reference.cancel(party, number),
        )

    def _pick(self, party: str, pick: int, *, own: bool) -> int:
        """Choose an open order where there is one, now and then one that has ended."""
        mine = [o for o in self.reference.orders if not own or o.party == party]
        ended = pick % 10 == 0
        orders = [o.id for o in mine if ended or o.state in {"resting", "waiting"}]
        return orders[pick % len(orders)] if orders else 1

    @precondition(lambda self: len(self.reference.orders) % 9 == 7)
    @rule(party=parties)
    def mass_cancel(self, party: str) -> None:
        command = x.MassCancel(account=self.floor.accounts[party])
        self._both(command, f"{party}-1", reference=lambda: self.reference.mass_cancel(party))

    @precondition(lambda self: len(self.reference.orders) % 11 == 3)
    @rule()
    def halt(self) -> None:
        command = x.HaltBook(instrument="CEA25", reason="inquiry")
        self._both(command, "R-1", reference=self.reference.halt)

    @precondition(lambda self: self.reference.phase == "halted" or not self.reference.orders)
    @rule()
    def resume(self) -> None:
        command = x.ResumeBook(instrument="CEA25", reason="done")
        self._both(command, "R-1", reference=self.reference.resume)

    @precondition(
        lambda self: len(self.reference.orders) % 6 == 5 or self.reference.phase != "continuous"
    )
    @rule(hours=st.sampled_from([1, 2, 3, 7, 20, 30]))
    def pass_time(self, hours: int) -> None:
        self._pass_to(self.floor.at + hours * HOUR)

    @invariant()
    def everything_that_can_be_seen_is_the_same(self) -> None:
        if not hasattr(self, "reference"):
            return
        floor, reference = self.floor, self.reference
        book = floor.book()
        assert book.phase == reference.phase
        assert (book.last_ticks, book.previous_close) == (reference.last, reference.close)
        assert (book.volume, book.turnover) == (reference.volume, reference.turnover)
        assert (book.band_low, book.band_high) == (reference.low, reference.high)
        for is_buy in (True, False):
            real = [(o.id, o.ticks, o.lots, o.visible) for o in book.kernel.walk(is_buy=is_buy)]
            slow = reference._opposite(buy=not is_buy, limit=None)
            assert real == [(o.id, o.limit, o.lots, o.shown) for o in slow]
        held = {o.id: (str(o.status), o.held) for o in floor.market.orders.values()}
        assert held == {o.id: (o.state, o.held) for o in reference._open()}
        for party, purse in reference.purses.items():
            account = floor.ledger.accounts[floor.accounts[party]]
            cash, units = account.holdings["CNY"], account.holdings["CEA25"]
            assert (cash.available, cash.held) == (purse.cash, purse.cash_held)
            assert (units.available, units.held) == (purse.units, purse.units_held)
            assert units.sellable(day=book.day) == purse.sellable(reference.today)
        assert floor.ledger.accounts[FEES].available("CNY") == reference.fees


def agree(examples: int, steps: int) -> Any:
    case = MarketsAgree.TestCase
    case.settings = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    return case("runTest")


@pytest.mark.parametrize(
    ("examples", "steps"), [(400, 50), pytest.param(2_000, 100, marks=pytest.mark.heavy)]
)
def test_the_market_agrees_with_a_slow_one(examples: int, steps: int) -> None:
    agree(examples, steps).runTest()
