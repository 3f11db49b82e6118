"""All benchmarks in one run on one server, in temporary databases."""

import asyncio
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
from benchmarks.credit_query import measure_queries
from benchmarks.credit_score import SCORES, SCORES_SMALL, measure_score
from benchmarks.durable_orders import measure_durable
from benchmarks.gep_raster import EDGE, EDGE_SMALL, is_installed, measure_rasters
from benchmarks.gep_uncertainty import DRAWS_SMALL, measure_uncertainty
from benchmarks.http import measure_http
from benchmarks.large_log import measure_large_log
from benchmarks.latency import measure_latency
from benchmarks.log import measure_append, measure_replay
from benchmarks.one_transaction import measure_one_transaction
from benchmarks.pgbench import measure_pgbench
from benchmarks.public_log import measure_public_log
from benchmarks.targets import CORES_OF_FULL_TARGETS, half_of, targets
from benchmarks.venue import open_market, plan_of, running
from gateway import schema
from gateway.database_server import DatabaseServer
from gateway.embedded.runtime_folder import SHARED_MEMORY
from gep.accounts.uncertainty import DRAWS

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
    queries: int = 2_000
    query_clients: tuple[int, ...] = (1, 4, 16)
    scores: int = SCORES
    draws: int = DRAWS
    raster_edge: int = EDGE


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
    queries=20,
    query_clients=(2,),
    scores=SCORES_SMALL,
    draws=DRAWS_SMALL,
    raster_edge=EDGE_SMALL,
)


async def run_suite(
    server: DatabaseServer, size: Size, *, pgbench: Path | None, tell: Tell
) -> dict[str, Any]:
    """Measure everything; ``tell`` hears of each figure as it comes.

    What is asked for by name stands in the result itself, everything else in its ``details``.
    """
    run = _Run(server, size, tell)
    await run.machine()
    run.kernel()
    run.credit()
    run.gep()
    with tempfile.TemporaryDirectory(dir=_memory()) as folder:
        async with opened_market(server, Path(folder), accounts=size.accounts) as dsn:
            await run.sequencer(dsn, Path(folder))
            await run.log(dsn)
            await run.public_log(dsn, Path(folder))
            # Last, for it writes rows whose counters stay behind: no writer may load them.
            await run.one_transaction(dsn)
    await run.pgbench(pgbench)
    await run.http()
    await run.queries()
    run.targets()
    return run.result


async def run_large_log(server: DatabaseServer, *, entries: int, tell: Tell) -> dict[str, Any]:
    """Measure the public log at a number of entries."""
    with tempfile.TemporaryDirectory() as folder:
        async with opened_market(server, Path(folder), accounts=Size().accounts) as dsn:
            found = await measure_large_log(dsn, Path(folder), entries=entries)
    tell(f"large log: {found}")
    return {"machine": await describe_machine(server), "large_log": asdict(found)}


