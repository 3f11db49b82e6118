"""Present values and rates of return, negative ones among them."""

import pytest

from gep.errors import InputRefused
from gep.measures import Tonne
from gep.services.degradation import asset_loss, green_economy, net
from gep.services.present_value import Irr, annuity, annuity_due, discounted, internal_rate
from gep.units import Amount, Money, Yuan


@pytest.mark.parametrize(("years", "rate"), [(3, -0.2681), (5, -0.0467), (10, 0.1143)])
def test_the_wetland_of_caijiahe_returns_what_was_printed(years: int, rate: float) -> None:
    found = internal_rate(flows=[-5.784, *[1.0] * years])

    assert found.rate == pytest.approx(rate, abs=5e-5)
    assert found.reason == ""


def test_a_rate_of_nothing_is_found() -> None:
    assert internal_rate(flows=[-10.0, 5.0, 5.0]).rate == pytest.approx(0.0, abs=1e-12)


def test_a_loss_of_nearly_all_is_found() -> None:
    assert internal_rate(flows=[-100.0, 2.0]).rate == pytest.approx(-0.98, abs=1e-12)


@pytest.mark.parametrize(
    ("flows", "reason"),
    [
        ([1.0, 2.0], "no_change_of_sign"),
        ([0.0, 0.0], "no_change_of_sign"),
        ([-1.0, 12.0], "no_root_in_bracket"),
        ([-1000.0, 1.0], "no_root_in_bracket"),
    ],
)
def test_where_there_is_no_rate_the_reason_is_given(flows: list[float], reason: str) -> None:
    assert internal_rate(flows=flows) == Irr(rate=None, reason=reason)


def test_a_rate_that_may_not_be_the_only_one_says_so() -> None:
    assert internal_rate(flows=[-1.0, 5.0, -8.0, 5.0]).reason == "several_changes_of_sign"


def test_long_flows_at_a_heavy_loss_do_not_overflow() -> None:
    assert internal_rate(flows=[-1.0, *[1e-9] * 999]).rate == pytest.approx(-0.02, abs=0.02)


def test_flows_are_discounted_from_the_end_or_the_start_of_the_year() -> None:
    flows = [Amount(110.0, Tonne), Amount(121.0, Tonne)]

    assert discounted(flows=flows, rate=0.1).value == pytest.approx(200.0)
    assert discounted(flows=flows, rate=0.1, due=True).value == pytest.approx(220.0)


def test_an_annuity_due_is_an_annuity_a_year_earlier() -> None:
    flow = Amount(1.0, Yuan)

    later = annuity(flow=flow, rate=0.0277, years=100).value
    assert annuity_due(flow=flow, rate=0.0277, years=100).value == pytest.approx(later * 1.0277)
    assert later == pytest.approx((1 - 1.0277**-100) / 0.0277)


@pytest.mark.parametrize("rate", [-1.0, 11.0, float("nan")])
def test_an_absurd_rate_is_refused(rate: float) -> None:
    with pytest.raises(InputRefused, match="rate"):
        annuity(flow=Amount(1.0, Yuan), rate=rate, years=1)


def test_disservices_and_degradation_give_second_figures() -> None:
    # 100 - 8 = 92; 50 - 47 = 3; 40 - 3 - 5 + 70 = 102: ours.
    assert net(product=Money(100.0), disservices=Money(8.0)) == Money(92.0)
    assert asset_loss(opening=Money(50.0), closing=Money(47.0)) == Money(3.0)
    assert green_economy(
        domestic_product=Money(40.0),
        pollution_loss=Money(3.0),
        degradation_loss=Money(5.0),
        regulating=Money(70.0),
    ) == Money(102.0)
