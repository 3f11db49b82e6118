"""Trading days as they were declared: which day an instant belongs to, and what comes next."""

from bisect import bisect_right
from typing import ClassVar

from ledger.state import Row


class CalendarDay:
    """One trading day of a calendar (交易日), as declared."""

    TABLE: ClassVar[str] = "calendar_day"
    __slots__ = ("calendar", "closes", "day", "opens")

    def __init__(self, *, calendar: str, day: int, opens: list[int], closes: list[int]) -> None:
        self.calendar = calendar
        self.day = day
        self.opens = opens
        self.closes = closes

    def row(self) -> Row:
        """Return (calendar, day, opens, closes)."""
        return (self.calendar, self.day, list(self.opens), list(self.closes))

    def restore(self) -> None:
        """Nothing to take back: a declared day never changes."""


class Calendar:
    """The declared trading days of one calendar, in order; days are only ever added."""

    __slots__ = ("days", "ordinals")

    def __init__(self) -> None:
        self.days: dict[int, CalendarDay] = {}
        self.ordinals: list[int] = []

    def add(self, day: CalendarDay) -> None:
        """Add a day after all others (loading, fold)."""
        self.days[day.day] = day
        self.ordinals.append(day.day)

    def restore(self) -> None:
        """Take the last day away again (undo)."""
        del self.days[self.ordinals.pop()]

    def after(self, day: int) -> int | None:
        """Return the first trading day after a day."""
        place = bisect_right(self.ordinals, day)
        return self.ordinals[place] if place < len(self.ordinals) else None

    def next_event(self, at: int) -> int | None:
        """Return the first opening or closing after an instant."""
        for ordinal in self.ordinals[self._first_open_after(at) :]:
            day = self.days[ordinal]
            ahead = [due for due in (*day.opens, *day.closes) if due > at]
            if ahead:
                return min(ahead)
        return None

    def day_of(self, due: int) -> CalendarDay:
        """Return the day that an opening or closing belongs to."""
        return self.days[self.ordinals[self._first_open_after(due - 1)]]

    def _first_open_after(self, at: int) -> int:
        low, high = 0, len(self.ordinals)
        while low < high:
            middle = (low + high) // 2
            if self.days[self.ordinals[middle]].closes[-1] > at:
                high = middle
            else:
                low = middle + 1
        return low
