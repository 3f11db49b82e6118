"""The book kernel alone: how many order messages a second, and what each kind of them costs.

The stream is 60 % orders that rest within 50 ticks of a walking middle, 35 % cancels and 5 % orders
that trade, sized so that the number of resting orders stays about where it began. It is made before
the clock starts, by a run of books of its own, and ends in a digest of every resting order: a
faster wrong book shows. With the journal on, its records are dropped after every ``BATCH``
messages, as the sequencer does after a commit.
"""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import count, islice
from random import Random
from time import perf_counter_ns
from typing import NamedTuple

from exchange.matching.book import OrderBook
from exchange.matching.crossing import cross
from exchange.matching.order import BookOrder
from ledger.journal import Journal

# A carbon allowance at 75.00 yuan with ticks of 0.01 and a band of 10 %.
CLOSE = 7_500
LOW, HIGH = 6_750, 8_250
REACH = 50
MIDDLE_STEP_EVERY = 50
LOTS_MAX = 10
LOTS_TRADED = 27  # about five orders
BATCH = 2_000
SAMPLE_MAX = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelFigures:
    """What one run measured; ``match_ns`` is for one fill, the others are for one message."""

    resting: int
    messages: int
    books: int
    journal: bool
    messages_per_second: int
    add_ns: int
    cancel_ns: int
    match_ns: int
    fills: int
    digest: str


class Message(NamedTuple):
    """One order for a book, or the cancel of one where ``lots`` is 0."""

    book: int
    order: int
    is_buy: bool
    ticks: int
    lots: int


