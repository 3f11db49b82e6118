"""The routes that read. A party sees its own affairs; the public sees markets and headers."""

import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Request

from exchange.store import ExchangeStore, postings_of
from gateway.api.authentication import Caller
from gateway.api.cursors import Cursors
from gateway.api.problems import Problem
from gateway.api.reads import (
    Reads,
    book_shown,
    day_shown,
    holding_shown,
    order_shown,
    price,
    quantity,
    trade_shown,
    units_of,
)
from kernel.canonical import parse
from ledger.store import StoredEntry

Limit = Annotated[int, Query(ge=1, le=500)]
PageLimit = Annotated[int, Query(ge=1, le=1000)]
Cursor = Annotated[str | None, Query(max_length=400, description="``next`` of the page before.")]
Number = Annotated[int, Path(ge=0, le=10**18)]
WhoCalls = Callable[[Request], Awaitable[Caller]]


def add_reading(application: FastAPI, reads: Reads, who: WhoCalls, cursors: Cursors) -> None:
    """Add every route that reads."""
    _add_books(application, reads)
    _add_tape(application, reads)
    _add_accounts(application, reads, who)
    _add_duties(application, reads, who, cursors)
    _add_orders(application, reads, who)
    _add_ledger(application, reads, who)


def _add_books(application: FastAPI, reads: Reads) -> None:
    @application.get("/v1/health", tags=["venue"])
    async def health() -> dict[str, Any]:
        """Tell that the service answers, and where its log stands."""
        async with reads.snapshot() as (_, _, head):
            return {"status": "ok", "head": str(head), "durability": "one machine, no standby"}

    @application.get("/v1/instruments", tags=["instruments"])
    async def instruments() -> dict[str, Any]:
        """List instruments."""
        async with reads.snapshot() as (exchange, _, head):
            rows = await exchange.terms()
        names = ("code", "right", "substance", "unit", "lot", "tick", "zone", "vintage")
        shown = [{name: row[name] for name in names} for row in rows]
        return {"head": str(head), "instruments": shown}

    @application.get("/v1/books/{instrument}", tags=["instruments"])
    async def book(
        instrument: str, levels: Annotated[int, Query(ge=1, le=50)] = 5
    ) -> dict[str, Any]:
        """Show a book: its day, and the best prices of both sides."""
        async with reads.snapshot() as (exchange, _, head):
            row, units = await _terms(exchange, instrument)
            sides = {
                name: await exchange.depth(instrument, is_buy=name == "bids", levels=levels)
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
        return {"head": str(head), **book_shown(units, row), **depth}


def _add_tape(application: FastAPI, reads: Reads) -> None:
    @application.get("/v1/instruments/{instrument}/trades", tags=["instruments"])
    async def trades(
        instrument: str, after: Annotated[int, Query(ge=0)] = 0, limit: Limit = 100
    ) -> dict[str, Any]:
        """List trades by number."""
        async with reads.snapshot() as (exchange, _, head):
            _, units = await _terms(exchange, instrument)
            rows = await exchange.trades(instrument, after=after, limit=limit)
        shown = [trade_shown(units, instrument, row) for row in rows]
        return {"head": str(head), "trades": shown}

    @application.get("/v1/instruments/{instrument}/supply", tags=["instruments"])
    async def supply(instrument: str) -> dict[str, Any]:
        """Show how many units were issued, and how many of them are used up or in circulation."""
        async with reads.snapshot() as (exchange, _, head):
            _, units = await _terms(exchange, instrument)
            found = await exchange.supply(instrument)
        shown = {name: quantity(units, instrument, lots) for name, lots in found.items()}
        return {"head": str(head), "instrument": instrument, **shown}

    @application.get("/v1/instruments/{instrument}/candles", tags=["instruments"])
    async def candles(instrument: str, limit: Limit = 100) -> dict[str, Any]:
        """Show each trading day's open, high, low, last and volume, newest first."""
        async with reads.snapshot() as (exchange, _, head):
            _, units = await _terms(exchange, instrument)
            rows = await exchange.candles(instrument, limit=limit)
        names = ("open", "high", "low", "last")
        shown = [
            {
                "day": day_shown(row["day"]),
                **{name: price(units, instrument, row[name]) for name in names},
                "volume": quantity(units, instrument, row["volume"]),
                "trades": row["trades"],
            }
            for row in rows
        ]
        return {"head": str(head), "candles": shown}


async def _terms(exchange: ExchangeStore, instrument: str) -> tuple[dict[str, Any], Any]:
    rows = await exchange.terms()
    units = units_of(rows)
    for row in rows:
        if row["code"] == instrument and row["tick"] is not None:
            return row, units
    raise Problem(
        status=404, code="exchange.book_unknown", field="instrument", found=instrument[:64]
    )


def _add_accounts(application: FastAPI, reads: Reads, who: WhoCalls) -> None:
    @application.get("/v1/accounts", tags=["accounts"])
    async def accounts(request: Request) -> dict[str, Any]:
        """List the caller's accounts; all of them for those who supervise."""
        caller = await who(request)
        async with reads.snapshot() as (exchange, _, head):
            rows = await exchange.accounts(party=None if caller.watches() else caller.party)
        shown = [
            {
                "account": str(row["number"]),
                "party": row["party"],
                "kind": row["kind"],
                "open": row["open"],
            }
            for row in rows
        ]
        return {"head": str(head), "accounts": shown}

    @application.get("/v1/accounts/{account}/holdings", tags=["accounts"])
    async def holdings(
        request: Request, account: Number, as_of: Annotated[int | None, Query(ge=0)] = None
    ) -> dict[str, Any]:
        """Show what an account holds, now or as of a past entry."""
        caller = await who(request)
        async with reads.snapshot() as (exchange, _, head):
            await _may_see(exchange, caller, account)
            units = units_of(await exchange.terms())
            if as_of is None:
                rows = await exchange.holdings(account)
                return {
                    "head": str(head),
                    "holdings": [holding_shown(units, row) for row in rows],
                }
            balances = await exchange.balances_at(account, entry=as_of)
        shown = [
            {"instrument": code, "quantity": quantity(units, code, lots)}
            for code, lots in balances.items()
        ]
        return {"head": str(head), "as_of": str(as_of), "holdings": shown}

    @application.get("/v1/accounts/{account}/statement", tags=["accounts"])
    async def statement(
        request: Request,
        account: Number,
        entry_from: Annotated[int, Query(ge=-1)] = -1,
        entry_to: Annotated[int | None, Query(ge=0)] = None,
    ) -> dict[str, Any]:
        """List an account's postings in a range of entries."""
        caller = await who(request)
        async with reads.snapshot() as (exchange, _, head):
            await _may_see(exchange, caller, account)
            units = units_of(await exchange.terms())
            found = await postings_of(
                exchange.connection,
                account=account,
                entry_from=entry_from,
                entry_to=head if entry_to is None else entry_to,
            )
        shown = [
            {
                "entry": str(each.entry),
                "instrument": each.instrument,
                "quantity": quantity(units, each.instrument, each.quantity),
                "cause": each.cause,
            }
            for each in found
        ]
        return {"head": str(head), "postings": shown}


def _add_duties(application: FastAPI, reads: Reads, who: WhoCalls, cursors: Cursors) -> None:
    @application.get("/v1/obligations", tags=["compliance"])
    async def obligations(
        request: Request,
        party: Annotated[str | None, Query(max_length=64)] = None,
        right: Annotated[str | None, Query(max_length=16)] = None,
        year: Annotated[int | None, Query(ge=1990, le=2200)] = None,
        limit: PageLimit = 100,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List obligations; one's own, or any for those who supervise."""
        caller = await who(request)
        seen = party if caller.watches() else caller.party
        scope = f"obligations {seen} {right} {year}"
        position = cursors.read(cursor, scope=scope)
        after = ("", "", 0) if position is None else tuple(json.loads(position))
        async with reads.snapshot() as (exchange, _, head):
            rows = await exchange.obligations(
                party=seen, right=right, year=year, after=after, limit=limit
            )
        shown = [
            {
                "party": row["party"],
                "right": row["right"],
                "year": row["year"],
                "verified_status": row["verified_status"] or None,
                "verified_lots": None if row["verified"] is None else str(row["verified"]),
                "surrendered_lots": str(row["surrendered"]),
                "status": row["status"],
            }
            for row in rows
        ]
        following = None
        if len(rows) == limit:
            last = rows[-1]
            position = json.dumps([last["party"], last["right"], last["year"]])
            following = cursors.write(scope=scope, position=position)
        return {"head": str(head), "obligations": shown, "next": following}

    @application.get("/v1/proposals", tags=["proposals"])
    async def proposals(request: Request) -> dict[str, Any]:
        """List open proposals for those who supervise or decide."""
        caller = await who(request)
        if not caller.watches():
            raise Problem(status=403, code="request.forbidden")
        async with reads.snapshot() as (exchange, _, head):
            rows = await exchange.proposals()
        shown = [
            {
                "proposal": str(row["id"]),
                "maker": row["maker"],
                "command": parse(row["command"].encode()),
            }
            for row in rows
        ]
        return {"head": str(head), "proposals": shown}


async def _may_see(exchange: ExchangeStore, caller: Caller, number: int) -> None:
    found = await exchange.account(number)
    if found is None:
        raise Problem(status=404, code="ledger.account_unknown", field="account", found=str(number))
    if found["party"] != caller.party and not caller.watches():
        raise Problem(status=403, code="request.forbidden", field="account")


def _add_orders(application: FastAPI, reads: Reads, who: WhoCalls) -> None:
    @application.get("/v1/orders", tags=["orders"])
    async def orders(
        request: Request,
        account: Annotated[int, Query(ge=0, le=10**18)],
        only_open: Annotated[bool, Query()] = True,  # noqa: FBT002
        after: Annotated[int, Query(ge=0)] = 0,
        limit: Limit = 100,
    ) -> dict[str, Any]:
        """List an account's orders by number."""
        caller = await who(request)
        async with reads.snapshot() as (exchange, _, head):
            await _may_see(exchange, caller, account)
            units = units_of(await exchange.terms())
            rows = await exchange.orders(
                account=account, is_open=only_open, after=after, limit=limit
            )
        return {"head": str(head), "orders": [order_shown(units, row) for row in rows]}

    @application.get("/v1/orders/{order}", tags=["orders"])
    async def order(request: Request, order: Number) -> dict[str, Any]:
        """Show one order to its owner."""
        caller = await who(request)
        async with reads.snapshot() as (exchange, _, head):
            row = await exchange.order(order)
            if row is None:
                raise Problem(status=404, code="order.not_found", field="order", found=str(order))
            await _may_see(exchange, caller, row["account"])
            units = units_of(await exchange.terms())
        return {"head": str(head), **order_shown(units, row)}


def _add_ledger(application: FastAPI, reads: Reads, who: WhoCalls) -> None:
    @application.get("/v1/ledger/head", tags=["ledger"])
    async def head() -> dict[str, Any]:
        """Show the last entry's index and leaf hash: keep it, and ``verify --head`` can use it."""
        async with reads.snapshot() as (_, ledger, _):
            index, digest = await ledger.head()
        return {"head": str(index), "leaf_hash": digest}

    @application.get("/v1/ledger/entries", tags=["ledger"])
    async def entries(
        after: Annotated[int, Query(ge=-1)] = -1, limit: Limit = 100
    ) -> dict[str, Any]:
        """List public headers in order."""
        async with reads.snapshot() as (_, ledger, newest):
            page = await ledger.page(after=after, limit=limit)
        return {"head": str(newest), "headers": [parse(each.header) for each in page]}

    @application.get("/v1/ledger/entries/{index}", tags=["ledger"])
    async def entry(request: Request, index: Number) -> dict[str, Any]:
        """Show one entry's header, and its postings part to those who may see it."""
        async with reads.snapshot() as (_, ledger, newest):
            found = await ledger.entry(index)
        if found is None:
            raise Problem(status=404, code="entry.not_found", field="index", found=str(index))
        body: dict[str, Any] = {"head": str(newest), "header": parse(found.header)}
        if request.headers.get("authorization") is not None:
            body.update(_disclosed(await who(request), found))
        return body


def _disclosed(caller: Caller, found: StoredEntry) -> dict[str, Any]:
    if not caller.watches() and found.body().actor != caller.actor:
        return {}
    return {"postings": parse(found.postings), "postings_key": found.postings_key.hex()}
