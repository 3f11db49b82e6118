"""What crosses a threshold: exactly, a year at a time, and never across a break."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gep.accounts.account import Account, WarningCode
from gep.registry.shipped import parameter_set_of
from gep.space.watching.judging import (
    PPM,
    PROPOSED,
    Crossing,
    Severity,
    Unjudged,
    WarningRule,
    crossings,
    decline_of,
    fall_a_year,
    missing_of,
    share_of,
)
from tests.gep.publishing.books import made, plan_of

LIMITS = dict(PROPOSED)
LAND = {"product": "survey", "resolution_m": "30"}


def account(year: int, visits: str, **changes: Any) -> Account:
    """Return an account of visits at 100 yuan each, and 1,000,000 yuan of timber."""
    whole = {
        "id": f"yunxi-{year}",
        "year": year,
        "land_cover": LAND,
        "inputs": {
            "visits": {"value": visits, "unit": "visit", "source": "survey"},
            "spent": {"value": "100", "unit": "yuan/visit", "source": "survey"},
        },
        "lines": [
            {"id": "timber", "service": "M1", "given_yuan": "1000000", "source": "yearbook"},
            {"id": "visits", "service": "C1", "quantity": "visits", "price": "spent"},
        ],
    }
    return made(plan_of(**(whole | changes)))


def test_the_proposed_limits_are_the_shipped_parameters() -> None:
    shipped = parameter_set_of("reference-0.1")
    from_set = {
        WarningRule.DECLINE: "warning.decline",
        WarningRule.SERVICE_SHARE: "warning.service_share",
    }
    rows = {rule: shipped.rows[name, ()][0].value for rule, name in from_set.items()}

    assert {rule: Decimal(ppm) / PPM for rule, ppm in PROPOSED.items()} == rows


def test_a_fall_of_5_91_percent_in_two_years_is_3_percent_a_year() -> None:
    assert fall_a_year(600_000_000_000, 564_540_000_000, years=2) == 30_000
    assert fall_a_year(100, 100, years=3) == 0
    assert fall_a_year(100, 120, years=1) == 0
    assert fall_a_year(100, 0, years=2) == PPM


@given(before=st.integers(1, 10**15), after=st.integers(0, 10**15), years=st.integers(1, 10))
def test_the_fall_a_year_gives_the_whole_to_a_millionth(
    before: int, after: int, years: int
) -> None:
    fall = fall_a_year(before, after, years=years)

    if fall:
        assert after * PPM**years <= before * (PPM - fall) ** years
    if fall < PPM:
        assert after * PPM**years > before * (PPM - fall - 1) ** years


@pytest.mark.parametrize(
    ("base_year", "visits", "severity"),
    [
        (2024, "19000", None),  # 2,900,000 of 3,000,000: 3.33 %
        (2024, "18500", None),  # exactly 5 %
        (2024, "18499", Severity.WARNING),
        (2024, "16999", Severity.SEVERE),
        (2023, "18000", None),  # 6.67 % in two years
        (2023, "17000", Severity.WARNING),  # 10 % in two years: 5.13 % a year
    ],
)
def test_a_decline_is_a_fall_a_year_at_constant_prices(
    base_year: int, visits: str, severity: Severity | None
) -> None:
    found = decline_of(account(base_year, "20000"), account(2025, visits), limit=50_000)

    assert not isinstance(found, Unjudged)
    assert (found and found.severity) == severity


def test_a_fall_of_prices_is_no_decline() -> None:
    cheaper = {
        "visits": {"value": "20000", "unit": "visit", "source": "survey"},
        "spent": {"value": "50", "unit": "yuan/visit", "source": "survey"},
    }
    later = account(2025, "20000", inputs=cheaper)

    assert decline_of(account(2024, "20000"), later, limit=50_000) is None


@pytest.mark.parametrize(
    ("changes", "breaks"),
    [
        ({"land_cover": {"product": "another", "resolution_m": "30"}}, ("other_land_cover",)),
        ({"area": {"id": "x", "name": "x", "km2": "1"}}, ("other_area",)),
        ({"year": 2026}, ("years_apart",)),
        ({"year": 2010}, ("years_apart",)),
        (
            {"lines": [{"id": "wood", "service": "M1", "given_yuan": "1", "source": "yearbook"}]},
            ("line_appeared", "line_disappeared"),
        ),
    ],
)
def test_what_does_not_compare_is_not_judged(
    changes: dict[str, Any], breaks: tuple[str, ...]
) -> None:
    whole: dict[str, Any] = {"year": 2024, "visits": "90000"}
    base = account(**(whole | changes))

    found = decline_of(base, account(2025, "20000"), limit=50_000)

    assert isinstance(found, Unjudged)
    assert found.breaks == breaks


def test_land_cover_that_nobody_states_is_not_known_to_be_another() -> None:
    base = account(2024, "20000", land_cover=None)

    found = decline_of(base, account(2025, "10000", land_cover=None), limit=50_000)

    assert isinstance(found, Crossing)


def test_one_service_above_its_share_is_named() -> None:
    whole = account(2025, "20000")  # 2,000,000 of 3,000,000

    found = share_of(whole, "C1", limit=600_000)

    assert found is not None
    assert (found.before, found.after, found.measured) == (300_000_000, 200_000_000, 666_666)
    assert found.severity is Severity.NOTICE
    assert share_of(account(2025, "90000"), "C1", limit=600_000).severity is Severity.WARNING  # type: ignore[union-attr]
    assert share_of(account(2025, "15000"), "C1", limit=600_000) is None
    assert share_of(whole, "R1", limit=600_000) is None


def test_a_mandatory_line_is_missing_if_the_account_says_so() -> None:
    found = account(2025, "20000", edition="Shandong 2022")
    missing = [each.place for each in found.warnings if each.code is WarningCode.MANDATORY_MISSING]

    due = list(crossings(found, None, limits=LIMITS))

    assert missing
    assert [each.service for each in due if each.rule is WarningRule.MANDATORY_MISSING] == sorted(
        missing
    )
    assert missing_of(found, "C1") is None


def test_a_warning_has_one_name_whoever_raises_it() -> None:
    base, later = account(2024, "20000"), account(2025, "10000")

    [fall] = crossings(later, base, limits=LIMITS)

    assert fall.id == next(crossings(later, base, limits=LIMITS)).id
    assert len(fall.id) == 32
    assert (fall.before, fall.after, fall.measured) == (300_000_000, 200_000_000, 333_333)
