"""What is read of lists: which there are, who is on one on a day, where a subject stands.

A published list is open to every key, another one to those who supervise. A subject sees its own
stays on all of them.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from credit_scoring.archive.decisions import day_at, shown_day
from credit_scoring.archive.store import ArchiveStore, microseconds_of, name_of
from credit_scoring.lists.store import ListStore
from gateway.api.door import Door
from gateway.api.erased import refuse_erased
from gateway.api.paging import ENTRY_MAX, PAGE_DEFAULT, Cursor, Limit, Page
from gateway.api.problems import Problem
from gateway.api.reads import View
from gateway.api.schemas.base import DAY_PATTERN, ordinal

ListName = Annotated[str, Path(pattern=r"^[A-Z0-9-]{1,32}$")]
Party = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
Day = Annotated[
    str | None, Query(pattern=DAY_PATTERN, description="The day; by default the venue's own.")
]


def add_credit_lists(router: APIRouter, door: Door) -> None:
    """Add what is read of lists."""
    _add_lists(router, door)
    _add_members(router, door)
    _add_listings(router, door)


def _add_lists(router: APIRouter, door: Door) -> None:
    @router.get("/credit/lists", tags=["credit"])
    async def list_lists(
        request: Request, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """List the positive and negative lists, with basis and rules."""
        await door.caller(request)
        page = Page(door.cursors, scope="lists", cursor=cursor, limit=limit)
        (after,) = page.after("")
        async with door.view(request) as view:
            rows = await _store(view).lists(after=after, limit=page.limit)
        found, following = page.cut(rows, lambda row: (row["list_name"],))
        shown = [dict(row) | {"entry": str(row["entry"])} for row in found]
        return {"head": str(view.head), "lists": shown, "next": following}


def _add_members(router: APIRouter, door: Door) -> None:
    @router.get("/credit/lists/{list_name}/members", tags=["credit"])
    async def list_members(
        request: Request,
        list_name: ListName,
        day: Day = None,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List who is on a list on a day."""
        caller = await door.caller(request)
        page = Page(door.cursors, scope=f"members {list_name} {day}", cursor=cursor, limit=limit)
        (after,) = page.after(0)
        async with door.view(request) as view:
            listed = await _store(view).named(list_name)
            if listed is None:
                raise Problem(
                    status=404, code="credit.list_unknown", field="list_name", found=list_name
                )
            if not (listed["published"] or caller.watches()):
                raise Problem(status=403, code="request.forbidden", field="list_name")
            on = await _day(view, day)
            rows = await _store(view).members(list_name, on=on, after=after, limit=page.limit)
        found, following = page.cut(rows, lambda row: (row["id"],))
        return {
            "head": str(view.head),
            "list_name": list_name,
            "day": shown_day(on),
            "members": [_stay(row) for row in found],
            "next": following,
        }


def _add_listings(router: APIRouter, door: Door) -> None:
    @router.get("/credit/listings", tags=["credit"])
    async def list_listings(
        request: Request,
        subject: Party = None,
        day: Day = None,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List a subject's stays on all lists, its own by default, and which hold on a day."""
        caller = await door.caller(request)
        named = caller.party if subject is None else subject
        if named != caller.party and not caller.watches():
            raise Problem(status=403, code="request.forbidden", field="subject")
        page = Page(door.cursors, scope=f"listings {named} {day}", cursor=cursor, limit=limit)
        (before,) = page.after(ENTRY_MAX)
        async with door.view(request) as view:
            await refuse_erased(view, named)
            on = await _day(view, day)
            rows = await _store(view).of_subject(named, on=on, before=before, limit=page.limit)
        found, following = page.cut(rows, lambda row: (row["id"],))
        return {
            "head": str(view.head),
            "day": shown_day(on),
            "listings": [_stay(row) for row in found],
            "next": following,
        }


async def _day(view: View, day: str | None) -> int:
    if day is not None:
        return ordinal(day, field="day")
    return day_at(microseconds_of(await ArchiveStore(view.exchange.connection).now()))


def _store(view: View) -> ListStore:
    return ListStore(view.exchange.connection)


def _stay(row: Mapping[str, Any]) -> dict[str, Any]:
    repaired = row["fact_repaired_on"]
    return {
        "listing": str(row["id"]),
        "list_name": row["list_name"],
        "subject": row["subject"],
        "day_from": shown_day(row["day_from"]),
        "day_to": shown_day(row["day_to"]),
        "holds": bool(row["holds"]),
        "fact": name_of(row) if row["reference"] else None,
        "fact_revoked": row["fact_revoked"],
        "fact_repaired_on": shown_day(repaired) if repaired else None,
        "decision": row["decision"],
        "evidence": row["evidence"],
        "entry": str(row["entry"]),
        "left_on": None if row["left_on"] is None else shown_day(row["left_on"]),
        "reason": row["reason"] or None,
        "left_decision": row["left_decision"] or None,
    }
