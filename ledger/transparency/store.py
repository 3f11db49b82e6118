"""Every query of the public logs: headers in, tiles and checkpoints in and out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import asyncpg
import msgspec

from ledger.transparency.hashing import HASH_SIZE
from ledger.transparency.tiles import WIDTH, Key

SHARDS_MAX = 1_000
_PUT = (
    "INSERT INTO tile (level, number, hashes, shard) "
    "SELECT level, number, hashes, $4::bigint "
    "FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]) AS new (level, number, hashes) "
    "ON CONFLICT (level, number, shard) DO UPDATE SET hashes = EXCLUDED.hashes "
    "WHERE length(EXCLUDED.hashes) > length(tile.hashes)"
)
_GET = (
    "SELECT level, number, hashes FROM tile WHERE (level, number) IN "
    "(SELECT * FROM unnest($1::bigint[], $2::bigint[])) AND shard = $3"
)
_NEWEST = "SELECT size, root, note FROM checkpoint WHERE shard = $1 ORDER BY size DESC LIMIT 1"
_OF_SIZE = "SELECT size, root, note FROM checkpoint WHERE shard = $1 AND size = $2"
# One snapshot has either both or neither of another log's first entry and its row.
_COMMITTED = """
SELECT least((SELECT coalesce(max("index") + 1, 0) FROM entry),
             (SELECT min(first) FROM shard WHERE number > $1))
"""
# The first log has no row; that of the second one names it.
_LOGS = """
SELECT number, origin, first, lead(first) OVER (ORDER BY number) AS "end",
       lead(lost_from) OVER (ORDER BY number) IS NOT NULL AS is_cut FROM (
    SELECT 0::bigint AS number, coalesce((SELECT old_origin FROM shard WHERE number = 1),
           (SELECT origin FROM venue)) AS origin, 0::bigint AS first, NULL::bigint AS lost_from
    UNION ALL SELECT number, origin, first, lost_from FROM shard
) AS logs WHERE origin IS NOT NULL ORDER BY number LIMIT $1
"""


class Published(msgspec.Struct, frozen=True):
    """A checkpoint that was published: its tree, and the note with all lines that came so far."""

    size: int
    root: bytes
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicLog:
    """One of a venue's logs: its name, and its entries from ``first`` to before ``end``.

    The log that goes on has no end. In its own tree it counts from 0. Of one that ``is_cut`` the
    last entries that were published are gone, and it is never signed again.
    """

    number: int
    origin: str
    first: int
    end: int | None = None
    is_cut: bool = False


async def logs_of(connection: asyncpg.Connection) -> list[PublicLog]:
    """Return the venue's logs in their order, none before its first entry."""
    rows = await connection.fetch(_LOGS, SHARDS_MAX)
    return [PublicLog(**dict(row)) for row in rows]


async def current_log(connection: asyncpg.Connection) -> "LogStore | None":
    """Return the rows of the log that goes on, ``None`` before the venue's first entry."""
    logs = await logs_of(connection)
    return LogStore(connection, logs[-1]) if logs else None


async def log_named(connection: asyncpg.Connection, origin: str) -> "LogStore | None":
    """Return the rows of the log with a name, ``None`` where the venue has none."""
    logs = [log for log in await logs_of(connection) if log.origin == origin]
    return LogStore(connection, logs[0]) if logs else None


async def log_with(connection: asyncpg.Connection, index: int) -> "LogStore | None":
    """Return the rows of the log that an entry belongs to, ``None`` before the first entry."""
    logs = [log for log in await logs_of(connection) if log.first <= index]
    return LogStore(connection, logs[-1]) if logs else None


class LogStore:
    """One public log's rows, on one connection; places are those in its own tree."""

    def __init__(self, connection: asyncpg.Connection, log: PublicLog) -> None:
        self._connection = connection
        self.log = log

    @property
    def connection(self) -> asyncpg.Connection:
        """The connection that this store reads on."""
        return self._connection

    @property
    def origin(self) -> str:
        """The log's name."""
        return self.log.origin

    async def committed(self) -> int:
        """Return how many of the log's entries are committed, whatever log goes on after it."""
        return int(await self._connection.fetchval(_COMMITTED, self.log.number)) - self.log.first

    async def integrated(self) -> int:
        """Return how many entries the tiles hold."""
        row = await self._connection.fetchrow(
            "SELECT number, length(hashes) AS length FROM tile WHERE level = 0 AND shard = $1 "
            "ORDER BY number DESC LIMIT 1",
            self.log.number,
        )
        if row is None:
            return 0
        return int(row["number"]) * WIDTH + int(row["length"]) // HASH_SIZE

    async def headers(self, first: int, *, until: int) -> list[bytes]:
        """Return the headers of the entries from ``first`` to before ``until``."""
        rows = await self._connection.fetch(
            'SELECT header FROM entry WHERE "index" >= $1 AND "index" < $2 ORDER BY "index"',
            self.log.first + first,
            self.log.first + until,
        )
        return [row["header"] for row in rows]

    async def tiles(self, keys: Iterable[Key]) -> dict[Key, bytes]:
        """Return the bytes of these tiles, as wide as they are; missing ones are left out."""
        wanted = list(keys)
        rows = await self._connection.fetch(
            _GET, [level for level, _ in wanted], [number for _, number in wanted], self.log.number
        )
        return {(row["level"], row["number"]): row["hashes"] for row in rows}

    async def put_tiles(self, tiles: Mapping[Key, bytes]) -> None:
        """Store tiles, new ones and grown ones; who is behind changes nothing."""
        await self._connection.execute(
            _PUT,
            [level for level, _ in tiles],
            [number for _, number in tiles],
            list(tiles.values()),
            self.log.number,
        )

    async def newest(self) -> Published | None:
        """Return the last checkpoint that was published."""
        row = await self._connection.fetchrow(_NEWEST, self.log.number)
        return None if row is None else Published(row["size"], row["root"], row["note"])

    async def of_size(self, size: int) -> Published | None:
        """Return the checkpoint of a size with the lines that it has by now."""
        row = await self._connection.fetchrow(_OF_SIZE, self.log.number, size)
        return None if row is None else Published(row["size"], row["root"], row["note"])

    async def publish(self, published: Published) -> None:
        """Publish a checkpoint, or add lines to one."""
        await self._connection.execute(
            "INSERT INTO checkpoint (size, root, note, shard) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT (size, shard) DO UPDATE SET note = EXCLUDED.note "
            "WHERE checkpoint.root = EXCLUDED.root",
            published.size,
            published.root,
            published.note,
            self.log.number,
        )
