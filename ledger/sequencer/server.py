"""The writer's socket: requests in, answers out after their commit.

The socket never decides who writes: a second server on its path takes the new connections. The
lease does, with every batch.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec

from ledger.sequencer.frames import FrameProtocol
from ledger.sequencer.pending import Group, Reply
from ledger.sequencer.protocol import (
    SUBMISSIONS_PER_FRAME_MAX,
    Request,
    Response,
    WireSubmission,
    reply_to_wire,
)

Take = Callable[[list[WireSubmission], Group], None]


class WriterServer:
    """Serves one path; ``take`` gets the submissions of each request with the group to answer."""

    def __init__(self, path: Path, take: Take) -> None:
        self._path = path
        self._take = take
        self._connections: set[FrameProtocol] = set()
        self._server: asyncio.Server | None = None
        self._decode = msgspec.msgpack.Decoder(Request).decode
        self._encode = msgspec.msgpack.Encoder().encode

    async def start(self) -> None:
        """Listen; the socket file of a writer that is gone is replaced."""
        self._path.unlink(missing_ok=True)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_unix_server(self._protocol, str(self._path))
        self._path.chmod(0o600)

    async def stop(self) -> None:
        """End all connections: what has no answer is of unknown outcome to its sender."""
        if self._server is not None:
            self._server.close()
        await asyncio.sleep(0)  # answers of this loop turn leave first
        for connection in list(self._connections):
            connection.close()

    def _protocol(self) -> FrameProtocol:
        protocol = FrameProtocol(self._received, self._connections.discard)
        self._connections.add(protocol)
        return protocol

    def _received(self, connection: FrameProtocol, payload: bytes) -> None:
        request = self._decode(payload)
        submissions = request.submissions
        if not 0 < len(submissions) <= SUBMISSIONS_PER_FRAME_MAX:
            raise ValueError(f"{len(submissions)} submissions in a frame")

        def answer(replies: list[Reply]) -> None:
            response = Response(request.number, [reply_to_wire(reply) for reply in replies])
            connection.send(self._encode(response))

        self._take(submissions, Group(len(submissions), answer))
