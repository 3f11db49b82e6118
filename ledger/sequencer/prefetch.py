"""What is not resident, fetched before ``apply``: entries of older keys, postings, rows of shelves.

One task and one connection of its own; all keys that wait are looked up in one query, and so are
the declared rows of one table. A command
goes on to the queue when what it needs is there, so ``apply`` never waits.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg

from ledger.commands import CertifyStatement
from ledger.entry import NO_PERSONAL
from ledger.personal.fetched import fetch_entries
from ledger.personal.parts import PersonalRow, read_whole
from ledger.personal.vault import Vault, VaultUnavailable
from ledger.sequencer.keys import KnownKeys
from ledger.sequencer.pending import Pending
from ledger.sequencer.rows import fetch_rows
from ledger.sequencer.submission import Unavailable
from ledger.shelf import Shelf
from ledger.statements import CertifiedPostings

KEYS_PER_QUERY_MAX = 2_000
PAUSE_SECONDS = 0.2

Certify = Callable[[asyncpg.Connection, CertifyStatement], Awaitable[CertifiedPostings]]

_BY_KEY = (
    'SELECT i.key_hash, e."index", e.postings, e.empty_personal_key '
    'FROM idempotency i JOIN entry e ON e."index" = i."index" '
    'WHERE i.key_hash = ANY($1::bigint[]) ORDER BY e."index"'
)
_PERSONAL = (
    'SELECT "index", subject, key, body FROM entry_personal WHERE "index" = ANY($1::bigint[])'
)
_ORIGIN = "SELECT origin FROM venue LIMIT 1"
_OLDER = 'SELECT key_hash FROM idempotency WHERE "index" <= $1'


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredByKey:
    """A committed entry that a key hash leads to; ``personal`` is ``None`` once erased."""

    index: int
    postings: bytes
    personal: bytes | None


async def stored_by_key(
    connection: asyncpg.Connection, numbers: list[int], *, vault: Vault
) -> dict[int, list[StoredByKey]]:
    """Return the entries of key hashes; two keys may share one hash.

    Raises:
        VaultUnavailable: a personal part among them cannot be read now.
    """
    found: dict[int, list[StoredByKey]] = {}
    rows = await connection.fetch(_BY_KEY, numbers)
    filled = [row["index"] for row in rows if row["empty_personal_key"] is None]
    parts = await _personal_of(connection, filled, vault=vault) if filled else {}
    for row in rows:
        empty = row["empty_personal_key"] is not None
        personal = NO_PERSONAL if empty else parts.get(row["index"])
        entry = StoredByKey(index=row["index"], postings=row["postings"], personal=personal)
        found.setdefault(row["key_hash"], []).append(entry)
    return found


async def _personal_of(
    connection: asyncpg.Connection, indexes: list[int], *, vault: Vault
) -> dict[int, bytes]:
    """Return the personal parts of entries, without those that were erased."""
    origin = await connection.fetchval(_ORIGIN)
    rows: dict[int, list[PersonalRow]] = {}
    for row in await connection.fetch(_PERSONAL, indexes):
        rows.setdefault(row["index"], []).append(PersonalRow(*row))
    opened = {index: read_whole(some, origin=origin, vault=vault) for index, some in rows.items()}
    return {index: part.body for index, part in opened.items() if part is not None}


async def remember_older(
    known: KnownKeys, *, connect: Callable[[], Awaitable[asyncpg.Connection]], until: int
) -> None:
    """Add the keys of all entries up to ``until``; before that, each new key is looked up."""
    while not known.complete:
        try:
            connection = await connect()
            try:
                async with connection.transaction(readonly=True):
                    older = connection.cursor(_OLDER, until, prefetch=KEYS_PER_QUERY_MAX)
                    async for row in older:
                        known.add(row["key_hash"])
                known.complete = True
            finally:
                connection.terminate()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await asyncio.sleep(PAUSE_SECONDS)


class Prefetch:
    """Fetches for one sequencer, in the order of arrival."""

    def __init__(
        self,
        *,
        connect: Callable[[], Awaitable[asyncpg.Connection]],
        certify: Certify,
        vault: Vault,
        shelves: Mapping[str, Shelf[Any]],
        looked_up: Callable[[Pending, list[StoredByKey]], None],
        fetched: Callable[[Pending], None],
        failed: Callable[[Pending, Unavailable], None],
    ) -> None:
        self._connect = connect
        self._certify = certify
        self._vault = vault
        self._shelves = shelves
        self._looked_up = looked_up
        self._fetched = fetched
        self._failed = failed
        self._keys: list[Pending] = []
        self._statements: list[Pending] = []
        self._rows: list[Pending] = []
        self._wake = asyncio.Event()

    def look_up(self, pending: Pending) -> None:
        """Look for the entry that this key made."""
        self._keys.append(pending)
        self._wake.set()

    def fetch(self, pending: Pending) -> None:
        """Fetch what a ``certify_statement`` commits to, or what an erasure erases."""
        self._statements.append(pending)
        self._wake.set()

    def fetch_rows(self, pending: Pending) -> None:
        """Fetch those of its declared rows that are not in memory."""
        self._rows.append(pending)
        self._wake.set()

    async def run(self) -> None:
        """Fetch until cancelled; a lost connection fails what waits, and is opened anew."""
        connection: asyncpg.Connection | None = None
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                try:
                    if connection is None or connection.is_closed():
                        connection = await self._connect()
                    await self._work(connection)
                except VaultUnavailable as error:
                    self._fail_all(Unavailable(str(error)))
                except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                    self._fail_all(Unavailable(f"the database does not answer: {error}"))
                    await asyncio.sleep(PAUSE_SECONDS)
        finally:
            if connection is not None:
                connection.terminate()

    async def _work(self, connection: asyncpg.Connection) -> None:
        while self._keys:
            some = self._keys[:KEYS_PER_QUERY_MAX]
            found = await stored_by_key(
                connection, [each.number for each in some], vault=self._vault
            )
            del self._keys[: len(some)]
            for pending in some:
                self._looked_up(pending, found.get(pending.number, []))
        while self._statements:
            pending = self._statements[0]
            command = pending.submission.command
            if pending.erases is not None:
                pending.fetched = await fetch_entries(connection, pending.erases)
            else:
                assert isinstance(command, CertifyStatement)
                pending.fetched = await self._certify(connection, command)
            del self._statements[0]
            self._fetched(pending)
        while self._rows:
            some = self._rows[:KEYS_PER_QUERY_MAX]
            await fetch_rows(connection, self._shelves, [row for each in some for row in each.held])
            del self._rows[: len(some)]
            for pending in some:
                self._fetched(pending)

    def _fail_all(self, error: Unavailable) -> None:
        waiting = [*self._keys, *self._statements, *self._rows]
        self._keys.clear()
        self._statements.clear()
        self._rows.clear()
        for pending in waiting:
            self._failed(pending, error)
