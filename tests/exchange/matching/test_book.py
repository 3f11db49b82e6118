"""The book against a slow and obvious one, and undo against a full dump."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.matching.book import OrderBook
from exchange.matching.crossing import cross
from exchange.matching.order import BookOrder
from ledger.journal import Journal, undo

LOW, HIGH = 80, 120


class SlowBook:
    """Orders in one list, searched and sorted at every step."""

    def __init__(self) -> None:
        self.orders: list[dict[str, int]] = []

    def cross(self, order: dict[str, int], priorities: Iterator[int]) -> list[tuple[int, int, int]]:
        matches = []
        sign = -1 if order["buy"] else 1
        while order["lots"]:
            met = [
                o
                for o in self.orders
                if o["buy"] != order["buy"] and (o["ticks"] - order["ticks"]) * sign >= 0
            ]
            if not met:
                break
            first = min(met, key=lambda o: (-o["ticks"] * sign, o["priority"]))
            lots = min(order["lots"], first["visible"])
            matches.append((first["id"], first["ticks"], lots))
            order["lots"] -= lots
            first["lots"] -= lots
            first["visible"] -= lots
            if first["lots"] == 0:
                self.orders.remove(first)
            elif first["visible"] == 0:
                first["visible"] = min(first["display"], first["lots"])
                first["priority"] = next(priorities)
        if order["lots"]:
            order["priority"] = next(priorities)
            shown = min(order["display"], order["lots"]) if order["display"] else order["lots"]
            self.orders.append(order | {"visible": shown})
        return matches

    def dump(self) -> list[tuple[int, ...]]:
        keys = ("id", "buy", "ticks", "lots", "visible", "priority")
        return sorted(tuple(int(o[k]) for k in keys) for o in self.orders)


def dump(book: OrderBook) -> list[tuple[int, ...]]:
    return sorted(
        (o.id, int(o.is_buy), o.ticks, o.lots, o.visible, o.priority) for o in book.orders.values()
    )


def places(book: OrderBook) -> list[list[int]]:
    return [[o.id for o in book.walk(is_buy=is_buy)] for is_buy in (True, False)]


def new_book(journal: Journal | None = None, *, ladder: bool = True) -> OrderBook:
    if ladder:
        return OrderBook.bounded(low=LOW, high=HIGH, journal=journal)
    return OrderBook.unbounded(journal=journal)


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("cross"),
            st.booleans(),
            st.integers(LOW, HIGH),
            st.integers(1, 50),
            st.sampled_from([0, 0, 5]),
        ),
        st.tuples(st.just("remove"), st.integers(0, 10**6)),
        st.tuples(st.just("shrink"), st.integers(0, 10**6), st.integers(1, 49)),
    ),
    max_size=60,
)


def play(book: OrderBook, slow: SlowBook | None, steps: list[tuple[Any, ...]]) -> None:
    for number, step in enumerate(steps):
        priority = number * 1_000
        if step[0] == "cross":
            _, is_buy, ticks, lots, display = step
            order = BookOrder(
                id=number, is_buy=is_buy, ticks=ticks, lots=lots, priority=priority, display=display
            )
            matches = cross(book, order, count(priority + 1))
            if slow is not None:
                plain = {
                    "id": number,
                    "buy": is_buy,
                    "ticks": ticks,
                    "lots": lots,
                    "display": display,
                    "priority": priority,
                }
                assert matches == slow.cross(plain, count(priority + 1))
        elif book.orders:
            chosen = sorted(book.orders)[step[1] % len(book.orders)]
            resting = book.orders[chosen]
            lots = min(step[2], resting.lots - 1) if step[0] == "shrink" else 0
            book.shrink(resting, lots=lots) if lots else book.remove(resting)
            if slow is not None:
                same = next(o for o in slow.orders if o["id"] == chosen)
                if lots:
                    same["lots"] = lots
                    same["visible"] = min(same["visible"], lots) if same["display"] else lots
                else:
                    slow.orders.remove(same)
        book.check()
        if slow is not None:
            assert dump(book) == slow.dump()


@pytest.mark.parametrize("ladder", [True, False])
@settings(max_examples=60, deadline=None)
@given(steps=STEPS)
def test_the_book_agrees_with_a_slow_one(ladder: bool, steps: list[tuple[Any, ...]]) -> None:  # noqa: FBT001
    play(new_book(ladder=ladder), SlowBook(), steps)


@pytest.mark.parametrize("ladder", [True, False])
@settings(max_examples=60, deadline=None)
@given(before=STEPS, after=STEPS)
def test_undo_restores_every_order_and_place(
    ladder: bool,  # noqa: FBT001
    before: list[tuple[Any, ...]],
    after: list[tuple[Any, ...]],
) -> None:
    journal: Journal = []
    book = new_book(journal, ladder=ladder)
    play(book, None, before)
    expected = (dump(book), places(book))
    mark = len(journal)

    play_more(book, after)
    undo(journal, mark=mark)

    assert (dump(book), places(book)) == expected
    book.check()
    undo(journal)
    assert book.orders == {}


def play_more(book: OrderBook, steps: list[tuple[Any, ...]]) -> None:
    start = 10_000
    for number, step in enumerate(steps, start=start):
        if step[0] == "cross":
            _, is_buy, ticks, lots, display = step
            order = BookOrder(
                id=number,
                is_buy=is_buy,
                ticks=ticks,
                lots=lots,
                priority=number * 1_000,
                display=display,
            )
            cross(book, order, count(number * 1_000 + 1))
        elif book.orders:
            book.remove(book.orders[sorted(book.orders)[step[1] % len(book.orders)]])


def test_a_sweep_of_one_deep_price_drains_it() -> None:
    book = new_book()
    for number in range(50_000):
        book.rest(BookOrder(id=number, is_buy=False, ticks=100, lots=1, priority=number))
    taker = BookOrder(id=50_000, is_buy=True, ticks=100, lots=50_000, priority=50_000)

    matches = cross(book, taker, count(50_001))

    assert [match[0] for match in matches] == list(range(50_000))
    assert book.orders == {}


def test_a_new_range_keeps_the_orders_inside_it() -> None:
    journal: Journal = []
    book = new_book(journal)
    book.rest(BookOrder(id=1, is_buy=True, ticks=100, lots=1, priority=1))

    book.rebound(low=95, high=140)
    book.check()
    undo(journal, mark=1)

    book.check()
    assert [level.ticks for level in book.depth(is_buy=True, levels=5)] == [100]
