"""Present values and rates of return to their last digit. Cases worked by hand, ours."""

from decimal import Decimal

import pytest

from gep.services.present_value import discounted
from gep.services.present_value import internal_rate as drawn_rate
from gep.units import Amount, Yuan
from gep.valuations.discounting import Return, internal_rate, present_value


@pytest.mark.parametrize(
    ("flows", "rate", "is_due", "worth"),
    [
        # 110 / 1.1 + 121 / 1.1^2 = 100 + 100; due: 110 + 121 / 1.1 = 110 + 110.
        ([11_000, 12_100], "0.1", False, 20_000),
        ([11_000, 12_100], "0.1", True, 22_000),
        # Nothing is discounted at 0 %.
        ([100, 200, 300], "0", False, 600),
        ([100, 200, 300], "0", True, 600),
        # 90 / 0.9 = 100: a negative rate makes later money worth more.
        ([9_000], "-0.1", False, 10_000),
        # 1 fen / 2 is half a fen, which is rounded away from zero on both sides.
        ([1], "1", False, 1),
        ([-1], "1", False, -1),
        ([0, 0], "0.042", False, 0),
    ],
)
def test_years_are_worth_their_discounted_sum(
    flows: list[int],
    rate: str,
    is_due: bool,  # noqa: FBT001  a case of the table
    worth: int,
) -> None:
    assert present_value(flows, rate=Decimal(rate), is_due=is_due) == worth


def test_the_wetland_of_the_scenario_gains_what_its_page_says() -> None:
    # 4,200,000 (1 - 1.042^-18) / 0.042 = 52,315,079.97; due, times 1.042, 54,512,313.33.
    flows = [420_000_000] * 18

    assert present_value(flows, rate=Decimal("0.042")) == 5_231_507_997
    assert present_value(flows, rate=Decimal("0.042"), is_due=True) == 5_451_231_333


@pytest.mark.parametrize("is_due", [False, True])
@pytest.mark.parametrize("rate", [-0.03, 0.0, 0.0277, 0.35])
def test_the_ledger_and_the_engine_discount_alike(
    rate: float,
    is_due: bool,  # noqa: FBT001  a case of the table
) -> None:
    flows = [10_000_000 + 12_345 * year for year in range(100)]
    amounts = [Amount(float(each), Yuan) for each in flows]

    exact = present_value(flows, rate=Decimal(str(rate)), is_due=is_due)

    assert exact == pytest.approx(float(discounted(flows=amounts, rate=rate, due=is_due).value))


# domain/gep.md 4.1: outlay 5.784 at t = 0, then 1 at the end of each year.
@pytest.mark.parametrize(("years", "rate"), [(3, "-0.2681"), (5, "-0.0467"), (10, "0.1143")])
def test_the_wetland_of_caijiahe_returns_what_was_printed(years: int, rate: str) -> None:
    found = internal_rate([-5_784, *[1_000] * years])

    assert found.reason == ""
    assert found.rate is not None
    assert round(found.rate, 4) == Decimal(rate)


@pytest.mark.parametrize(
    ("flows", "rate"),
    [
        # 110 a year later repays 100 at 10 %, 2 at -98 %, two fifties at nothing.
        ([-10_000, 11_000], "0.100000"),
        ([-10_000, 200], "-0.980000"),
        ([-10_000, 5_000, 5_000], "0.000000"),
        # 1 / 3 is repaid at -66.6666... %: the sixth decimal is the nearest one.
        ([-3, 1], "-0.666667"),
        ([-3, 2], "-0.333333"),
        # A loan: received first, repaid with 5 %.
        ([10_000, -10_500], "0.050000"),
        # At the edge of the bracket the root is still inside.
        ([-1, 10], "9.000000"),
    ],
)
def test_a_rate_is_certain_to_its_sixth_decimal(flows: list[int], rate: str) -> None:
    assert internal_rate(flows) == Return(rate=Decimal(rate))


@pytest.mark.parametrize(
    ("flows", "reason"),
    [
        ([0, 100, 200], "no_change_of_sign"),
        ([0, 0], "no_change_of_sign"),
        ([-100, -1], "no_change_of_sign"),
        ([-100, 1_200], "no_root_in_bracket"),
        ([-100_000, 100], "no_root_in_bracket"),
    ],
)
def test_where_there_is_no_rate_the_reason_is_given(flows: list[int], reason: str) -> None:
    assert internal_rate(flows) == Return(rate=None, reason=reason)


def test_a_rate_that_may_not_be_the_only_one_says_so() -> None:
    found = internal_rate([-100, 500, -800, 500])

    assert found.reason == "several_changes_of_sign"


@pytest.mark.parametrize("years", [1, 7, 30, 100])
def test_the_grid_and_the_bisection_find_one_rate(years: int) -> None:
    flows = [-1_000_000, *[90_000] * years]
    found, drawn = internal_rate(flows), drawn_rate(flows=[float(each) for each in flows])

    assert found.rate is not None
    assert drawn.rate is not None
    assert float(found.rate) == pytest.approx(drawn.rate, abs=5e-7)
