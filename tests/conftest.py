"""One PostgreSQL for the whole run, one fresh database for each test that asks.

The embedded server is started once and shared by all workers: the first one in starts it,
the last one out stops it. A template is migrated once, under a lock; a copy of it takes a
tenth of a second. `ECORIGHTS_TEST_POSTGRES=system` runs the same tests on this machine's
own PostgreSQL at 127.0.0.1:5432.
"""

import asyncio
import fcntl
import gc
import getpass
import os
import shutil
import sys
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import IO

import pytest

from gateway import schema
from gateway.database_server import DatabaseServer
from gateway.embedded.cluster import start
from gateway.errors import ServerUnreachable

RECURSION_LIMIT = sys.getrecursionlimit()
TEMPLATE_PREFIX = "ecorights_template"


# Files with tests of half a minute; begun last, one would keep its worker while others idle.
LONG = {
    "test_anchor.py",
    "test_benchmarks.py",
    "test_documentation.py",
    "test_drills.py",
    "test_erase.py",
    "test_files.py",
    "test_import.py",
    "test_kill_series.py",
    "test_other_clients.py",
    "test_reference.py",
    "test_up.py",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the long tests begin first."""
    items.sort(key=lambda item: item.path.name not in LONG)


def pytest_collection_finish() -> None:
    """Take back what the EVM of some tests does on import: it lets Python recurse without end."""
    sys.setrecursionlimit(RECURSION_LIMIT)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Set aside what is loaded: hundreds of modules, of which no test makes garbage.

    Every writer begins with a collection, which takes most of a second over all of that. Each
    one that stops takes everything back, so what earlier tests left is collected at some time.
    """
    gc.collect(1)
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish() -> None:
    """Take all of it back: pytest looks at the end for what nobody closed."""
    gc.unfreeze()


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The temp folder that all workers of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def cluster(run_folder: Path) -> Iterator[DatabaseServer]:
    """The PostgreSQL server of this run."""
    if os.environ.get("ECORIGHTS_TEST_POSTGRES") == "system":
        yield _system_server()
        return
    home = run_folder / "cluster"
    server = start(home)
    yield server
    server.stop()
    if server.postmaster() is None:
        shutil.rmtree(home)


@pytest.fixture(scope="session")
def template_database(cluster: DatabaseServer, run_folder: Path) -> Iterator[str]:
    """The name of a database with the newest schema, which nobody is connected to."""
    schema.all_tables()  # as every process does that writes rows, also one that migrates nothing
    name_file = run_folder / "template_database"
    turn, use = run_folder / "template.turn", run_folder / "template.use"
    with turn.open("a") as turn_lock, use.open("a") as use_lock:
        # One at a time comes in or goes out; those that are in share the use and block nobody.
        fcntl.flock(turn_lock, fcntl.LOCK_EX)
        fcntl.flock(use_lock, fcntl.LOCK_SH)
        if not name_file.exists():
            name = f"{TEMPLATE_PREFIX}_{uuid.uuid4().hex[:12]}"
            asyncio.run(_make_template(cluster, name))
            name_file.write_text(name)
        fcntl.flock(turn_lock, fcntl.LOCK_UN)
        yield name_file.read_text()
        fcntl.flock(turn_lock, fcntl.LOCK_EX)
        if _is_last_out(use_lock):
            asyncio.run(cluster.drop_database(name_file.read_text()))
            name_file.unlink()


@pytest.fixture
async def database(cluster: DatabaseServer, template_database: str) -> AsyncIterator[str]:
    """The URL of a fresh migrated database of this test's own."""
    name = f"ecorights_test_{uuid.uuid4().hex[:16]}"
    await cluster.copy_database(template=template_database, name=name)
    yield cluster.url(name)
    await cluster.drop_database(name)


@pytest.fixture
async def empty_database(cluster: DatabaseServer) -> AsyncIterator[str]:
    """The URL of a database without any table."""
    name = f"ecorights_test_{uuid.uuid4().hex[:16]}"
    await cluster.ensure_database(name)
    yield cluster.url(name)
    await cluster.drop_database(name)


async def _make_template(cluster: DatabaseServer, name: str) -> None:
    await cluster.ensure_database(name)
    await schema.upgrade(cluster.url(name))


def _is_last_out(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _system_server() -> DatabaseServer:
    server = DatabaseServer(f"postgresql://{getpass.getuser()}@127.0.0.1:5432/postgres")
    try:
        asyncio.run(server.version())
    except ServerUnreachable as error:
        pytest.skip(f"no PostgreSQL of this machine at 127.0.0.1:5432: {error}")
    return server
