"""``kill -9`` of the writer, and of PostgreSQL under it, while a whole market trades.

After every death: nothing acknowledged is missing, nothing is applied twice, value is conserved,
and whoever asks again under a key gets the first answer. The figures of a run are printed.
"""

import asyncio
import os
import random
import shutil
import signal
import struct
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import pytest

from benchmarks.venue import open_market, plan_of, running, traders_of
from gateway import schema
from gateway.cli.verify import replay_database, verify_database
from gateway.embedded.cluster import Cluster, start
from tests.gateway.kills.clients import JournallingClient, entries_of
from tests.ledger.sequencer.processes import ROOT, WriterProcess

CLIENTS = 8
PAUSE_SECONDS_MAX = 0.2
MOMENT_SECONDS_MAX = 0.02
ACCOUNTS = 200
MARKER_STAGE_AT = 8
PROCESSES = Path("/proc")
WRITERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND application_name LIKE 'ecorights-writer:%' AND xact_start IS NOT NULL"
)
heavy = pytest.mark.heavy


@dataclass(slots=True)
class Series:
    """What happened in a series of kills."""

    kills: int = 0
    in_flight: int = 0
    unanswered: list[int] = field(default_factory=list)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose paths are short enough for a Unix socket."""
    made = Path(tempfile.mkdtemp(prefix="eco-"))
    yield made
    shutil.rmtree(made)


@pytest.fixture
def own_cluster(folder: Path) -> Iterator[Cluster]:
    """A PostgreSQL of this test's own, which it may kill."""
    cluster = start(folder / "home")
    yield cluster
    if cluster.postmaster() is None:
        cluster.restart_after_crash()
    cluster.stop()


@pytest.mark.parametrize("kills", [6, pytest.param(30, marks=heavy)], ids=["few", "series"])
async def test_a_killed_writer_loses_nothing_and_repeats_nothing(
    database: str, folder: Path, kills: int
) -> None:
    draw = random.Random(kills)  # noqa: S311  instants of a test
    series = Series()
    async with trading(database, folder) as clients:
        for kill in range(kills):
            async with market_writer(database, folder) as writer:
                await answered(clients)
                await asyncio.sleep(draw.random() * PAUSE_SECONDS_MAX)
                writer.freeze()
                # Every third dies wherever it is, the others with a batch in flight.
                async with asyncio.timeout(60):
                    while not await is_in_flight(database, folder) and kill % 3:
                        writer.wake()
                        await asyncio.sleep(draw.random() * MOMENT_SECONDS_MAX)
                        writer.freeze()
                series.in_flight += await is_in_flight(database, folder)
                series.unanswered.append(sum(client.waits for client in clients))
                await writer.kill_family()
                series.kills += 1
        async with market_writer(database, folder):
            await finish(clients)
    print(f"{series}, {len(entries_of(clients))} orders")  # noqa: T201  a heavy run is reported
    assert series.in_flight * 3 >= series.kills * 2
    await check_everything(database, clients)


@pytest.mark.parametrize("kills", [2, pytest.param(10, marks=heavy)], ids=["few", "series"])
async def test_a_killed_postgresql_loses_nothing_and_repeats_nothing(
    own_cluster: Cluster, folder: Path, kills: int
) -> None:
    draw = random.Random(kills)  # noqa: S311  instants of a test
    series = Series()
    await own_cluster.ensure_database("killed")
    database = own_cluster.url("killed")
    await schema.upgrade(database)
    async with trading(database, folder) as clients, market_writer(database, folder):
        for _ in range(kills):
            await answered(clients)
            await asyncio.sleep(draw.random() * PAUSE_SECONDS_MAX)
            series.unanswered.append(sum(client.waits for client in clients))
            kill_family(own_cluster.postmaster())
            series.kills += 1
            await asyncio.to_thread(own_cluster.restart_after_crash)
        await answered(clients)
        await finish(clients)
    print(f"{series}, {len(entries_of(clients))} orders")  # noqa: T201  a heavy run is reported
    await check_everything(database, clients)


@asynccontextmanager
async def trading(database: str, folder: Path) -> AsyncIterator[list[JournallingClient]]:
    """Open a market and clients that trade in it until ``finish``."""
    plan = plan_of(database, folder)
    async with running(plan) as writer:
        await open_market(writer, accounts=ACCOUNTS)
        assert writer.sequencer is not None
        traders = traders_of(writer.sequencer.machine)
    clients = [
        JournallingClient(number, traders=traders, socket=plan.socket, folder=folder)
        for number in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    yield clients
    for client in clients:
        await client.close()


@asynccontextmanager
async def market_writer(database: str, folder: Path) -> AsyncIterator[WriterProcess]:
    """Run a writer in its own process; it is killed at the end if nobody did."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.gateway.kills.market_writer", database, str(folder)),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    writer = WriterProcess(process)
    try:
        await writer.until_ready()
        yield writer
    finally:
        if process.returncode is None:
            await writer.kill()


async def answered(clients: list[JournallingClient]) -> None:
    """Wait until every client has been answered once more: all of them trade."""
    before = [len(client.told) for client in clients]
    async with asyncio.timeout(60):
        while any(len(c.told) == n for c, n in zip(clients, before, strict=True)):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def is_in_flight(database: str, folder: Path) -> bool:
    """Tell whether the frozen writer is applying, packing, or in the middle of a commit."""
    marker = (folder / "bench.sock.applying").read_bytes()
    (stage,) = struct.unpack_from("q", marker, MARKER_STAGE_AT)
    connection = await asyncpg.connect(database)
    try:
        return bool(stage or await connection.fetchval(WRITERS))
    finally:
        await connection.close()


def kill_family(postmaster: int | None) -> None:
    """Kill PostgreSQL and all its backends in one moment, as a power cut does."""
    assert postmaster is not None
    family = [postmaster]
    for status in PROCESSES.glob("[0-9]*/status"):
        with suppress(OSError):
            if f"\nPPid:\t{postmaster}\n" in status.read_text(encoding="utf-8"):
                family.append(int(status.parent.name))
    for number in family:
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)


async def finish(clients: list[JournallingClient]) -> None:
    """Let every client end its last request, then ask for everything again."""
    for client in clients:
        await client.finish()
    for client in clients:
        await client.check_answers()


async def check_everything(database: str, clients: list[JournallingClient]) -> None:
    """Each order has one entry of its own, and the whole ledger verifies and replays."""
    acknowledged = entries_of(clients)
    assert len(set(acknowledged)) == len(acknowledged)
    connection = await asyncpg.connect(database)
    try:
        orders = await connection.fetchval("SELECT count(*) FROM trading_order")
    finally:
        await connection.close()
    refused = sum(a.refusal is not None for client in clients for a in client.told.values())
    assert orders == len(acknowledged) - refused
    assert (await verify_database(database)).findings == []
    assert (await replay_database(database)).findings == []