class _Run:
    def __init__(self, server: DatabaseServer, size: Size, tell: Tell) -> None:
        self._server = server
        self._size = size
        self._tell = tell
        self._details: dict[str, Any] = {}
        self.result: dict[str, Any] = {"details": self._details}

    async def machine(self) -> None:
        self.result["machine"] = await describe_machine(self._server)
        self._tell(f"machine: {self.result['machine']}")

    def kernel(self) -> None:
        size = self._size
        figures, beside = measure_kernel(
            messages=size.messages, resting=size.resting, large=size.large, queue=size.queue
        )
        self.result["kernel"], self._details["kernel"] = figures, beside
        self._tell(f"kernel: {figures | beside}")

    def credit(self) -> None:
        figures = asdict(measure_score(scores=self._size.scores))
        self.result["credit"] = {"one_score": figures}
        self._tell(f"one explained score: {figures}")

    def gep(self) -> None:
        figures = asdict(measure_uncertainty(draws=self._size.draws))
        self.result["gep"] = {"uncertainty": figures}
        self._tell(f"a GEP account drawn: {figures}")
        rasters = measure_rasters(edge=self._size.raster_edge) if is_installed() else []
        self.result["gep"]["rasters"] = [asdict(each) for each in rasters]
        self._tell(f"rasters: {rasters or 'rasterio is not installed'}")

    async def sequencer(self, dsn: str, folder: Path) -> None:
        rates: dict[str, int] = {}
        filled: dict[str, float] = {}
        for batch_max, count in self._size.batches:
            found = await measure_durable(dsn, folder, batch_max=batch_max, count=count)
            self._tell(f"batches of {batch_max}: {found}")
            rates[f"batch_{batch_max}"] = found.per_second
            filled[f"batch_{batch_max}"] = found.filled
        offered = self._size.offered
        if (os.cpu_count() or 1) < CORES_OF_FULL_TARGETS:
            offered = tuple(sorted({*offered, half_of(rates["batch_2000"])}))
        steps = []
        for rate in offered:
            [step] = await measure_latency(
                dsn, folder, offered=(rate,), seconds=self._size.step_seconds
            )
            self._tell(f"latency: {step}")
            steps.append(step)
        self.result["sequencer"], self._details["filled"] = rates, filled
        self._details["refused"] = {str(step["offered"]): step.pop("refused") for step in steps}
        self.result["latency"] = steps

    async def log(self, dsn: str) -> None:
        replayed = await measure_replay(dsn)
        async with temporary_database(self._server, migrated=True) as empty:
            appended = await measure_append(dsn, empty, count=self._size.entries)
        self._tell(f"log: {appended} entries/s appended, {replayed} replayed")
        self.result["entries_appended_per_second"] = appended
        self.result["entries_replayed_per_second"] = replayed

    async def public_log(self, dsn: str, folder: Path) -> None:
        size = self._size
        found = await measure_public_log(
            dsn, folder, seconds=min(size.step_seconds, 30.0), count=size.batches[-1][1]
        )
        self._tell(f"public log: {found}, on / off {found.share}")
        self._details["public_log"] = asdict(found) | {"share": found.share}

    async def one_transaction(self, dsn: str) -> None:
        rates = await measure_one_transaction(dsn, count=self._size.singles)
        self._tell(f"one transaction per order, by connections: {rates}")
        self.result["one_transaction_per_order"] = rates[1]
        self.result["one_transaction_per_order_best"] = max(rates.values())
        self._details["one_transaction_per_order"] = {str(n): rate for n, rate in rates.items()}

    async def pgbench(self, program: Path | None) -> None:
        self.result["pgbench_tps"] = None
        if program is None or not self._size.pgbench_seconds:
            return
        async with temporary_database(self._server, migrated=False) as dsn:
            rates = await asyncio.to_thread(
                measure_pgbench,
                program,
                dsn,
                seconds=self._size.pgbench_seconds,
                cores=os.cpu_count() or 1,
            )
        self._tell(f"pgbench by clients: {rates}")
        self.result["pgbench_tps"] = max(rates.values())
        self._details["pgbench"] = {str(clients): rate for clients, rate in rates.items()}

    async def http(self) -> None:
        size = self._size
        with tempfile.TemporaryDirectory(dir=_memory()) as folder:
            found = await measure_http(
                self._server, Path(folder), singles=size.http_singles, batches=size.http_batches
            )
        self._tell(f"http: {found}")
        self.result["http"] = asdict(found)

    async def queries(self) -> None:
        size = self._size
        with tempfile.TemporaryDirectory(dir=_memory()) as folder:
            found = await measure_queries(
                self._server, Path(folder), queries=size.queries, clients=size.query_clients
            )
        figures = asdict(found) | {"p50_ratio": found.p50_ratio}
        self._tell(f"credit queries: {figures}")
        self.result["credit"]["queries"] = figures

    def targets(self) -> None:
        self._details["targets"] = targets(self.result)
        for target in self._details["targets"]:
            self._tell(f"target: {target}")


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


def _memory() -> str | None:
    """Return a folder in memory for sockets, as a service has (``runtime_folder``)."""
    return SHARED_MEMORY if os.access(SHARED_MEMORY, os.W_OK) else None
