"""Dates of the eco-credit: months that clamp to their end, and days of Asia/Shanghai.

Loops work on day ordinals (``date.toordinal``), whole numbers that cost nothing to compare.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache

MONTHS_A_YEAR = 12
DAYS_KEPT = 65_536
# China keeps one zone without summer time since 1991-09-15; no date of the eco-credit is older, and
# a fixed offset cannot change with an update of a time-zone package.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


def add_months(day: date, months: int) -> date:
    """Return the same day some months later (or earlier), clamped to the end of its month."""
    year, month = divmod(day.year * MONTHS_A_YEAR + day.month - 1 + months, MONTHS_A_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=DAYS_KEPT)
def add_months_to_ordinal(ordinal: int, months: int) -> int:
    """Return the ordinal of the day some months later than the day of an ordinal."""
    return add_months(date.fromordinal(ordinal), months).toordinal()


def end_of_day(day: date) -> datetime:
    """Return the first instant, in UTC, after a day in Asia/Shanghai."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=SHANGHAI).astimezone(UTC)


def day_of(instant: datetime) -> date:
    """Return the date of an instant in Asia/Shanghai."""
    return instant.astimezone(SHANGHAI).date()
