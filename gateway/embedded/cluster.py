"""Start, share and stop the embedded PostgreSQL of one home folder.

Rules:
1. One launch at a time: an exclusive lock on `launch.lock` covers start and stop.
2. Everybody who uses the cluster holds a shared lock on `users.lock`; the last one out stops
   it. The kernel drops the lock of a killed user, so no count can go stale.
3. A data folder appears complete or not at all: it is made beside its place and renamed.
4. A data folder of another major version is refused and left as it is.

The home folder holds `postgres/` (the data), `postgres.log`, the two locks and the name of
the folder for sockets.
"""

import errno
import fcntl
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

from gateway.database_server import DatabaseServer
from gateway.embedded.binaries import MAJOR_VERSION, bin_folder
from gateway.embedded.configuration import configure, include
from gateway.embedded.errors import (
    DataFolderOfOtherVersion,
    DiskFull,
    FolderUnwritable,
    PostmasterFailed,
)
from gateway.embedded.postmaster import PID_FILE, USER, answers, clean_environment, postmaster
from gateway.embedded.runtime_folder import forget_runtime_folder, runtime_folder
from gateway.embedded.unprivileged import (
    hand_over,
    let_through,
    preparation,
    runs_as_nobody,
)

LAUNCH_LOCK = "launch.lock"
USERS_LOCK = "users.lock"
LOG_FILE = "postgres.log"
LOG_BYTES_MAX = 10_000_000
START_SECONDS_MAX = 600
# A new segment is filled with zeros by the commit that needs it: 44 ms at the usual 16 MB.
WAL_SEGMENT_MB = 1
FREE_MB_MIN_NEW = 400
FREE_MB_MIN = 100
ORPHANS_LEAVE_ATTEMPTS_MAX = 150
ORPHANS_LEAVE_PAUSE_S = 0.2
NOBODY_IS_SHUT_OUT = "you are root, so PostgreSQL runs as nobody, who cannot reach this folder"


class Cluster(DatabaseServer):
    """The embedded server of a home folder, in use by us until `stop`."""

    def __init__(self, home: Path, users: IO[bytes]) -> None:
        sockets = quote(str(runtime_folder(home)), safe="")
        super().__init__(f"postgresql://{USER}@/postgres?host={sockets}&port=5432")
        self.home = home
        self._users = users

    @property
    def data_folder(self) -> Path:
        """The folder that PostgreSQL calls its data directory."""
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        """The file that PostgreSQL writes its messages to."""
        return self.home / LOG_FILE

    def postmaster(self) -> int | None:
        """Return the process number of the live postmaster."""
        return postmaster(self.data_folder)

    def restart_after_crash(self) -> None:
        """Start PostgreSQL again when it has died under us; the address stays the same."""
        with _alone(self.home):
            _launch(self.home)

    def stop(self) -> None:
        """Leave the cluster, and stop it when nobody else uses it."""
        if self._users.closed:
            return
        with _alone(self.home):
            _leave(self.home, self._users)


def start(home: Path) -> Cluster:
    """Start the cluster of `home`, or join it when it runs already.

    Raises:
        ClusterUnavailable: with a message that names the cause and what to do.
    """
    home = home.absolute()
    _make_home(home)
    home = home.resolve()
    with _alone(home):
        users = (home / USERS_LOCK).open("ab")
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            _launch(home)
        except BaseException:
            _leave(home, users)
            raise
        return Cluster(home, users)


def _launch(home: Path) -> None:
    data_folder = home / "postgres"
    if not data_folder.exists():
        _initialise(home, data_folder)
    _refuse_other_version(data_folder)
    sockets = runtime_folder(home)
    if answers(data_folder, sockets=sockets):
        return
    _refuse_full_disk(home, needed_mb=FREE_MB_MIN)
    hand_over(sockets)
    configure(data_folder, sockets=sockets)
    _rotate(home / LOG_FILE)
    if postmaster(data_folder) is not None:
        # It lives and does not answer: its socket was cleaned away, or it is ending.
        _pg_ctl(home, "stop", "-m", "fast")
    _forget_dead_postmaster(data_folder, sockets=sockets)
    _start_postmaster(home)


