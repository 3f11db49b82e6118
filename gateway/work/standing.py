"""How the workers stand, for the health page and the command line."""

import asyncio
import contextlib

import asyncpg

from gateway.work import statements
from gateway.work.store import MICROSECONDS

SILENT_SECONDS = 30.0
BEAT_SECONDS = 5.0
NONE = "none"
STARTING = "starting"


class Beats:
    """What a worker says of itself every few seconds, and at once when it changes."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._queue = ""
        self._trouble = ""
        self._processes = 0
        self._changed = asyncio.Event()

    def change(
        self, *, queue: str | None = None, trouble: str | None = None, processes: int = 0
    ) -> None:
        """Say from now on which queue it is, what troubles it, and how many more are ready."""
        before = (self._queue, self._trouble, self._processes)
        self._queue = self._queue if queue is None else queue
        self._trouble = self._trouble if trouble is None else trouble
        self._processes += processes
        if before != (self._queue, self._trouble, self._processes):
            self._changed.set()

    async def next(self) -> None:
        """Wait until it is time to say something."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), BEAT_SECONDS)
        self._changed.clear()

    async def beat(self, connection: asyncpg.Connection) -> None:
        """Say that the worker lives, and what troubles it; forget those that are long silent."""
        await connection.execute(
            statements.BEAT, self._name, self._processes, self._queue, self._trouble
        )
        await connection.execute(statements.SILENT, int(10 * SILENT_SECONDS * MICROSECONDS))

    async def end(self, connection: asyncpg.Connection) -> None:
        """Say good-bye."""
        await connection.execute(statements.GONE, self._name)


async def worker_words(connection: asyncpg.Connection) -> tuple[str, int]:
    """Return how the workers stand in a few words, and how many jobs are open."""
    waiting = int(await connection.fetchval(statements.WAITING))
    rows = await connection.fetch(statements.WORKERS)
    live = [row for row in rows if row["age"] <= SILENT_SECONDS * MICROSECONDS]
    if not live:
        silent = min((row["age"] for row in rows), default=None)
        return (NONE if silent is None else f"silent for {silent // MICROSECONDS} s"), waiting
    troubles = sorted({row["trouble"] for row in live if row["trouble"]})
    if troubles:
        return "; ".join(troubles), waiting
    processes = sum(row["processes"] for row in live)
    if not processes:
        return STARTING, waiting
    return f"up, {processes} processes, {live[0]['queue']}", waiting
