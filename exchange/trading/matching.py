"""Matching an order against its book: fills, self-trade prevention, icebergs, stops.

Price before time; a fill is at the resting order's limit. One command makes at most
``FILLS_PER_COMMAND_MAX`` fills: what is left of the order that meets the bound is cancelled with
that reason, and stops that the last price reached after it are elected by a phase.
"""

from collections.abc import Iterator

from exchange.commands import (
    FILLS_PER_COMMAND_MAX,
    OrderType,
    SelfTradePrevention,
    TimeInForce,
)
from exchange.effects import (
    Filled,
    OrderCancelled,
    OrderDecremented,
    OrderReplenished,
    OrderRested,
    OrderTriggered,
)
from exchange.state import Book, Market, Order
from ledger.effects import PhaseEnded, PhaseStarted
from ledger.machine import Context
from ledger.state import Phase

ELECTION = "election"
ELECTIONS_PER_COMMAND_MAX = 100
SELF_TRADE = "self_trade_prevention"
REMAINDER = "remainder"
FILLS_BOUND = "fills_per_command_max"


def run(market: Market, book: Book, order: Order, *, context: Context) -> None:
    """Match an active order, settle what becomes of the rest, then elect the stops it reached."""
    fills = enter(market, book, order, context=context, fills=0)
    elect(market, book, context, fills=fills)


def enter(market: Market, book: Book, order: Order, *, context: Context, fills: int) -> int:
    """Match one order, let its rest stand or go; return the fills of the command so far."""
    fills, reason = _match(market, book, order, context=context, fills=fills)
    if order.id not in market.orders:
        return fills
    if reason == "":
        unpriced = order.order_type in {OrderType.MARKET, OrderType.STOP}
        brief = order.time_in_force in {TimeInForce.IOC, TimeInForce.FOK}
        reason = REMAINDER if unpriced or brief else ""
    if reason:
        context.emit(OrderCancelled(order=order.id, reason=reason))
    else:
        context.emit(OrderRested(order=order.id, priority=market.next_priority))
    return fills


def _match(
    market: Market, book: Book, order: Order, *, context: Context, fills: int
) -> tuple[int, str]:
    """Fill an order as far as it goes; the reason says why its rest must go, if it must."""
    limit = order.ticks or None
    owner = market.owner(order.party)
    while order.id in market.orders:
        resting = book.kernel.first_crossing(order.is_buy, limit)
        if resting is None:
            return fills, ""
        assert isinstance(resting, Order)
        own = order.self_trade_prevention != SelfTradePrevention.NONE
        if own and market.owner(resting.party) == owner:
            if _prevent(order, resting, context):
                continue
            return fills, SELF_TRADE
        if fills == FILLS_PER_COMMAND_MAX:
            return fills, FILLS_BOUND
        fill(market, order, resting, context=context)
        fills += 1
    return fills, ""


def fill(market: Market, order: Order, resting: Order, *, context: Context) -> None:
    """Match an active order with a resting one, as far as that one shows."""
    lots = min(order.lots, resting.visible)
    ticks = resting.ticks
    cash = ticks * lots
    buy, sell = (order, resting) if order.is_buy else (resting, order)
    buyer_fee = buy.fee_of_next(cash)
    context.emit(
        Filled(
            trade=market.next_trade,
            buy=buy.id,
            sell=sell.id,
            ticks=ticks,
            lots=lots,
            buyer_is_aggressor=order.is_buy,
            buyer_fee=buyer_fee,
            seller_fee=sell.fee_of_next(cash),
            buyer_held=_held_after(buy, lots=lots, cash=cash, fee=buyer_fee),
        )
    )
    if resting.visible == 0 and resting.lots:
        context.emit(OrderReplenished(order=resting.id, priority=market.next_priority))


def _held_after(buy: Order, *, lots: int, cash: int, fee: int) -> int:
    """Return what a buy order must hold after a fill; one without a limit spends its hold."""
    left = buy.lots - lots
    if left == 0:
        return 0
    if not buy.ticks:
        return buy.held - cash - fee
    return buy.cost_of_rest(left, value=buy.value + cash, fee=buy.fee + fee)


