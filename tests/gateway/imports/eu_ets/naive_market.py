"""A venue that is slow and obvious: it carries a plan out and stops where anything is not so.

Price, then time; a fill at the resting order's price; rights and cash set apart when an order is
placed. It knows nothing of how the plan was made.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from gateway.imports.eu_ets.rows import InstallationId
from gateway.imports.eu_ets.steps import (
    AllocateCountry,
    CloseComplianceYear,
    FundBuyers,
    IssueUnits,
    ListInstrument,
    PlannedOrder,
    Side,
    Step,
    SurrenderUnits,
    TradeDay,
)
from kernel.money import round_half_up

FILLS_PER_COMMAND_MAX = 1_000

Holder = InstallationId | None


@dataclass
class Resting:
    order: PlannedOrder
    left: int


@dataclass
class NaiveMarket:
    units: Counter[Holder] = field(default_factory=Counter)
    cents: Counter[Holder] = field(default_factory=Counter)
    units_apart: Counter[Holder] = field(default_factory=Counter)
    cents_apart: Counter[Holder] = field(default_factory=Counter)
    issued: int = 0
    surrendered: int = 0
    between_firms: int = 0
    from_regulator: int = 0
    close: int = 0
    orders: int = 0
    fills: int = 0
    steps: int = 0
    widest_miss_permille: int = 0
    most_fills: int = 0

    def run(self, steps: Iterable[Step]) -> "NaiveMarket":
        for step in steps:
            self.take(step)
        return self

    def take(self, step: Step) -> None:
        self.steps += 1
        if isinstance(step, ListInstrument):
            self.close = step.reference
        elif isinstance(step, TradeDay):
            self.trade(step)
        elif isinstance(step, CloseComplianceYear):
            self.check_close(step)
        else:
            self.register(step)

    def register(self, step: Step) -> None:
        if isinstance(step, IssueUnits):
            self.units[None] += step.allocation + step.sale
            self.issued += step.allocation + step.sale
        elif isinstance(step, AllocateCountry):
            for line in step.lines:
                self.units[None] -= line.lots
                self.units[line.installation] += line.lots
        elif isinstance(step, FundBuyers):
            for credit in step.lines:
                self.cents[credit.installation] += credit.cents
        elif isinstance(step, SurrenderUnits):
            for line in step.lines:
                self.units[line.installation] -= line.lots
                self.surrendered += line.lots
                assert self.units[line.installation] >= 0, line

    def trade(self, day: TradeDay) -> None:
        band = (round_half_up(self.close, 2), round_half_up(3 * self.close, 2))
        book: list[Resting] = []
        filled: Counter[int] = Counter()
        turnover = volume = 0
        self.between_firms, self.from_regulator = 0, 0
        for order in day.orders:
            assert band[0] <= order.limit <= band[1], (day.on, order, band)
            self.set_apart(order)
            fills_before = self.fills
            incoming = Resting(order, order.lots)
            while incoming.left and (resting := self.best(book, order)) is not None:
                lots = min(incoming.left, resting.left)
                self.fill(order, resting.order, lots=lots)
                filled[id(order)] += lots
                filled[id(resting.order)] += lots
                incoming.left -= lots
                resting.left -= lots
                turnover += resting.order.limit * lots
                volume += lots
                if not resting.left:
                    book.remove(resting)
            if incoming.left:
                book.append(incoming)
            self.most_fills = max(self.most_fills, self.fills - fills_before)
            self.orders += 1
        self.lapse(book)
        assert [filled[id(order)] for order in day.orders] == [one.filled for one in day.orders]
        assert (self.between_firms, self.from_regulator) == (
            day.between_firms,
            day.from_regulator,
        )
        self.check_price(day, turnover=turnover, volume=volume)

    def set_apart(self, order: PlannedOrder) -> None:
        holder = order.installation
        if order.side is Side.SELL:
            self.units_apart[holder] += order.lots
            assert self.units_apart[holder] <= self.units[holder], order
        else:
            self.cents_apart[holder] += order.lots * order.limit
            assert self.cents_apart[holder] <= self.cents[holder], order

    @staticmethod
    def best(book: list[Resting], order: PlannedOrder) -> Resting | None:
        if order.side is Side.BUY:
            sells = [
                one
                for one in book
                if one.order.side is Side.SELL and one.order.limit <= order.limit
            ]
            return min(sells, key=lambda one: one.order.limit, default=None)
        buys = [
            one for one in book if one.order.side is Side.BUY and one.order.limit >= order.limit
        ]
        return max(buys, key=lambda one: one.order.limit, default=None)

    def fill(self, incoming: PlannedOrder, resting: PlannedOrder, *, lots: int) -> None:
        buy, sell = (incoming, resting) if incoming.side is Side.BUY else (resting, incoming)
        assert buy.installation != sell.installation
        paid = resting.limit * lots
        self.cents_apart[buy.installation] -= buy.limit * lots
        self.cents[buy.installation] -= paid
        self.cents[sell.installation] += paid
        self.units_apart[sell.installation] -= lots
        self.units[sell.installation] -= lots
        self.units[buy.installation] += lots
        self.fills += 1
        if sell.installation is None:
            self.from_regulator += lots
        else:
            self.between_firms += lots

    def lapse(self, book: list[Resting]) -> None:
        for resting in book:
            assert resting.order.side is Side.SELL, resting
            self.units_apart[resting.order.installation] -= resting.left
        assert not any(self.units_apart.values())
        assert not any(self.cents_apart.values())

    def check_price(self, day: TradeDay, *, turnover: int, volume: int) -> None:
        if not volume:
            return
        assert day.settlement is not None
        miss = abs(turnover - day.settlement * volume)
        assert 10 * miss <= day.settlement * volume, day.on
        permille = -(-1000 * miss // (day.settlement * volume))
        self.widest_miss_permille = max(self.widest_miss_permille, permille)
        self.close = round_half_up(turnover, volume)

    def check_close(self, step: CloseComplianceYear) -> None:
        held = {line.installation: line.lots for line in step.held}
        assert held == {holder: lots for holder, lots in self.units.items() if lots}
        assert self.issued == self.surrendered + sum(self.units.values())
        assert (step.totals.issued_so_far, step.totals.surrendered_so_far) == (
            self.issued,
            self.surrendered,
        )
        assert step.totals.held_at_end == sum(held.values())
        assert self.most_fills <= FILLS_PER_COMMAND_MAX
        assert min(self.cents.values(), default=0) >= 0
