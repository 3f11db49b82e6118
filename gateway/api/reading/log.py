"""The public log at its own prefix (c2sp.org/tlog-tiles), and proofs for those who want them made.

Only what the newest published checkpoint covers is served. Everything but the checkpoint never
changes, so whoever has it may keep it for ever.
"""

import base64
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import PlainTextResponse

from gateway.api.door import Door
from gateway.api.paging import ENTRY_MAX
from gateway.api.receipts import AWAIT_SECONDS_MAX
from ledger.transparency.growing import consistency_proof, inclusion_proof
from ledger.transparency.hashing import HASH_SIZE
from ledger.transparency.proofs import ProofRefused
from ledger.transparency.receipt import MEDIA_TYPE
from ledger.transparency.store import LogStore, Published
from ledger.transparency.tiles import (
    WIDTH,
    Bundle,
    NoSuchTile,
    Tile,
    bundle_text,
    covered,
    parse_path,
)

PREFIX = "/log"
FOREVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=1"
BYTES = "application/octet-stream"

Index = Annotated[int, Path(ge=0, le=ENTRY_MAX)]
Size = Annotated[int, Query(ge=1, le=ENTRY_MAX)]
Await = Annotated[float, Query(ge=0, le=AWAIT_SECONDS_MAX, alias="await")]


def add_tiles(router: APIRouter, door: Door) -> None:
    """Add the log's own resources; errors are plain text, as others' clients expect."""

    @router.get("/checkpoint", include_in_schema=False)
    async def show_checkpoint() -> Response:
        async with door.reads.connection() as connection:
            newest = await LogStore(connection).newest()
        if newest is None:
            return _missing()
        return Response(
            newest.note, media_type="text/plain; charset=utf-8", headers={"Cache-Control": BRIEFLY}
        )

    @router.get("/tile/{path:path}", include_in_schema=False)
    async def show_tile(path: str) -> Response:
        try:
            place = parse_path(f"tile/{path}")
        except NoSuchTile:
            return _missing()
        async with door.reads.connection() as connection:
            store = LogStore(connection)
            newest = await store.newest()
            if newest is None or not covered(place, newest.size):
                return _missing()
            data = await _resource(store, place)
        return Response(data, media_type=BYTES, headers={"Cache-Control": FOREVER})


async def _resource(store: LogStore, place: Tile | Bundle) -> bytes:
    if isinstance(place, Tile):
        found = await store.tiles([(place.level, place.number)])
        return found[place.level, place.number][: place.width * HASH_SIZE]
    first = place.number * WIDTH
    return bundle_text(await store.headers(first, until=first + place.width))


def _missing() -> Response:
    return PlainTextResponse("no such resource\n", status_code=404)


def add_proofs(router: APIRouter, door: Door) -> None:
    """Add receipts and proofs, which anybody could also make from the tiles."""

    @router.get("/ledger/receipts/{index}", tags=["ledger"])
    async def show_receipt(index: Index, seconds: Await = 0.0) -> Response:
        """Show the receipt of an entry (c2sp.org/tlog-proof@v1); `await` a checkpoint over it."""
        receipt = await door.receipt(index, seconds=seconds)
        return PlainTextResponse(receipt.text, media_type=MEDIA_TYPE)

    @router.get("/ledger/proofs/inclusion", tags=["ledger"])
    async def show_inclusion(
        request: Request,
        index: Annotated[int, Query(ge=0, le=ENTRY_MAX)],
        size: Size,
    ) -> dict[str, Any]:
        """Show the proof that an entry is in the tree of a size that is published."""
        del request
        async with door.reads.connection() as connection:
            await _need(LogStore(connection), size)
            proof = await inclusion_proof(connection, index=index, size=size)
        return {"index": str(index), "size": str(size), "proof": _texts(proof)}

    @router.get("/ledger/proofs/consistency", tags=["ledger"])
    async def show_consistency(request: Request, old: Size, new: Size) -> dict[str, Any]:
        """Show the proof that a published tree is the beginning of a larger one."""
        del request
        async with door.reads.connection() as connection:
            await _need(LogStore(connection), new)
            proof = await consistency_proof(connection, old=old, new=new)
        return {"old": str(old), "new": str(new), "proof": _texts(proof)}


async def _need(store: LogStore, size: int) -> Published:
    newest = await store.newest()
    if newest is None or size > newest.size:
        published = 0 if newest is None else newest.size
        raise ProofRefused(
            f"a tree of {size} is not published", field="size", expected=f"at most {published}"
        )
    return newest


def _texts(proof: list[bytes]) -> list[str]:
    return [base64.b64encode(node).decode() for node in proof]
