"""Rings that cross themselves, bound nothing or reach round the globe."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gep.boundaries import Ring, area_of, crossing_of, divided, spans_the_date_line

SQUARE: Ring = ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
BOW_TIE: Ring = ((0, 0), (1, 1), (1, 0), (0, 1), (0, 0))


def round_ring(points: int, *, wave: float = 0.0) -> Ring:
    turns = [2 * math.pi * index / points for index in range(points)]
    ring = [
        ((1 + wave * math.sin(9 * turn)) * math.cos(turn), math.sin(turn) * 0.7) for turn in turns
    ]
    return (*ring, ring[0])


@pytest.mark.parametrize("ring", [SQUARE, SQUARE[::-1], round_ring(5_000, wave=0.2)])
def test_a_ring_that_bounds_its_land_has_no_crossing(ring: Ring) -> None:
    assert crossing_of(ring) is None


def test_a_bow_tie_crosses_itself_and_says_where() -> None:
    assert crossing_of(BOW_TIE) == (0, 0)


def test_a_crossing_among_thousands_of_sides_is_found() -> None:
    ring = list(round_ring(20_000))
    ring[7_000], ring[7_001] = ring[7_001], ring[7_000]

    assert crossing_of(tuple(ring)) in ring[6_998:7_003]


def test_a_ring_may_touch_itself() -> None:
    touching: Ring = ((0, 0), (1, 1), (2, 0), (2, 2), (1, 1), (0, 2), (0, 0))

    assert crossing_of(touching) is None


@given(
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=3, max_size=9, unique=True)
)
def test_crossings_are_those_that_every_pair_of_sides_shows(points: list[tuple[int, int]]) -> None:
    ring = tuple((float(east), float(north)) for east, north in [*points, points[0]])
    if len({each[0] for each in ring}) == 1 or len({each[1] for each in ring}) == 1:
        return

    def turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    sides = list(pairwise(ring))
    crosses = any(
        turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0
        for index, (a, b) in enumerate(sides)
        for c, d in sides[index + 1 :]
    )

    assert (crossing_of(ring) is not None) == crosses


def test_areas_do_not_mind_the_way_round() -> None:
    assert area_of(SQUARE) == area_of(SQUARE[::-1]) == 1
    assert area_of(((0, 0), (1, 1), (2, 2), (0, 0))) == 0


def test_a_zone_on_both_sides_of_the_date_line_is_seen() -> None:
    east: Ring = ((179, 0), (180, 0), (180, 1), (179, 0))
    west: Ring = ((-180, 0), (-179, 0), (-180, 1), (-180, 0))

    assert spans_the_date_line([east, west])
    assert not spans_the_date_line([east])


def test_long_sides_are_divided_alike_from_both_ends() -> None:
    ring: Ring = ((0.1, 0.3), (1.0, 0.7), (0.2, 1.1), (0.1, 0.3))

    there, back = divided(ring, 0.1), divided(ring[::-1], 0.1)

    assert set(there) == set(back)
    assert len(there) == 1 + 9 + 8 + 8
    assert area_of(there) == pytest.approx(area_of(ring))
    assert divided(ring, 1.0) == ring


def test_sides_that_would_be_too_many_points_are_not_divided() -> None:
    with pytest.raises(OverflowError):
        divided(SQUARE, 1e-7)
