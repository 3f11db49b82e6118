"""The way to the writer: a Unix socket, one connection, many requests under way at once.

The end of the connection means that the outcome of what was under way is unknown, so the same
submissions go again under the same keys until the writer, or the one after it, answers. A writer
that is silent for long is left in the same way; its late answer would still have been true.
"""

import asyncio
import time
from itertools import count
from pathlib import Path

import msgspec

from kernel.errors import DomainError
from ledger.machine import Machine
from ledger.sequencer.frames import FrameProtocol
from ledger.sequencer.protocol import (
    SUBMISSIONS_PER_FRAME_MAX,
    Request,
    Response,
    answer_from_wire,
    to_wire,
)
from ledger.sequencer.submission import Answer, Submission, Unavailable

RETRY_SECONDS = 15.0
SILENCE_SECONDS = 5.0
PAUSE_SECONDS = 0.05


class _Lost(Exception):
    """The connection ended before the answer came."""


class WriterClient:
    """Submits commands to the writer behind a socket."""

    def __init__(
        self,
        path: Path,
        machine: Machine,
        *,
        retry_seconds: float = RETRY_SECONDS,
        silence_seconds: float = SILENCE_SECONDS,
    ) -> None:
        self._path = path
        self._machine = machine
        self._retry_seconds = retry_seconds
        self._silence_seconds = silence_seconds
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[Response]] = {}
        self._connection: FrameProtocol | None = None
        self._connecting = asyncio.Lock()
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Response).decode

    async def submit(self, submissions: list[Submission]) -> list[Answer]:
        """Return one answer for each submission, after its commit.

        Raises:
            Unavailable: no writer answered in time, or it did not take one of them; the others
                may have been applied, and sending all again under their keys is safe.
            DomainError: the writer cannot read one of them.
        """
        replies = await self.submit_each(submissions)
        answers = []
        for reply in replies:
            if isinstance(reply, DomainError):
                raise reply
            answers.append(reply)
        return answers

    async def submit_each(self, submissions: list[Submission]) -> list[Answer | DomainError]:
        """Return for each submission its answer, or why the writer did not take it.

        Raises:
            Unavailable: no writer answered in time.
        """
        starts = range(0, len(submissions), SUBMISSIONS_PER_FRAME_MAX)
        parts = [submissions[at : at + SUBMISSIONS_PER_FRAME_MAX] for at in starts]
        if len(parts) == 1:
            return await self._submit_part(parts[0])
        replies = await asyncio.gather(*(self._submit_part(part) for part in parts))
        return [reply for part in replies for reply in part]

    async def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            self._connection.close()
            await asyncio.sleep(0)

    async def _submit_part(self, part: list[Submission]) -> list[Answer | DomainError]:
        until = time.monotonic() + self._retry_seconds
        for attempt in count(1):
            wire = [to_wire(each, attempt=attempt) for each in part]
            try:
                response = await self._exchange(Request(next(self._numbers), wire))
            except (OSError, TimeoutError, _Lost) as error:
                if time.monotonic() > until:
                    raise Unavailable("no writer answers") from error
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            return [answer_from_wire(self._machine, each) for each in response.answers]
        raise AssertionError  # pragma: no cover  count() does not end

    async def _exchange(self, request: Request) -> Response:
        connection = await self._connected()
        waiting: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        self._waiting[request.number] = waiting
        connection.send(self._encode(request))
        try:
            return await asyncio.wait_for(waiting, self._silence_seconds)
        except TimeoutError:
            connection.close()
            raise
        finally:
            self._waiting.pop(request.number, None)

    async def _connected(self) -> FrameProtocol:
        async with self._connecting:
            if self._connection is None:
                loop = asyncio.get_running_loop()
                _, connection = await loop.create_unix_connection(
                    lambda: FrameProtocol(self._received, self._lost), str(self._path)
                )
                self._connection = connection
            return self._connection

    def _received(self, connection: FrameProtocol, payload: bytes) -> None:
        del connection
        response = self._decode(payload)
        waiting = self._waiting.get(response.number)
        if waiting is not None and not waiting.done():
            waiting.set_result(response)

    def _lost(self, connection: FrameProtocol) -> None:
        if self._connection is not connection:
            return
        self._connection = None
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(_Lost())
