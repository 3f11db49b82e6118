"""Bands: where a score belongs, what was expected, and what chance explains."""

from fractions import Fraction

import pytest

from credit_scoring.cards.card import Band
from credit_scoring.cards.monitoring.calibration import BandResult, band_of, calibration

BANDS = (
    Band(low=400, good=80, bad=20),
    Band(low=500, good=90, bad=10),
    Band(low=600, good=50, bad=0),
)


@pytest.mark.parametrize(
    ("score", "band"), [(399, 0), (400, 0), (499, 0), (500, 1), (599, 1), (600, 2), (900, 2)]
)
def test_a_band_begins_with_its_lowest_score(score: int, band: int) -> None:
    assert band_of(BANDS, score) == band


def test_loans_are_counted_in_their_band() -> None:
    found = calibration(BANDS, [(450, True), (450, False), (500, False), (700, True)])

    assert [(each.low, each.high, each.loans, each.bad) for each in found] == [
        (400, 500, 2, 1),
        (500, 600, 1, 0),
        (600, None, 1, 1),
    ]
    assert [each.observed_rate for each in found] == [Fraction(1, 2), Fraction(0), Fraction(1)]


def test_a_band_without_a_bad_loan_at_the_fit_expects_half_of_one() -> None:
    found = calibration(BANDS, [])

    assert [each.expected_rate for each in found] == [
        Fraction(1, 5),
        Fraction(1, 10),
        Fraction(1, 100),
    ]


def test_a_band_that_nobody_was_in_expects_nothing() -> None:
    (found,) = calibration([Band(low=0, good=0, bad=0)], [(1, True)])

    assert (found.expected_rate, found.expected_bad, found.within) == (None, None, None)


@pytest.mark.parametrize(("bad", "within"), [(20, True), (27, True), (28, False), (12, False)])
def test_chance_explains_up_to_nearly_two_deviations(
    bad: int,
    within: bool,  # noqa: FBT001  the last column of the table
) -> None:
    # 100 loans at 1/5: 20 expected, deviation 4, so up to 7.84 off.
    found = BandResult(low=0, high=None, loans=100, bad=bad, expected_rate=Fraction(1, 5))

    assert found.within is within


def test_nobody_proves_nothing() -> None:
    found = BandResult(low=0, high=None, loans=0, bad=0, expected_rate=Fraction(1, 5))

    assert (found.observed_rate, found.within) == (None, None)
