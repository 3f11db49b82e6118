"""How much memory our Python processes have had at their peak."""

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

_PROCESSES = Path("/proc")
KIB_PER_MIB = 1024


def peak_mib(roots: Iterable[int]) -> dict[int, int] | None:
    """Return the peak resident memory (MiB) of each Python process below and with ``roots``.

    ``None`` where the system does not tell (it has no ``/proc``).
    """
    if not sys.platform.startswith("linux"):
        return None
    children = _children()
    found: dict[int, int] = {}
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        waiting += children.get(pid, ())
        peak = _peak_of(pid)
        if peak is not None:
            found[pid] = peak
    return found


def peak_of_all_mib(roots: Iterable[int]) -> int | None:
    """Return the largest peak (MiB) of these processes, their descendants, and this one."""
    found = peak_mib([*roots, os.getpid()])
    return max(found.values()) if found else None


def _children() -> dict[int, list[int]]:
    children: dict[int, list[int]] = {}
    for pid, status in _statuses():
        children.setdefault(int(status["PPid"]), []).append(pid)
    return children


def _statuses() -> Iterator[tuple[int, dict[str, str]]]:
    for folder in _PROCESSES.iterdir():
        if folder.name.isdigit() and (status := _status(int(folder.name))) is not None:
            yield int(folder.name), status


def _status(pid: int) -> dict[str, str] | None:
    try:
        text = (_PROCESSES / str(pid) / "status").read_text(encoding="utf-8")
    except OSError:  # it ended meanwhile
        return None
    return dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)


def _peak_of(pid: int) -> int | None:
    status = _status(pid)
    if status is None or "VmHWM" not in status or not status["Name"].startswith("python"):
        return None
    return int(status["VmHWM"].split()[0]) // KIB_PER_MIB
