"""Days and months of rewards, in Beijing time, which is UTC+8 all the year and needs no table."""

from calendar import monthrange
from datetime import date
from functools import cache

MICROSECONDS_OF_HOUR = 3_600_000_000
MICROSECONDS_OF_DAY = 24 * MICROSECONDS_OF_HOUR
OFFSET = 8 * MICROSECONDS_OF_HOUR
EPOCH = date(1970, 1, 1).toordinal()
MONTHS_OF_YEAR = 12
DAY_LAST = date.max.toordinal()


def day_of(at: int) -> int:
    """Return the day (an ordinal) of an instant in microseconds since the epoch."""
    return (at + OFFSET) // MICROSECONDS_OF_DAY + EPOCH


def begin_of(day: int) -> int:
    """Return the instant at which a day begins."""
    return (day - EPOCH) * MICROSECONDS_OF_DAY - OFFSET


def add_months(day: int, months: int) -> int:
    """Return the day so many months later; 31 August + 6 is the last day of February."""
    found = date.fromordinal(day)
    carried, month = divmod(found.month - 1 + months, MONTHS_OF_YEAR)
    year = found.year + carried
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(found.day, last)).toordinal()


def month_of(day: int) -> int:
    """Return the number of a day's month, counted from January of the year 0."""
    found = date.fromordinal(day)
    return shared(found.year * MONTHS_OF_YEAR + found.month - 1)


@cache
def shared(month: int) -> int:
    """Return a month's number as the one object that all its holders share."""
    return month


def is_day(ordinal: int) -> bool:
    """Tell whether a number is a day of the calendar at all."""
    return 0 < ordinal <= DAY_LAST
