"""Rebuilds the market's resident state from the committed rows."""

from typing import Any

import asyncpg

from exchange.days import Calendar, CalendarDay
from exchange.matching.book import OrderBook
from exchange.state import Book, ControlGroup, Market, Order, book_within
from exchange.store import ExchangeStore
from ledger.loading import ROWS_PER_FETCH, rows_of
from ledger.state import Ledger
from ledger.state_roots.capture import capture_of
from ledger.state_roots.state import STATE_ROOT, StateRoots, as_of

_MADE_WITH = frozenset(
    {
        "instrument",
        "currency",
        "tick",
        "calendar",
        "band_ppm",
        "resale_delay",
        "buyer_fee_ppm",
        "seller_fee_ppm",
        "four_eyes_lots",
        "order_lots_max",
        "band_low",
        "band_high",
    }
)
_LATER = ("lots", "visible", "priority", "value", "fee", "status", "reason")
_OPEN_ORDERS = (
    "SELECT * FROM trading_order WHERE status IN ('resting', 'waiting') ORDER BY priority, id"
)


async def load_market(market: Market, connection: asyncpg.Connection) -> None:
    """Fill an empty market, after its ledger, with what is committed."""
    row = await connection.fetchrow("SELECT next_order, next_trade, next_priority FROM market")
    if row is not None:
        market.next_order, market.next_trade, market.next_priority = row
    for found in await rows_of(connection, "SELECT * FROM book"):
        market.books[found["instrument"]] = _book(market, dict(found))
    days = "SELECT * FROM calendar_day ORDER BY calendar, day"
    for found in await rows_of(connection, days):
        calendar = market.calendars.setdefault(found["calendar"], Calendar())
        calendar.add(CalendarDay(**dict(found)))
    for found in await rows_of(connection, "SELECT * FROM control_group"):
        market.groups[found["party"]] = ControlGroup(**dict(found))
    async for found in connection.cursor(_OPEN_ORDERS, prefetch=ROWS_PER_FETCH):
        _adopt(market, market.ledger, dict(found))


async def load_captures(roots: StateRoots, connection: asyncpg.Connection) -> None:
    """Take again what everybody held when the open state roots began, and prove it."""
    for phase in roots.ledger.phases.values():
        if phase.kind == STATE_ROOT:
            rows = await ExchangeStore(connection).all_balances(entry=as_of(phase))
            roots.captures[phase.id] = capture_of(
                (row["account"], row["instrument"], row["quantity"]) for row in rows
            )


def _book(market: Market, row: dict[str, Any]) -> Book:
    made = {name: row[name] for name in _MADE_WITH}
    journal = market.ledger.journal
    book = Book(**made, reference_ticks=row["previous_close"], journal=journal)
    for name, value in row.items():
        if name not in _MADE_WITH:
            setattr(book, name, value)
    book.kernel = book_within(book.band_low, book.band_high)
    book.stops = OrderBook.unbounded()
    return book


def _adopt(market: Market, ledger: Ledger, row: dict[str, Any]) -> None:
    later = {name: row.pop(name) for name in _LATER}
    total = row.pop("lots_total")
    account = ledger.accounts[row["account"]]
    book = market.books[row["instrument"]]
    order = Order(
        **row,
        lots=total,
        party=account.party,
        cash=account.holdings[book.currency],
        units=account.holdings[row["instrument"]],
    )
    for name, value in later.items():
        setattr(order, name, value)
    market.adopt(order)


def finish(market: Market) -> None:
    """Hand the journal to every book, once all is loaded: loading itself leaves no records."""
    for book in market.books.values():
        book.kernel.journal = market.ledger.journal
        book.stops.journal = market.ledger.journal
