"""Which process is the postmaster of a data folder, and does it answer.

A process number in a file proves nothing: after a crash it may belong to anybody, and in a
container whose process 1 does not reap, a dead postmaster stays as a zombie. So "running"
means that a connection leads to this data folder, and nothing is signalled before its
executable and its working directory have been looked at.
"""

import os
import subprocess
import sys
from pathlib import Path

from gateway.embedded.binaries import bin_folder

USER = "ecorights"
PID_FILE = "postmaster.pid"
CONNECT_SECONDS_MAX = 10


def clean_environment() -> dict[str, str]:
    """Return the environment without what would lead PostgreSQL's programs astray."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C", "PGCONNECT_TIMEOUT": str(CONNECT_SECONDS_MAX)}


def answers(data_folder: Path, *, sockets: Path) -> bool:
    """Tell whether a connection through `sockets` leads to this data folder."""
    asked = subprocess.run(
        [
            *(str(bin_folder() / "psql"), "-X", "-A", "-t", "-w"),
            *("-h", str(sockets), "-p", "5432", "-U", USER, "-d", "postgres"),
            *("-c", "SHOW data_directory"),
        ],
        env=clean_environment(),
        capture_output=True,
        check=False,
        text=True,
    )
    return asked.returncode == 0 and Path(asked.stdout.strip()) == data_folder


def postmaster(data_folder: Path) -> int | None:
    """Return the process number of the live postmaster of this data folder."""
    try:
        first_line = (data_folder / PID_FILE).read_text(encoding="utf-8").partition("\n")[0]
        pid = int(first_line)
    except (FileNotFoundError, ValueError):
        return None
    return pid if _is_postmaster(pid, data_folder) else None


def _is_postmaster(pid: int, data_folder: Path) -> bool:
    if not sys.platform.startswith("linux"):
        return _is_postmaster_by_ps(pid, data_folder)
    process = Path("/proc") / str(pid)
    try:
        # A zombie has neither link. An executable that was replaced ends with "(deleted)".
        executable = (process / "exe").readlink().name
        directory = (process / "cwd").readlink()
    except OSError:
        return False
    return executable.partition(" ")[0] == "postgres" and directory == data_folder


def _is_postmaster_by_ps(pid: int, data_folder: Path) -> bool:
    shown = subprocess.run(
        ["/bin/ps", "-p", str(pid), "-o", "command="], capture_output=True, check=False, text=True
    )
    command = shown.stdout.strip()
    return "postgres" in command.partition(" ")[0] and str(data_folder) in command
