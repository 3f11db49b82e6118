"""The anchors of the log: what was anchored where, and the files that an outsider checks."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import PlainTextResponse

from gateway.api.door import Door
from gateway.api.paging import ENTRY_MAX, PAGE_DEFAULT, Cursor, Limit, Page
from gateway.api.problems import Problem
from kernel.canonical import utc_text
from ledger.anchoring.anchor import Anchor, Kind
from ledger.anchoring.requests import REPLY_TYPE
from ledger.anchoring.store import AnchorStore

Size = Annotated[int, Path(ge=1, le=ENTRY_MAX)]
_AFTER_ALL_KINDS = "~"


def add_anchors(router: APIRouter, door: Door) -> None:
    """Add what is read of anchors; all of it is public."""

    @router.get("/ledger/anchors", tags=["ledger"])
    async def list_anchors(
        request: Request, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """List the anchors of checkpoints, the largest trees first; empty where none is set up."""
        page = Page(door.cursors, scope="anchors", cursor=cursor, limit=limit)
        size, kind = page.after(ENTRY_MAX, _AFTER_ALL_KINDS)
        async with door.view(request) as view:
            head = view.head
        # One connection after the other: who holds one and waits for another may wait for ever.
        async with door.reads.connection() as connection:
            rows = await AnchorStore(connection).page(before=(size, kind), limit=page.limit)
        found, following = page.cut(rows, lambda each: (each.size, each.kind))
        shown = [_shown(each) for each in found]
        return {"head": str(head), "anchors": shown, "next": following}

    @router.get("/ledger/anchors/{kind}/{size}/note", tags=["ledger"])
    async def show_note(kind: Kind, size: Size) -> Response:
        """Show the signed checkpoint whose SHA-256 was anchored, byte for byte."""
        found = await _find(door, kind, size)
        return PlainTextResponse(found.note, headers=_as_file(f"checkpoint-{size}.txt"))

    @router.get("/ledger/anchors/{kind}/{size}/token", tags=["ledger"])
    async def show_token(kind: Kind, size: Size) -> Response:
        """Show the authority's reply (RFC 3161) as it came: ``openssl ts -verify`` takes it."""
        found = await _find(door, kind, size)
        if found.token is None:
            raise Problem(
                status=404,
                code="anchor.token_not_found",
                field="size",
                expected="a time stamp that is confirmed",
                found=f"{kind}, {found.state}",
            )
        headers = _as_file(f"checkpoint-{size}.tsr")
        return Response(found.token, media_type=REPLY_TYPE, headers=headers)


async def _find(door: Door, kind: Kind, size: int) -> Anchor:
    async with door.reads.connection() as connection:
        found = await AnchorStore(connection).find(kind, size)
    if found is None:
        raise Problem(
            status=404, code="anchor.not_found", field="size", found=f"{kind} of {size} entries"
        )
    return found


def _shown(anchor: Anchor) -> dict[str, Any]:
    return {
        "kind": anchor.kind,
        "origin": anchor.origin,
        "size": str(anchor.size),
        "root": anchor.root.hex(),
        "note_hash": anchor.note_hash.hex(),
        "state": anchor.state,
        "place": anchor.place or None,
        "reference": anchor.ref,
        "attempts": anchor.attempts,
        "error": anchor.error or None,
        "planned_at": _time(anchor.planned_at),
        "submitted_at": _time(anchor.submitted_at),
        "confirmed_at": _time(anchor.confirmed_at),
        "stated_at": _time(anchor.stated_at),
    }


def _time(at: int | None) -> str | None:
    return None if at is None else utc_text(at, digits=6)


def _as_file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
