"""All benchmarks in one run on one server, in temporary databases."""

import os
import platform
import tempfile
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import asyncpg

from benchmarks.book_kernel import measure_kernel
from benchmarks.durable_orders import measure_durable
from benchmarks.http import measure_http
from benchmarks.latency import measure_latency
from benchmarks.log import measure_append, measure_replay
from benchmarks.one_transaction import measure_one_transaction
from benchmarks.pgbench import measure_pgbench
from benchmarks.venue import open_market, plan_of, running
from gateway import schema
from gateway.database_server import DatabaseServer

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured."""

    messages: int = 400_000
    resting: int = 10_000
    large: int = 1_000_000
    queue: int = 50_000
    accounts: int = 2_000
    batches: tuple[tuple[int, int], ...] = ((32, 20_000), (200, 40_000), (2_000, 80_000))
    singles: int = 5_000
    offered: tuple[int, ...] = (1_000, 5_000, 10_000, 15_000)
    step_seconds: float = 10.0
    entries: int = 50_000
    pgbench_seconds: int = 5
    http_singles: int = 10_000
    http_batches: int = 60


SMALL = Size(
    messages=8_000,
    resting=1_000,
    large=10_000,
    queue=1_000,
    accounts=200,
    batches=((32, 300), (200, 600), (2_000, 2_000)),
    singles=100,
    offered=(200,),
    step_seconds=0.5,
    entries=1_000,
    pgbench_seconds=0,
    http_singles=40,
    http_batches=1,
)


async def run_suite(
    server: DatabaseServer, size: Size, *, pgbench: Path | None, tell: Tell
) -> dict[str, Any]:
    """Measure everything; ``tell`` hears of each figure as it comes."""
    result: dict[str, Any] = {"machine": await describe_machine(server)}
    tell(f"machine: {result['machine']}")
    result["kernel"] = measure_kernel(
        messages=size.messages, resting=size.resting, large=size.large, queue=size.queue
    )
    tell(f"kernel: {result['kernel']}")
    with tempfile.TemporaryDirectory() as folder:
        async with opened_market(server, Path(folder), accounts=size.accounts) as dsn:
            result |= await _measure_sequencer(dsn, size, Path(folder), tell=tell)
            result |= await _measure_log(server, dsn, size, tell=tell)
            # Last, for it writes rows whose counters stay behind: no writer may load them.
            result |= await _measure_singles(dsn, size, tell=tell)
    result["pgbench_tps"] = None
    if pgbench is not None and size.pgbench_seconds:
        cores = os.cpu_count() or 1
        async with temporary_database(server, migrated=False) as dsn:
            rates = measure_pgbench(pgbench, dsn, seconds=size.pgbench_seconds, cores=cores)
        tell(f"pgbench by clients: {rates}")
        result["pgbench_tps"] = max(rates.values())
    with tempfile.TemporaryDirectory() as folder:
        http = await measure_http(
            server, Path(folder), singles=size.http_singles, batches=size.http_batches
        )
    tell(f"http: {http}")
    result["http"] = asdict(http)
    result["ratios"] = ratios(result)
    tell(f"ratios: {result['ratios']}")
    return result


def ratios(result: dict[str, Any]) -> dict[str, float | None]:
    """Return the durable rate at the largest batch beside what it is measured against."""
    durable = result["sequencer"]["batch_2000"]
    pgbench = result["pgbench_tps"]
    return {
        "one_transaction_per_order": round(durable / result["one_transaction_per_order"], 1),
        "one_transaction_per_order_best": round(
            durable / result["one_transaction_per_order_best"], 1
        ),
        "pgbench": None if pgbench is None else round(durable / pgbench, 1),
    }


async def _measure_sequencer(dsn: str, size: Size, folder: Path, *, tell: Tell) -> dict[str, Any]:
    sequencer: dict[str, float] = {}
    for batch_max, count in size.batches:
        found = await measure_durable(dsn, folder, batch_max=batch_max, count=count)
        tell(f"batches of {batch_max}: {found}")
        sequencer[f"batch_{batch_max}"] = found.per_second
        sequencer[f"batch_{batch_max}_filled"] = found.filled
    latency = await measure_latency(dsn, folder, offered=size.offered, seconds=size.step_seconds)
    tell(f"latency: {latency}")
    return {"sequencer": sequencer, "latency": latency}


async def _measure_log(
    server: DatabaseServer, dsn: str, size: Size, *, tell: Tell
) -> dict[str, int]:
    replayed = await measure_replay(dsn)
    async with temporary_database(server, migrated=True) as empty:
        appended = await measure_append(dsn, empty, count=size.entries)
    tell(f"log: {appended} entries/s appended, {replayed} replayed")
    return {"entries_appended_per_second": appended, "entries_replayed_per_second": replayed}


async def _measure_singles(dsn: str, size: Size, *, tell: Tell) -> dict[str, Any]:
    rates = await measure_one_transaction(dsn, count=size.singles)
    tell(f"one transaction per order, by connections: {rates}")
    return {
        "one_transaction_per_order": rates[1],
        "one_transaction_per_order_best": max(rates.values()),
        "one_transaction_per_order_by_connections": {str(n): r for n, r in rates.items()},
    }


async def describe_machine(server: DatabaseServer) -> dict[str, Any]:
    """Return what the figures depend on: cores, programs, and what the database promises."""
    connection = await asyncpg.connect(server.address)
    try:
        settings = {
            name: await connection.fetchval(f"SHOW {name}")
            for name in ("fsync", "synchronous_commit", "full_page_writes", "server_version")
        }
    finally:
        await connection.close()
    return {"cores": os.cpu_count(), "python": platform.python_version(), **settings}


@asynccontextmanager
async def temporary_database(server: DatabaseServer, *, migrated: bool) -> AsyncIterator[str]:
    """Make a database and drop it afterwards."""
    name = f"ecorights_bench_{uuid.uuid4().hex[:12]}"
    await server.ensure_database(name)
    try:
        if migrated:
            await schema.upgrade(server.url(name))
        yield server.url(name)
    finally:
        await server.drop_database(name)


@asynccontextmanager
async def opened_market(
    server: DatabaseServer, folder: Path, *, accounts: int
) -> AsyncIterator[str]:
    """Make a database with a venue whose accounts have units and cash."""
    async with temporary_database(server, migrated=True) as dsn:
        async with running(plan_of(dsn, folder)) as writer:
            await open_market(writer, accounts=accounts)
        yield dsn
