"""The ledger itself: its head, its public headers, and bodies for those who may see them."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from gateway.api.authentication import Caller
from gateway.api.door import Door
from gateway.api.paging import ENTRY_MAX, PAGE_DEFAULT, Cursor, Limit, Page
from gateway.api.problems import Problem
from kernel.canonical import parse
from ledger.store import StoredEntry

Index = Annotated[int, Path(ge=0, le=ENTRY_MAX)]


def add_records(router: APIRouter, door: Door) -> None:
    """Add what is read of the ledger."""

    @router.get("/ledger/head", tags=["ledger"])
    async def show_head(request: Request) -> dict[str, Any]:
        """Show the last entry's index and leaf hash: keep it, and ``verify --head`` can use it."""
        async with door.view(request) as view:
            index, digest = await view.ledger.head()
        return {"head": str(index), "leaf_hash": digest}

    @router.get("/ledger/entries", tags=["ledger"])
    async def list_entries(
        request: Request,
        after: Annotated[int, Query(ge=-1, le=ENTRY_MAX)] = -1,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List public headers in order, from the entry that follows ``after``."""
        page = Page(door.cursors, scope=f"entries {after}", cursor=cursor, limit=limit)
        (last,) = page.after(after)
        async with door.view(request) as view:
            rows = await view.ledger.page(after=last, limit=page.limit)
        found, following = page.cut(rows, lambda each: (each.index,))
        headers = [parse(each.header) for each in found]
        return {"head": str(view.head), "headers": headers, "next": following}

    @router.get("/ledger/entries/{index}", tags=["ledger"])
    async def show_entry(request: Request, index: Index) -> dict[str, Any]:
        """Show one entry's header, and its postings part to those who may see it."""
        caller = None
        if request.headers.get("authorization") is not None:
            caller = await door.caller(request)
        async with door.view(request) as view:
            found = await view.ledger.entry(index)
        if found is None:
            raise Problem(status=404, code="entry.not_found", field="index", found=str(index))
        body: dict[str, Any] = {"head": str(view.head), "header": parse(found.header)}
        return body | ({} if caller is None else _disclosed(caller, found))


def _disclosed(caller: Caller, found: StoredEntry) -> dict[str, Any]:
    if not caller.watches() and found.body().actor != caller.actor:
        return {}
    return {"postings": parse(found.postings), "postings_key": found.postings_key.hex()}
