"""Every query of the public log: headers in, tiles and checkpoints in and out."""

from collections.abc import Iterable, Mapping

import asyncpg
import msgspec

from ledger.transparency.hashing import HASH_SIZE
from ledger.transparency.tiles import WIDTH, Key

_PUT = (
    "INSERT INTO tile (level, number, hashes) "
    "SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]) "
    "ON CONFLICT (level, number) DO UPDATE SET hashes = EXCLUDED.hashes "
    "WHERE length(EXCLUDED.hashes) > length(tile.hashes)"
)
_GET = (
    "SELECT level, number, hashes FROM tile WHERE (level, number) IN "
    "(SELECT * FROM unnest($1::bigint[], $2::bigint[]))"
)
_NEWEST = "SELECT size, root, note FROM checkpoint ORDER BY size DESC LIMIT 1"


class Published(msgspec.Struct, frozen=True):
    """A checkpoint that was published: its tree, and the note with all lines that came so far."""

    size: int
    root: bytes
    note: str


class LogStore:
    """The public log's rows, on one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def origin(self) -> str | None:
        """Return the log's name, ``None`` before its first entry."""
        found: str | None = await self._connection.fetchval("SELECT origin FROM venue")
        return found

    async def committed(self) -> int:
        """Return how many entries are committed."""
        return int(
            await self._connection.fetchval('SELECT coalesce(max("index") + 1, 0) FROM entry')
        )

    async def integrated(self) -> int:
        """Return how many entries the tiles hold."""
        row = await self._connection.fetchrow(
            "SELECT number, length(hashes) AS length FROM tile WHERE level = 0 "
            "ORDER BY number DESC LIMIT 1"
        )
        if row is None:
            return 0
        return int(row["number"]) * WIDTH + int(row["length"]) // HASH_SIZE

    async def headers(self, first: int, *, until: int) -> list[bytes]:
        """Return the headers of the entries from ``first`` to before ``until``."""
        rows = await self._connection.fetch(
            'SELECT header FROM entry WHERE "index" >= $1 AND "index" < $2 ORDER BY "index"',
            first,
            until,
        )
        return [row["header"] for row in rows]

    async def tiles(self, keys: Iterable[Key]) -> dict[Key, bytes]:
        """Return the bytes of these tiles, as wide as they are; missing ones are left out."""
        wanted = list(keys)
        rows = await self._connection.fetch(
            _GET, [level for level, _ in wanted], [number for _, number in wanted]
        )
        return {(row["level"], row["number"]): row["hashes"] for row in rows}

    async def put_tiles(self, tiles: Mapping[Key, bytes]) -> None:
        """Store tiles, new ones and grown ones; who is behind changes nothing."""
        await self._connection.execute(
            _PUT,
            [level for level, _ in tiles],
            [number for _, number in tiles],
            list(tiles.values()),
        )

    async def newest(self) -> Published | None:
        """Return the last checkpoint that was published."""
        row = await self._connection.fetchrow(_NEWEST)
        return None if row is None else Published(row["size"], row["root"], row["note"])

    async def publish(self, published: Published) -> None:
        """Publish a checkpoint, or add lines to one."""
        await self._connection.execute(
            "INSERT INTO checkpoint (size, root, note) VALUES ($1, $2, $3) "
            "ON CONFLICT (size) DO UPDATE SET note = EXCLUDED.note "
            "WHERE checkpoint.root = EXCLUDED.root",
            published.size,
            published.root,
            published.note,
        )
