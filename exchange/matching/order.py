"""An order at rest and the queue of its price: one intrusive linked list, so one file.

The order is its own list node: leaving a queue of any length touches its two neighbours only. An
order that does not rest has no links at all, so ``queue is None`` says that it is not in a book,
and a removed order keeps nobody else alive.

Invariants
1. A queue's ``count``, ``lots`` and ``visible`` are the sums over the orders linked in it.
2. Along a queue, from head to tail, priorities strictly increase.
3. A resting order has ``0 < visible <= lots``; without a display, ``visible == lots``.
"""

from collections.abc import Iterator
from typing import Any

from kernel.errors import ensure
from ledger.journal import Journal


class BookOrder:
    """What the book knows of an order (委托); the market's own order adds to it.

    ``lots`` is all that is left of it, ``display`` the peak of an iceberg (0: all is shown),
    ``visible`` what is shown now. ``priority`` is unique in its book and grows with time.
    """

    __slots__ = (
        "display",
        "id",
        "is_buy",
        "lots",
        "next",
        "previous",
        "priority",
        "queue",
        "ticks",
        "visible",
    )

    def __init__(
        self,
        *,
        id: int,  # noqa: A002  the glossary's word
        is_buy: bool,
        ticks: int,
        lots: int,
        priority: int,
        display: int = 0,
    ) -> None:
        self.id = id
        self.is_buy = is_buy
        self.ticks = ticks
        self.lots = lots
        self.display = display
        self.visible = display if 0 < display < lots else lots
        self.priority = priority
        self.previous: BookOrder | None = None
        self.next: BookOrder | None = None
        self.queue: PriceQueue | None = None

    def note(self, journal: Journal) -> None:
        """Push the order as it is, before a change; a richer order pushes its own fields too."""
        journal.append(
            (self, self.ticks, self.lots, self.display, self.visible, self.priority),
        )

    def restore(self, *old: Any) -> None:
        """Take old values back; while the order rests, its queue's sums follow."""
        ticks, lots, display, visible, priority = old
        queue = self.queue
        if queue is not None:
            queue.lots += lots - self.lots
            queue.visible += visible - self.visible
        self.ticks = ticks
        self.lots = lots
        self.display = display
        self.visible = visible
        self.priority = priority


class PriceQueue:
    """The orders of one side at one price, first come first."""

    __slots__ = ("count", "head", "lots", "tail", "ticks", "visible")

    def __init__(self, ticks: int) -> None:
        self.ticks = ticks
        self.head: BookOrder | None = None
        self.tail: BookOrder | None = None
        self.count = 0
        self.lots = 0
        self.visible = 0

    def __iter__(self) -> Iterator[BookOrder]:
        order = self.head
        while order is not None:
            yield order
            order = order.next

    def append(self, order: BookOrder) -> None:
        """Link an order in as the last of the queue."""
        tail = self.tail
        if tail is None:
            self.head = order
        else:
            tail.next = order
        self.tail = order
        order.previous = tail
        order.queue = self
        self.count += 1
        self.lots += order.lots
        self.visible += order.visible

    def insert(
        self, order: BookOrder, *, previous: BookOrder | None, following: BookOrder | None
    ) -> None:
        """Link an order in between two neighbours; ``None`` is the end of the queue."""
        if previous is None:
            self.head = order
        else:
            previous.next = order
        if following is None:
            self.tail = order
        else:
            following.previous = order
        order.previous = previous
        order.next = following
        order.queue = self
        self.count += 1
        self.lots += order.lots
        self.visible += order.visible

    def unlink(self, order: BookOrder) -> None:
        """Take an order out, wherever it stands, and clear its links."""
        previous = order.previous
        following = order.next
        if previous is None:
            self.head = following
        else:
            previous.next = following
            order.previous = None
        if following is None:
            self.tail = previous
        else:
            following.previous = previous
            order.next = None
        order.queue = None
        self.count -= 1
        self.lots -= order.lots
        self.visible -= order.visible

    def check(self) -> None:
        """Prove invariants 1 to 3 and every link in both directions.

        Raises:
            InvariantBroken: with the price and what does not fit.
        """
        name = f"queue at {self.ticks}"
        previous: BookOrder | None = None
        count = lots = visible = 0
        for order in self:
            _check_order(order, name=name)
            ensure(order.ticks == self.ticks, f"{name}: order {order.id} is at {order.ticks}")
            ensure(order.queue is self, f"{name}: order {order.id} names another queue")
            ensure(order.previous is previous, f"{name}: order {order.id} has a wrong neighbour")
            ensure(
                previous is None or previous.priority < order.priority,
                f"{name}: order {order.id} stands behind a later one",
            )
            count, lots, visible = count + 1, lots + order.lots, visible + order.visible
            previous = order
        ensure(self.tail is previous, f"{name}: its last order is not its tail")
        ensure(count > 0, f"{name}: it is empty")
        found = (self.count, self.lots, self.visible)
        ensure(found == (count, lots, visible), f"{name}: {found}, not {count, lots, visible}")


def _check_order(order: BookOrder, *, name: str) -> None:
    ensure(0 < order.visible <= order.lots, f"{name}: order {order.id} shows {order.visible}")
    ensure(
        order.display > 0 or order.visible == order.lots,
        f"{name}: order {order.id} hides {order.lots - order.visible} lots without a display",
    )
