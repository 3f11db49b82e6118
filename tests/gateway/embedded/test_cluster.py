"""The embedded PostgreSQL starts, is shared, survives kills, and refuses what does not fit."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from gateway.embedded import cluster as launcher
from gateway.embedded.binaries import bin_folder
from gateway.embedded.cluster import Cluster, start
from gateway.embedded.errors import DataFolderOfOtherVersion, FolderUnwritable

ROOT = Path(launcher.__file__).parents[2]


@pytest.fixture(scope="module")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("made") / "home"
    start(home).stop()
    return home


@pytest.fixture
def home(made_home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made_home, tmp_path / "home", symlinks=True))


@pytest.fixture
def running(home: Path) -> Iterator[Cluster]:
    cluster = start(home)
    yield cluster
    cluster.stop()


async def ask(url: str, query: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def child_that_starts(home: Path, *, then: str) -> subprocess.Popen[str]:
    script = f"from pathlib import Path; from gateway.embedded.cluster import start; {then}"
    return subprocess.Popen(
        [sys.executable, "-c", script, str(home)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


async def test_a_new_home_gets_a_server_that_answers(tmp_path: Path) -> None:
    cluster = await asyncio.to_thread(start, tmp_path / "home")

    version = await cluster.version()

    assert version // 10000 == 18
    await asyncio.to_thread(cluster.stop)


async def test_durability_is_on_and_only_the_socket_listens(running: Cluster) -> None:
    for setting in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
        assert await ask(running.address, f"SHOW {setting}") == "on"
    assert await ask(running.address, "SHOW listen_addresses") == ""
    assert await ask(running.address, "SHOW jit") == "off"


def test_sockets_lie_in_a_private_folder_outside_the_data(running: Cluster) -> None:
    sockets = Path((running.home / "runtime_folder").read_text())

    assert sockets.stat().st_mode & 0o777 == 0o700
    assert not sockets.is_relative_to(running.home)
    assert len(str(sockets)) < 90


async def test_rows_survive_stop_and_start(home: Path) -> None:
    first = await asyncio.to_thread(start, home)
    await ask(first.address, "CREATE TABLE kept AS SELECT 7 AS figure")
    await asyncio.to_thread(first.stop)

    second = await asyncio.to_thread(start, home)

    assert await ask(second.address, "SELECT figure FROM kept") == 7
    await asyncio.to_thread(second.stop)


def test_stop_ends_the_server_and_leaves_no_socket_folder(home: Path) -> None:
    cluster = start(home)
    sockets = Path((home / "runtime_folder").read_text())

    cluster.stop()
    cluster.stop()

    assert cluster.postmaster() is None
    assert not sockets.exists()


def test_the_last_user_stops_the_server(home: Path) -> None:
    first, second = start(home), start(home)
    pid = first.postmaster()

    first.stop()

    assert second.postmaster() == pid
    second.stop()
    assert second.postmaster() is None


def test_a_killed_user_does_not_keep_the_server_alive(home: Path) -> None:
    child = child_that_starts(
        home, then="import sys; c = start(Path(sys.argv[1])); print('in', flush=True); input()"
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "in\n"
    cluster = start(home)
    child.kill()
    child.communicate()

    cluster.stop()

    assert cluster.postmaster() is None


def test_many_first_users_at_once_share_one_server(tmp_path: Path) -> None:
    then = "import sys; c = start(Path(sys.argv[1])); print(c.postmaster(), flush=True); input()"
    children = [child_that_starts(tmp_path / "home", then=then + "; c.stop()") for _ in range(4)]

    pids = {child.stdout.readline() for child in children if child.stdout is not None}

    assert len(pids) == 1
    assert [child.communicate("\n")[0] for child in children] == [""] * 4
    assert [child.returncode for child in children] == [0] * 4
    assert not (tmp_path / "home" / "postgres" / "postmaster.pid").exists()


async def test_a_killed_postmaster_is_started_again_at_the_same_address(running: Cluster) -> None:
    await ask(running.address, "CREATE TABLE kept AS SELECT 7 AS figure")
    killed = running.postmaster()
    assert killed is not None
    os.kill(killed, signal.SIGKILL)

    await asyncio.to_thread(running.restart_after_crash)

    assert running.postmaster() not in (None, killed)
    assert await ask(running.address, "SELECT figure FROM kept") == 7


async def test_start_after_a_kill_of_everything(home: Path) -> None:
    child = child_that_starts(
        home, then="import sys; print(start(Path(sys.argv[1])).postmaster(), flush=True); input()"
    )
    assert child.stdout is not None
    postmaster = int(child.stdout.readline())
    child.kill()
    child.communicate()
    os.kill(postmaster, signal.SIGKILL)

    cluster = await asyncio.to_thread(start, home)

    assert await ask(cluster.address, "SELECT 1") == 1
    await asyncio.to_thread(cluster.stop)


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["/bin/sleep", "600"])
    yield process
    process.kill()
    process.wait()


def test_a_stale_number_of_somebody_else_is_neither_believed_nor_killed(
    home: Path, bystander: subprocess.Popen[bytes]
) -> None:
    (home / "postgres" / "postmaster.pid").write_text(f"{bystander.pid}\n{home / 'postgres'}\n")

    cluster = start(home)

    assert cluster.postmaster() not in (None, bystander.pid)
    cluster.stop()
    assert bystander.poll() is None


def test_a_stale_number_is_not_killed_on_stop(
    running: Cluster, bystander: subprocess.Popen[bytes]
) -> None:
    postmaster = running.postmaster()
    assert postmaster is not None
    os.kill(postmaster, signal.SIGKILL)
    pid_file = running.data_folder / "postmaster.pid"
    pid_file.write_text(f"{bystander.pid}\n{running.data_folder}\n")

    running.stop()

    assert bystander.poll() is None


async def test_a_lost_socket_is_replaced(running: Cluster) -> None:
    lost = Path((running.home / "runtime_folder").read_text())
    shutil.rmtree(lost)

    again = await asyncio.to_thread(start, running.home)

    assert await ask(again.address, "SELECT 1") == 1
    await asyncio.to_thread(again.stop)


def test_data_of_another_major_version_is_refused_and_left_alone(home: Path) -> None:
    version_file = home / "postgres" / "PG_VERSION"
    version_file.write_text("16\n")

    with pytest.raises(DataFolderOfOtherVersion, match=r"PostgreSQL 16, this is PostgreSQL 18"):
        start(home)

    assert version_file.read_text() == "16\n"
    assert not (home / "postgres" / "postmaster.pid").exists()


def test_a_half_made_data_folder_is_made_again(tmp_path: Path) -> None:
    draft = tmp_path / "home" / "postgres.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")

    cluster = start(tmp_path / "home")

    assert cluster.postmaster() is not None
    assert not draft.exists()
    cluster.stop()


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")

    with pytest.raises(FolderUnwritable, match=r"ECORIGHTS_HOME"):
        start(tmp_path / "file" / "home")


SMALL_DISK = """
import sys
from pathlib import Path
from gateway.embedded import cluster
cluster.FREE_MB_MIN_NEW = int(sys.argv[2])
try:
    cluster.start(Path(sys.argv[1]))
except cluster.DiskFull as full:
    print(full)
"""


@pytest.mark.parametrize("needed_mb", [400, 1], ids=["before initdb", "in the middle of initdb"])
def test_a_full_disk_is_named(tmp_path: Path, needed_mb: int) -> None:
    home = tmp_path / "disk"
    home.mkdir()
    mounted = f'mount -t tmpfs -o size=20m none "{home}" && exec "$@"'
    in_namespace = ["/usr/bin/unshare", "-U", "-r", "-m", "/bin/sh", "-c", mounted, "sh"]
    if subprocess.run([*in_namespace, "true"], check=False, capture_output=True).returncode != 0:
        pytest.skip("this machine refuses a mount in a user namespace")

    tried = subprocess.run(
        [*in_namespace, sys.executable, "-c", SMALL_DISK, str(home), str(needed_mb)],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )

    assert tried.stdout.startswith(f"The disk of {home} has ")
    assert "ECORIGHTS_HOME" in tried.stdout


def test_the_programs_for_operators_lie_in_the_bin_folder() -> None:
    assert {"psql", "pgbench", "pg_dump"} <= {path.name for path in bin_folder().iterdir()}
