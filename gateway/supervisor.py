"""Start the processes of a service, watch them, and stop all of them.

Rules:
1. A process counts as started when it has announced that it is ready (`gateway.readiness`).
   One that needs another is started after it; those that need not are started together.
2. When one dies, the service is broken: the caller learns which, how, and its last words.
3. `stop` ends the processes in the reverse order: SIGTERM, and SIGKILL after a grace.
4. A process `aside` breaks nothing: when it ends, or never gets ready, it is started again.
5. Each child has a session of its own, so Ctrl-C reaches only us; on Linux it gets SIGTERM
   when we are killed ourselves.
"""

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from gateway.errors import ChildEnded, ChildNotReady
from gateway.readiness import READY_FD_VARIABLE

READY_SECONDS_MAX = 120.0
STOP_SECONDS_MAX = 30.0
AGAIN_SECONDS = 10.0
LOG_BYTES_MAX = 10_000_000
LAST_WORDS_LINES_MAX = 15
LAST_WORDS_BYTES_MAX = 20_000
PR_SET_PDEATHSIG = 1

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessPlan:
    """A process to start: its name for people, its command, and where its output goes."""

    name: str
    command: tuple[str, ...]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    ready_seconds_max: float = READY_SECONDS_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A process that was started, and where its output begins in the log."""

    plan: ProcessPlan
    process: asyncio.subprocess.Process
    log_start: int

    @property
    def pid(self) -> int:
        """The process number."""
        return self.process.pid

    def last_words(self) -> str:
        """Return the end of what this child has said."""
        with self.plan.log.open("rb") as log:
            size = log.seek(0, os.SEEK_END)
            log.seek(max(self.log_start, size - LAST_WORDS_BYTES_MAX))
            text = log.read().decode("utf-8", errors="replace")
        return "\n".join(text.rstrip().splitlines()[-LAST_WORDS_LINES_MAX:])


class Supervisor:
    """The processes of one service."""

    def __init__(
        self, *, stop_seconds_max: float = STOP_SECONDS_MAX, again_seconds: float = AGAIN_SECONDS
    ) -> None:
        self._stop_seconds_max = stop_seconds_max
        self._again_seconds = again_seconds
        self._children: list[Child] = []
        self._asides: list[asyncio.Task[None]] = []

    async def start(self, plan: ProcessPlan) -> Child:
        """Start a process and wait until it is ready.

        Raises:
            ChildEnded: it ended first.
            ChildNotReady: it lives and stays silent for too long.
        """
        [child] = await self.start_together([plan])
        return child

    async def start_together(self, plans: Iterable[ProcessPlan]) -> list[Child]:
        """Start processes that do not need each other to begin; wait until all are ready.

        Raises:
            ChildEnded: one ended first.
            ChildNotReady: one lives and stays silent for too long.
        """
        started: list[Child] = []
        silent: list[tuple[Child, int]] = []
        try:
            for plan in plans:
                reading_end, writing_end = os.pipe()
                try:
                    child = await _spawn(plan, ready_fd=writing_end)
                except BaseException:
                    os.close(reading_end)
                    raise
                finally:
                    os.close(writing_end)
                self._children.append(child)
                started.append(child)
                silent.append((child, reading_end))
            while silent:
                await _until_ready(*silent.pop(0))
        finally:
            for _, reading_end in silent:
                os.close(reading_end)
        return started

    def keep_aside(self, plan: ProcessPlan) -> None:
        """Start a process that the service does not need, and again whenever it ends."""
        self._asides.append(asyncio.create_task(self._keep(plan)))

    async def _keep(self, plan: ProcessPlan) -> None:
        while True:
            # Nobody waits for its word that it is ready; the pipe must take it all the same.
            reading_end, writing_end = os.pipe()
            try:
                child = await _spawn(plan, ready_fd=writing_end)
                try:
                    log.warning("aside_ended", reason=str(await _ended(child)))
                finally:
                    await _end(child.process, self._stop_seconds_max)
            finally:
                os.close(reading_end)
                os.close(writing_end)
            await asyncio.sleep(self._again_seconds)

    @property
    def pids(self) -> list[int]:
        """The process numbers of those that were started."""
        return [child.pid for child in self._children]

    async def first_end(self) -> ChildEnded:
        """Wait until any of the processes ends, and say which and how."""
        waits = [asyncio.create_task(_ended(child)) for child in self._children]
        try:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            return next(wait for wait in waits if wait in done).result()
        finally:
            for wait in waits:
                wait.cancel()

    async def stop(self) -> None:
        """End every process that was started, the last one first."""
        for aside in self._asides:
            aside.cancel()
        try:
            await asyncio.gather(*self._asides, return_exceptions=True)
            while self._children:
                await _end(self._children[-1].process, self._stop_seconds_max)
                self._children.pop()
            await asyncio.gather(*self._asides, return_exceptions=True)
            self._asides.clear()
        finally:
            # Interrupted once more: no grace for those that are left. They are waited for all the
            # same, so that none of them outlives the loop that watches it.
            self._asides.clear()
            for child in self._children:
                _signal(child.process, signal.SIGKILL)
            for child in self._children:
                await child.process.wait()


async def _spawn(plan: ProcessPlan, *, ready_fd: int) -> Child:
    plan.log.parent.mkdir(parents=True, exist_ok=True)
    if plan.log.exists() and plan.log.stat().st_size > LOG_BYTES_MAX:
        plan.log.replace(plan.log.with_suffix(".log.1"))
    with plan.log.open("ab") as log:
        # Before it starts: the place in the file is shared with the child, which may write at once.
        log_start = log.seek(0, os.SEEK_END)
        process = await asyncio.create_subprocess_exec(
            *plan.command,
            env=os.environ | plan.environment | {READY_FD_VARIABLE: str(ready_fd)},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(ready_fd,),
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform.startswith("linux") else None,
        )
        return Child(plan=plan, process=process, log_start=log_start)


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


async def _until_ready(child: Child, reading_end: int) -> None:
    plan = child.plan
    try:
        async with asyncio.timeout(plan.ready_seconds_max):
            if await _first_line(reading_end) != b"ready\n":
                raise await _ended(child)
    except TimeoutError as error:
        raise ChildNotReady(
            plan.name,
            seconds=plan.ready_seconds_max,
            last_words=child.last_words(),
            log=str(plan.log),
        ) from error


async def _first_line(reading_end: int) -> bytes:
    """Read a line; the pipe is the loop's from now on, which closes it in its own time."""
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(reading_end, "rb")
    )
    try:
        return await reader.readline()
    finally:
        transport.close()


async def _ended(child: Child) -> ChildEnded:
    status = await child.process.wait()
    how = f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with {status}"
    return ChildEnded(
        child.plan.name, how=how, last_words=child.last_words(), log=str(child.plan.log)
    )


async def _end(process: asyncio.subprocess.Process, seconds_max: float) -> None:
    _signal(process, signal.SIGTERM)
    try:
        async with asyncio.timeout(seconds_max):
            await process.wait()
    except TimeoutError:
        pass
    finally:
        # It was too slow, or we were interrupted once more.
        _signal(process, signal.SIGKILL)
        await process.wait()


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    if process.returncode is None:
        process.send_signal(number)
