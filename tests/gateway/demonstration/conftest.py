"""The demonstration, told once to a started service, and read by every test of this folder."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.client import ApiClient
from gateway.database_server import DatabaseServer
from gateway.demonstration.running import clients_of, load_demonstration
from gateway.service import Service, free_port, running_service
from gateway.settings import Settings, database_of

VENUE = f"scenario-test-{uuid.uuid4().hex[:8]}"  # every worker has one of its own
Clients = dict[str, ApiClient]


class CutOff(Exception):
    """Somebody stops us while the demonstration is loaded."""


async def load_in_two(service: Service, settings: Settings) -> None:
    """Load until April, be cut off, and load again: every figure is that of one loading."""
    told: list[str] = []

    def stop_in_april(words: str) -> None:
        if words.startswith("green coins"):
            raise CutOff

    with pytest.raises(CutOff):
        await load_demonstration(service, settings, tell=stop_in_april)
    await load_demonstration(service, settings, tell=told.append)
    assert told[0] == "The demonstration was cut off; it goes on where it stood"


class Loaded:
    """A service with the demonstration in it, on a loop of its own."""

    def __init__(self, cluster: DatabaseServer, home: Path) -> None:
        self.settings = Settings(home=home, venue=VENUE, port=free_port("127.0.0.1"))
        self._cluster = cluster

    async def run(self, ready: "asyncio.Future[Service]", stop: asyncio.Event) -> None:
        async with running_service(
            self._cluster, self.settings, fresh=True, standby=False, tell=lambda _: None
        ) as service:
            await load_in_two(service, self.settings)
            ready.set_result(service)
            await stop.wait()
        await self._cluster.drop_database(database_of(VENUE))


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as made:
        yield made


@pytest.fixture(scope="session")
def loaded(
    cluster: DatabaseServer, runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Service, Settings]]:
    made = Loaded(cluster, tmp_path_factory.mktemp("home"))
    stop = asyncio.Event()

    async def begin() -> tuple[Service, "asyncio.Task[None]"]:
        ready: asyncio.Future[Service] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(made.run(ready, stop))
        waits: list[asyncio.Future[Any]] = [ready, task]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        return ready.result(), task

    service, task = runner.run(begin())
    yield service, made.settings

    async def end() -> None:
        stop.set()
        await task

    runner.run(end())


@pytest.fixture
async def clients(loaded: tuple[Service, Settings]) -> AsyncIterator[Clients]:
    async with clients_of(*loaded) as found:
        yield found
