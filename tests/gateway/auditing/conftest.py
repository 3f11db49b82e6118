"""An eventful market, published, for each module of tests."""

from collections.abc import AsyncIterator

import pytest_asyncio

from gateway.database_server import DatabaseServer
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import serving
from tests.gateway.auditing.venue import Venue, live


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def venue(cluster: DatabaseServer, furnished: Furnished) -> AsyncIterator[Venue]:
    """A venue with holds, seizures, amendments, lapses and fees, whose whole log is published."""
    async with serving(cluster, furnished) as house:
        found = Venue(house)
        await live(found)
        await found.publish()
        yield found