def run(*, resting: int, messages: int, books: int, journal: bool, seed: int) -> KernelFigures:
    """Measure a stream of messages on ``books`` books that hold ``resting`` orders together."""
    stream = _Stream(books=books, seed=seed)
    opening = list(islice(stream.adds(), resting))
    mix = list(islice(stream.mix(), messages))
    adds = list(islice(stream.adds(), min(messages, SAMPLE_MAX)))
    cancels = list(islice(stream.cancels(), len(adds)))
    trades = list(islice(stream.trades(), max(1, min(len(adds), resting // 2) // LOTS_TRADED)))
    del stream
    floor = _Floor(books=books, journal=[] if journal else None)
    floor.play(opening)
    with _settled_memory():
        mix_ns = floor.play(mix)
        digest, fills = floor.digest(), floor.fills
        add_ns = floor.play(adds)
        cancel_ns = floor.play(cancels)
        match_ns = floor.play(trades)
    return KernelFigures(
        resting=resting,
        messages=messages,
        books=books,
        journal=journal,
        messages_per_second=messages * 1_000_000_000 // mix_ns,
        add_ns=add_ns // len(adds),
        cancel_ns=cancel_ns // len(cancels),
        match_ns=match_ns // (floor.fills - fills),
        fills=fills,
        digest=digest,
    )


def sweep(*, orders: int, journal: bool) -> int:
    """Return the nanoseconds of a fill when one order takes all of ``orders`` at one price."""
    floor = _Floor(books=1, journal=[] if journal else None)
    floor.play(Message(0, number, False, CLOSE, 1) for number in range(orders))  # noqa: FBT003
    with _settled_memory():
        elapsed = floor.play([Message(0, orders, True, CLOSE, orders)])  # noqa: FBT003
    return elapsed // floor.fills


class _Floor:
    """The books of a run and the one loop that plays messages on them."""

    def __init__(self, *, books: int, journal: Journal | None) -> None:
        self.journal = journal
        self.books = [OrderBook.bounded(low=LOW, high=HIGH, journal=journal) for _ in range(books)]
        self.priorities = count(1)
        self.fills = 0

    def play(self, messages: Iterable[Message]) -> int:
        """Apply messages in order; return the nanoseconds that it took."""
        books = self.books
        priorities = self.priorities
        journal = self.journal
        fills = 0
        start = perf_counter_ns()
        for number, (place, order, is_buy, ticks, lots) in enumerate(messages):
            book = books[place]
            if lots:
                fills += len(
                    cross(
                        book,
                        BookOrder(id=order, is_buy=is_buy, ticks=ticks, lots=lots, priority=0),
                        priorities,
                    )
                )
            else:
                book.remove(book.orders[order])
            if journal is not None and number % BATCH == 0:
                journal.clear()
        elapsed = perf_counter_ns() - start
        self.fills += fills
        return elapsed

    def digest(self) -> str:
        """Return the SHA-256 of every resting order in its place."""
        digest = sha256()
        for book in self.books:
            for is_buy in (True, False):
                for order in book.walk(is_buy=is_buy):
                    digest.update(b"%d %d %d;" % (order.id, order.ticks, order.lots))
            digest.update(b"|")
        return digest.hexdigest()


class _Stream:
    """Messages that fit the books as they stand when each is played; not timed."""

    def __init__(self, *, books: int, seed: int) -> None:
        self._floor = _Floor(books=books, journal=None)
        self._random = Random(seed)  # noqa: S311  a reproducible load, not a secret
        self._middles = [CLOSE] * books
        self._numbers = count(1)
        self._live: list[tuple[int, int]] = []

    def mix(self) -> Iterator[Message]:
        """Yield 60 % adds, 35 % cancels and 5 % trades in a random order."""
        kinds = (self.adds(), self.cancels(), self.trades())
        while True:
            yield next(self._random.choices(kinds, weights=(60, 35, 5))[0])

    def adds(self) -> Iterator[Message]:
        """Yield orders that rest within ``REACH`` ticks of the middle."""
        while True:
            place = self._random.randrange(len(self._middles))
            is_buy = self._random.random() < 0.5  # noqa: PLR2004  a coin
            yield self._sent(self._resting_order(place, is_buy=is_buy))

    def cancels(self) -> Iterator[Message]:
        """Yield cancels of orders that rest, each as likely as any other."""
        live = self._live
        while True:
            index = self._random.randrange(len(live))
            place, order = live[index]
            live[index] = live[-1]
            live.pop()
            if order in self._floor.books[place].orders:
                yield self._sent(Message(place, order, is_buy=False, ticks=0, lots=0))

    def trades(self) -> Iterator[Message]:
        """Yield orders that trade at once, for about as much as the adds bring in."""
        while True:
            place = self._random.randrange(len(self._middles))
            book = self._floor.books[place]
            is_buy = self._random.random() < 0.5  # noqa: PLR2004  a coin
            best = book.best(is_buy=not is_buy)
            if best is not None:
                ticks = min(max(best.ticks + (REACH if is_buy else -REACH), LOW), HIGH)
                yield self._sent(Message(place, next(self._numbers), is_buy, ticks, LOTS_TRADED))

    def _resting_order(self, place: int, *, is_buy: bool) -> Message:
        random = self._random
        middle = self._middles[place]
        if random.randrange(MIDDLE_STEP_EVERY) == 0:
            middle += random.choice((-1, 1))
            self._middles[place] = min(max(middle, LOW + REACH), HIGH - REACH)
        distance = random.randint(1, REACH)
        best = self._floor.books[place].best(is_buy=not is_buy)
        if is_buy:
            ticks = middle - distance if best is None else min(middle - distance, best.ticks - 1)
        else:
            ticks = middle + distance if best is None else max(middle + distance, best.ticks + 1)
        return Message(place, next(self._numbers), is_buy, ticks, random.randint(1, LOTS_MAX))

    def _sent(self, message: Message) -> Message:
        self._floor.play((message,))
        if message.order in self._floor.books[message.book].orders:
            self._live.append((message.book, message.order))
        return message


@contextmanager
def _settled_memory() -> Iterator[None]:
    """Keep what is loaded out of the collector's sight, as the writer does after it has loaded."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def measure_kernel(
    *, messages: int, resting: int, large: int, queue: int
) -> tuple[dict[str, int], dict[str, int]]:
    """Return the figures of the kernel with its undo journal off, and what else was measured.

    ``resting`` orders stand in the books of the streams, ``large`` in the book whose cancels are
    compared with theirs, ``queue`` on the one price that a single order takes.
    """
    small_samples = min(messages, SAMPLE_MAX)
    one = run(resting=resting, messages=messages, books=1, journal=False, seed=1)
    eight = run(resting=resting, messages=messages, books=8, journal=False, seed=2)
    journaled = run(resting=resting, messages=messages, books=1, journal=True, seed=1)
    deep = run(resting=large, messages=small_samples, books=1, journal=False, seed=3)
    figures = {
        "one_book_messages_per_second": one.messages_per_second,
        "eight_books_messages_per_second": eight.messages_per_second,
        "add_ns": one.add_ns,
        "cancel_ns_at_1e4": one.cancel_ns,
        "cancel_ns_at_1e6": deep.cancel_ns,
        "match_ns": one.match_ns,
    }
    beside = {
        "journaled_messages_per_second": journaled.messages_per_second,
        "sweep_ns_a_fill": sweep(orders=queue, journal=False),
    }
    return figures, beside
