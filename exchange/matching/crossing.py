"""Price-time matching of limit orders and nothing else: what a book can do without a market.

The market's own loop adds self-trade prevention, money, bounds and the other kinds of orders on
the same primitives. This one measures the kernel and shows its rules.
"""

from collections.abc import Iterator

from exchange.matching.book import OrderBook
from exchange.matching.order import BookOrder
from kernel.errors import InvariantBroken

Fill = tuple[int, int, int]


def cross(book: OrderBook, order: BookOrder, priorities: Iterator[int]) -> list[Fill]:
    """Match an order against the book, rest what is left, and return (maker id, ticks, lots).

    Every fill is at the resting order's price. An iceberg whose peak is used up shows the next one
    behind all others at its price. ``priorities`` gives an ever larger number for each order that
    takes a place.

    Raises:
        InvariantBroken: the order has lots left at a price that the book does not admit.
    """
    fills: list[Fill] = []
    is_buy = order.is_buy
    limit = order.ticks
    lots = order.lots
    while lots and (maker := book.first_crossing(is_buy, limit)) is not None:
        taken = maker.visible
        if taken > lots:  # noqa: PLR1730  a call of min() would cost more than the rest of the line
            taken = lots
        fills.append((maker.id, maker.ticks, taken))
        book.take(maker, taken)
        if not maker.visible and maker.lots:
            book.replenish(maker, next(priorities))
        lots -= taken
    if fills:
        order.lots = lots
        order.visible = order.display if 0 < order.display < lots else lots
    if lots:
        order.priority = next(priorities)
        refused = book.rest(order)
        if refused is not None:
            raise InvariantBroken(f"order {order.id} cannot rest: {refused}")
    return fills