def _prevent(order: Order, resting: Order, context: Context) -> bool:
    """Keep an owner from trading with itself, as the incoming order wants; True to go on."""
    mode = order.self_trade_prevention
    if mode == SelfTradePrevention.CANCEL_INCOMING:
        return False
    if mode == SelfTradePrevention.CANCEL_RESTING:
        context.emit(OrderCancelled(order=resting.id, reason=SELF_TRADE))
        return True
    if mode == SelfTradePrevention.CANCEL_BOTH:
        context.emit(OrderCancelled(order=resting.id, reason=SELF_TRADE))
        return False
    lots = min(order.lots, resting.lots)
    for each in (resting, order):
        if each.lots == lots:
            context.emit(OrderCancelled(order=each.id, reason=SELF_TRADE))
        else:
            held = _held_without(each, lots=lots)
            context.emit(OrderDecremented(order=each.id, lots=lots, held=held))
    return True


def _held_without(order: Order, *, lots: int) -> int:
    if not order.is_buy:
        return order.lots - lots
    if not order.ticks:
        return order.held
    return order.cost_of_rest(order.lots - lots, value=order.value, fee=order.fee)


def elect(market: Market, book: Book, context: Context, *, fills: int) -> None:
    """Trigger the stops that the last price has reached, each in turn (markets.md 6.4)."""
    for _ in range(ELECTIONS_PER_COMMAND_MAX):
        order = _reached(market, book)
        if order is None:
            return
        if fills >= FILLS_PER_COMMAND_MAX:
            break
        context.emit(OrderTriggered(order=order.id))
        fills = enter(market, book, order, context=context, fills=fills)
    if _reached(market, book) is not None and not _electing(market, book):
        context.emit(
            PhaseStarted(
                phase=market.ledger.next_phase, phase_kind=ELECTION, subject=book.instrument
            )
        )


def carry_on_election(market: Market, phase: Phase, context: Context) -> None:
    """Phase: elect further stops; it ends when the last price reaches none."""
    book = market.books[phase.subject]
    elect(market, book, context, fills=0)
    if _reached(market, book) is None:
        context.emit(PhaseEnded(phase=phase.id))


def _electing(market: Market, book: Book) -> bool:
    return any(
        phase.kind == ELECTION and phase.subject == book.instrument
        for phase in market.ledger.phases.values()
    )


def _reached(market: Market, book: Book) -> Order | None:
    """Return the stop order that the last price has reached first: buys, then sells."""
    buys, sells = book.stops.asks.best, book.stops.bids.best
    if buys is not None and buys.ticks <= book.last_ticks and buys.head is not None:
        return market.orders[buys.head.id]
    if sells is not None and sells.ticks >= book.last_ticks and sells.head is not None:
        return market.orders[sells.head.id]
    return None


def crossing(book: Book, order: "Wanted") -> Iterator[Order]:
    """Iterate the resting orders an order would meet, in order, until its price stops it."""
    limit = order.limit
    for resting in book.kernel.walk(is_buy=not order.is_buy):
        assert isinstance(resting, Order)
        if limit is not None and (resting.ticks > limit if order.is_buy else resting.ticks < limit):
            return
        yield resting


class Wanted:
    """What a walk through the book needs to know of an order that is not there yet."""

    __slots__ = ("is_buy", "limit", "lots", "owner", "prevention")

    def __init__(
        self,
        *,
        is_buy: bool,
        limit: int | None,
        lots: int,
        owner: str,
        prevention: SelfTradePrevention,
    ) -> None:
        self.is_buy = is_buy
        self.limit = limit
        self.lots = lots
        self.owner = owner
        self.prevention = prevention


def reachable(market: Market, book: Book, wanted: Wanted) -> tuple[int, int]:
    """Return the lots that an order would fill now, and their cash, within the bound on fills."""
    left = wanted.lots
    cash = 0
    for count, resting in enumerate(crossing(book, wanted)):
        if left == 0 or count == FILLS_PER_COMMAND_MAX:
            break
        own = wanted.prevention != SelfTradePrevention.NONE
        if own and market.owner(resting.party) == wanted.owner:
            if wanted.prevention == SelfTradePrevention.CANCEL_RESTING:
                continue
            if wanted.prevention == SelfTradePrevention.DECREMENT:
                left -= min(left, resting.lots)
                wanted.lots = wanted.lots - min(wanted.lots, resting.lots)
                continue
            break
        lots = min(left, resting.lots)
        cash += lots * resting.ticks
        left -= lots
    return wanted.lots - left, cash
