"""Areas on the ellipsoid and what outlines have in common."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gep.space.measuring import AXIS, ECCENTRICITY, km2_of, overlap_km2
from gep.space.outline import outline_of
from tests.gep.space.squares import outline, square

share = st.integers(1, 999).map(lambda each: each / 1000)


def slow_km2(south: float, north: float, width: float) -> float:
    """Sum thin strips by the radii of curvature: another way than the closed form."""
    strips = 20_000
    height = math.radians(north - south) / strips
    total = 0.0
    for index in range(strips):
        sine = math.sin(math.radians(south) + (index + 0.5) * height)
        meridian = AXIS * (1 - ECCENTRICITY**2) / (1 - (ECCENTRICITY * sine) ** 2) ** 1.5
        normal = AXIS / math.sqrt(1 - (ECCENTRICITY * sine) ** 2)
        total += meridian * normal * math.sqrt(1 - sine**2) * height * math.radians(width)
    return total / 1e6


def test_the_whole_globe_has_the_area_of_the_ellipsoid() -> None:
    # 4 pi times the square of the authalic radius of WGS 84, 6,371,007.1809 m.
    expected = 4 * math.pi * 6_371.0071809184**2

    assert float(km2_of(outline(-180.0, -90.0, 360.0, 180.0))) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("south", "height"), [(0.0, 1.0), (29.0, 0.5), (-60.0, 2.0), (80.0, 1.0)])
def test_a_rectangle_has_the_area_of_its_strips(south: float, height: float) -> None:
    found = float(km2_of(outline(120.0, south, 1.5, height)))

    assert found == pytest.approx(slow_km2(south, south + height, 1.5), rel=1e-8)


def test_a_hole_is_not_counted_and_polygons_are_added() -> None:
    land, hole = square(120.0, 29.0, 1.0, 1.0), square(120.2, 29.2, 0.5, 0.5)
    apart = square(125.0, 29.0, 1.0, 1.0)

    found = km2_of(outline_of([(land, hole), (apart,)]))

    whole, cut = km2_of(outline_of([(land,)])), km2_of(outline_of([(hole,)]))
    assert abs(found - (2 * whole - cut)) <= Decimal("0.000002")


@given(west=share, south=share, width=share, height=share)
def test_the_overlap_of_rectangles_is_their_common_rectangle(
    west: float, south: float, width: float, height: float
) -> None:
    one = outline(120.0, 29.0, 1.0, 1.0)
    other = outline(round(119.5 + west, 3), round(28.5 + south, 3), width, height)
    (w1, s1, e1, n1), (w2, s2, e2, n2) = one.bounds, other.bounds
    left, low, right, high = max(w1, w2), max(s1, s2), min(e1, e2), min(n1, n2)

    found = overlap_km2(one, other)

    if left < right and low < high:
        ring = ((left, low), (right, low), (right, high), (left, high), (left, low))
        scaled = tuple((x / 10**7, y / 10**7) for x, y in ring)
        assert float(found) == pytest.approx(float(km2_of(outline_of([(scaled,)]))), rel=1e-6)
    else:
        assert found == 0
    assert overlap_km2(other, one) == pytest.approx(found, abs=Decimal("0.00001"))


def test_sides_that_cross_between_points_are_found() -> None:
    land = outline(0.0, 0.0, 1.0, 1.0)
    wedge = outline_of([(((0.2, -0.5), (0.8, -0.5), (0.5, 1.75), (0.2, -0.5)),)])
    # From 0 to 1 the wedge is 7/15 wide and then 1/5, in degrees; near the equator a square
    # degree has 12,308.8 km2.
    expected = (7 / 15 + 1 / 5) / 2 * float(km2_of(land))

    assert float(overlap_km2(land, wedge)) == pytest.approx(expected, rel=1e-3)


def test_neighbours_with_one_border_have_nothing_in_common() -> None:
    border = ((121.0, 29.0), (121.13, 29.37), (120.98, 29.71), (121.0, 30.0))
    west = outline_of([(((120.0, 29.0), *border, (120.0, 30.0), (120.0, 29.0)),)])
    east = outline_of([((*border, (122.0, 30.0), (122.0, 29.0), (121.0, 29.0)),)])

    assert overlap_km2(west, east) == 0
    assert overlap_km2(west, west) == pytest.approx(km2_of(west), rel=Decimal("0.00001"))
