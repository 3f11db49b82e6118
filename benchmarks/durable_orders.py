"""Durable orders a second through the sequencer, in a closed loop, by the bound of a batch.

Three batches' worth of orders is outstanding at any time. A submitter sends a twentieth of a batch
and sends again when all of it is answered, which is after the commit.
"""

import asyncio
import itertools
import time
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from benchmarks.venue import machine_of, orders, plan_of, running
from ledger.sequencer.submission import Answer, Submission
from ledger.sequencer.writer import Writer

OUTSTANDING_BATCHES = 3
GROUPS_PER_BATCH = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Durable:
    """What a run measured: orders a second, and how many of the orders filled in whole or part."""

    per_second: int
    filled: float


async def measure_durable(
    dsn: str, folder: Path, *, batch_max: int, count: int, run: str = "durable"
) -> Durable:
    """Place ``count`` orders with batches of at most ``batch_max`` in an opened market."""
    first = await _orders_so_far(dsn)
    async with running(plan_of(dsn, folder, batch_max=batch_max)) as writer:
        stream = orders(machine_of(writer), run=f"{run}-{batch_max}")
        submissions = list(itertools.islice(stream, count))
        seconds = await _closed_loop(writer, submissions, batch_max=batch_max)
    return Durable(per_second=int(count / seconds), filled=await _filled(dsn, after=first))


async def _closed_loop(writer: Writer, submissions: list[Submission], *, batch_max: int) -> float:
    size = max(1, batch_max // GROUPS_PER_BATCH)
    groups = iter([submissions[begin : begin + size] for begin in range(0, len(submissions), size)])

    async def submit() -> None:
        for group in groups:
            for reply in await writer.submit(group):
                if not isinstance(reply, Answer) or reply.refusal is not None:
                    raise RuntimeError(f"an order was not accepted: {reply}")

    begin = time.perf_counter()
    await asyncio.gather(*(submit() for _ in range(OUTSTANDING_BATCHES * batch_max // size)))
    return time.perf_counter() - begin


async def _orders_so_far(dsn: str) -> int:
    connection = await asyncpg.connect(dsn)
    try:
        return int(await connection.fetchval("SELECT coalesce(max(id), 0) FROM trading_order"))
    finally:
        await connection.close()


async def _filled(dsn: str, *, after: int) -> float:
    connection = await asyncpg.connect(dsn)
    try:
        share = await connection.fetchval(
            "SELECT avg((lots < lots_total)::int)::float8 FROM trading_order WHERE id > $1", after
        )
        return round(float(share), 3)
    finally:
        await connection.close()
