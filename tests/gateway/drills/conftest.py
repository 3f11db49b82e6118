"""The demonstration county, loaded once by a running service and then stopped."""

import asyncio
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from gateway.database_server import DatabaseServer
from gateway.demonstration.running import load_demonstration
from gateway.service import free_port, running_service
from gateway.settings import Settings, database_of


class Server(DatabaseServer):
    """A server that remembers which databases were made on it."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.made: set[str] = set()

    async def ensure_database(self, name: str) -> bool:
        self.made.add(name)
        return await super().ensure_database(name)

    async def copy_database(self, *, template: str, name: str) -> None:
        self.made.add(name)
        await super().copy_database(template=template, name=name)

    async def left(self) -> set[str]:
        return {name for name in self.made if await self.has_database(name)}


@dataclass(frozen=True, slots=True)
class County:
    """A venue with the demonstration in it, and nobody serving it."""

    server: Server
    settings: Settings

    @property
    def name(self) -> str:
        return database_of(self.settings.venue)

    @property
    def url(self) -> str:
        return self.server.url(self.name)


@pytest.fixture(scope="module")
def county(cluster: DatabaseServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    settings = Settings(
        home=tmp_path_factory.mktemp("home"),
        venue=f"county-{uuid.uuid4().hex[:12]}",  # every worker has one of its own
        port=free_port("127.0.0.1"),
    )
    made = County(Server(cluster.address), settings)

    async def load() -> None:
        async with running_service(
            cluster, settings, fresh=True, standby=False, tell=lambda _: None
        ) as service:
            await load_demonstration(service, settings, tell=lambda _: None)

    asyncio.run(load())
    yield made
    asyncio.run(cluster.drop_database(made.name))
