"""The time, as microseconds since the epoch (UTC); handed in, never looked up."""

import time
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> int:
        """Return microseconds since the epoch."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> int:
        """Return microseconds since the epoch."""
        return time.time_ns() // 1000


class FixedClock:
    """A clock that stands until it is set."""

    def __init__(self, at: int) -> None:
        self.at = at

    def now(self) -> int:
        """Return the instant that was set."""
        return self.at
