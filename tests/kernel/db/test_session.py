"""A reading session cannot write, and a writing one is whole or nothing."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from kernel.db.session import for_sqlalchemy, make_engine, one_transaction, reading, session_maker


@pytest.fixture
async def sessions(empty_database: str) -> AsyncIterator[async_sessionmaker[AsyncSession]]:
    engine = make_engine(empty_database, connections_max=2)
    maker = session_maker(engine)
    async with one_transaction(maker) as session:
        await session.execute(text("CREATE TABLE note (words text)"))
    yield maker
    await engine.dispose()


async def count(sessions: async_sessionmaker[AsyncSession]) -> int:
    async with reading(sessions) as session:
        return int((await session.execute(text("SELECT count(*) FROM note"))).scalar_one())


async def test_a_transaction_commits_at_its_end(
    sessions: async_sessionmaker[AsyncSession],
) -> None:
    async with one_transaction(sessions) as session:
        await session.execute(text("INSERT INTO note VALUES ('kept')"))

    assert await count(sessions) == 1


async def test_a_transaction_that_raises_leaves_nothing(
    sessions: async_sessionmaker[AsyncSession],
) -> None:
    with pytest.raises(ValueError, match="changed my mind"):  # noqa: PT012 - the block must be left
        async with one_transaction(sessions) as session:
            await session.execute(text("INSERT INTO note VALUES ('lost')"))
            raise ValueError("changed my mind")

    assert await count(sessions) == 0


async def test_the_database_refuses_a_write_in_a_reading_session(
    sessions: async_sessionmaker[AsyncSession],
) -> None:
    with pytest.raises(DBAPIError, match="read-only transaction"):
        async with reading(sessions) as session:
            await session.execute(text("INSERT INTO note VALUES ('forbidden')"))

    assert await count(sessions) == 0


def test_the_driver_stands_in_the_address_and_nothing_else_changes() -> None:
    url = "postgresql://ecorights@/yunxi?host=%2Ftmp%2Fsockets&port=5432"

    assert for_sqlalchemy(url) == url.replace("postgresql", "postgresql+asyncpg")
    assert for_sqlalchemy(for_sqlalchemy(url)) == for_sqlalchemy(url)
