"""Days in Beijing, which is UTC+8 all the year."""

from ledger.reconciliation.day import MINUTES_OF_DAY, day_of

OFFSET_MINUTES = 8 * 60


def beijing_day(at: int) -> int:
    """Return the ordinal of the day in which an instant (microseconds since the epoch) lies."""
    return day_of(at, utc_offset_minutes=OFFSET_MINUTES, cut_off_minutes=MINUTES_OF_DAY)
