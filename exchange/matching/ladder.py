"""A side whose prices lie in a range: a bitmap says which of them have orders.

A price's *rank* counts ticks from the worst price of the range, so on either side the best price is
the highest set bit, which an integer tells in one step. The bitmap has two levels: words of
``WORD_BITS`` ranks, and a summary with one bit for each word that is not zero. A wide range then
costs no more than a narrow one, where a single long integer would be copied at each change.

Invariant: the set bits are the ranks of ``levels``, the summary's bits are the words with any.
"""

from collections.abc import Iterator

from exchange.matching.order import PriceQueue
from kernel.errors import ensure
from ledger.journal import Journal

WORD_BITS = 240


class PriceLadder:
    """One side of a book whose prices a band bounds (涨跌幅)."""

    __slots__ = ("_sign", "_summary", "_words", "_worst", "best", "high", "levels", "low")

    def __init__(self, *, is_buy: bool, low: int, high: int) -> None:
        self.levels: dict[int, PriceQueue] = {}
        self.best: PriceQueue | None = None
        self._sign = 1 if is_buy else -1
        self._span(low=low, high=high)

    def admits(self, ticks: int) -> bool:
        """Tell whether a price lies in the range, both ends included."""
        return self.low <= ticks <= self.high

    def open(self, queue: PriceQueue) -> None:
        """Take in a queue whose price is admitted and has no level."""
        ticks = queue.ticks
        self.levels[ticks] = queue
        self._mark(ticks)
        best = self.best
        if best is None or (ticks - best.ticks) * self._sign > 0:
            self.best = queue

    def close(self, queue: PriceQueue) -> None:
        """Let a queue go that has become empty."""
        ticks = queue.ticks
        del self.levels[ticks]
        word, bit = divmod((ticks - self._worst) * self._sign, WORD_BITS)
        self._words[word] ^= 1 << bit
        if not self._words[word]:
            self._summary ^= 1 << word
        if queue is self.best:
            self.best = next(self.queues(), None)

    def queues(self) -> Iterator[PriceQueue]:
        """Return the queues from the best price on; nothing may change while it is read."""
        summary = self._summary
        while summary:
            word = summary.bit_length() - 1
            summary ^= 1 << word
            bits = self._words[word]
            while bits:
                bit = bits.bit_length() - 1
                bits ^= 1 << bit
                yield self.levels[self._worst + (word * WORD_BITS + bit) * self._sign]

    def rebound(self, journal: Journal | None, *, low: int, high: int) -> None:
        """Move the range; every level must lie inside the new one."""
        if journal is not None:
            journal.append((self, self.low, self.high))
        self.restore(low, high)

    def restore(self, low: int, high: int) -> None:
        """Take a range; the bitmap follows from the levels."""
        self._span(low=low, high=high)
        for ticks in self.levels:
            ensure(self.admits(ticks), f"a level at {ticks} lies outside {low} to {high}")
            self._mark(ticks)

    def check(self) -> None:
        """Prove that bitmap, summary and best price say the same as the levels.

        Raises:
            InvariantBroken: with what does not fit.
        """
        marked = [queue.ticks for queue in self.queues()]
        by_rank = sorted(self.levels, key=lambda ticks: -ticks * self._sign)
        ensure(marked == by_rank, f"the bitmap marks {marked}, levels are at {by_rank}")
        live = sum(1 << word for word, bits in enumerate(self._words) if bits)
        ensure(self._summary == live, f"the summary is {self._summary:#x}, not {live:#x}")
        first = self.levels[by_rank[0]] if by_rank else None
        ensure(self.best is first, "the best queue is not that of the best price")
        ensure(all(map(self.admits, by_rank)), f"a level lies outside {self.low} to {self.high}")

    def _span(self, *, low: int, high: int) -> None:
        ensure(low <= high, f"a range of prices from {low} to {high}")
        self.low = low
        self.high = high
        self._worst = low if self._sign > 0 else high
        self._words = [0] * ((high - low) // WORD_BITS + 1)
        self._summary = 0

    def _mark(self, ticks: int) -> None:
        word, bit = divmod((ticks - self._worst) * self._sign, WORD_BITS)
        self._words[word] |= 1 << bit
        self._summary |= 1 << word
