"""The lease of a venue's writer: checked by every batch, taken only from a writer that is gone.

The row ``writer`` holds epoch, head and the time until which its holder may go on, by the
database's clock. A standby reads it without a lock until it has run out, ends every backend of the
old writer and waits until none is left, raises the epoch, and only then reads head and state. An
unknown outcome of a commit is settled the same way, by taking the lease over from oneself.

Ending the backends is not a precaution: a writer that was stopped inside COPY holds the row and
obeys no timeout, and its uncommitted keys would block the next writer's.
"""

import asyncio
import time
from dataclasses import dataclass

import asyncpg

from ledger.entry import FIRST_PREVIOUS, leaf_hash

POLL_SECONDS = 0.1
TERMINATE_TRIES_MAX = 100
CLOCK_DIFFERENCE_MAX_SECONDS = 2.0
UNSAFE_SETTINGS = ("fsync", "full_page_writes", "synchronous_commit")

FENCE = (
    "UPDATE writer SET head = $3, head_hash = $4, backend_pid = pg_backend_pid(), "
    "until = clock_timestamp() + make_interval(secs => $5) "
    "WHERE venue = $1 AND epoch = $2 AND head = $6 "
    "RETURNING extract(epoch FROM clock_timestamp())::float8"
)
_TAKE = (
    "UPDATE writer w SET epoch = w.epoch + 1, holder = $2, "
    "until = clock_timestamp() + make_interval(secs => $3) "
    "FROM (SELECT venue, holder FROM writer) old "
    "WHERE w.venue = $1 AND old.venue = w.venue AND "
)
_GIVES = " RETURNING w.epoch, w.head, w.head_hash, old.holder AS old_holder"
TAKE_EXPIRED = _TAKE + "w.until < clock_timestamp()" + _GIVES
TAKE_OWN = _TAKE + "w.epoch = $4" + _GIVES


class Unsafe(Exception):
    """The database would lose what was acknowledged, or its log and this writer's row part."""


class LeaseLost(Exception):
    """Another writer has the lease."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to commit for a venue, and where its log stood when it was taken.

    ``after_death`` tells that the writer before did not give the lease back.
    """

    venue: str
    epoch: int
    head: int
    head_hash: str
    after_death: bool


def application_name(venue: str) -> str:
    """Return the name by which a venue's writing backends are known."""
    return f"ecorights-writer:{venue}"


def clock_difference(theirs: float, *, before: float, after: float) -> float:
    """Return by how many seconds a clock lies outside the span in which it was read."""
    return max(before - theirs, theirs - after, 0.0)


async def refuse_unsafe(connection: asyncpg.Connection, *, ahead: float = 0.0) -> None:
    """Refuse a database that does not keep what it acknowledges.

    ``ahead`` shifts this machine's clock, in seconds.

    Raises:
        Unsafe: fsync, full_page_writes or synchronous_commit is off, or the clocks part.
    """
    for name in UNSAFE_SETTINGS:
        if await connection.fetchval("SELECT current_setting($1)", name) == "off":
            raise Unsafe(f"{name} is off: an acknowledged command could be lost")
    before = time.time() + ahead
    theirs = await connection.fetchval("SELECT extract(epoch FROM clock_timestamp())::float8")
    apart = clock_difference(theirs, before=before, after=time.time() + ahead)
    if apart > CLOCK_DIFFERENCE_MAX_SECONDS:
        raise Unsafe(f"the database's clock and this machine's part by {apart:.1f} s")


async def acquire(connection: asyncpg.Connection, *, venue: str, holder: str, ttl: float) -> Lease:
    """Wait for the lease and take it.

    Raises:
        Unsafe: the log and the lease row contradict each other (deleted, or from a backup).
    """
    await _ensure_row(connection, venue=venue)
    while True:
        free = await connection.fetchval(
            "SELECT until < clock_timestamp() FROM writer WHERE venue = $1", venue
        )
        if free is None:
            raise Unsafe("the writer row was deleted")
        if free:
            lease = await _take(connection, TAKE_EXPIRED, venue=venue, values=(venue, holder, ttl))
            if lease is not None:
                return lease
        await asyncio.sleep(POLL_SECONDS)


