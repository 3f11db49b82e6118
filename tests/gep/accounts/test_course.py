"""Figures about accounts: per head, contribution, trend with its minimum of years, stocks."""

from decimal import Decimal
from typing import Any

import pytest

from gep.accounts.indices import contributions, display_difference, indices_of
from gep.accounts.stocks import Stock, checked, follows
from gep.accounts.trend import trend_of
from gep.errors import AccountRefused
from tests.gep.accounts.planning import account


def stock(**changes: Any) -> Stock:
    given: dict[str, Any] = {
        "resource": "forest",
        "unit": "hm2",
        "opening": Decimal(100),
        "additions": {"planted": Decimal(8)},
        "reductions": {"felled": Decimal(3), "burnt": Decimal(1)},
        "closing": Decimal(104),
    }
    return Stock(**(given | changes))


def test_figures_per_head_and_to_gdp_want_their_base() -> None:
    area = {"id": "1", "name": "A", "km2": 10, "population": 2000, "gdp_yuan": "3117232"}
    known, unknown = indices_of(account(area=area)), indices_of(account())

    assert known.per_km2_yuan == Decimal("623446.4")
    assert known.per_head_yuan == Decimal("3117.232")
    assert known.gep_to_gdp == 2
    assert (unknown.per_head_yuan, unknown.gep_to_gdp) == (None, None)


def test_an_account_of_nothing_has_no_shares() -> None:
    line = {"id": "x", "service": "M1", "given_yuan": 0, "source": "s"}
    found = indices_of(account(lines=[line]))

    assert (found.regulating_share, found.realised, found.conversion) == (None, None, 0)


def test_contributions_are_shares_of_one_year() -> None:
    areas = [{"id": str(n), "name": "A", "km2": 1} for n in range(4)]
    accounts = [account(area=each) for each in areas]

    assert set(contributions(accounts).values()) == {Decimal("0.25")}
    with pytest.raises(AccountRefused, match="each area once"):
        contributions([accounts[0], accounts[0]])
    with pytest.raises(AccountRefused, match="one year"):
        contributions([accounts[0], account(area=areas[1], year=2021)])
    with pytest.raises(AccountRefused, match="a sum above 0"):
        contributions([])


def test_a_report_says_by_how_much_its_rounded_figures_miss() -> None:
    lines = [
        {"id": "m", "service": "M1", "given_yuan": "40", "source": "s"},
        {"id": "r", "service": "R1", "given_yuan": "40", "source": "s"},
    ]

    assert display_difference(account(lines=lines)) == Decimal("-0.0001")


def test_five_years_make_a_trend() -> None:
    # Ours: S = 10 of 10 pairs, variance 5 * 4 * 15 / 18 = 16.667, z = 9 / 4.0825 = 2.2045.
    found = trend_of({2015 + n: 100.0 + 10 * n for n in range(5)})

    assert (found.statistic, found.slope) == (10, 10.0)
    assert found.p_value == pytest.approx(0.02749, abs=1e-4)
    assert found.growth_a_year == pytest.approx(1.4**0.25 - 1)
    assert found.year_on_year[2016] == pytest.approx(0.1)


def test_four_years_make_none() -> None:
    found = trend_of({2015 + n: 100.0 + 10 * n for n in range(4)})

    assert (found.statistic, found.slope, found.p_value) == (None, None, None)
    assert found.growth_a_year is not None


def test_a_level_course_has_no_trend_and_gaps_no_change() -> None:
    level = trend_of(dict.fromkeys(range(2010, 2016), 5.0))
    gap = trend_of({2010: 0.0, 2012: 5.0})

    assert (level.statistic, level.p_value, level.slope) == (0, 1.0, 0.0)
    assert (dict(gap.year_on_year), gap.growth_a_year) == ({}, None)
    with pytest.raises(AccountRefused, match="two years"):
        trend_of({2010: 1.0})


def test_a_stock_closes_by_its_causes() -> None:
    assert checked(stock()).unexplained == 0
    with pytest.raises(AccountRefused) as refused:
        checked(stock(closing=Decimal(105)))
    with pytest.raises(AccountRefused, match="0 or more"):
        checked(stock(additions={"planted": Decimal(-8)}))

    assert (refused.value.code, refused.value.expected) == ("gep.stock_does_not_close", "104")


def test_a_year_opens_where_the_last_one_closed() -> None:
    later = stock(opening=Decimal(104), closing=Decimal(108))

    assert follows(stock(), later) is later
    with pytest.raises(AccountRefused, match="104 hm2 of forest"):
        follows(stock(), stock())
