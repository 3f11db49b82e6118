"""Every query of the ledger that is not the writer's own: heads, entries, keys."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import asyncpg
import msgspec

from ledger.sequencer.submission import StoredBody, key_hash

ENTRIES_PER_PAGE = 2_000
KEYS_PER_PAGE = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """One entry as it lies in the database, without its personal part (``ledger.personal``)."""

    index: int
    header: bytes
    postings: bytes
    postings_key: bytes
    empty_personal_key: bytes | None

    def body(self) -> StoredBody:
        """Return the postings part, taken apart."""
        return msgspec.json.decode(self.postings, type=StoredBody)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """Where the log stands: its head, its newest row, and how long its writer's lease lasts."""

    head: int
    newest: int
    lease_left_ms: int


_PULSE = """
SELECT head, coalesce((SELECT max("index") FROM entry), -1) AS newest,
       ceil(extract(epoch FROM until - clock_timestamp()) * 1000)::bigint AS lease_left_ms
FROM writer LIMIT 1
"""
_ENTRY = """
SELECT e."index", e.header, e.postings, e.postings_key, e.empty_personal_key FROM entry e
"""


# The first log has no row among the shards; that of the second one names it.
FIRST_ORIGIN = """
SELECT coalesce((SELECT old_origin FROM shard WHERE number = 1), (SELECT origin FROM venue LIMIT 1))
"""


class LedgerStore:
    """Reads of one venue on one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def head(self) -> tuple[int, str]:
        """Return the last committed index and its header's leaf hash."""
        row = await self._connection.fetchrow("SELECT head, head_hash FROM writer LIMIT 1")
        return (-1, "") if row is None else (row["head"], row["head_hash"])

    async def pulse(self) -> Pulse | None:
        """Return where the log stands, ``None`` where no writer has ever been."""
        row = await self._connection.fetchrow(_PULSE)
        return None if row is None else Pulse(**dict(row))

    async def entry(self, index: int) -> StoredEntry | None:
        """Return one entry."""
        row = await self._connection.fetchrow(_ENTRY + 'WHERE e."index" = $1', index)
        return None if row is None else _stored(row)

    async def some(self, indexes: Sequence[int]) -> list[StoredEntry]:
        """Return these entries, in order; one that is not there is left out."""
        rows = await self._connection.fetch(
            _ENTRY + 'WHERE e."index" = ANY($1::bigint[]) ORDER BY e."index"', list(indexes)
        )
        return [_stored(row) for row in rows]

    async def page(self, *, after: int, limit: int = ENTRIES_PER_PAGE) -> list[StoredEntry]:
        """Return the entries that follow one, in order."""
        rows = await self._connection.fetch(
            _ENTRY + 'WHERE e."index" > $1 ORDER BY e."index" LIMIT $2', after, limit
        )
        return [_stored(row) for row in rows]

    async def entries(self) -> AsyncIterator[StoredEntry]:
        """Iterate all entries in order, by short queries."""
        after = -1
        while page := await self.page(after=after):
            for each in page:
                yield each
            after = page[-1].index

    async def by_key(self, *, actor: str, key: str) -> StoredEntry | None:
        """Return the entry that an actor's key made, if there is one."""
        rows = await self._connection.fetch(
            'SELECT "index" FROM idempotency WHERE key_hash = $1 ORDER BY "index" LIMIT 10',
            key_hash(actor, key),
        )
        for row in rows:
            found = await self.entry(row["index"])
            if found is not None:
                body = found.body()
                if (body.actor, body.key) == (actor, key):
                    return found
        return None

    async def known_keys(self, hashes: list[int]) -> set[int]:
        """Return which of these key hashes are in the log."""
        rows = await self._connection.fetch(
            "SELECT key_hash FROM idempotency WHERE key_hash = ANY($1::bigint[])", hashes
        )
        return {row["key_hash"] for row in rows}

    async def latest_keys(self, limit: int) -> list[int]:
        """Return the newest key hashes, oldest first."""
        rows = await self._connection.fetch(
            'SELECT key_hash FROM idempotency ORDER BY "index" DESC LIMIT $1', limit
        )
        return [row["key_hash"] for row in reversed(rows)]


def _stored(row: asyncpg.Record) -> StoredEntry:
    return StoredEntry(**dict(row))