def _initialise(home: Path, data_folder: Path) -> None:
    _refuse_full_disk(home, needed_mb=FREE_MB_MIN_NEW)
    draft = home / "postgres.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    let_through(home)
    hand_over(draft)
    _run(
        "initdb",
        *("-D", str(draft), "-U", USER, "--auth-local=trust", "--auth-host=reject"),
        *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin"),
        *("--builtin-locale=C.UTF-8", "--no-instructions", f"--wal-segsize={WAL_SEGMENT_MB}"),
        home=home,
    )
    include(draft)
    draft.rename(data_folder)


def _forget_dead_postmaster(data_folder: Path, *, sockets: Path) -> None:
    # PostgreSQL would believe a stale number that belongs to a zombie or, by now, to somebody
    # else. Orphaned server processes are still found, by their shared memory.
    (data_folder / PID_FILE).unlink(missing_ok=True)
    for left_behind in sockets.glob(".s.PGSQL.*"):
        left_behind.unlink()


def _start_postmaster(home: Path) -> None:
    log = home / LOG_FILE
    log.touch(mode=0o600)
    hand_over(log)
    for _ in range(ORPHANS_LEAVE_ATTEMPTS_MAX):
        before = log.stat().st_size
        try:
            _pg_ctl(home, "start", "-l", str(log))
        except PostmasterFailed as failed:
            words = _since(log, before) or failed.words
            if "pre-existing shared memory block" not in words:
                _refuse_full_disk_of(words, home)
                raise PostmasterFailed("start", words=words) from failed
            # The postmaster was killed and its children are still ending.
            time.sleep(ORPHANS_LEAVE_PAUSE_S)
        else:
            return
    raise PostmasterFailed("start", words="server processes of a killed PostgreSQL do not end")


def _leave(home: Path, users: IO[bytes]) -> None:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    else:
        if postmaster(home / "postgres") is not None:
            _pg_ctl(home, "stop", "-m", "fast")
        forget_runtime_folder(home)
    finally:
        users.close()


def _pg_ctl(home: Path, verb: str, *options: str) -> None:
    _run(
        "pg_ctl",
        *("-D", str(home / "postgres"), "-w", "-t", str(START_SECONDS_MAX), "-s"),
        *options,
        verb,
        home=home,
    )


def _run(program: str, *arguments: str, home: Path) -> None:
    # A session of its own: Ctrl-C in the terminal is ours to answer, not PostgreSQL's.
    try:
        done = subprocess.run(
            [str(bin_folder() / program), *arguments],
            env=clean_environment(),
            cwd="/",
            preexec_fn=preparation(),
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            text=True,
        )
    except PermissionError as error:
        raise FolderUnwritable(home, NOBODY_IS_SHUT_OUT) from error
    if done.returncode == 0:
        return
    words = done.stderr + done.stdout
    _refuse_full_disk_of(words, home)
    if runs_as_nobody() and "Permission denied" in words:
        raise FolderUnwritable(home, NOBODY_IS_SHUT_OUT)
    raise PostmasterFailed(program, words=words)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    with (home / LAUNCH_LOCK).open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_home(home: Path) -> None:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        (home / LAUNCH_LOCK).touch()
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull(home, free_mb=0, needed_mb=FREE_MB_MIN_NEW) from error
        raise FolderUnwritable(home, error.strerror or str(error)) from error


def _refuse_other_version(data_folder: Path) -> None:
    found = (data_folder / "PG_VERSION").read_text(encoding="utf-8").strip()
    if found != MAJOR_VERSION:
        raise DataFolderOfOtherVersion(data_folder, found=found, expected=MAJOR_VERSION)


def _refuse_full_disk(home: Path, *, needed_mb: int) -> None:
    free_mb = shutil.disk_usage(home).free // 1_000_000
    if free_mb < needed_mb:
        raise DiskFull(home, free_mb=free_mb, needed_mb=needed_mb)


def _refuse_full_disk_of(words: str, home: Path) -> None:
    if "No space left on device" in words:
        free_mb = shutil.disk_usage(home).free // 1_000_000
        raise DiskFull(home, free_mb=free_mb, needed_mb=FREE_MB_MIN_NEW)


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_BYTES_MAX:
        log.replace(log.with_suffix(".log.1"))


def _since(log: Path, position: int) -> str:
    with log.open("rb") as file:
        file.seek(position)
        return file.read().decode("utf-8", errors="replace")
