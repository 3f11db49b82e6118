"""What the book asks of one of its sides, however that side finds its best price.

A side hears of a price twice: when its first order arrives and when its last one leaves. All
between is the queue's own work, so the kind of side does not matter to a deep book.

Invariant: ``levels`` holds exactly the prices that have orders, and ``best`` is the best of them.
"""

from collections.abc import Iterator
from typing import Protocol

from exchange.matching.order import PriceQueue


class Side(Protocol):
    """The buy or the sell half of a book."""

    levels: dict[int, PriceQueue]
    best: PriceQueue | None

    def admits(self, ticks: int) -> bool:
        """Tell whether an order may rest at a price."""

    def open(self, queue: PriceQueue) -> None:
        """Take in a queue whose price is admitted and has no level."""

    def close(self, queue: PriceQueue) -> None:
        """Let a queue go that has become empty."""

    def queues(self) -> Iterator[PriceQueue]:
        """Return the queues from the best price on; nothing may change while it is read."""

    def check(self) -> None:
        """Prove the side's own state, queues excluded.

        Raises:
            InvariantBroken: with what does not fit.
        """
