"""The days of 2026 that the demonstration year depends on."""

from datetime import date

import pytest

from kernel.calendar_source import add_working_days, is_trading_day, is_working_day


@pytest.mark.parametrize(
    ("day", "trading", "working"),
    [
        (date(2026, 1, 4), False, True),
        (date(2026, 1, 5), True, True),
        (date(2026, 4, 6), False, False),
        (date(2026, 10, 1), False, False),
        (date(2026, 10, 7), False, False),
        (date(2026, 10, 10), False, True),
    ],
)
def test_trading_and_working_days_differ(day: date, *, trading: bool, working: bool) -> None:
    assert (is_trading_day(day), is_working_day(day)) == (trading, working)


def test_a_delay_of_two_working_days_skips_the_holiday() -> None:
    assert add_working_days(date(2026, 4, 2), 2) == date(2026, 4, 7)
