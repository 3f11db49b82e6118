"""A proxy in front of PostgreSQL that can hold, cut and delay a writer's messages.

It understands just enough of the protocol to know where a transaction stands: the length of each
message, and the text of simple queries (BEGIN, COPY, COMMIT).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from enum import StrEnum
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit

WRITER = b"ecorights-writer:"


class Point(StrEnum):
    """Where in a transaction something happens."""

    FENCED = "after the fence statement"
    COPYING = "inside COPY"
    COMMITTING = "before COMMIT"
    COMMITTED = "after COMMIT before the answer"


class Proxy:
    """Forwards until the writer's next transaction reaches ``hold_at``; then ``reached`` is set.

    ``release`` lets the held bytes go on; ``cut`` ends the client's side of all connections.
    """

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self.hold_at: Point | None = None
        self.reached = asyncio.Event()
        self._released = asyncio.Event()
        self._clients: set[asyncio.StreamWriter] = set()
        self._servers: set[asyncio.StreamWriter] = set()

    def hold(self, point: Point) -> None:
        self.hold_at = point
        self.reached.clear()
        self._released.clear()

    def release(self) -> None:
        self.hold_at = None
        self._released.set()

    def cut(self, *, both: bool = False) -> None:
        for writer in [*self._clients, *(self._servers if both else ())]:
            writer.transport.abort()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_reader, to_writer = await _connect(self._dsn)
        self._clients.add(writer)
        self._servers.add(to_writer)
        session = _Session()
        tasks = [
            asyncio.create_task(self._forth(reader, to_writer, session)),
            asyncio.create_task(self._back(to_reader, writer, session)),
        ]
        try:
            await asyncio.gather(*tasks)
        finally:
            self._clients.discard(writer)
            self._servers.discard(to_writer)
            writer.close()
            to_writer.close()

    async def _forth(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, session: "_Session"
    ) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            size = await reader.readexactly(4)
            startup = await reader.readexactly(int.from_bytes(size, "big") - 4)
            session.writes = WRITER in startup
            writer.write(size + startup)
            while True:
                head = await reader.readexactly(5)
                body = await reader.readexactly(int.from_bytes(head[1:], "big") - 4)
                point = session.point_of(head[:1], body)
                if point is not None and point is self.hold_at:
                    await self._hold()
                if point is Point.COMMITTING and self.hold_at is Point.COMMITTED:
                    session.holds_answer = True
                writer.write(head + body)
                await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()

    async def _back(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, session: "_Session"
    ) -> None:
        with suppress(ConnectionError):
            while received := await reader.read(1 << 16):
                if session.holds_answer:
                    await self._hold()
                    session.holds_answer = False
                writer.write(received)
                await writer.drain()
        writer.close()

    async def _hold(self) -> None:
        self.reached.set()
        await self._released.wait()


async def _connect(dsn: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts = urlsplit(dsn)
    query = parse_qs(parts.query)
    if "host" not in query:
        return await asyncio.open_connection(parts.hostname, parts.port)
    socket = Path(unquote(query["host"][0])) / f".s.PGSQL.{query['port'][0]}"
    return await asyncio.open_unix_connection(str(socket))


class _Session:
    def __init__(self) -> None:
        self.writes = False
        self.holds_answer = False

    def point_of(self, kind: bytes, body: bytes) -> Point | None:
        if not self.writes:
            return None
        if kind == b"d":
            return Point.COPYING
        if kind == b"Q" and body.startswith(b"COPY"):
            return Point.FENCED
        if kind == b"Q" and body.startswith(b"COMMIT"):
            return Point.COMMITTING
        return None


@asynccontextmanager
async def proxy_before(dsn: str, folder: Path) -> AsyncIterator[tuple[Proxy, str]]:
    """Run a proxy before a database; yields it and the address through it."""
    parts = urlsplit(dsn)
    proxy = Proxy(dsn)
    own = folder / ".s.PGSQL.5432"
    server = await asyncio.start_unix_server(proxy.connected, str(own))
    user = "" if parts.username is None else f"{parts.username}@"
    address = f"{parts.scheme}://{user}{parts.path}?host={quote(str(folder), safe='')}"
    try:
        yield proxy, f"{address}&port=5432"
    finally:
        proxy.release()
        server.close()
        proxy.cut(both=True)
        await asyncio.sleep(0)
