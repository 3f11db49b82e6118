"""What is owed and what waits for a decision: obligations and proposals."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from gateway.api.door import Door
from gateway.api.paging import PAGE_DEFAULT, Cursor, Limit, Page
from kernel.canonical import parse

PartyFilter = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
RightFilter = Annotated[str | None, Query(pattern=r"^[A-Z]{1,16}$")]
YearFilter = Annotated[int | None, Query(ge=1990, le=2200)]


def add_duties(router: APIRouter, door: Door) -> None:
    """Add what is read of obligations and proposals."""
    _add_obligations(router, door)
    _add_proposals(router, door)


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
