"""When a day of Asia/Shanghai (an ordinal) begins, in microseconds since the epoch."""

from datetime import date

_EPOCH = date(1970, 1, 1).toordinal()
_DAY = 86_400_000_000
# Eight hours east, as ``credit_scoring.dates`` says why.
_SHANGHAI = 8 * 3_600_000_000


def begin_of(day: int) -> int:
    """Return the first instant of a day."""
    return (day - _EPOCH) * _DAY - _SHANGHAI
