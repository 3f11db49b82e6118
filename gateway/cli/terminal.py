"""What commands that start processes share at the terminal: progress, one way to stop, JSON."""

import json
import signal
import sys
import time
from types import FrameType
from typing import Any

from rich.console import Console


class Progress:
    """Lines for the person at the terminal, each with the seconds since the start."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._begin = time.monotonic()

    @property
    def seconds(self) -> float:
        """The time since the start."""
        return round(time.monotonic() - self._begin, 1)

    def tell(self, words: str) -> None:
        """Print one step that is done."""
        self._console.print(f"{self.seconds:6.1f} s  {words}", markup=False)


def treat_terminate_as_interrupt() -> None:
    """Let SIGTERM and SIGHUP stop us as Ctrl-C does: asyncio then runs every ``finally``."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        signal.raise_signal(signal.SIGINT)

    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)
    # A shell that starts us in the background sets SIGINT to be ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def print_json(result: dict[str, Any]) -> None:
    """Print a result as the last line of standard output."""
    sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
    sys.stdout.flush()
