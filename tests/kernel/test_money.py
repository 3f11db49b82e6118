"""Amounts: text to steps and back, roundings, shares."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import (
    AmountUnreadable,
    format_decimal,
    largest_remainder,
    parse_decimal,
    rate_of,
    round_half_up,
)

FEN = Decimal("0.01")


@pytest.mark.parametrize(
    ("text", "step", "count"),
    [("0", "1", 0), ("12.34", "0.01", 1234), ("20.000", "0.001", 20_000), ("4200", "10", 420)],
)
def test_text_becomes_steps(text: str, step: str, count: int) -> None:
    assert parse_decimal(text, step=Decimal(step)) == count


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "01", "1e3", "1.005", ".5", "5.", "1 ", "１", "NaN", "1" * 19]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(AmountUnreadable):
        parse_decimal(text, step=FEN)


@given(st.integers(min_value=0, max_value=10**15))
def test_steps_survive_the_way_through_text(count: int) -> None:
    assert parse_decimal(format_decimal(count, step=FEN), step=FEN) == count


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"), [(1, 2, 1), (-1, 2, -1), (149, 100, 1), (3, 2, 2)]
)
def test_a_half_is_rounded_away_from_zero(numerator: int, denominator: int, expected: int) -> None:
    assert round_half_up(numerator, denominator) == expected


def test_a_fee_is_a_rate_in_parts_per_million() -> None:
    assert rate_of(720_000_000, ppm=500) == 360_000


@given(
    st.integers(min_value=0, max_value=10**9),
    st.dictionaries(st.text("abc", min_size=1), st.integers(1, 10**6), min_size=1, max_size=9),
)
def test_shares_sum_to_the_total(total: int, weights: dict[str, int]) -> None:
    assert sum(largest_remainder(total, weights).values()) == total


def test_the_energy_quotas_of_the_demonstration_county() -> None:
    weights = {"Yunxi": 52_000, "Wangxi": 30_000, "Xikou": 19_400}

    shares = largest_remainder(10_000_000, weights)

    assert shares == {"Yunxi": 5_128_205, "Wangxi": 2_958_580, "Xikou": 1_913_215}
