"""What is owed, what waits for a decision, and what was decided and in force on a day."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import APIRouter, Query, Request

from gateway.api.door import Door
from gateway.api.erased import refuse_erased
from gateway.api.paging import PAGE_DEFAULT, Cursor, Limit, Page
from gateway.api.problems import Problem
from gateway.api.schemas.base import DAY_PATTERN, ordinal
from kernel.canonical import MICROSECONDS, parse, utc_text

PartyFilter = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
RightFilter = Annotated[str | None, Query(pattern=r"^[A-Z]{1,16}$")]
YearFilter = Annotated[int | None, Query(ge=1990, le=2200)]


def add_duties(router: APIRouter, door: Door) -> None:
    """Add what is read of obligations, proposals and decisions."""
    _add_obligations(router, door)
    _add_proposals(router, door)
    _add_decisions(router, door)


def _add_obligations(router: APIRouter, door: Door) -> None:
    @router.get("/obligations", tags=["compliance"])
    async def list_obligations(
        request: Request,
        party: PartyFilter = None,
        right: RightFilter = None,
        year: YearFilter = None,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List obligations; one's own, or any for those who supervise."""
        caller = await door.caller(request)
        seen = party if caller.watches() else caller.party
        scope = f"obligations {seen} {right} {year}"
        page = Page(door.cursors, scope=scope, cursor=cursor, limit=limit)
        last_party, last_right, last_year = page.after("", "", 0)
        async with door.view(request) as view:
            if seen is not None:
                await refuse_erased(view, seen)
            rows = await view.exchange.obligations(
                party=seen,
                right=right,
                year=year,
                after=(last_party, last_right, last_year),
                limit=page.limit,
            )
        found, following = page.cut(rows, lambda row: (row["party"], row["right"], row["year"]))
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
            for row in found
        ]
        return {"head": str(view.head), "obligations": shown, "next": following}


def _add_proposals(router: APIRouter, door: Door) -> None:
    @router.get("/proposals", tags=["proposals"])
    async def list_proposals(
        request: Request, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """List open proposals: those of the caller's party, all for those who supervise."""
        caller = await door.caller(request)
        seen = None if caller.watches() else caller.party
        page = Page(door.cursors, scope=f"proposals {seen}", cursor=cursor, limit=limit)
        (after,) = page.after(0)
        async with door.view(request) as view:
            rows = await view.exchange.proposals(party=seen, after=after, limit=page.limit)
        found, following = page.cut(rows, lambda row: (row["id"],))
        shown = [
            {
                "proposal": str(row["id"]),
                "maker": row["maker"],
                "command": parse(row["command"].encode()),
            }
            for row in found
        ]
        return {"head": str(view.head), "proposals": shown, "next": following}


def _add_decisions(router: APIRouter, door: Door) -> None:
    @router.get("/decisions", tags=["ledger"])
    async def list_decisions(
        request: Request,
        day: Annotated[str, Query(pattern=DAY_PATTERN, examples=["2026-03-16"])],
        zone: Annotated[
            str,
            Query(pattern=r"^[A-Za-z0-9_+/-]{1,40}$", description="Whose midnight ends the day."),
        ] = "UTC",
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """Show what was in force at the end of a day, each with the entry that decided it.

        Instruments, terms of books, the day's sessions, compliance rules, the machine's version;
        control groups and terms of reconciliation for those who supervise.
        """
        caller = await door.caller(request)
        before = _end_of(day, zone=zone)
        groups = caller.watches()
        scope = f"decisions {before} {day} {groups}"
        page = Page(door.cursors, scope=scope, cursor=cursor, limit=limit)
        kind, subject = page.after("", "")
        async with door.view(request) as view:
            rows = await view.exchange.decisions(
                before=before, day=day, after=(kind, subject), groups=groups, limit=page.limit
            )
        found, following = page.cut(rows, lambda row: (row["kind"], row["subject"]))
        shown = [
            {
                "kind": row["kind"],
                "subject": row["subject"] or None,
                "entry": str(row["entry"]),
                "at": utc_text(row["at"], digits=6),
                "terms": parse(row["terms"].encode()),
            }
            for row in found
        ]
        return {"head": str(view.head), "day": day, "decisions": shown, "next": following}


def _end_of(day: str, *, zone: str) -> int:
    """Return the midnight after a day in a time zone, in microseconds since the epoch."""
    ordinal(day, field="day")
    try:
        midnight = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone)) + timedelta(days=1)
        return int(midnight.timestamp()) * MICROSECONDS
    except (ValueError, OverflowError, OSError, ZoneInfoNotFoundError) as error:
        raise Problem(
            status=422,
            code="request.zone_unknown",
            field="zone",
            expected="a name of the time zone database, such as Asia/Shanghai",
            found=zone,
        ) from error
