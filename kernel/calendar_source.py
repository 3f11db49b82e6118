"""Where calendar rows come from: the days of mainland China, for commands that declare them.

Only the edge uses this. The machine knows days from entries, so a new version of the holiday
package or of the time-zone tables changes no replay. Three calendars, never one (markets.md 1.4):
a trading day is Monday to Friday and no statutory holiday; a working day and a bank day include
make-up weekends.
"""

from datetime import date, timedelta

import chinese_calendar

_SATURDAY = 5


def is_trading_day(day: date) -> bool:
    """Tell whether a day is a trading day (交易日)."""
    return day.weekday() < _SATURDAY and not chinese_calendar.is_holiday(day)


def is_working_day(day: date) -> bool:
    """Tell whether a day is a working day (工作日), make-up weekends included."""
    return bool(chinese_calendar.is_workday(day))


def add_working_days(day: date, count: int) -> date:
    """Return the day that lies ``count`` working days after ``day``."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day
