"""Timers of the machine: what falls due, and when.

A timer has a name ``(kind, subject)`` and an instant. The sequencer asks for the earliest one
before it applies a command and lets it fire first, as an entry of the system actor.
"""

import heapq
from typing import ClassVar

from ledger.journal import Created, Journal, Removed

TimerName = tuple[str, str]


class Timer:
    """One instant at which the machine has something to do; its row outlives it, not live."""

    TABLE: ClassVar[str] = "timer"
    __slots__ = ("due", "kind", "live", "subject")

    def __init__(self, *, kind: str, subject: str, due: int, live: bool = True) -> None:
        self.kind = kind
        self.subject = subject
        self.due = due
        self.live = live

    def row(self) -> tuple[str, str, int, bool]:
        """Return (kind, subject, due, live)."""
        return (self.kind, self.subject, self.due, self.live)

    def restore(self, live: bool) -> None:  # noqa: FBT001  a journal record's shape
        """Take an old liveness back."""
        self.live = live


class _Cancelled(Removed):
    """The record of a timer that was taken away; restoring puts it back in its heap too."""

    __slots__ = ("timers",)

    def __init__(self, timers: "Timers", name: TimerName) -> None:
        super().__init__(timers.pending, name)
        self.timers = timers

    def restore(self) -> None:
        self.timers.put(self.value)


class Timers:
    """All pending timers: a dictionary that decides, and a heap that finds the earliest.

    A heap item whose timer is gone is stale and is dropped when it comes to the top, so cancelling
    is cheap and undo only has to keep the dictionary right.
    """

    __slots__ = ("_heap", "pending")

    def __init__(self) -> None:
        self.pending: dict[TimerName, Timer] = {}
        self._heap: list[tuple[int, TimerName]] = []

    def put(self, timer: Timer) -> None:
        """Add a timer without a journal record (loading, undo)."""
        name = (timer.kind, timer.subject)
        self.pending[name] = timer
        heapq.heappush(self._heap, (timer.due, name))

    def schedule(self, journal: Journal, *, kind: str, subject: str, due: int) -> None:
        """Add a timer; one of the same name is replaced."""
        name = (kind, subject)
        self.cancel(journal, name)
        timer = Timer(kind=kind, subject=subject, due=due)
        journal.append((Created(self.pending, name, timer),))
        self.put(timer)

    def cancel(self, journal: Journal, name: TimerName) -> None:
        """Take a timer away, if it is there."""
        timer = self.pending.get(name)
        if timer is not None:
            journal.append((timer, timer.live))
            timer.live = False
            journal.append((_Cancelled(self, name),))
            del self.pending[name]

    def earliest(self) -> Timer | None:
        """Return the timer that fires next; equal instants fire in the order of their names."""
        while self._heap:
            due, name = self._heap[0]
            timer = self.pending.get(name)
            if timer is not None and timer.due == due:
                return timer
            heapq.heappop(self._heap)
        return None
