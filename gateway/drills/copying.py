"""Copies a venue's rows into a freshly migrated database while the venue serves.

By COPY in one repeatable-read snapshot. ``CREATE DATABASE ... TEMPLATE`` would need the venue to
stop; ``pg_dump`` would need programs that fit a foreign server. The schema comes from the
migrations, so it is known to be right, and the venue's own is compared with it. A few chunks are in
memory at any time, whatever the size.
"""

import asyncio
from collections.abc import AsyncIterator

import asyncpg

from gateway import schema
from gateway.drills.definition import NothingToTamper
from gateway.errors import CannotRun

CHUNKS_MAX = 16
ENTRIES_MIN = 16
HOW_TO_LOAD = "Load the demonstration first: ./ecorights up"


async def copy_venue(source: str, target: str, *, entries_max: int) -> int:
    """Copy all rows between the databases of two URLs; return the number of entries.

    Raises:
        NothingToTamper: too few entries, with how to get some.
        CannotRun: more than ``entries_max`` entries.
    """
    tables = schema.all_tables().tables
    reading = await asyncpg.connect(source)
    writing = await asyncpg.connect(target)
    try:
        # No trigger of a foreign key may depend on the order of the tables.
        await writing.execute("SET session_replication_role = replica")
        async with reading.transaction(isolation="repeatable_read", readonly=True):
            count = await _count(reading, entries_max=entries_max)
            for name in sorted(tables):
                columns = [column.name for column in tables[name].columns]
                await _copy(reading, writing, table=name, columns=columns)
        return count
    finally:
        reading.terminate()
        await writing.close()


async def _count(connection: asyncpg.Connection, *, entries_max: int) -> int:
    found = await connection.fetchval('SELECT coalesce(max("index") + 1, 0) FROM entry')
    count = int(found)
    if count < ENTRIES_MIN:
        raise NothingToTamper(f"The venue has {count} entries to tamper with. {HOW_TO_LOAD}")
    if count > entries_max:
        raise CannotRun(
            f"The venue has {count} entries, and every drill reads a copy of all of them. "
            f"Allow it with --entries-max {count}, best with --only NAME."
        )
    return count


async def _copy(
    reading: asyncpg.Connection, writing: asyncpg.Connection, *, table: str, columns: list[str]
) -> None:
    chunks: asyncio.Queue[bytes | None] = asyncio.Queue(CHUNKS_MAX)
    names = ", ".join(f'"{column}"' for column in columns)

    async def read() -> None:
        query = f'SELECT {names} FROM "{table}"'  # names from the catalogue
        await reading.copy_from_query(query, output=chunks.put, format="binary")
        await chunks.put(None)

    async def arriving() -> AsyncIterator[bytes]:
        while (chunk := await chunks.get()) is not None:
            yield chunk

    async with asyncio.TaskGroup() as group:
        group.create_task(read())
        await writing.copy_to_table(table, source=arriving(), columns=columns, format="binary")
