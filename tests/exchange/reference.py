"""A market that is slow and obvious: everything in lists, searched and sorted at every step.

It is written from the rules (markets.md 1.4, 6), shares no code with the market that it checks, and
knows one book with a band, fees, next-day resale and a calendar.
"""

from dataclasses import dataclass, field
from typing import Any

LASTING = ("gtc", "day", "gtd")


def half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


@dataclass
class Order:
    id: int
    party: str
    buy: bool
    type: str
    tif: str
    limit: int | None
    lots: int
    display: int
    stop: int | None
    expires: int | None
    post_only: bool
    stp: str
    held: int
    shown: int = 0
    place: int = 0
    state: str = "new"
    value: int = 0
    fee: int = 0


@dataclass
class Purse:
    """What a party has: cash and units, free and held, and units bought for later."""

    cash: int
    units: int
    cash_held: int = 0
    units_held: int = 0
    later: list[tuple[int, int]] = field(default_factory=list)  # (lots, first day of resale)

    def sellable(self, today: int) -> int:
        return max(0, self.units - sum(lots for lots, day in self.later if day > today))


@dataclass
class Terms:
    band_ppm: int
    buyer_fee_ppm: int
    seller_fee_ppm: int
    lots_max: int


class Refused(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check(fits: bool, code: str) -> None:  # noqa: FBT001
    if not fits:
        raise Refused(code)


class ReferenceMarket:
    """One book. ``days`` are (day, [(opens, closes), ...]) in their order."""

    def __init__(
        self,
        *,
        terms: Terms,
        reference: int,
        days: list[tuple[int, list[tuple[int, int]]]],
        purses: dict[str, Purse],
        groups: dict[str, str],
    ) -> None:
        self.terms = terms
        self.days = days
        self.purses = purses
        self.groups = groups
        self.fees = 0
        self.last = self.close = reference
        self.low, self.high = self.band()
        self.today = self.resale = 0
        self.volume = self.turnover = 0
        self.phase = "closed"
        self.orders: list[Order] = []
        self.next_order = 1
        self.clock = 0
        self.fills: list[tuple[int, int, int, int]] = []
        self.cancels: list[tuple[int, str]] = []

    def band(self) -> tuple[int, int]:
        ppm = self.terms.band_ppm
        low = half_up(self.close * (1_000_000 - ppm), 1_000_000)
        return max(1, low), half_up(self.close * (1_000_000 + ppm), 1_000_000)

    # Commands: each raises Refused, or changes everything that it changes.

    def place(self, party: str, **wish: Any) -> None:
        self._begin()
        order = self._screened(party, **wish)
        order.held = self._means(order)
        self.orders.append(order)
        self.next_order += 1
        self._move(order, -order.held)
        if order.stop is not None:
            order.state = "waiting"
            order.place = max((o.place for o in self.orders), default=0) + 1
            return
        self._match(order)
        self._elect()

    def amend(self, party: str, number: int, *, lots: int | None, ticks: int | None) -> None:
        self._begin()
        order = self._own(party, number)
        check(order.state == "resting", "order_unknown")
        self._check_open()
        new_lots = order.lots if lots is None else lots
        limit = order.limit if ticks is None else ticks
        check((new_lots, limit) != (order.lots, order.limit), "nothing_to_amend")
        check(new_lots <= self.terms.lots_max, "lots_above_max")
        assert limit is not None
        check(self.low <= limit <= self.high, "price_outside_band")
        if order.post_only and limit != order.limit:
            check(not self._opposite(buy=order.buy, limit=limit), "would_trade")
        held = self._held_for_change(order, lots=new_lots, limit=limit)
        keeps = limit == order.limit and new_lots <= order.lots
        self._move(order, order.held - held)
        order.held, order.lots = held, new_lots
        if keeps:
            order.shown = min(order.shown, new_lots)
            return
        order.limit, order.state = limit, "active"
        self._match(order)
        self._elect()

    def cancel(self, party: str, number: int) -> None:
        self._begin()
        self._cancel(self._own(party, number), "by_user")

    def mass_cancel(self, party: str) -> None:
        self._begin()
        for order in sorted(self._open(), key=lambda o: o.id):
            if order.party == party:
                self._cancel(order, "mass_cancel")

    def halt(self) -> None:
        self._begin()
        check(self.phase != "halted", "book_halted")
        self.phase = "halted"

    def resume(self) -> None:
        self._begin()
        check(self.phase == "halted", "book_not_halted")
        phase, day = self._by_the_calendar()
        if phase == "continuous" and day != self.today:
            self._open_day(day)
        else:
            self.phase = phase

    def pass_time(self, to: int) -> None:
        self._begin()
        events = sorted(
            (instant, opens, day, place == (0 if opens else len(sessions) - 1))
            for day, sessions in self.days
            for place, session in enumerate(sessions)
            for instant, opens in ((session[0], True), (session[1], False))
            if self.clock < instant <= to
        )
        for _, opens, day, outermost in events:
            if opens and outermost:
                self._open_day(day)
            elif not opens and outermost:
                self._close_day()
            elif self.phase != "halted":
                self.phase = "continuous" if opens else "break"
        self.clock = to

    # Screening, in the order of the rules.

    def _screened(self, party: str, **wish: Any) -> Order:
        order = Order(
            id=self.next_order,
            party=party,
            buy=wish["buy"],
            type=wish["type"],
            tif=wish["tif"],
            limit=wish["limit"],
            lots=wish["lots"],
            display=wish["display"],
            stop=wish["stop"],
            expires=wish["expires"],
            post_only=wish["post_only"],
            stp=wish["stp"],
            held=0,
        )
        self._check_open()
        check(order.lots <= self.terms.lots_max, "lots_above_max")
        for ticks in (order.limit, order.stop):
            check(ticks is None or self.low <= ticks <= self.high, "price_outside_band")
        if order.stop is not None:
            ahead = order.stop > self.last if order.buy else order.stop < self.last
            check(ahead, "stop_already_reached")
            check(order.tif in LASTING, "time_in_force_unfit")
        has_day = order.expires is not None and order.expires >= self.today
        check((order.tif == "gtd") == (order.expires is not None), "expiry_unfit")
        check(order.expires is None or has_day, "expiry_unfit")
        plain = order.tif in LASTING and order.type == "limit"
        check(not order.display or (order.display <= order.lots and plain), "display_unfit")
        check(not order.post_only or plain, "post_only_unfit")
        self._check_against_book(order)
        return order

    def _check_against_book(self, order: Order) -> None:
        met = self._opposite(buy=order.buy, limit=order.limit)
        if order.type == "market_to_limit":
            check(bool(met), "no_opposite_price")
            order.limit = met[0].limit
        if order.type == "stop":
            order.limit = self.high if order.buy else self.low
        check(not (order.post_only and met), "would_trade")
        if order.tif == "fok":
            check(self._would_fill(order)[0] >= order.lots, "not_fillable")

    def _would_fill(self, order: Order) -> tuple[int, int]:
        """Return lots and cash of what the order would do to the book as it stands."""
        left, lots, cash = order.lots, 0, 0
        for resting in self._opposite(buy=order.buy, limit=order.limit):
            if not left:
                break
            if order.stp != "none" and self._owner(resting.party) == self._owner(order.party):
                if order.stp == "cancel_resting":
                    continue
                if order.stp != "decrement":
                    break
                left -= min(left, resting.lots)
                continue
            taken = min(left, resting.lots)
            left, lots, cash = left - taken, lots + taken, cash + taken * (resting.limit or 0)
        return lots, cash

    def _means(self, order: Order) -> int:
        purse = self.purses[order.party]
        if not order.buy:
            check(purse.sellable(self.today) >= order.lots, "sellable_too_small")
            return order.lots
        worst = order.limit * order.lots if order.limit is not None else None
        cash = self._would_fill(order)[1] if worst is None else worst
        needed = cash + half_up(cash * self.terms.buyer_fee_ppm, 1_000_000)
        check(purse.cash >= needed, "cash_too_small")
        return needed

    def _held_for_change(self, order: Order, *, lots: int, limit: int) -> int:
        purse = self.purses[order.party]
        if not order.buy:
            check(lots - order.lots <= purse.sellable(self.today), "sellable_too_small")
            return lots
        needed = self._cost_of_rest(order, lots=lots, limit=limit)
        check(needed - order.held <= purse.cash, "cash_too_small")
        return needed

    def _cost_of_rest(self, order: Order, *, lots: int, limit: int) -> int:
        cash = limit * lots
        fee = half_up((order.value + cash) * self.terms.buyer_fee_ppm, 1_000_000)
        return cash + fee - order.fee

    def _check_open(self) -> None:
        check(self.phase != "halted", "book_halted")
        check(self.phase == "continuous", "book_not_open")

    def _own(self, party: str, number: int) -> Order:
        found = [order for order in self._open() if order.id == number]
        check(bool(found), "order_unknown")
        check(found[0].party == party, "not_the_owner")
        return found[0]

    # Matching.

    def _match(self, order: Order) -> None:
        order.state = "active"
        while order.lots and order.state == "active":
            met = self._opposite(buy=order.buy, limit=order.limit)
            if not met:
                break
            resting = met[0]
            if order.stp != "none" and self._owner(resting.party) == self._owner(order.party):
                self._prevent(order, resting)
            else:
                self._fill(order, resting)
        if order.state != "active":
            return
        if not order.lots:
            order.state = "filled"
        elif order.type in {"market", "stop"} or order.tif in {"ioc", "fok"}:
            self._cancel(order, "remainder")
        else:
            order.state = "resting"
            order.shown = min(order.display or order.lots, order.lots)
            self._to_the_end(order)

    def _prevent(self, order: Order, resting: Order) -> None:
        reason = "self_trade_prevention"
        if order.stp in {"cancel_resting", "cancel_both"}:
            self._cancel(resting, reason)
        if order.stp in {"cancel_incoming", "cancel_both"}:
            self._cancel(order, reason)
        if order.stp == "decrement":
            lots = min(order.lots, resting.lots)
            for each in (resting, order):
                if each.lots == lots:
                    self._cancel(each, reason)
                else:
                    self._decrement(each, lots)

    def _decrement(self, order: Order, lots: int) -> None:
        left = order.lots - lots
        held = order.held
        if not order.buy:
            held = left
        elif order.limit is not None:
            held = self._cost_of_rest(order, lots=left, limit=order.limit)
        self._move(order, order.held - held)
        order.lots, order.held = left, held
        order.shown = min(order.shown, left)

    def _fill(self, order: Order, resting: Order) -> None:
        lots = min(order.lots, resting.shown)
        ticks = resting.limit
        assert ticks is not None
        buy, sell = (order, resting) if order.buy else (resting, order)
        cash = ticks * lots
        fees = []
        for each, ppm in ((buy, self.terms.buyer_fee_ppm), (sell, self.terms.seller_fee_ppm)):
            fee = half_up((each.value + cash) * ppm, 1_000_000) - each.fee
            each.value, each.fee = each.value + cash, each.fee + fee
            each.lots -= lots
            fees.append(fee)
        self._settle(buy, sell, lots=lots, cash=cash, fees=(fees[0], fees[1]))
        self.last = ticks
        self.volume += lots
        self.turnover += cash
        self.fills.append((buy.id, sell.id, ticks, lots))
        resting.shown -= lots
        if not resting.lots:
            resting.state = "filled"
        elif not resting.shown:
            resting.shown = min(resting.display, resting.lots)
            self._to_the_end(resting)

    def _settle(
        self, buy: Order, sell: Order, *, lots: int, cash: int, fees: tuple[int, int]
    ) -> None:
        buyer, seller = self.purses[buy.party], self.purses[sell.party]
        if not buy.lots:
            still = 0
        elif buy.limit is None:
            still = buy.held - cash - fees[0]
        else:
            still = self._cost_of_rest(buy, lots=buy.lots, limit=buy.limit)
        buyer.cash_held -= buy.held - still
        buyer.cash += buy.held - still - cash - fees[0]
        buy.held = still
        seller.units_held -= lots
        sell.held -= lots
        seller.cash += cash - fees[1]
        buyer.units += lots
        buyer.later.append((lots, self.resale))
        self.fees += sum(fees)

    def _elect(self) -> None:
        while True:
            waiting = [order for order in self.orders if order.state == "waiting"]
            buys = [o for o in waiting if o.buy and (o.stop or 0) <= self.last]
            sells = [o for o in waiting if not o.buy and (o.stop or 0) >= self.last]
            if buys:
                self._match(min(buys, key=lambda o: (o.stop, o.id)))
            elif sells:
                self._match(min(sells, key=lambda o: (-(o.stop or 0), o.id)))
            else:
                return

    # Days.

    def _open_day(self, day: int) -> None:
        self.phase = "pre_open"
        low, high = self.band()
        for order in sorted(self._open(), key=lambda o: o.id):
            if order.limit is not None and not low <= order.limit <= high:
                self._cancel(order, "outside_band")
        self.low, self.high = low, high
        self.today = day
        self.resale = min((d for d, _ in self.days if d > day), default=day + 1)
        self.volume = self.turnover = 0
        self.phase = "continuous"

    def _close_day(self) -> None:
        if self.volume:
            self.close = half_up(self.turnover, self.volume)
        self.phase = "closed"
        for order in sorted(self._open(), key=lambda o: o.id):
            if order.tif == "day" or (order.expires is not None and order.expires <= self.today):
                self._cancel(order, "lapse")

    def _by_the_calendar(self) -> tuple[str, int]:
        for day, sessions in self.days:
            if self.clock >= sessions[-1][1]:
                continue
            for opens, closes in sessions:
                if opens <= self.clock < closes:
                    return "continuous", day
            return ("break" if self.clock >= sessions[0][0] else "closed"), day
        return "closed", 0

    # Small things.

    def _begin(self) -> None:
        self.fills = []
        self.cancels = []

    def _open(self) -> list[Order]:
        return [order for order in self.orders if order.state in {"resting", "waiting"}]

    def _opposite(self, *, buy: bool, limit: int | None) -> list[Order]:
        sign = 1 if buy else -1
        met = [
            order
            for order in self.orders
            if order.state == "resting"
            and order.buy != buy
            and (limit is None or ((order.limit or 0) - limit) * sign <= 0)
        ]
        return sorted(met, key=lambda o: ((o.limit or 0) * sign, o.place))

    def _owner(self, party: str) -> str:
        return self.groups.get(party, party)

    def _to_the_end(self, order: Order) -> None:
        order.place = max(each.place for each in self.orders) + 1

    def _move(self, order: Order, released: int) -> None:
        purse = self.purses[order.party]
        if order.buy:
            purse.cash += released
            purse.cash_held -= released
        else:
            purse.units += released
            purse.units_held -= released

    def _cancel(self, order: Order, reason: str) -> None:
        self._move(order, order.held)
        order.held = 0
        order.state = "cancelled"
        self.cancels.append((order.id, reason))
