"""The copy has every row of one snapshot, and needs no memory for them."""

import asyncio
import tracemalloc
import uuid
from collections.abc import AsyncIterator

import asyncpg
import pytest

from gateway import schema
from gateway.database_server import DatabaseServer
from gateway.drills.copying import copy_venue
from gateway.drills.definition import NothingToTamper
from gateway.errors import CannotRun

ENTRIES = 20_000
BODY_BYTES = 4_000
MEMORY_BYTES_MAX = 20_000_000
WAITS = "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND relation = 'movement'::regclass"
_FILL = (
    "INSERT INTO entry SELECT n, 'header', convert_to(repeat(md5(n::text), $2 / 32), 'UTF8'), "
    "'key', NULL FROM generate_series(0, $1 - 1) AS n"
)


@pytest.fixture
async def target(cluster: DatabaseServer, template_database: str) -> AsyncIterator[str]:
    name = f"ecorights_test_{uuid.uuid4().hex[:16]}"
    await cluster.copy_database(template=template_database, name=name)
    yield cluster.url(name)
    await cluster.drop_database(name)


async def filled(url: str, *, entries: int) -> asyncpg.Connection:
    connection = await asyncpg.connect(url)
    await connection.execute(_FILL, entries, BODY_BYTES)
    return connection


async def digest(url: str) -> dict[str, str]:
    connection = await asyncpg.connect(url)
    try:
        return {
            table: await connection.fetchval(
                "SELECT coalesce(md5(string_agg(md5(t::text), '' ORDER BY t::text)), '') "
                f'FROM "{table}" t'
            )
            for table in sorted(schema.all_tables().tables)
        }
    finally:
        await connection.close()


async def test_every_row_arrives_and_none_of_them_stays_in_memory(
    database: str, target: str
) -> None:
    source = await filled(database, entries=ENTRIES)
    await source.execute("INSERT INTO idempotency VALUES (7, 0), (8, 3999999), (9, 4000000)")
    await source.execute("INSERT INTO calendar_day VALUES ('main', 1, '{1,2}', '{}')")
    await source.close()
    tracemalloc.start()
    try:
        copied = await copy_venue(database, target, entries_max=ENTRIES)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert copied == ENTRIES
    assert await digest(target) == await digest(database)
    assert peak < MEMORY_BYTES_MAX < ENTRIES * BODY_BYTES / 3


async def test_what_is_committed_while_it_copies_stays_out(database: str, target: str) -> None:
    source = await filled(database, entries=100)
    before = await digest(database)
    # The copy waits for a table in the middle; meanwhile a later table grows.
    blocking = source.transaction()
    await blocking.start()
    await source.execute("LOCK TABLE movement IN ACCESS EXCLUSIVE MODE")
    copying = asyncio.create_task(copy_venue(database, target, entries_max=100))
    async with asyncio.timeout(10):
        while not await source.fetchval(WAITS):  # noqa: ASYNC110  nothing tells of a lock
            await asyncio.sleep(0.01)
    await source.execute("INSERT INTO party VALUES ('Z', 'enterprise', '', '')")
    await source.execute("INSERT INTO movement VALUES (1, 1, 1, 2, 'CNY', 5, '')")
    await blocking.commit()
    await source.close()

    assert await copying == 100
    assert await digest(target) == before


async def test_a_target_that_refuses_ends_the_copy(database: str, target: str) -> None:
    source = await filled(database, entries=5_000)
    await source.close()
    connection = await asyncpg.connect(target)
    await connection.execute("ALTER TABLE entry ADD CHECK (index < 4000)")
    await connection.close()

    with pytest.raises(ExceptionGroup) as caught:
        await copy_venue(database, target, entries_max=5_000)

    assert caught.group_contains(asyncpg.CheckViolationError)


async def test_too_few_and_too_many_entries_are_refused(database: str, target: str) -> None:
    source = await filled(database, entries=15)
    with pytest.raises(NothingToTamper, match="15 entries"):
        await copy_venue(database, target, entries_max=100)
    await source.execute("INSERT INTO entry VALUES (100, '', '', '', NULL)")
    await source.close()
    with pytest.raises(CannotRun, match="--entries-max 101"):
        await copy_venue(database, target, entries_max=100)
