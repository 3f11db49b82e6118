"""The public log at its own prefix (c2sp.org/tlog-tiles), and proofs for those who want them made.

Only what the newest published checkpoint covers is served. Everything but the checkpoint never
changes, so whoever has it may keep it for ever.
"""

import base64
from typing import Annotated, Any

import asyncpg
from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import PlainTextResponse

from gateway.api.door import Door
from gateway.api.paging import ENTRY_MAX
from gateway.api.receipts import AWAIT_SECONDS_MAX
from ledger.shards.state import Shard, Shards, load_shards
from ledger.state import Ledger
from ledger.transparency.growing import consistency_proof, inclusion_proof
from ledger.transparency.hashing import HASH_SIZE
from ledger.transparency.proofs import ProofRefused
from ledger.transparency.receipt import MEDIA_TYPE
from ledger.transparency.store import LogStore, current_log, logs_of
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
Number = Annotated[int, Path(ge=0, le=ENTRY_MAX)]
Log = Annotated[int | None, Query(ge=0, le=ENTRY_MAX)]
Await = Annotated[float, Query(ge=0, le=AWAIT_SECONDS_MAX, alias="await")]


def add_tiles(router: APIRouter, door: Door) -> None:
    """Add the resources of the log that goes on, and of each log below its number.

    Errors are plain text, as others' clients expect.
    """

    @router.get("/checkpoint", include_in_schema=False)
    async def show_checkpoint() -> Response:
        return await _checkpoint(door, None)

    @router.get("/tile/{path:path}", include_in_schema=False)
    async def show_tile(path: str) -> Response:
        return await _tile(door, None, path)

    @router.get("/shards/{number}/checkpoint", include_in_schema=False)
    async def show_checkpoint_of(number: Number) -> Response:
        return await _checkpoint(door, number)

    @router.get("/shards/{number}/tile/{path:path}", include_in_schema=False)
    async def show_tile_of(number: Number, path: str) -> Response:
        return await _tile(door, number, path)


async def _checkpoint(door: Door, number: int | None) -> Response:
    async with door.reads.connection() as connection:
        store = await _log(connection, number)
        newest = None if store is None else await store.newest()
    if newest is None:
        return _missing()
    return Response(
        newest.note, media_type="text/plain; charset=utf-8", headers={"Cache-Control": BRIEFLY}
    )


async def _tile(door: Door, number: int | None, path: str) -> Response:
    try:
        place = parse_path(f"tile/{path}")
    except NoSuchTile:
        return _missing()
    async with door.reads.connection() as connection:
        store = await _log(connection, number)
        newest = None if store is None else await store.newest()
        if store is None or newest is None or not covered(place, newest.size):
            return _missing()
        data = await _resource(store, place)
    return Response(data, media_type=BYTES, headers={"Cache-Control": FOREVER})


async def _log(connection: asyncpg.Connection, number: int | None) -> LogStore | None:
    """Return the log of a number, without one that goes on."""
    if number is None:
        return await current_log(connection)
    logs = await logs_of(connection)
    return LogStore(connection, logs[number]) if number < len(logs) else None


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
        log: Log = None,
    ) -> dict[str, Any]:
        """Show the proof that an entry is in the tree of a size that is published.

        The index is that of the entry's header; the log is the one that goes on, or a number.
        """
        del request
        async with door.reads.connection() as connection:
            store = await _need(connection, log, size=size)
            proof = await inclusion_proof(store, index=index, size=size)
        return {"index": str(index), "size": str(size), "proof": _texts(proof)}

    @router.get("/ledger/proofs/consistency", tags=["ledger"])
    async def show_consistency(
        request: Request, old: Size, new: Size, log: Log = None
    ) -> dict[str, Any]:
        """Show the proof that a published tree is the beginning of a larger one."""
        del request
        async with door.reads.connection() as connection:
            store = await _need(connection, log, size=new)
            proof = await consistency_proof(store, old=old, new=new)
        return {"old": str(old), "new": str(new), "proof": _texts(proof)}

    @router.get("/ledger/logs", tags=["ledger"])
    async def list_logs(request: Request) -> dict[str, Any]:
        """List the venue's public logs: names, entries, what is published, and why each began."""
        async with door.view(request) as view:
            connection = view.exchange.connection
            logs = await logs_of(connection)
            newest = [await LogStore(connection, each).newest() for each in logs]
            shards = Shards(Ledger())
            await load_shards(shards, connection)
        shown = [
            {
                "log": str(each.number),
                "origin": each.origin,
                "first_entry": str(each.first),
                "last_entry": None if each.end is None else str(each.end - 1),
                "published_entries": "0" if last is None else str(last.size),
                **_opened(shards.known.get(each.number)),
            }
            for each, last in zip(logs, newest, strict=True)
        ]
        return {"head": str(view.head), "logs": shown}


def _opened(shard: Shard | None) -> dict[str, dict[str, str | None]]:
    """Return why a log began, nothing of the first one."""
    if shard is None:
        return {}
    opened = {
        "reason": shard.reason,
        "old_origin": shard.old_origin,
        "old_size": str(shard.old_size),
        "old_root": shard.old_root,
        "lost_from": None if shard.lost_from is None else str(shard.lost_from),
        "lost_to": None if shard.lost_to is None else str(shard.lost_to),
    }
    return {"opened": opened}


async def _need(connection: asyncpg.Connection, number: int | None, *, size: int) -> LogStore:
    store = await _log(connection, number)
    newest = None if store is None else await store.newest()
    published = 0 if newest is None else newest.size
    if store is None or size > published:
        raise ProofRefused(
            f"a tree of {size} is not published", field="size", expected=f"at most {published}"
        )
    return store


def _texts(proof: list[bytes]) -> list[str]:
    return [base64.b64encode(node).decode() for node in proof]
