"""What is read of coins and carbon: terms by everybody, accounts by their owner and supervisors."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request

from credit_scoring.rewards.days import day_of
from credit_scoring.rewards.store import RewardStore
from gateway.api.door import Door
from gateway.api.paging import ENTRY_MAX, PAGE_DEFAULT, Cursor, Limit, Page
from gateway.api.problems import Problem
from gateway.api.reading.accounts import may_see
from gateway.api.reads import View
from gateway.api.rewards_shown import (
    act_shown,
    bill_shown,
    carbon_account_shown,
    coin_account_shown,
    credit_shown,
    factor_shown,
    liability_shown,
    scheme_shown,
    source_shown,
)
from ledger.refusals import Reject as LedgerReject

Number = Annotated[int, Path(ge=0, le=ENTRY_MAX)]
Code = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.-]{1,32}$")]


def add_rewards(router: APIRouter, door: Door) -> None:
    """Add what is read of coins and carbon."""
    _add_terms(router, door)
    _add_coin_accounts(router, door)
    _add_liability(router, door)
    _add_carbon(router, door)


def _add_terms(router: APIRouter, door: Door) -> None:
    @router.get("/coins/schemes", tags=["rewards"])
    async def list_coins(request: Request) -> dict[str, Any]:
        """List the coins with every version of their rules."""
        await door.caller(request)
        async with door.view(request) as view:
            store = _store(view)
            shown = [
                scheme_shown(row, await store.rules(row["instrument"]))
                for row in await store.schemes()
            ]
        return {"head": str(view.head), "coins": shown}

    @router.get("/carbon/factors", tags=["rewards"])
    async def list_factors(
        request: Request, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """List every version of the carbon factors, with method and source."""
        await door.caller(request)
        page = Page(door.cursors, scope="carbon factors", cursor=cursor, limit=limit)
        behaviour, version = page.after("", "")
        async with door.view(request) as view:
            rows = await _store(view).factors(after=(behaviour, version), limit=page.limit)
        found, following = page.cut(rows, lambda row: (row["behaviour"], row["version"]))
        shown = [factor_shown(row) for row in found]
        return {"head": str(view.head), "factors": shown, "next": following}

    @router.get("/rewards/sources", tags=["rewards"])
    async def list_sources(
        request: Request, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """List the sources of acts: one's own, all of them for those who supervise."""
        caller = await door.caller(request)
        seen = None if caller.watches() else caller.party
        page = Page(door.cursors, scope=f"sources {seen}", cursor=cursor, limit=limit)
        (after,) = page.after("")
        async with door.view(request) as view:
            rows = await _store(view).sources(party=seen, after=after, limit=page.limit)
        found, following = page.cut(rows, lambda row: (row["id"],))
        shown = [source_shown(row) for row in found]
        return {"head": str(view.head), "sources": shown, "next": following}


def _add_coin_accounts(router: APIRouter, door: Door) -> None:
    @router.get("/coins/accounts/{account}", tags=["rewards"])
    async def show_coin_account(request: Request, account: Number) -> dict[str, Any]:
        """Show a holder's coins, the claim against them, and what it sees as its balance."""
        caller = await door.caller(request)
        async with door.view(request) as view:
            await may_see(view, caller, account)
            store = _store(view)
            row = await store.coin_account(account, today=day_of(await store.at()))
            if row is None:
                raise _no_such(account)
        return {"head": str(view.head), **coin_account_shown(row)}

    @router.get("/coins/accounts/{account}/acts", tags=["rewards"])
    async def list_acts(
        request: Request, account: Number, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """List a holder's acts with what is left of each and when it expires, the newest first."""
        caller = await door.caller(request)
        page = Page(door.cursors, scope=f"acts {account}", cursor=cursor, limit=limit)
        (before,) = page.after(ENTRY_MAX)
        async with door.view(request) as view:
            await may_see(view, caller, account)
            store = _store(view)
            today = day_of(await store.at())
            rows = await store.acts(account, before=before, limit=page.limit, today=today)
        found, following = page.cut(rows, lambda row: (row["id"],))
        shown = [act_shown(row) for row in found]
        return {"head": str(view.head), "acts": shown, "next": following}

    @router.get("/coins/accounts/{account}/bills", tags=["rewards"])
    async def list_bills(
        request: Request, account: Number, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """List the bills that a holder paid or a merchant took, the newest first."""
        caller = await door.caller(request)
        page = Page(door.cursors, scope=f"bills {account}", cursor=cursor, limit=limit)
        (before,) = page.after(ENTRY_MAX)
        async with door.view(request) as view:
            await may_see(view, caller, account)
            rows = await _store(view).bills(account, before=before, limit=page.limit)
        found, following = page.cut(rows, lambda row: (row["id"],))
        shown = [bill_shown(row) for row in found]
        return {"head": str(view.head), "bills": shown, "next": following}


def _add_liability(router: APIRouter, door: Door) -> None:
    @router.get("/coins/{instrument}/liability", tags=["rewards"])
    async def show_liability(request: Request, instrument: Code) -> dict[str, Any]:
        """Show what a coin's issuer owes, to the issuer and those who supervise."""
        caller = await door.caller(request)
        async with door.view(request) as view:
            store = _store(view)
            books = await store.schemes(instrument)
            if not books:
                raise Problem(
                    status=404, code="rewards.scheme_unknown", field="instrument", found=instrument
                )
            if caller.party != books[0]["party"] and not caller.watches():
                raise Problem(status=403, code="request.forbidden", field="instrument")
            today = day_of(await store.at())
            shown = liability_shown(
                books[0],
                overdue=await store.overdue(instrument, today=today),
                outstanding=await store.outstanding(instrument, today=today),
                claims=await store.claims(instrument),
                merchants=await store.merchants(instrument),
            )
        return {"head": str(view.head), **shown}


def _add_carbon(router: APIRouter, door: Door) -> None:
    @router.get("/carbon/accounts/{account}", tags=["rewards"])
    async def show_carbon_account(request: Request, account: Number) -> dict[str, Any]:
        """Show what a carbon account saved and emitted, which are never set off."""
        caller = await door.caller(request)
        async with door.view(request) as view:
            await may_see(view, caller, account)
            store = _store(view)
            row = await store.carbon_account(account)
            if row is None:
                raise _no_such(account)
            shown = carbon_account_shown(
                account,
                row,
                reduced=await store.reduced(account),
                emitted=await store.emitted(account),
            )
        return {"head": str(view.head), **shown}

    @router.get("/carbon/accounts/{account}/credits", tags=["rewards"])
    async def list_credits(
        request: Request, account: Number, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """List a carbon account's credits with method and version, the newest first."""
        caller = await door.caller(request)
        page = Page(door.cursors, scope=f"credits {account}", cursor=cursor, limit=limit)
        (before,) = page.after(ENTRY_MAX)
        async with door.view(request) as view:
            await may_see(view, caller, account)
            rows = await _store(view).credits(account, before=before, limit=page.limit)
        found, following = page.cut(rows, lambda row: (row["id"],))
        shown = [credit_shown(row) for row in found]
        return {"head": str(view.head), "credits": shown, "next": following}


def _no_such(account: int) -> Problem:
    code = LedgerReject.ACCOUNT_UNKNOWN
    return Problem(status=404, code=code, field="account", found=str(account))


def _store(view: View) -> RewardStore:
    return RewardStore(view.exchange.connection)
