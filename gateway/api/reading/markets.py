"""What everybody may see: instruments, books, trades, candles, supply."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from gateway.api.door import Door
from gateway.api.paging import PAGE_DEFAULT, Cursor, Limit, Page
from gateway.api.problems import Problem
from gateway.api.reads import View, book_shown, day_shown, price, quantity, trade_shown, units_of
from gateway.api.schemas.base import Units

Code = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.-]{1,32}$", examples=["CEA25"])]
_TERMS = ("code", "right", "substance", "unit", "lot", "tick", "zone", "vintage")


def add_markets(router: APIRouter, door: Door) -> None:
    """Add what the public reads of the markets."""
    _add_instruments(router, door)
    _add_books(router, door)
    _add_tape(router, door)


def _add_instruments(router: APIRouter, door: Door) -> None:
    @router.get("/instruments", tags=["instruments"])
    async def list_instruments(
        request: Request, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """List instruments by code, with the terms of their books."""
        page = Page(door.cursors, scope="instruments", cursor=cursor, limit=limit)
        (after,) = page.after("")
        async with door.view(request) as view:
            rows = await view.exchange.terms(after=after, limit=page.limit)
            shown, following = page.cut(rows, lambda row: (row["code"],))
        instruments = [{**{name: row[name] for name in _TERMS}, **_validity(row)} for row in shown]
        return {"head": str(view.head), "instruments": instruments, "next": following}

    @router.get("/instruments/{instrument}/supply", tags=["instruments"])
    async def show_supply(request: Request, instrument: Code) -> dict[str, Any]:
        """Show how many units were issued, and how many of them are used up or in circulation."""
        async with door.view(request) as view:
            _, units = await _terms(view, instrument)
            found = await view.exchange.supply(instrument)
        shown = {name: quantity(units, instrument, lots) for name, lots in found.items()}
        return {"head": str(view.head), "instrument": instrument, **shown}


def _validity(row: dict[str, Any]) -> dict[str, Any]:
    return {name: day_shown(row[name] or 0) for name in ("valid_from", "valid_until")}


def _add_books(router: APIRouter, door: Door) -> None:
    @router.get("/books/{instrument}", tags=["instruments"])
    async def show_book(
        request: Request, instrument: Code, levels: Annotated[int, Query(ge=1, le=50)] = 5
    ) -> dict[str, Any]:
        """Show a book: its day, and the best prices of both sides."""
        async with door.view(request) as view:
            row, units = await _terms(view, instrument)
            sides = {
                name: await view.exchange.depth(instrument, is_buy=name == "bids", levels=levels)
                for name in ("bids", "asks")
            }
        depth = {
            name: [
                {
                    "price": price(units, instrument, level["ticks"]),
                    "quantity": quantity(units, instrument, level["lots"]),
                    "orders": level["orders"],
                }
                for level in found
            ]
            for name, found in sides.items()
        }
        return {"head": str(view.head), **book_shown(units, row), **depth}


def _add_tape(router: APIRouter, door: Door) -> None:
    @router.get("/instruments/{instrument}/trades", tags=["instruments"])
    async def list_trades(
        request: Request, instrument: Code, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """List an instrument's trades by number."""
        scope = f"trades {instrument}"
        page = Page(door.cursors, scope=scope, cursor=cursor, limit=limit)
        (after,) = page.after(0)
        async with door.view(request) as view:
            _, units = await _terms(view, instrument)
            rows = await view.exchange.trades(instrument, after=after, limit=page.limit)
        found, following = page.cut(rows, lambda row: (row["id"],))
        shown = [trade_shown(units, instrument, row) for row in found]
        return {"head": str(view.head), "trades": shown, "next": following}

    @router.get("/instruments/{instrument}/candles", tags=["instruments"])
    async def list_candles(
        request: Request, instrument: Code, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """Show each trading day's open, high, low, last and volume, newest first."""
        scope = f"candles {instrument}"
        page = Page(door.cursors, scope=scope, cursor=cursor, limit=limit)
        (before,) = page.after(10**7)
        async with door.view(request) as view:
            _, units = await _terms(view, instrument)
            rows = await view.exchange.candles(instrument, before=before, limit=page.limit)
        found, following = page.cut(rows, lambda row: (row["day"],))
        names = ("open", "high", "low", "last")
        shown = [
            {
                "day": day_shown(row["day"]),
                **{name: price(units, instrument, row[name]) for name in names},
                "volume": quantity(units, instrument, row["volume"]),
                "trades": row["trades"],
            }
            for row in found
        ]
        return {"head": str(view.head), "candles": shown, "next": following}


async def _terms(view: View, instrument: str) -> tuple[dict[str, Any], Units]:
    rows = await view.exchange.terms()
    for row in rows:
        if row["code"] == instrument and row["tick"] is not None:
            return row, units_of(rows)
    raise Problem(status=404, code="exchange.book_unknown", field="instrument", found=instrument)
