"""A venue's rows with members and no market, and workers that do its jobs for real."""

import asyncio
import os
import signal
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
from pydantic import SecretStr

from gateway.caller import Caller
from gateway.database_server import DatabaseServer
from gateway.settings import Settings, database_of
from gateway.work.desk import JobDesk
from gateway.work.folders import folders_of
from gateway.work.job import Job
from gateway.work.keeping import Keeping, keep
from gateway.work.standing import worker_words
from gateway.work.starting import broker_database
from gateway.work.store import JobStore, Wish
from ledger.roles import Role
from tests.gateway.work.recording import KINDS, under_way

CONSUMER = (sys.executable, "-m", "tests.gateway.work.consumer")
LEASE_SECONDS = 2.0
LOOK_SECONDS = 0.05
WAIT_SECONDS_MAX = 30.0
MEMBERS = {
    "E01-1": ("E01", [Role.TRADER]),
    "E02-1": ("E02", [Role.TRADER]),
    "A-1": ("A", [Role.AUDITOR]),
    "X-1": ("X", [Role.OPERATOR]),
    "R-1": ("R", [Role.REGULATOR]),
    "S-1": ("stranger", [Role.TRADER]),
}


def member(actor: str) -> Caller:
    party, roles = MEMBERS[actor]
    return Caller(actor=actor, party=party, roles=frozenset(roles))


class Shop:
    """One venue's jobs."""

    def __init__(self, server: DatabaseServer, settings: Settings, pool: asyncpg.Pool) -> None:
        self.server = server
        self.settings = settings
        self.pool = pool
        self.folders = folders_of(settings)
        self.desk = JobDesk(pool, self.folders, kinds=KINDS)
        self.made = 0

    @property
    def queue_database(self) -> str:
        return broker_database(self.settings.venue)

    def folder(self) -> Path:
        self.made += 1
        found = self.settings.home / f"notes-{self.made}"
        found.mkdir()
        return found

    async def ask(self, folder: Path, actor: str = "E01-1", **more: Any) -> Job:
        found = await self.desk.ask(
            member(actor),
            key=uuid.uuid4().hex,
            kind="recording",
            parameters={"folder": str(folder), **more},
        )
        assert found is not None
        return found

    async def find(self, job: Job) -> Job:
        return await self.desk.find(member("X-1"), job.id)

    async def until(self, true: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(WAIT_SECONDS_MAX):
            while not await true():  # noqa: ASYNC110  rows and files tell nobody
                await asyncio.sleep(LOOK_SECONDS)

    async def ended(self, job: Job) -> Job:
        async def has_ended() -> bool:
            return not (await self.find(job)).is_open

        await self.until(has_ended)
        return await self.find(job)

    async def until_worker(self, words: str) -> None:
        async def says() -> bool:
            async with self.pool.acquire() as connection:
                found, _ = await worker_words(connection)  # type: ignore[arg-type]  # a proxy
            return found.startswith(words)

        await self.until(says)

    @asynccontextmanager
    async def store(self) -> AsyncIterator[JobStore]:
        async with self.pool.acquire() as connection:
            yield JobStore(connection)  # type: ignore[arg-type]  # a proxy of the same shape

    def wish(self, key: str = "k1", owner: str = "E01-1", **parameters: Any) -> Wish:
        given = {"folder": "/nowhere", **parameters}
        return Wish(kind=KINDS.of("recording"), owner=owner, key=key, parameters=given)


@asynccontextmanager
async def open_shop(
    cluster: DatabaseServer, template: str, *, broker: str | None = None
) -> AsyncIterator[Shop]:
    """Make a venue's database with its members."""
    venue = f"t{uuid.uuid4().hex[:12]}"
    await cluster.copy_database(template=template, name=database_of(venue))
    with tempfile.TemporaryDirectory(prefix="eco-work-") as home:
        settings = Settings(
            home=Path(home),
            venue=venue,
            database_url=cluster.address,
            worker_processes=2,
            worker_lease=LEASE_SECONDS,
            broker_url=None if broker is None else SecretStr(broker),
        )
        pool = await asyncpg.create_pool(cluster.url(database_of(venue)), min_size=1, max_size=4)
        rows = [(actor, party, roles, actor, True) for actor, (party, roles) in MEMBERS.items()]
        await pool.executemany(
            "INSERT INTO actor (id, party, roles, digest, live) VALUES ($1, $2, $3, $4, $5)", rows
        )
        try:
            yield Shop(cluster, settings, pool)
        finally:
            await pool.close()
            await cluster.drop_database(database_of(venue))
            await cluster.drop_database(broker_database(venue))


@asynccontextmanager
async def working(shop: Shop, *more: str) -> AsyncIterator[Keeping]:
    """Let workers work, from the moment when they are ready."""
    keeping = Keeping(
        settings=shop.settings,
        server=shop.server,
        name=uuid.uuid4().hex,
        consumer=(*CONSUMER, *more),
    )
    keeper = asyncio.create_task(keep(keeping))
    try:
        await shop.until_worker("up")
        yield keeping
    finally:
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)


async def kill_in_a_shard(shop: Shop, folder: Path) -> int:
    """Kill a process in the middle of a shard, whose work has surely not ended; return which."""
    killed: list[int] = []

    async def is_killed() -> bool:
        for pid in under_way(folder):
            os.kill(pid, signal.SIGSTOP)
            os.waitid(os.P_PID, pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)  # noqa: ASYNC222  at once
            if pid in under_way(folder):
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
                return True
            os.kill(pid, signal.SIGCONT)
        return False

    await shop.until(is_killed)
    return killed[0]
