"""Which process of this home serves a venue: at most one `up` each.

An exclusive lock says that it lives, and the locked file says who it is. The kernel drops
the lock when the process dies, however it dies.
"""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from gateway.errors import AlreadyRunning


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """The process that serves a venue."""

    pid: int
    port: int


@contextmanager
def only_instance(home: Path, *, venue: str, own: Instance) -> Iterator[None]:
    """Be the one process that serves the venue.

    Raises:
        AlreadyRunning: another one does.
    """
    with _file(home, venue).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            other = _read(file.name)
            raise AlreadyRunning(venue=venue, pid=other.pid, port=other.port) from error
        file.truncate(0)
        file.write(json.dumps(asdict(own)))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def running_instance(home: Path, *, venue: str) -> Instance | None:
    """Return the process that serves the venue now."""
    path = _file(home, venue)
    if not path.exists():
        return None
    with path.open(encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _read(file.name)
    return None


def wait_until_gone(home: Path, *, venue: str) -> None:
    """Wait until nobody serves the venue."""
    with _file(home, venue).open(encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_SH)


def _file(home: Path, venue: str) -> Path:
    return home / f"{venue}.running"


def _read(path: str) -> Instance:
    text = Path(path).read_text(encoding="utf-8")
    # The other one may be between its lock and its words.
    return Instance(**json.loads(text)) if text else Instance(pid=0, port=0)
