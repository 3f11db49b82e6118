"""Keys keep the order of exact values among edges, whatever the decimals."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_scoring.cards.exact import (
    MISSING_KEY,
    key_of_integer,
    key_of_text,
    steps_of_text,
    text_of_steps,
)

numbers = st.from_regex(r"-?[0-9]{1,12}(\.[0-9]{1,18})?", fullmatch=True, alphabet="-.0123456789")


@given(numbers, st.integers(-(10**18), 10**18), st.integers(0, 6))
def test_a_key_is_below_an_edge_as_its_value_is(text: str, edge: int, decimals: int) -> None:
    key = key_of_text(text, decimals=decimals)
    value, limit = Fraction(text), Fraction(edge, 10**decimals)

    assert key is not None
    assert (key < 2 * edge) == (value < limit)
    assert (key < 2 * edge + 1) == (value <= limit)
    assert key > MISSING_KEY


@given(numbers, st.integers(0, 6))
def test_a_key_at_its_own_floor_is_right_on_both_sides(text: str, decimals: int) -> None:
    floor = Fraction(text) * 10**decimals // 1

    key = key_of_text(text, decimals=decimals)

    assert key in {2 * floor, 2 * floor + 1}
    assert (key == 2 * floor) == (Fraction(text) * 10**decimals == floor)


@given(st.integers(-(10**12) + 1, 10**12 - 1), st.integers(0, 6))
def test_an_integer_has_the_key_of_its_text(value: int, decimals: int) -> None:
    assert key_of_integer(value, decimals=decimals) == key_of_text(str(value), decimals=decimals)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 1",
        "1 ",
        "+1",
        "1e3",
        ".5",
        "5.",
        "1,5",
        "NaN",
        "inf",
        "１２",
        "0x1",
        "1_0",
        "1" * 13,
        "0." + "1" * 19,
        "--1",
        "1\n",
    ],
)
def test_what_is_no_decimal_number_has_no_key(text: str) -> None:
    assert key_of_text(text, decimals=2) is None


@given(st.integers(-(10**12) + 1, 10**12 - 1), st.integers(0, 6))
def test_steps_survive_their_text(steps: int, decimals: int) -> None:
    assert steps_of_text(text_of_steps(steps, decimals=decimals), decimals=decimals) == steps


def test_an_edge_off_the_grid_is_no_whole_number_of_steps() -> None:
    assert steps_of_text("0.355", decimals=2) is None
    assert steps_of_text("0.350", decimals=2) == 35
