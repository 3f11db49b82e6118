"""What the public log costs trading, and how soon a checkpoint covers an entry.

Off is the same sequencer, with headers and commitments but without tiles, proofs and signatures. On
has a publisher and a signer beside it, in a process of their own, as a service has.
"""

import asyncio
import itertools
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from benchmarks.durable_orders import measure_durable
from benchmarks.venue import machine_of, orders, plan_of, running
from ledger.sequencer.submission import Answer
from ledger.transparency.growing import inclusion_proof
from ledger.transparency.publishing import Publisher
from ledger.transparency.signing import Signed, Signers, SignRequest, add_secret, read_secrets
from ledger.transparency.store import current_log

ORDERS = 60_000
OFFERED = 1_000
TICK_SECONDS = 0.005
LOOK_SECONDS = 0.01
PROOFS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicLog:
    """Orders a second without and with the log, and times in milliseconds."""

    off: int
    on: int
    covered_p50_ms: float
    covered_p99_ms: float
    proof_p50_ms: float
    proof_p99_ms: float
    entries: int

    @property
    def share(self) -> float:
        """What is left of the rate."""
        return round(self.on / self.off, 3)


async def measure_public_log(dsn: str, folder: Path, *, seconds: float, count: int) -> PublicLog:
    """Trade without and with a publisher, then offer 1,000 orders a second beside it."""
    # Off, on, off: tables grow during the runs.
    before = await measure_durable(dsn, folder, batch_max=2_000, count=count, run="before")
    async with publishing(dsn, folder):
        on = await measure_durable(dsn, folder, batch_max=2_000, count=count, run="on")
    after = await measure_durable(dsn, folder, batch_max=2_000, count=count, run="after")
    async with publishing(dsn, folder):
        covered = await _covered(dsn, folder, seconds=seconds)
    proofs, entries = await _proofs(dsn)
    return PublicLog(
        off=(before.per_second + after.per_second) // 2,
        on=on.per_second,
        covered_p50_ms=percentile(covered, 50),
        covered_p99_ms=percentile(covered, 99),
        proof_p50_ms=percentile(proofs, 50),
        proof_p99_ms=percentile(proofs, 99),
        entries=entries,
    )


@asynccontextmanager
async def publishing(dsn: str, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Let a publisher and its signer run beside, in a process of their own."""
    command = (sys.executable, "-m", "benchmarks.public_log", dsn, str(folder / "signer"))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    await process.stdout.readline()
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


async def _covered(dsn: str, folder: Path, *, seconds: float) -> list[float]:
    """Return the seconds from each answer to the first checkpoint that covers its entry."""
    answered: list[tuple[int, float]] = []
    covered: list[float] = []
    async with running(plan_of(dsn, folder)) as writer:
        stream = orders(machine_of(writer), run="covered")

        async def send(count: int) -> None:
            for reply in await writer.submit(list(itertools.islice(stream, count))):
                assert isinstance(reply, Answer)
                assert reply.index is not None
                answered.append((reply.index, time.perf_counter()))

        watching = asyncio.create_task(_watch(dsn, answered, covered))
        begin = time.perf_counter()
        sent = 0
        tasks = []
        while (spent := time.perf_counter() - begin) < seconds:
            due = int(spent * OFFERED) - sent
            if due:
                tasks.append(asyncio.create_task(send(due)))
                sent += due
            await asyncio.sleep(TICK_SECONDS)
        await asyncio.gather(*tasks)
        while len(covered) < sent:  # noqa: ASYNC110  the watcher counts on
            await asyncio.sleep(LOOK_SECONDS)
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
    return covered


async def _watch(dsn: str, answered: list[tuple[int, float]], covered: list[float]) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        store = await current_log(connection)
        assert store is not None
        while True:
            newest = await store.newest()
            now = time.perf_counter()
            size = 0 if newest is None else newest.size
            done = [each for each in answered if each[0] < size]
            covered += [now - at for _, at in done]
            answered[:] = [each for each in answered if each[0] >= size]
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        connection.terminate()


async def _proofs(dsn: str) -> tuple[list[float], int]:
    """Return the seconds of proofs of entries all over the log, made from stored tiles."""
    connection = await asyncpg.connect(dsn)
    try:
        store = await current_log(connection)
        assert store is not None
        newest = await store.newest()
        assert newest is not None
        found = []
        for number in range(PROOFS):
            begin = time.perf_counter()
            index = number * newest.size // PROOFS
            await inclusion_proof(store, index=index, size=newest.size)
            found.append(time.perf_counter() - begin)
    finally:
        await connection.close()
    return found, newest.size


def percentile(seconds: list[float], percent: int) -> float:
    """Return a percentile in milliseconds."""
    ordered = sorted(seconds)
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] * 1_000, 2)


async def _publish(dsn: str, folder: Path) -> None:
    connection = await asyncpg.connect(dsn)
    store = await current_log(connection)
    assert store is not None
    if not read_secrets(folder, store.origin):
        add_secret(folder, store.origin)
    signers = Signers(folder)

    async def sign(request: SignRequest) -> Signed:
        return signers.answer(request)

    publisher = Publisher(store=store, sign=sign)
    await publisher.step()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await publisher.run()


if __name__ == "__main__":
    asyncio.run(_publish(sys.argv[1], Path(sys.argv[2])))
