"""A venue with a story, made once for all tests of rows; each test opens a copy of its own."""

import asyncio
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from gateway.database_server import DatabaseServer
from ledger.anchoring.anchor import Kind, planned
from ledger.anchoring.store import AnchorStore
from ledger.transparency.publishing import Publisher
from ledger.transparency.signing import Signed, Signers, SignRequest, add_secret
from ledger.transparency.store import LogStore, logs_of
from tests.ledger.rows.scribe import Scribe, found_venue
from tests.ledger.rows.stream import tell_story


@pytest.fixture
async def connection(database: str) -> AsyncIterator[asyncpg.Connection]:
    opened = await asyncpg.connect(database)
    yield opened
    await opened.close()


@pytest.fixture
def scribe(connection: asyncpg.Connection) -> Scribe:
    """A venue with members and books, nothing committed yet."""
    made = Scribe(connection)
    found_venue(made)
    return made


async def publish(connection: asyncpg.Connection) -> None:
    """Publish the story's logs once, by a signer of their own, and anchor the first."""
    first, *_ = logs = await logs_of(connection)
    origin, published = first.origin, None
    with tempfile.TemporaryDirectory() as folder:
        signers = Signers(Path(folder))

        async def sign(request: SignRequest) -> Signed:
            return signers.answer(request)

        for log in reversed(logs):
            add_secret(Path(folder), log.origin)
            published = await Publisher(store=LogStore(connection, log), sign=sign).step()
    assert published is not None
    await AnchorStore(connection).plan(planned(Kind.CHAIN, origin, published, now=0))
    stamp = planned(Kind.TIMESTAMP, origin, published, now=0)
    await AnchorStore(connection).plan(stamp)
    await AnchorStore(connection).attempt(stamp, place="http://tsa.example", now=1)
    await AnchorStore(connection).confirm(stamp, ref="1", now=2, stated_at=2, token=b"a token")


@pytest.fixture(scope="module")
def story_database(cluster: DatabaseServer, template_database: str) -> Iterator[str]:
    """The URL of a database in which a whole story is committed; tests leave it as it was."""
    name = f"ecorights_story_{uuid.uuid4().hex[:16]}"

    async def write() -> None:
        await cluster.copy_database(template=template_database, name=name)
        connection = await asyncpg.connect(cluster.url(name))
        try:
            scribe = Scribe(connection)
            found_venue(scribe)
            await tell_story(scribe)
            await publish(connection)
        finally:
            await connection.close()

    asyncio.run(write())
    yield cluster.url(name)
    asyncio.run(cluster.drop_database(name))


@pytest.fixture
async def story(story_database: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to the story inside a transaction that is rolled back, whatever a test does."""
    connection = await asyncpg.connect(story_database)
    transaction = connection.transaction(isolation="repeatable_read")
    await transaction.start()
    await connection.execute("SET LOCAL session_replication_role = replica")
    yield connection
    await transaction.rollback()
    await connection.close()
