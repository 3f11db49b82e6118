"""Which command was being applied when a writer died: a small file that outlives the process.

A stored byte of a mapped file is in the kernel's hands, so it survives ``kill -9``. The writer
notes each command before it applies it, and that it is done after the batch was handed over. The
writer after it reads which commands may have been the cause: the one being applied, or the whole
batch where it died while packing it, or none.
"""

import mmap
from collections.abc import Collection
from pathlib import Path

NUMBERS_MAX = 4_096
_SIZE = 8 * (3 + NUMBERS_MAX)
_EPOCH, _STAGE, _COUNT, _FIRST = 0, 1, 2, 3
_IDLE, _APPLYING, _PACKING = 0, 1, 2


class Marker:
    """The file of the writer that holds the lease under ``epoch``."""

    __slots__ = ("_count", "_map", "_view")

    def __init__(self, path: Path, *, epoch: int) -> None:
        path.touch(mode=0o600)
        with path.open("r+b") as file:
            file.truncate(_SIZE)
            self._map = mmap.mmap(file.fileno(), _SIZE)
        self._view = memoryview(self._map).cast("q")
        self._count = 0
        self.idle()
        self._view[_EPOCH] = epoch

    def applying(self, number: int) -> None:
        """Note that the command with this key hash is applied next."""
        view = self._view
        count = self._count
        view[_FIRST + count] = number
        if count + 1 < NUMBERS_MAX:
            count += 1
        self._count = view[_COUNT] = count
        view[_STAGE] = _APPLYING

    def packing(self) -> None:
        """Note that the commands of this batch are all applied."""
        self._view[_STAGE] = _PACKING

    def idle(self) -> None:
        """Note that no command is in hand."""
        self._view[_STAGE] = _IDLE
        self._count = 0
        self._view[_COUNT] = 0

    def close(self) -> None:
        """Let go of the file."""
        self._view.release()
        self._map.close()


def suspects(path: Path, *, epoch: int) -> Collection[int] | None:
    """Return the key hashes that may have ended the writer of ``epoch``; ``None`` if not known."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    if len(content) != _SIZE:
        return None
    view = memoryview(content).cast("q")
    if view[_EPOCH] != epoch:
        return None
    numbers = view[_FIRST : _FIRST + view[_COUNT]].tolist()
    if view[_STAGE] == _IDLE or not numbers:
        return ()
    return frozenset(numbers[-1:] if view[_STAGE] == _APPLYING else numbers)
