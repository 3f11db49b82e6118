"""One venue for each module of tests, without a job at the beginning of each."""

from collections.abc import AsyncIterator

import pytest_asyncio

from gateway.database_server import DatabaseServer
from tests.gateway.work.shop import Shop, open_shop


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened_shop(cluster: DatabaseServer, template_database: str) -> AsyncIterator[Shop]:
    """A venue for a whole module."""
    async with open_shop(cluster, template_database) as found:
        yield found


@pytest_asyncio.fixture(loop_scope="module")
async def shop(opened_shop: Shop) -> AsyncIterator[Shop]:
    """The module's venue, without any job."""
    yield opened_shop
    await opened_shop.pool.execute("DELETE FROM job")
