"""A scribe on a database of the test's own, before its first entry."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.ledger.rows.scribe import Scribe


@pytest.fixture
async def connection(database: str) -> AsyncIterator[asyncpg.Connection]:
    opened = await asyncpg.connect(database)
    yield opened
    await opened.close()


@pytest.fixture
def scribe(connection: asyncpg.Connection) -> Scribe:
    return Scribe(connection)
