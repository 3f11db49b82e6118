"""What a reader that keeps its transaction open costs the writer, in a closed loop.

The reader takes a snapshot and stays idle in its transaction; the server ends it after the reading
role's bound, and it comes back at once. Orders a second while it does stand beside those before
and after, for tables grow during a run.
"""

import asyncio
import itertools
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from benchmarks.venue import machine_of, orders, plan_of, running
from ledger.sequencer.conditions import COMMANDS_PER_BATCH_MAX
from ledger.sequencer.submission import Answer
from ledger.sequencer.writer import Writer

GROUP = 100
SUBMITTERS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Orders a second without and with the reader, and how often the server ended it."""

    alone: int
    beside: int
    ended: int

    @property
    def share(self) -> float:
        """What is left of the rate."""
        return round(self.beside / self.alone, 3)


async def measure_beside_reader(dsn: str, folder: Path, *, seconds: float) -> Beside:
    """Trade for two thirds of ``seconds`` alone, and for ``seconds`` beside the reader."""
    async with running(plan_of(dsn, folder, batch_max=COMMANDS_PER_BATCH_MAX)) as writer:
        before = await _rate(writer, seconds=seconds / 3, run="before")
        reader = _Reader(dsn)
        reading = asyncio.create_task(reader.run())
        beside = await _rate(writer, seconds=seconds, run="beside")
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading
        after = await _rate(writer, seconds=seconds / 3, run="after")
    return Beside(alone=int((before + after) / 2), beside=int(beside), ended=reader.ended)


class _Reader:
    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self.ended = 0

    async def run(self) -> None:
        """Hold one snapshot after the other, as the reading role."""
        while True:
            connection = await asyncpg.connect(self._dsn)
            try:
                await self._hold(connection)
            finally:
                connection.terminate()

    async def _hold(self, connection: asyncpg.Connection) -> None:
        bound = await connection.fetchval(
            "SELECT split_part(setting, '=', 2) FROM pg_roles, unnest(rolconfig) AS setting "
            "WHERE rolname = 'ecorights_reader' AND setting LIKE 'idle_in_transaction%'"
        )
        await connection.execute("SET ROLE ecorights_reader")
        await connection.execute(f"SET idle_in_transaction_session_timeout = '{bound}'")
        await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        await connection.fetchval("SELECT sum(available) FROM holding")
        while not connection.is_closed():  # noqa: ASYNC110  the server's end comes unasked
            await asyncio.sleep(0.1)
        self.ended += 1


async def _rate(writer: Writer, *, seconds: float, run: str) -> float:
    stream = orders(machine_of(writer), run=run)
    begin = time.perf_counter()
    answered = 0

    async def submit() -> None:
        nonlocal answered
        while time.perf_counter() - begin < seconds:
            for reply in await writer.submit(list(itertools.islice(stream, GROUP))):
                if not isinstance(reply, Answer) or reply.refusal is not None:
                    raise RuntimeError(f"an order was not accepted: {reply}")
            answered += GROUP

    await asyncio.gather(*(submit() for _ in range(SUBMITTERS)))
    return answered / (time.perf_counter() - begin)
