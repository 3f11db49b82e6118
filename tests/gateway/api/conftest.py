"""One furnished venue for each module of tests that only ask, and fresh ones for those that act."""

from collections.abc import AsyncIterator

import pytest_asyncio

from gateway.database_server import DatabaseServer
from tests.gateway.api.house import House, furnish, serving


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(cluster: DatabaseServer, template_database: str) -> AsyncIterator[House]:
    """A furnished venue that the module's tests share."""
    async with serving(cluster, template_database) as found:
        await furnish(found)
        yield found
