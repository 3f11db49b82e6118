"""A connection to a venue whose log has begun, for commands that only read; in words where not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from gateway.errors import CannotRun
from kernel.errors import DomainError
from ledger.transparency.store import current_log


@asynccontextmanager
async def published_venue(dsn: str) -> AsyncIterator[tuple[asyncpg.Connection, str]]:
    """Yield a connection and the log's name.

    Raises:
        CannotRun: there is no such venue, it has no log, or what was asked of it was refused.
    """
    try:
        connection = await asyncpg.connect(dsn)
    except asyncpg.InvalidCatalogNameError as error:
        raise CannotRun("There is no such venue here: start it with ./ecorights up") from error
    try:
        log = await current_log(connection)
        if log is None:
            raise CannotRun("The venue has no log yet: start it with ./ecorights up")
        yield connection, log.origin
    except asyncpg.UndefinedTableError as error:
        raise CannotRun("The venue has no tables yet: start it with ./ecorights up") from error
    except DomainError as error:
        expected = f" (expected: {error.expected})" if error.expected else ""
        raise CannotRun(f"{error.code}: {error}{expected}") from error
    finally:
        await connection.close()
