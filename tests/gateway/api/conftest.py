"""One furnished venue for each module of tests that only ask, and fresh ones for those that act."""

from collections.abc import AsyncIterator

import pytest_asyncio

from gateway.database_server import DatabaseServer
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import House, serving


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(cluster: DatabaseServer, furnished: Furnished) -> AsyncIterator[House]:
    """A furnished venue that the module's tests share."""
    async with serving(cluster, furnished) as found:
        yield found
