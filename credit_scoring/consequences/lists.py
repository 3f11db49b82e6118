"""Half-year lists for prices: fixed on the last day of a half-year, sent within five working days.

Jiangsu's list for power prices (eco_credit.md 1.2, JSP): results roll daily, the list is fixed on
the last day of June and December and sent within the first 5 working days of the month after. From
the last of these days it is in force, until the next one is: our reading, for the source does not
print the day on which a price changes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from kernel.errors import DomainError, Kind

WORKING_DAYS = 5
JANUARY, JULY = 1, 7
WorkingDay = Callable[[date], bool]


class WorkingDaysUnknown(DomainError):
    """The calendar does not know the working days of a year."""

    code = "credit_scoring.working_days_unknown"
    kind = Kind.NOT_FOUND

    def __init__(self, day: date) -> None:
        super().__init__(
            f"the working days of {day.year} are not known",
            field="on",
            expected="a year whose holidays are published",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfYearList:
    """A list: the day as of which it is fixed, and the last day on which it is sent."""

    as_of: date
    sent_by: date


def list_of(as_of: date, *, is_working_day: WorkingDay) -> HalfYearList:
    """Return the list that is fixed on the last day of a half-year."""
    day, left = as_of, WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return HalfYearList(as_of=as_of, sent_by=day)


def list_in_force(on: date, *, is_working_day: WorkingDay) -> HalfYearList:
    """Return the newest list that is in force on a day."""
    newest = half_year_end_before(on)
    found = list_of(newest, is_working_day=is_working_day)
    if found.sent_by <= on:
        return found
    return list_of(half_year_end_before(newest), is_working_day=is_working_day)


def half_year_end_before(day: date) -> date:
    """Return the last day of the half-year before the one of a day."""
    month = JULY if day.month >= JULY else JANUARY
    return date(day.year, month, 1) - timedelta(days=1)
