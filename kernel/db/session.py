"""Sessions that read and sessions that write are different types.

A query endpoint is given a `ReadSession` and cannot write by accident: its transaction is
read-only in the database too. The edge owns the transaction; services flush and never
commit. The sequencer does not come through here: it has its own connection.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NewType
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

ReadSession = NewType("ReadSession", AsyncSession)
WriteSession = NewType("WriteSession", ReadSession)

CONNECTIONS_MAX = 20


def make_engine(url: str, *, connections_max: int = CONNECTIONS_MAX) -> AsyncEngine:
    """Return an engine for a plain `postgresql://` URL; the caller disposes of it."""
    return create_async_engine(
        for_sqlalchemy(url), pool_size=connections_max, max_overflow=0, pool_pre_ping=True
    )


def for_sqlalchemy(url: str) -> str:
    """Return the URL with the driver that SQLAlchemy is to use."""
    scheme = urlsplit(url).scheme
    return f"postgresql+asyncpg{url.removeprefix(scheme)}"


def session_maker(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Return the factory that `one_transaction` and `reading` draw from."""
    return async_sessionmaker(engine, expire_on_commit=False)


@asynccontextmanager
async def one_transaction(
    sessions: async_sessionmaker[AsyncSession],
) -> AsyncIterator[WriteSession]:
    """Commit at the end, or roll back when anything is raised."""
    async with sessions.begin() as session:
        yield WriteSession(ReadSession(session))


@asynccontextmanager
async def reading(sessions: async_sessionmaker[AsyncSession]) -> AsyncIterator[ReadSession]:
    """Read one consistent state; the database refuses every write."""
    async with sessions.begin() as session:
        await session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        yield ReadSession(session)
