"""What all workers of a run share: the first who asks makes it, the last one out drops it."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def shared(
    folder: Path, *, make: Callable[[Path], None], drop: Callable[[Path], None]
) -> Iterator[Path]:
    """Yield the folder that `make` has filled."""
    turn, use = folder.with_suffix(".turn"), folder.with_suffix(".use")
    with turn.open("a") as turn_lock, use.open("a") as use_lock:
        # One at a time comes in or goes out; those that are in share the use and block nobody.
        fcntl.flock(turn_lock, fcntl.LOCK_EX)
        fcntl.flock(use_lock, fcntl.LOCK_SH)
        if not folder.exists():
            draft = folder.with_suffix(".new")
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir()
            make(draft)
            draft.rename(folder)
        fcntl.flock(turn_lock, fcntl.LOCK_UN)
        yield folder
        fcntl.flock(turn_lock, fcntl.LOCK_EX)
        if _is_last_out(use_lock):
            drop(folder)
            shutil.rmtree(folder)


def _is_last_out(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
