"""What an account's owner may see, and those who supervise: balances, statements, orders."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from gateway.api.authentication import Caller
from gateway.api.door import Door
from gateway.api.erased import refuse_erased
from gateway.api.paging import ENTRY_MAX, PAGE_DEFAULT, Cursor, Limit, Page
from gateway.api.problems import Problem
from gateway.api.reads import (
    View,
    day_shown,
    hold_shown,
    holding_shown,
    order_shown,
    own_trade_shown,
    quantity,
)

Number = Annotated[int, Path(ge=0, le=ENTRY_MAX)]
EntryQuery = Annotated[int | None, Query(ge=0, le=ENTRY_MAX)]


def add_accounts(router: APIRouter, door: Door) -> None:
    """Add what is read of parties and their accounts."""
    _add_parties(router, door)
    _add_balances(router, door)
    _add_statements(router, door)
    _add_orders(router, door)


def _add_parties(router: APIRouter, door: Door) -> None:
    @router.get("/parties", tags=["parties"])
    async def list_parties(
        request: Request, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """Show the caller's party; all parties, by id, to those who supervise."""
        caller = await door.caller(request)
        seen = None if caller.watches() else caller.party
        page = Page(door.cursors, scope=f"parties {seen}", cursor=cursor, limit=limit)
        (after,) = page.after("")
        async with door.view(request) as view:
            rows = await view.exchange.parties(party=seen, after=after, limit=page.limit)
        found, following = page.cut(rows, lambda row: (row["id"],))
        shown = [
            {
                "party": row["id"],
                "party_kind": row["kind"],
                "scheme": row["scheme"] or None,
                "identifier": row["identifier"] or None,
            }
            for row in found
        ]
        return {"head": str(view.head), "parties": shown, "next": following}

    @router.get("/accounts", tags=["accounts"])
    async def list_accounts(
        request: Request, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """List the caller's accounts by number; all of them for those who supervise."""
        caller = await door.caller(request)
        seen = None if caller.watches() else caller.party
        page = Page(door.cursors, scope=f"accounts {seen}", cursor=cursor, limit=limit)
        (after,) = page.after(0)
        async with door.view(request) as view:
            rows = await view.exchange.accounts(party=seen, after=after, limit=page.limit)
        found, following = page.cut(rows, lambda row: (row["number"],))
        shown = [
            {
                "account": str(row["number"]),
                "party": row["party"],
                "kind": row["kind"],
                "open": row["open"],
            }
            for row in found
        ]
        return {"head": str(view.head), "accounts": shown, "next": following}


def _add_balances(router: APIRouter, door: Door) -> None:
    @router.get("/accounts/{account}/holdings", tags=["accounts"])
    async def list_holdings(
        request: Request,
        account: Number,
        as_of: EntryQuery = None,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """Show what an account holds by instrument, now or as of a past entry."""
        caller = await door.caller(request)
        scope = f"holdings {account} {as_of}"
        page = Page(door.cursors, scope=scope, cursor=cursor, limit=limit)
        (after,) = page.after("")
        async with door.view(request) as view:
            await may_see(view, caller, account)
            units = await view.units()
            if as_of is None:
                rows = await view.exchange.holdings(account, after=after, limit=page.limit)
                found, following = page.cut(rows, lambda row: (row["instrument"],))
                shown = [holding_shown(units, row) for row in found]
                return {"head": str(view.head), "holdings": shown, "next": following}
            _check_past(view, as_of, field="as_of")
            balances = await view.exchange.balances_at(
                account, entry=as_of, after=after, limit=page.limit
            )
        past, following = page.cut(list(balances.items()), lambda each: (each[0],))
        shown = [
            {"instrument": code, "quantity": quantity(units, code, lots)} for code, lots in past
        ]
        return {
            "head": str(view.head),
            "as_of": str(as_of),
            "holdings": shown,
            "next": following,
        }

    @router.get("/accounts/{account}/holds", tags=["holds"])
    async def list_holds(
        request: Request, account: Number, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """List what is set apart in an account; what its orders hold stands with the orders."""
        caller = await door.caller(request)
        page = Page(door.cursors, scope=f"holds {account}", cursor=cursor, limit=limit)
        (after,) = page.after(0)
        async with door.view(request) as view:
            await may_see(view, caller, account)
            units = await view.units()
            rows = await view.exchange.holds(account, after=after, limit=page.limit)
        found, following = page.cut(rows, lambda row: (row["id"],))
        shown = [hold_shown(units, row) for row in found]
        return {"head": str(view.head), "holds": shown, "next": following}


def _add_statements(router: APIRouter, door: Door) -> None:
    @router.get("/accounts/{account}/statement", tags=["accounts"])
    async def list_postings(
        request: Request,
        account: Number,
        entry_from: Annotated[int, Query(ge=-1, le=ENTRY_MAX)] = -1,
        entry_to: EntryQuery = None,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List an account's postings after ``entry_from`` up to ``entry_to``, in order."""
        caller = await door.caller(request)
        scope = f"statement {account} {entry_from} {entry_to}"
        page = Page(door.cursors, scope=scope, cursor=cursor, limit=limit)
        async with door.view(request) as view:
            await may_see(view, caller, account)
            units = await view.units()
            if entry_to is not None:
                _check_past(view, entry_to, field="entry_to")
            entry, number, cause, instrument = page.after(-1, -1, "", "")
            rows = await view.exchange.postings(
                account,
                entry_from=entry_from,
                entry_to=view.head if entry_to is None else entry_to,
                after=(entry, number, cause, instrument),
                limit=page.limit,
            )
        found, following = page.cut(
            rows, lambda each: (each.entry, each.number, each.cause, each.instrument)
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
        return {"head": str(view.head), "postings": shown, "next": following}

    @router.get("/accounts/{account}/trades", tags=["accounts"])
    async def list_own_trades(
        request: Request, account: Number, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """List an account's trades by number, with its own side, order and fee."""
        caller = await door.caller(request)
        page = Page(door.cursors, scope=f"own trades {account}", cursor=cursor, limit=limit)
        (after,) = page.after(0)
        async with door.view(request) as view:
            await may_see(view, caller, account)
            units = await view.units()
            rows = await view.exchange.trades_of(account, after=after, limit=page.limit)
        found, following = page.cut(rows, lambda row: (row["id"],))
        shown = [own_trade_shown(units, row, account=account) for row in found]
        return {"head": str(view.head), "trades": shown, "next": following}


def _add_orders(router: APIRouter, door: Door) -> None:
    @router.get("/orders", tags=["orders"])
    async def list_orders(
        request: Request,
        account: Annotated[int, Query(ge=0, le=ENTRY_MAX)],
        only_open: Annotated[bool, Query()] = True,  # noqa: FBT002
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List an account's orders by number."""
        caller = await door.caller(request)
        scope = f"orders {account} {only_open}"
        page = Page(door.cursors, scope=scope, cursor=cursor, limit=limit)
        (after,) = page.after(0)
        async with door.view(request) as view:
            await may_see(view, caller, account)
            units = await view.units()
            rows = await view.exchange.orders(
                account=account, is_open=only_open, after=after, limit=page.limit
            )
        found, following = page.cut(rows, lambda row: (row["id"],))
        shown = [order_shown(units, row) for row in found]
        return {"head": str(view.head), "orders": shown, "next": following}

    @router.get("/orders/{order}", tags=["orders"])
    async def show_order(request: Request, order: Number) -> dict[str, Any]:
        """Show one order to its owner."""
        caller = await door.caller(request)
        async with door.view(request) as view:
            row = await view.exchange.order(order)
            if row is None:
                raise Problem(status=404, code="order.not_found", field="order", found=str(order))
            await may_see(view, caller, row["account"])
            units = await view.units()
        expires = day_shown(row["expires"] or 0)
        return {"head": str(view.head), **order_shown(units, row), "expires": expires}


async def may_see(view: View, caller: Caller, number: int) -> None:
    """Refuse an account that is not there or not the caller's to see.

    Raises:
        Problem: 404 or 403; 410 where its party was erased.
    """
    found = await view.exchange.account(number)
    if found is None:
        raise Problem(status=404, code="ledger.account_unknown", field="account", found=str(number))
    if found["party"] != caller.party and not caller.watches():
        raise Problem(status=403, code="request.forbidden", field="account")
    await refuse_erased(view, found["party"])


def _check_past(view: View, entry: int, *, field: str) -> None:
    if entry > view.head:
        raise Problem(
            status=404,
            code="entry.not_found",
            field=field,
            expected=f"at most {view.head}",
            found=str(entry),
        )
