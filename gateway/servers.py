"""Which PostgreSQL this installation uses: the embedded one, or the one that was named."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from gateway.database_server import DatabaseServer
from gateway.embedded.cluster import start
from gateway.settings import Settings


@contextmanager
def open_server(settings: Settings) -> Iterator[DatabaseServer]:
    """Use the server of these settings; start the embedded one when it does not run.

    It is stopped at the end only if nobody else uses it. Not for a running event loop:
    starting waits for other programs.

    Raises:
        CannotRun: with a message that names the cause and what to do.
    """
    if settings.database_url is None:
        server: DatabaseServer = start(settings.home)
    else:
        server = DatabaseServer(settings.database_url)
    try:
        asyncio.run(server.version())
        yield server
    finally:
        server.stop()
