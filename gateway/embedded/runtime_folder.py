"""A short private folder for Unix sockets.

A socket path holds about 107 bytes and must not lie inside the data folder of PostgreSQL,
so sockets live under the runtime directory, shared memory or the temp directory, mode 0700,
and the home folder remembers the name. Memory is better than a disk: the writer marks each
command in a mapped file there, and a disk's write-back would stop it now and then.
"""

import os
import shutil
import stat
import tempfile
from pathlib import Path

from gateway.embedded.unprivileged import owners

NAME_FILE = "runtime_folder"
SHARED_MEMORY = "/dev/shm"  # noqa: S108  mkdtemp makes a private folder in it
PARENT_LENGTH_MAX = 70


def runtime_folder(home: Path) -> Path:
    """Return the folder for sockets that belongs to `home`; make it when it is gone."""
    name_file = home / NAME_FILE
    remembered = _remembered(name_file)
    if remembered is not None and _is_ours_alone(remembered):
        return remembered
    made = Path(tempfile.mkdtemp(prefix="ecorights-", dir=_parent()))
    draft = name_file.with_suffix(".new")
    draft.write_text(str(made), encoding="utf-8")
    draft.replace(name_file)
    return made


def socket_of(home: Path, venue: str) -> Path:
    """Return the socket on which a venue's writer is reached."""
    return runtime_folder(home) / f"{venue}.sock"


def forget_runtime_folder(home: Path) -> None:
    """Remove the folder for sockets and its record."""
    name_file = home / NAME_FILE
    remembered = _remembered(name_file)
    if remembered is not None and _is_ours_alone(remembered):
        shutil.rmtree(remembered)
    name_file.unlink(missing_ok=True)


def _remembered(name_file: Path) -> Path | None:
    try:
        return Path(name_file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def _is_ours_alone(folder: Path) -> bool:
    try:
        status = folder.lstat()
    except FileNotFoundError:
        return False
    # Somebody else may have put a folder or a link in the place of ours after a clean-up.
    private = stat.S_ISDIR(status.st_mode) and stat.S_IMODE(status.st_mode) == stat.S_IRWXU
    return private and status.st_uid in owners()


def _parent() -> Path:
    candidates = (os.environ.get("XDG_RUNTIME_DIR"), SHARED_MEMORY, tempfile.gettempdir())
    for candidate in candidates:
        if candidate and len(candidate) <= PARENT_LENGTH_MAX and os.access(candidate, os.W_OK):
            return Path(candidate)
    return Path("/tmp")  # noqa: S108 - mkdtemp makes a private folder in it
