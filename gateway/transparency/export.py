"""The public log as files: what a folder needs so that any file server can serve the log."""

from pathlib import Path

import asyncpg

from gateway.errors import CannotRun
from ledger.transparency.hashing import HASH_SIZE
from ledger.transparency.store import current_log
from ledger.transparency.tiles import WIDTH, bundle_text, bundles_of, tiles_of


async def export_log(dsn: str, folder: Path) -> tuple[int, int]:
    """Write the newest published log below a folder; return its size and the number of files.

    Files that are there with the same length stay as they are, for they never change. The
    checkpoint comes last, so that a half-finished folder is an older log and not a broken one.

    Raises:
        CannotRun: nothing has been published.
    """
    connection = await asyncpg.connect(dsn)
    try:
        store = await current_log(connection)
        newest = None if store is None else await store.newest()
        if store is None or newest is None:
            raise CannotRun("The log has no checkpoint yet: let `./ecorights up` run for a moment")
        files = 0
        for tile in tiles_of(newest.size):
            found = await store.tiles([(tile.level, tile.number)])
            data = found[tile.level, tile.number][: tile.width * HASH_SIZE]
            files += _write(folder / tile.path, data)
        for bundle in bundles_of(newest.size):
            first = bundle.number * WIDTH
            headers = await store.headers(first, until=first + bundle.width)
            files += _write(folder / bundle.path, bundle_text(headers))
    finally:
        await connection.close()
    files += _write(folder / "checkpoint", newest.note.encode())
    return newest.size, files


def _write(path: Path, data: bytes) -> int:
    if path.name != "checkpoint" and path.exists() and path.stat().st_size == len(data):
        return 1
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.new")
    draft.write_bytes(data)
    draft.replace(path)
    return 1