async def retake(
    connection: asyncpg.Connection, *, venue: str, epoch: int, holder: str, ttl: float
) -> Lease:
    """Take the lease over from oneself, after an unknown outcome.

    Raises:
        LeaseLost: another writer has it.
        Unsafe: the log and the lease row contradict each other.
    """
    lease = await _take(connection, TAKE_OWN, venue=venue, values=(venue, holder, ttl, epoch))
    if lease is None:
        raise LeaseLost("another writer has the lease")
    return lease


async def keep(connection: asyncpg.Connection, *, venue: str, epoch: int, ttl: float) -> None:
    """Renew the lease until cancelled: while its holder still loads, and writes nothing."""
    while True:
        await connection.execute(
            "UPDATE writer SET until = clock_timestamp() + make_interval(secs => $3) "
            "WHERE venue = $1 AND epoch = $2",
            venue,
            epoch,
            ttl,
        )
        await asyncio.sleep(ttl / 4)


async def release(connection: asyncpg.Connection, *, venue: str, epoch: int) -> None:
    """Give the lease back, so that the next writer need not wait and knows of no death."""
    await connection.execute(
        "UPDATE writer SET until = clock_timestamp() - interval '1 second', holder = '' "
        "WHERE venue = $1 AND epoch = $2",
        venue,
        epoch,
    )


async def _ensure_row(connection: asyncpg.Connection, *, venue: str) -> None:
    if await connection.fetchval("SELECT count(*) FROM writer WHERE venue = $1", venue):
        return
    if await connection.fetchval("SELECT EXISTS (SELECT 1 FROM entry)"):
        raise Unsafe("the log has entries and no writer row: restored from a backup, or deleted")
    await connection.execute(
        "INSERT INTO writer (venue, epoch, head, head_hash, holder, backend_pid, until) "
        "VALUES ($1, 0, -1, $2, '', 0, clock_timestamp() - interval '1 second') "
        "ON CONFLICT DO NOTHING",
        venue,
        FIRST_PREVIOUS,
    )


async def _take(
    connection: asyncpg.Connection, statement: str, *, venue: str, values: tuple[object, ...]
) -> Lease | None:
    own = statement is TAKE_OWN
    epoch = values[-1] if own else -1
    for _ in range(TERMINATE_TRIES_MAX):
        await _terminate_writers(connection, venue=venue, epoch=epoch)
        try:
            async with connection.transaction():
                await connection.execute("SET LOCAL lock_timeout = '200ms'")
                row = await connection.fetchrow(statement, *values)
        except asyncpg.LockNotAvailableError:
            continue
        if row is None:
            return None
        await _check_head(connection, head=row["head"], head_hash=row["head_hash"])
        return Lease(
            venue=venue,
            epoch=row["epoch"],
            head=row["head"],
            head_hash=row["head_hash"],
            after_death=bool(row["old_holder"]) and not own,
        )
    raise Unsafe("the old writer's backends do not end")


async def _check_head(connection: asyncpg.Connection, *, head: int, head_hash: str) -> None:
    row = await connection.fetchrow(
        'SELECT "index", header FROM entry ORDER BY "index" DESC LIMIT 1'
    )
    found = (-1, FIRST_PREVIOUS) if row is None else (row["index"], leaf_hash(row["header"]))
    if found != (head, head_hash):
        raise Unsafe(
            f"the writer row names head {head}, the log ends with {found[0]}: "
            "one of them was changed or restored from a backup"
        )


async def _terminate_writers(connection: asyncpg.Connection, *, venue: str, epoch: object) -> None:
    """End every backend of the venue's writer and wait until none is left.

    Nobody's backend is ended while the lease is another's: it must have run out, or be of
    ``epoch``, our own.
    """
    for _ in range(TERMINATE_TRIES_MAX):
        left = await connection.fetch(
            "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = $1 "
            "AND pid <> pg_backend_pid() AND EXISTS (SELECT 1 FROM writer "
            "WHERE venue = $2 AND (epoch = $3 OR until < clock_timestamp()))",
            application_name(venue),
            venue,
            epoch,
        )
        if not left:
            return
