"""A counterparty's day as instants: it ends at the agreed cut-off in the agreed zone."""

MICROSECONDS_OF_MINUTE = 60_000_000
MINUTES_OF_DAY = 24 * 60
MICROSECONDS_OF_HOUR = 60 * MICROSECONDS_OF_MINUTE
MICROSECONDS_OF_DAY = 24 * MICROSECONDS_OF_HOUR
# The ordinal of 1970-01-01, from which instants count.
EPOCH = 719_163


def day_end(day: int, *, utc_offset_minutes: int, cut_off_minutes: int) -> int:
    """Return the first instant (microseconds since the epoch) after a day (an ordinal)."""
    minutes = (day - EPOCH) * MINUTES_OF_DAY + cut_off_minutes - utc_offset_minutes
    return minutes * MICROSECONDS_OF_MINUTE


def day_begin(day: int, *, utc_offset_minutes: int, cut_off_minutes: int) -> int:
    """Return the first instant of a day."""
    return day_end(day - 1, utc_offset_minutes=utc_offset_minutes, cut_off_minutes=cut_off_minutes)


def day_of(at: int, *, utc_offset_minutes: int, cut_off_minutes: int) -> int:
    """Return the day (an ordinal) in which an instant lies."""
    later = MINUTES_OF_DAY - cut_off_minutes + utc_offset_minutes
    return (at + later * MICROSECONDS_OF_MINUTE) // MICROSECONDS_OF_DAY + EPOCH
