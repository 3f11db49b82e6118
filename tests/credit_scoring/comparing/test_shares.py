from decimal import Decimal
from fractions import Fraction

import pytest

from credit_scoring.comparing.shares import ColourShares, gap, nearest, published, shown


def shares(*counts: int) -> ColourShares:
    return ColourShares(counts=counts, not_rated=0)


def test_nine_distributions_are_held_each_adding_up_to_all_but_its_rounding() -> None:
    assert len(published()) == 9
    assert all(abs(sum(each.percents, Decimal(-100))) <= Decimal("0.02") for each in published())


def test_the_gap_is_the_largest_of_the_four_differences() -> None:
    hangzhou = published()[-1]

    assert gap(shares(4, 91, 5, 0), hangzhou) == Fraction("0.32")
    assert gap(shares(0, 100, 0, 0), hangzhou) == Fraction("9.03")


@pytest.mark.parametrize("place", range(9))
def test_a_published_distribution_is_nearest_to_itself(place: int) -> None:
    one = published()[place]

    found, distance = nearest(shares(*(int(100 * each) for each in one.percents)), published())

    assert found == one
    assert shown(distance) <= Decimal("0.01")


def test_nobody_rated_has_no_shares() -> None:
    assert [shares(0, 0, 0, 0).percent(place) for place in range(4)] == [0, 0, 0, 0]


def test_shares_are_shown_with_two_digits_half_to_even() -> None:
    assert [str(shown(Fraction(*each))) for each in ((1, 8), (1, 200), (3, 200), (100, 3))] == [
        "0.12",
        "0.00",
        "0.02",
        "33.33",
    ]
