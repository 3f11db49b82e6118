"""A side whose prices have no bounds: a heap of the prices that have orders.

The heap knows the place of each price in it, so a price leaves when its last order does, wherever
it stands, in a number of steps that grows with the logarithm of the number of prices. The usual
lazy way, to leave empty prices in the heap until they reach the top, lets them pile up at depth and
makes one unlucky order pay for all of them at once.

A price's *rank* is the price itself for buys and its negative for sells: the highest is the best.

Invariant: the heap holds the ranks of ``levels``, none better than its parent, each at its place.
"""

from collections.abc import Iterator
from heapq import heappop, heappush

from exchange.matching.order import PriceQueue
from kernel.errors import ensure


class PriceHeap:
    """One side of a book whose prices nothing bounds."""

    __slots__ = ("_places", "_ranks", "_sign", "best", "levels")

    def __init__(self, *, is_buy: bool) -> None:
        self.levels: dict[int, PriceQueue] = {}
        self.best: PriceQueue | None = None
        self._sign = 1 if is_buy else -1
        self._ranks: list[int] = []
        self._places: dict[int, int] = {}

    def admits(self, ticks: int) -> bool:  # noqa: ARG002  the protocol's word
        """Tell whether an order may rest at a price: at any."""
        return True

    def open(self, queue: PriceQueue) -> None:
        """Take in a queue whose price has no level."""
        self.levels[queue.ticks] = queue
        rank = queue.ticks * self._sign
        self._ranks.append(rank)
        self._rise(len(self._ranks) - 1, rank)
        self.best = self._first()

    def close(self, queue: PriceQueue) -> None:
        """Let a queue go that has become empty; the heap's last price fills its place."""
        del self.levels[queue.ticks]
        rank = queue.ticks * self._sign
        place = self._places.pop(rank)
        last = self._ranks.pop()
        if last > rank:
            self._rise(place, last)
        elif last < rank:
            self._sink(place, last)
        self.best = self._first()

    def queues(self) -> Iterator[PriceQueue]:
        """Return the queues from the best price on; nothing may change while it is read.

        Only prices whose parent has been returned can be next, and only they are compared, so the
        first few of very many cost little.
        """
        ranks = self._ranks
        candidates = [(-ranks[0], 0)] if ranks else []
        while candidates:
            negative, place = heappop(candidates)
            yield self.levels[-negative * self._sign]
            for child in range(2 * place + 1, min(2 * place + 3, len(ranks))):
                heappush(candidates, (-ranks[child], child))

    def check(self) -> None:
        """Prove that heap, places and best price say the same as the levels.

        Raises:
            InvariantBroken: with what does not fit.
        """
        ranks = self._ranks
        at_levels = sorted(ticks * self._sign for ticks in self.levels)
        ensure(sorted(ranks) == at_levels, f"the heap holds {ranks}, levels are at {at_levels}")
        places = {rank: place for place, rank in enumerate(ranks)}
        ensure(self._places == places, f"places are {self._places}, not {places}")
        for place in range(1, len(ranks)):
            ensure(ranks[(place - 1) // 2] > ranks[place], f"{ranks[place]} is under a worse price")
        ensure(self.best is self._first(), "the best queue is not that of the best price")

    def _first(self) -> PriceQueue | None:
        return self.levels[self._ranks[0] * self._sign] if self._ranks else None

    def _rise(self, place: int, rank: int) -> None:
        ranks = self._ranks
        places = self._places
        while place:
            parent = (place - 1) >> 1
            above = ranks[parent]
            if above > rank:
                break
            ranks[place] = above
            places[above] = place
            place = parent
        ranks[place] = rank
        places[rank] = place

    def _sink(self, place: int, rank: int) -> None:
        ranks = self._ranks
        places = self._places
        size = len(ranks)
        while (child := 2 * place + 1) < size:
            if child + 1 < size and ranks[child + 1] > ranks[child]:
                child += 1
            below = ranks[child]
            if below < rank:
                break
            ranks[place] = below
            places[below] = place
            place = child
        ranks[place] = rank
        places[rank] = place
