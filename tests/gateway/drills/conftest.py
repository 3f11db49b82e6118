"""The demonstration county, loaded once by a running service and then stopped."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from gateway.database_server import DatabaseServer
from gateway.demonstration.running import load_demonstration
from gateway.service import free_port, running_service
from gateway.settings import Settings, database_of

VENUE = "drill-test"


@dataclass(frozen=True, slots=True)
class County:
    """A venue with the demonstration in it, and nobody serving it."""

    server: DatabaseServer
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
        home=tmp_path_factory.mktemp("home"), venue=VENUE, port=free_port("127.0.0.1")
    )
    made = County(cluster, settings)

    async def load() -> None:
        async with running_service(
            cluster, settings, fresh=True, standby=False, tell=lambda _: None
        ) as service:
            await load_demonstration(service, settings, tell=lambda _: None)

    asyncio.run(load())
    yield made
    asyncio.run(cluster.drop_database(made.name))
