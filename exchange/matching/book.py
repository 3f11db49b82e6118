"""The order book: which orders rest, at which price, in which place (连续撮合簿).

It decides nothing about a trade but who is first. The market screens an order, walks or takes the
best of the other side, rests what is left, and gives every order its priority; the book keeps
queues, prices and the map of ids true. A call that breaks a promise (to take more than is shown, to
remove what does not rest) raises ``InvariantBroken``; what can happen in an honest market, a price
outside the range, is refused by a value.

With a journal, each change first pushes what it replaces: ``(order, *old values)`` where an order
changes, ``(book, order, *old place)`` where it moves. ``OrderBook.restore`` puts an order back
between its old neighbours. That is exact because the journal is undone strictly from its end: the
neighbours stand again as they stood when the record was pushed.

Invariants
1. ``orders`` holds exactly the orders linked in the queues of both sides.
2. The best buy is below the best sell.
3. Those of ``order.py`` for every queue and of ``side.py`` for both sides.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple, NoReturn

from exchange.matching.heap import PriceHeap
from exchange.matching.ladder import PriceLadder
from exchange.matching.order import BookOrder, PriceQueue
from exchange.matching.refusals import BookReject
from exchange.matching.side import Side
from kernel.errors import InvariantBroken, ensure
from ledger.journal import Journal


class DepthLevel(NamedTuple):
    """One price of the public depth: what is shown there and by how many orders."""

    ticks: int
    lots: int
    orders: int


class OrderBook:
    """Two sides of price queues in price-time priority; ``journal`` is ``None`` for no undo."""

    __slots__ = ("asks", "bids", "journal", "orders")

    def __init__(self, *, bids: Side, asks: Side, journal: Journal | None = None) -> None:
        self.bids = bids
        self.asks = asks
        self.orders: dict[int, BookOrder] = {}
        self.journal = journal

    @classmethod
    def bounded(cls, *, low: int, high: int, journal: Journal | None = None) -> "OrderBook":
        """Return an empty book for prices of a range, both ends included."""
        return cls(
            bids=PriceLadder(is_buy=True, low=low, high=high),
            asks=PriceLadder(is_buy=False, low=low, high=high),
            journal=journal,
        )

    @classmethod
    def unbounded(cls, *, journal: Journal | None = None) -> "OrderBook":
        """Return an empty book for any price."""
        return cls(bids=PriceHeap(is_buy=True), asks=PriceHeap(is_buy=False), journal=journal)

    def load(self, orders: Iterable[BookOrder]) -> None:
        """Rest stored orders, sorted by (ticks, priority), without journal records.

        Raises:
            InvariantBroken: an order outside the range, out of its order, or there already.
        """
        journal, self.journal = self.journal, None
        for order in orders:
            if order.id in self.orders:
                raise InvariantBroken(f"order {order.id} is stored twice")
            refused = self.rest(order)
            if refused is not None:
                raise InvariantBroken(f"order {order.id} is stored but cannot rest: {refused}")
            last = order.previous
            if last is not None and last.priority >= order.priority:
                raise InvariantBroken(f"order {order.id} is stored behind a later one")
        self.journal = journal

    def rest(self, order: BookOrder) -> BookReject | None:
        """Append an order at the tail of its price; its priority must be the newest there."""
        side = self.bids if order.is_buy else self.asks
        queue = side.levels.get(order.ticks)
        if queue is None and not side.admits(order.ticks):
            return BookReject.PRICE_OUTSIDE_RANGE
        if self.journal is not None:
            self.journal.append((self, order, None, None, None))
        if queue is None:
            queue = PriceQueue(order.ticks)
            side.open(queue)
        queue.append(order)
        self.orders[order.id] = order
        return None

    def remove(self, order: BookOrder) -> None:
        """Take an order out of the book, wherever it stands; its lots stay as they are."""
        queue = order.queue
        if queue is None:
            _not_resting(order)
        if self.journal is not None:
            self.journal.append((self, order, queue, order.previous, order.next))
        self._leave(order, queue)

    def take(self, order: BookOrder, lots: int) -> None:
        """Fill a resting order by ``lots`` of what it shows; one without a rest leaves the book.

        An iceberg that shows nothing any more must be replenished before the command ends.
        """
        queue = order.queue
        if queue is None:
            _not_resting(order)
        if not 0 < lots <= order.visible:
            raise InvariantBroken(f"{lots} of {order.visible} lots of order {order.id} taken")
        if self.journal is not None:
            order.note(self.journal)
        if lots == order.lots:
            if self.journal is not None:
                self.journal.append((self, order, queue, order.previous, order.next))
            self._leave(order, queue)
            order.lots = order.visible = 0
            return
        order.lots -= lots
        order.visible -= lots
        queue.lots -= lots
        queue.visible -= lots

    def replenish(self, order: BookOrder, priority: int) -> None:
        """Show the next peak of an iceberg, as the newest order of its price."""
        queue = order.queue
        if queue is None:
            _not_resting(order)
        ensure(order.visible == 0, f"order {order.id} still shows {order.visible}")
        if self.journal is not None:
            order.note(self.journal)
            self.journal.append((self, order, queue, order.previous, order.next))
        queue.unlink(order)
        order.visible = min(order.display, order.lots)
        order.priority = priority
        queue.append(order)

    def shrink(self, order: BookOrder, lots: int) -> None:
        """Leave only ``lots`` of a resting order, in its place; the hidden part goes first."""
        queue = order.queue
        if queue is None:
            _not_resting(order)
        ensure(0 < lots < order.lots, f"order {order.id} of {order.lots} lots shrunk to {lots}")
        if self.journal is not None:
            order.note(self.journal)
        queue.lots += lots - order.lots
        order.lots = lots
        if order.visible > lots:
            queue.visible += lots - order.visible
            order.visible = lots

    def best(self, *, is_buy: bool) -> PriceQueue | None:
        """Return the queue of a side's best price."""
        return self.bids.best if is_buy else self.asks.best

    def first_crossing(self, incoming_is_buy: bool, limit: int | None) -> BookOrder | None:  # noqa: FBT001  the hottest call
        """Return the order that an incoming one at ``limit`` (``None``: any price) meets first."""
        queue = self.asks.best if incoming_is_buy else self.bids.best
        if queue is None:
            return None
        if limit is not None and (queue.ticks > limit if incoming_is_buy else queue.ticks < limit):
            return None
        return queue.head

    def depth(self, *, is_buy: bool, levels: int) -> list[DepthLevel]:
        """Return what is shown at a side's best prices, best first."""
        side = self.bids if is_buy else self.asks
        return [
            DepthLevel(queue.ticks, queue.visible, queue.count)
            for queue in islice(side.queues(), levels)
        ]

    def walk(self, *, is_buy: bool) -> Iterator[BookOrder]:
        """Return a side's orders from the first on; nothing may change while it is read."""
        for queue in (self.bids if is_buy else self.asks).queues():
            yield from queue

    def rebound(self, *, low: int, high: int) -> BookReject | None:
        """Move the range of prices, as at the start of a day; every order must lie inside."""
        sides = (self.bids, self.asks)
        ladders = [side for side in sides if isinstance(side, PriceLadder)]
        if len(ladders) < len(sides):
            return BookReject.BOOK_HAS_NO_RANGE
        if not all(low <= ticks <= high for side in sides for ticks in side.levels):
            return BookReject.RESTING_ORDER_OUTSIDE_RANGE
        for ladder in ladders:
            ladder.rebound(self.journal, low=low, high=high)
        return None

    def restore(  # noqa: PLR0917  a journal record's shape
        self,
        order: BookOrder,
        queue: PriceQueue | None,
        previous: BookOrder | None,
        following: BookOrder | None,
    ) -> None:
        """Put an order back where it was: between its old neighbours, or out of the book."""
        if order.queue is not None:
            self._leave(order, order.queue)
        if queue is None:
            return
        if queue.head is None:
            (self.bids if order.is_buy else self.asks).open(queue)
        queue.insert(order, previous=previous, following=following)
        self.orders[order.id] = order

    def check(self) -> None:
        """Prove the whole state of the book: every link, sum, price, and that it is not crossed.

        Raises:
            InvariantBroken: with what does not fit.
        """
        resting = 0
        for side, is_buy in ((self.bids, True), (self.asks, False)):
            side.check()
            for ticks, queue in side.levels.items():
                ensure(queue.ticks == ticks, f"level {ticks} has the queue of {queue.ticks}")
                queue.check()
            for order in self.walk(is_buy=is_buy):
                ensure(order.is_buy == is_buy, f"order {order.id} is on the wrong side")
                ensure(self.orders.get(order.id) is order, f"order {order.id} is not in the map")
                resting += 1
        ensure(resting == len(self.orders), f"{len(self.orders)} in the map, {resting} resting")
        bid, ask = self.bids.best, self.asks.best
        ensure(bid is None or ask is None or bid.ticks < ask.ticks, "the book is crossed")

    def _leave(self, order: BookOrder, queue: PriceQueue) -> None:
        queue.unlink(order)
        if queue.head is None:
            (self.bids if order.is_buy else self.asks).close(queue)
        del self.orders[order.id]


def _not_resting(order: BookOrder) -> NoReturn:
    raise InvariantBroken(f"order {order.id} does not rest")
