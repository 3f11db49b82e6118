from decimal import Decimal

import pytest

from credit_scoring.comparing.shares import published
from credit_scoring.comparing.stability import Stability, stability_index, stability_of


def firms(place: str) -> tuple[int, ...]:
    """Return the counts behind printed shares: each is whole again when its rounding is undone."""
    one = next(each for each in published() if each.place == place)
    counts = tuple(int((each * one.firms / 100).to_integral_value()) for each in one.percents)
    assert sum(counts) == one.firms
    return counts


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Guangzhou 2023", "Guangzhou 2024", "0.0132"),
        ("Ningxia 2019", "Ningxia 2020", "0.0570"),
    ],
)
def test_the_shift_of_published_shares_is_what_was_worked_out_from_them(
    before: str, after: str, expected: str
) -> None:
    assert stability_index(firms(before), firms(after)) == Decimal(expected)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([50, 50], [50, 50], "0.0000"),
        ([50, 50], [500, 500], "0.0000"),
        ([50, 50], [60, 40], "0.0405"),  # 0.1 x ln 1.2 - 0.1 x ln 0.8
        ([40, 60, 0], [60, 40, 0], "0.1622"),  # 0.4 x ln 1.5; the last bin says nothing
        ([], [], "0.0000"),
        ([0, 0], [3, 4], "0.0000"),
    ],
)
def test_shift_of_counts(before: list[int], after: list[int], expected: str) -> None:
    assert stability_index(before, after) == Decimal(expected)


def test_a_bin_that_empties_counts_as_half_a_subject() -> None:
    # (0.05 - 0.1) x ln 0.5 + (1 - 0.9) x ln(1 / 0.9)
    assert stability_index([1, 9], [0, 10]) == Decimal("0.0452")


@pytest.mark.parametrize(
    ("index", "stability"),
    [
        ("0.0999", Stability.STABLE),
        ("0.1000", Stability.WATCH),
        ("0.2500", Stability.WATCH),
        ("0.2501", Stability.ACT),
    ],
)
def test_what_a_shift_asks_for(index: str, stability: Stability) -> None:
    assert stability_of(Decimal(index)) is stability
