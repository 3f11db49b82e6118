"""Where a test's writer listens, and a second database where two runs are compared."""

import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from gateway.database_server import DatabaseServer

NewDatabase = Callable[[], Awaitable[str]]


@pytest.fixture
def socket() -> Iterator[Path]:
    """A path short enough for a Unix socket."""
    folder = Path(tempfile.mkdtemp(prefix="eco-"))
    yield folder / "w.sock"
    shutil.rmtree(folder)


@pytest.fixture
async def new_database(
    cluster: DatabaseServer, template_database: str
) -> AsyncIterator[NewDatabase]:
    """Makes another fresh database, for a run to compare with."""
    names: list[str] = []

    async def make() -> str:
        name = f"ecorights_test_{uuid.uuid4().hex[:16]}"
        await cluster.copy_database(template=template_database, name=name)
        names.append(name)
        return cluster.url(name)

    yield make
    for name in names:
        await cluster.drop_database(name)
