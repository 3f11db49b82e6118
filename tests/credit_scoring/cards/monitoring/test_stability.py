"""PSI against a case worked by hand, published grade shares, and its own properties."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_scoring.cards.monitoring.stability import Verdict, psi, verdict

counts = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=12)


def test_a_case_worked_by_hand() -> None:
    # Shares 1/2, 1/2 became 3/4, 1/4: 1/4 ln(3/2) - 1/4 ln(1/2) = 1/4 ln 3.
    assert psi([50, 50], [75, 25]) == Decimal(str(round(math.log(3) / 4, 6)))


@pytest.mark.parametrize(
    ("expected", "actual", "index"),
    [
        # Enterprises by grade (green, blue, yellow, red), shares in hundredths of a percent.
        ((1151, 8698, 100, 50), (1489, 8365, 126, 20), "0.0132"),  # Guangzhou 2023 to 2024
        ((7145, 2244, 449, 162), (6087, 3278, 435, 201), "0.0570"),  # Ningxia 2019 to 2020
    ],
)
def test_published_grade_shares_give_the_published_index(
    expected: tuple[int, ...], actual: tuple[int, ...], index: str
) -> None:
    found = psi(expected, actual)

    assert found is not None
    assert abs(found - Decimal(index)) < Decimal("0.0002")


def test_an_empty_cell_counts_half_a_loan() -> None:
    found = psi([100, 0], [100, 10])

    was, now = (1.0, 0.5 / 100), (100 / 110, 10 / 110)
    by_hand = sum((a - e) * math.log(a / e) for e, a in zip(was, now, strict=True))
    assert float(found or 0) == pytest.approx(by_hand, abs=1e-6)


@pytest.mark.parametrize(("expected", "actual"), [([], []), ([0, 0], [1, 2]), ([1, 2], [0, 0])])
def test_nobody_has_no_stability(expected: list[int], actual: list[int]) -> None:
    assert psi(expected, actual) is None


@given(counts)
def test_the_index_is_symmetric_and_never_below_nothing(cells: list[tuple[int, int]]) -> None:
    one, other = [a for a, _ in cells], [b for _, b in cells]

    found = psi(one, other)

    assert found == psi(other, one)
    assert found is None or found >= 0


@given(st.lists(st.integers(1, 500), min_size=1, max_size=12), st.integers(1, 9))
def test_the_same_shares_have_no_index(cells: list[int], times: int) -> None:
    assert psi(cells, [count * times for count in cells]) == 0


@pytest.mark.parametrize(
    ("index", "asks_for"),
    [
        ("0.099999", Verdict.STABLE),
        ("0.1", Verdict.WATCH),
        ("0.25", Verdict.WATCH),
        ("0.250001", Verdict.ACT),
    ],
)
def test_the_verdict_changes_at_a_tenth_and_above_a_quarter(index: str, asks_for: Verdict) -> None:
    assert verdict(Decimal(index)) is asks_for
