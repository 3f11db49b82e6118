"""One PostgreSQL for the whole run, one fresh database for each test that asks.

The embedded server is started once and shared by all workers: the first one in starts it,
the last one out stops it. A template is migrated once, under a lock, and copied.
`ECORIGHTS_TEST_POSTGRES=system` runs the same tests on this machine's own PostgreSQL at
127.0.0.1:5432.

Temporary files lie in memory where there is room, unless TMPDIR names a folder: PostgreSQL
keeps a file for each table of each database, and a disk takes twenty times as long to make
the thousand files of a copy. Nothing here tests what a power cut leaves.
"""

import asyncio
import gc
import getpass
import os
import re
import shutil
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from gateway import schema
from gateway.database_server import DatabaseServer
from gateway.embedded.cluster import start
from gateway.errors import ServerUnreachable
from tests.sharing import shared

RECURSION_LIMIT = sys.getrecursionlimit()
TEMPLATE_PREFIX = "ecorights_template"
MEMORY = Path("/dev/shm")  # noqa: S108  pytest makes private folders in it
MEMORY_FOLDER_FREE_MIN = 3 << 30
MEMORY_FREE_MIN = 6 << 30
# Files that take longest, in this order; begun last, one would keep its worker while others idle.
LONG = (
    "test_documentation.py",
    "test_drills.py",
    "test_other_clients.py",
    "test_import.py",
    "test_up.py",
    "test_benchmarks.py",
    "test_drill.py",
    "test_recovery.py",
    "test_reference.py",
    "test_erase.py",
    "test_kill_series.py",
    "test_anchor.py",
    "test_audit.py",
    "test_cuts.py",
    "test_takeover.py",
)


def pytest_configure() -> None:
    """Keep temporary files, and so every PostgreSQL, in memory; time no example of a property."""
    # By default an example of 200 ms fails: on a busy machine any of them may take as long.
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")
    if "TMPDIR" not in os.environ and _memory_has_room():
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


def _memory_has_room() -> bool:
    try:
        memory = Path("/proc/meminfo").read_text(encoding="ascii")
        folder_free = shutil.disk_usage(MEMORY).free
    except OSError:
        return False
    found = re.search(r"MemAvailable: +([0-9]+) kB", memory)
    available = 0 if found is None else int(found[1]) << 10
    return folder_free >= MEMORY_FOLDER_FREE_MIN and available >= MEMORY_FREE_MIN


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the long files begin first; workers get whole files in this order."""
    places = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path.name, len(places)))


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

    def make(folder: Path) -> None:
        name = f"{TEMPLATE_PREFIX}_{uuid.uuid4().hex[:12]}"
        asyncio.run(_make_template(cluster, name))
        (folder / "name").write_text(name)

    def drop(folder: Path) -> None:
        asyncio.run(cluster.drop_database((folder / "name").read_text()))

    with shared(run_folder / "template", make=make, drop=drop) as folder:
        yield (folder / "name").read_text()


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


def _system_server() -> DatabaseServer:
    server = DatabaseServer(f"postgresql://{getpass.getuser()}@127.0.0.1:5432/postgres")
    try:
        asyncio.run(server.version())
    except ServerUnreachable as error:
        pytest.skip(f"no PostgreSQL of this machine at 127.0.0.1:5432: {error}")
    return server
