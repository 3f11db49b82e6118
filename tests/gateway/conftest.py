"""Venues that many modules of tests stand on, furnished once a run and copied."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from gateway.database_server import DatabaseServer
from tests.gateway.api.archives import open_archives
from tests.gateway.api.furnished import Furnished, read_furnished
from tests.gateway.api.house import House, furnish, serving
from tests.sharing import shared


@pytest.fixture(scope="session")
def furnished(
    cluster: DatabaseServer, template_database: str, run_folder: Path
) -> Iterator[Furnished]:
    """The venue with a small market, for `serving`."""
    with _once(furnish, cluster, template_database, run_folder / "furnished") as folder:
        yield read_furnished(folder)


@pytest.fixture(scope="session")
def archives(
    cluster: DatabaseServer, furnished: Furnished, run_folder: Path
) -> Iterator[Furnished]:
    """The same with credit archives, for `serving`."""
    with _once(open_archives, cluster, furnished, run_folder / "archives") as folder:
        yield read_furnished(folder)


def _once(
    act: Callable[[House], Awaitable[None]],
    cluster: DatabaseServer,
    base: str | Furnished,
    folder: Path,
) -> AbstractContextManager[Path]:
    async def make_in(draft: Path) -> None:
        async with serving(cluster, base, keep=draft) as house:
            await act(house)

    def make(draft: Path) -> None:
        asyncio.run(make_in(draft))

    def drop(made: Path) -> None:
        asyncio.run(cluster.drop_database(read_furnished(made).database))

    return shared(folder, make=make, drop=drop)
