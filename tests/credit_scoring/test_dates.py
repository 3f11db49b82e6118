"""Months clamp to their end; a day ends at midnight in Shanghai."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_scoring.dates import add_months, add_months_to_ordinal, day_of, end_of_day


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        ("2024-08-31", 6, "2025-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", -12, "2023-02-28"),
        ("2025-03-31", -1, "2025-02-28"),
        ("2025-01-10", 0, "2025-01-10"),
        ("2025-12-31", 1, "2026-01-31"),
        ("2025-01-31", 3, "2025-04-30"),
        ("2020-01-10", 60, "2025-01-10"),
    ],
)
def test_months_clamp_to_the_end_of_their_month(day: str, months: int, found: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(found)


@given(day=st.dates(date(1950, 1, 1), date(2100, 1, 1)), months=st.integers(-600, 600))
def test_ordinals_move_as_dates_do(day: date, months: int) -> None:
    moved = add_months(day, months)

    assert add_months_to_ordinal(day.toordinal(), months) == moved.toordinal()
    assert moved.day <= day.day
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months


def test_a_day_ends_at_sixteen_hours_utc() -> None:
    end = end_of_day(date(2025, 1, 31))

    assert end == datetime(2025, 1, 31, 16, tzinfo=UTC)
    assert day_of(end - timedelta(microseconds=1)) == date(2025, 1, 31)
    assert day_of(end) == date(2025, 2, 1)
