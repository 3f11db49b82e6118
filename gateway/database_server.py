"""A PostgreSQL server: the address of one of its databases and what we do to the others.

A venue is one database of its own, so a server holds many venues. The embedded server is a
server too (`gateway.embedded.cluster.Cluster`); a foreign one is given by its URL.
"""

import re
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from gateway.errors import CannotRun, ServerUnreachable

DATABASE_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
SERVER_VERSION_MIN = 150000
CONNECT_SECONDS_MAX = 30


class ServerTooOld(CannotRun):
    """The server is older than the schema needs."""

    def __init__(self, *, found: int) -> None:
        super().__init__(
            f"ECORIGHTS_DATABASE_URL leads to PostgreSQL {found // 10000}, "
            f"version {SERVER_VERSION_MIN // 10000} or newer is needed."
        )
        self.found = found


class DatabaseServer:
    """A server that is reached through `address`, the URL of any of its databases."""

    def __init__(self, address: str) -> None:
        scheme, netloc, path, query, _ = urlsplit(address)
        plain = scheme.partition("+")[0]
        self.address = urlunsplit((plain, netloc, path, query, ""))

    def url(self, database: str) -> str:
        """Return the URL of a database of this server, for asyncpg."""
        _refuse_strange(database)
        parts = urlsplit(self.address)
        # Two slashes by hand: urlunsplit drops them when the host stands in the query.
        return f"{parts.scheme}://{parts.netloc}/{database}?{parts.query}".rstrip("?")

    async def version(self) -> int:
        """Return the server's version number, such as 180004.

        Raises:
            ServerTooOld: it is older than PostgreSQL 15.
            ServerUnreachable: it does not answer, or not to us.
        """
        try:
            found = int(await self._ask("SHOW server_version_num"))
        except (OSError, asyncpg.PostgresError) as error:
            raise ServerUnreachable(str(error)) from error
        if found < SERVER_VERSION_MIN:
            raise ServerTooOld(found=found)
        return found

    async def has_database(self, name: str) -> bool:
        """Tell whether the database exists."""
        _refuse_strange(name)
        query = f"SELECT count(*) FROM pg_database WHERE datname = '{name}'"  # noqa: S608 - checked
        return int(await self._ask(query)) == 1

    async def ensure_database(self, name: str) -> bool:
        """Make the database unless it exists; tell whether it was made.

        The collation is C on every server: text sorts by bytes, so that the order of rows
        does not depend on the machine.
        """
        if await self.has_database(name):
            return False
        try:
            await self._ask(
                f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' "
                "LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'"
            )
        except (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
            # Somebody else made it between the two statements.
            return False
        return True

    async def copy_database(self, *, template: str, name: str) -> None:
        """Make a database as a copy of one that nobody is connected to."""
        _refuse_strange(template)
        _refuse_strange(name)
        await self._ask(f"CREATE DATABASE {name} TEMPLATE {template}")

    async def drop_database(self, name: str) -> None:
        """Drop the database with everything in it, and end its connections."""
        _refuse_strange(name)
        await self._ask(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def stop(self) -> None:
        """Do nothing: a foreign server is not ours to stop."""

    async def _ask(self, statement: str) -> str:
        connection = await asyncpg.connect(self.address, timeout=CONNECT_SECONDS_MAX)
        try:
            return str(await connection.fetchval(statement))
        finally:
            await connection.close()


def _refuse_strange(name: str) -> None:
    if DATABASE_NAME.fullmatch(name) is None:
        raise ValueError(f"not a database name of ours: {name!r}")
