"""Writers in processes of their own: started, stopped in their tracks, killed."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


class WriterProcess:
    """A writer and its committer; ``ready`` ends when it serves."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def until_ready(self) -> None:
        assert self.process.stdout is not None
        async with asyncio.timeout(30):
            line = await self.process.stdout.readline()
            while line and line.strip() != b"ready":
                line = await self.process.stdout.readline()
        assert line, "the writer ended before it was ready"

    def family(self) -> list[int]:
        """Return the process numbers of the writer and of its committer."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [self.process.pid, *map(int, children.read_text().split())]

    def freeze(self) -> None:
        for number in self.family():
            os.kill(number, signal.SIGSTOP)

    def wake(self) -> None:
        for number in self.family():
            os.kill(number, signal.SIGCONT)

    async def kill(self) -> None:
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()

    async def kill_family(self) -> None:
        """Kill the writer and its committer, frozen or not."""
        for number in self.family():
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        await self.process.wait()

    async def ended(self) -> int:
        async with asyncio.timeout(30):
            return await self.process.wait()


@asynccontextmanager
async def writer_process(
    dsn: str, socket: Path, *, clock: str = "system"
) -> AsyncIterator[WriterProcess]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.ledger.sequencer.writer_process",
        dsn,
        str(socket),
        clock,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    writer = WriterProcess(process)
    try:
        yield writer
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError, FileNotFoundError):
                writer.wake()
            await writer.kill()
