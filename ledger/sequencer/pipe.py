"""The sequencer's end of the committer: starts it, feeds it, hears its results."""

import asyncio
import os
import socket
import sys
import tempfile
from collections import deque
from contextlib import suppress

import msgspec

from ledger.sequencer.committer import BEGUN, ORDER, SETTING, Order, Result, Setting
from ledger.sequencer.faults import UNSAFE
from ledger.sequencer.fence import Unsafe
from ledger.sequencer.frames import Frames

STOP_SECONDS_MAX = 5
BEGIN_SECONDS_MAX = 20
_RECEIVED_MAX = 1 << 16


class CommitterGone(Exception):
    """The committer's process has ended, or could not begin."""


class CommitterPipe:
    """A running committer process; orders go in and results come out in the same order."""

    def __init__(self, process: asyncio.subprocess.Process, link: socket.socket) -> None:
        self._process = process
        self._link = link
        self._frames = Frames()
        self._results: deque[bytes] = deque()
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Result).decode

    @classmethod
    async def spawn(cls) -> "CommitterPipe":
        """Start a committer that is not connected yet.

        Raises:
            CommitterGone: it ended at once.
        """
        ours, theirs = socket.socketpair()
        ours.setblocking(False)  # noqa: FBT003  the method takes no name
        with theirs:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "ledger.sequencer.committer",
                str(theirs.fileno()),
                pass_fds=[theirs.fileno()],
                env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            )
        pipe = cls(process, ours)
        try:
            await pipe.result()
        except BaseException:
            await pipe.stop()
            raise
        return pipe

    @property
    def gone(self) -> bool:
        """Tell whether the process has ended."""
        return self._process.returncode is not None

    async def begin(self, setting: Setting) -> None:
        """Let it connect for a new epoch; results of the epoch before are dropped.

        Raises:
            CommitterGone: it could not connect, or is silent.
            Unsafe: the database does not keep what it acknowledges.
        """
        self._hand_over(SETTING, msgspec.msgpack.encode(setting))
        try:
            async with asyncio.timeout(BEGIN_SECONDS_MAX):
                while (result := await self.result()).number != BEGUN:
                    pass
        except TimeoutError as error:
            self._kill()
            raise CommitterGone("the committer is silent") from error
        if result.state == UNSAFE:
            raise Unsafe(result.message)
        if result.state:
            raise CommitterGone(result.message)

    @property
    def pid(self) -> int:
        """The committer's process number."""
        return self._process.pid

    def send(self, order: Order) -> None:
        """Hand one transaction over.

        Raises:
            OverflowError, UnicodeEncodeError, TypeError: a value that no message can hold.
            CommitterGone: the process has ended.
        """
        self._hand_over(ORDER, self._encode(order))

    async def result(self) -> Result:
        """Wait for the next result.

        Raises:
            CommitterGone: there will be none.
        """
        loop = asyncio.get_running_loop()
        while not self._results:
            try:
                received = await loop.sock_recv(self._link, _RECEIVED_MAX)
            except OSError as error:
                raise CommitterGone(str(error)) from error
            if not received:
                raise CommitterGone("the committer has ended")
            self._results.extend(self._frames.feed(received))
        return self._decode(self._results.popleft())

    async def stop(self) -> None:
        """End the process and wait until it is gone."""
        self._link.close()
        try:
            await asyncio.wait_for(self._process.wait(), timeout=STOP_SECONDS_MAX)
        except TimeoutError:
            self._kill()
            await self._process.wait()

    def _kill(self) -> None:
        with suppress(ProcessLookupError):  # it has ended just now
            self._process.kill()

    def _hand_over(self, sign: bytes, message: bytes) -> None:
        memory = _memory()
        try:
            view = memoryview(message)
            while view:
                view = view[os.write(memory, view) :]
            socket.send_fds(self._link, [sign], [memory])
        except (BrokenPipeError, ConnectionError) as error:
            raise CommitterGone(str(error)) from error
        finally:
            os.close(memory)


def _memory() -> int:
    """Return the descriptor of a file without a name, in memory where the system can."""
    if sys.platform == "linux":
        return os.memfd_create("batch")
    descriptor, path = tempfile.mkstemp()
    os.unlink(path)  # noqa: PTH108  a path of this moment only
    return descriptor
