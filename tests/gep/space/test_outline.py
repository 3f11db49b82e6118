"""An outline has one text and one hash, however it was drawn; what is no outline is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gep.errors import Malformed
from gep.space.outline import Outline, outline_of, read_outline
from gep.space.touching import is_inside, refuse_not_simple
from gep.zones import read_geometry
from tests.gep.space.squares import Ring, outline, square

HOLE = square(120.2, 29.2, 0.1, 0.1)
LAND = square(120.0, 29.0, 1.0, 1.0)
degree = st.floats(min_value=-80, max_value=80).map(lambda each: round(each, 6))


def drawn(ring: Ring, *, from_corner: int) -> Ring:
    """Draw a ring from another corner on, the other way round."""
    corners = ring[:-1]
    turned = corners[from_corner:] + corners[:from_corner]
    return (*turned, turned[0])[::-1]


def test_the_text_is_geojson_with_seven_decimals() -> None:
    found = json.loads(outline(120.0, 29.0, 0.5, 0.5).text)

    assert found["type"] == "MultiPolygon"
    assert found["coordinates"][0][0] == [list(p) for p in square(120.0, 29.0, 0.5, 0.5)]
    assert outline(120.0, 29.0, 0.5, 0.5).text.startswith('{"coordinates":[[[[120.0000000,29.00')


@pytest.mark.parametrize("corner", range(4))
def test_however_it_is_drawn_the_hash_is_one(corner: int) -> None:
    other = square(123.0, 29.0, 1.0, 1.0)
    plain = outline_of([(LAND, HOLE), (other,)])

    again = outline_of([(other,), (drawn(LAND, from_corner=corner), drawn(HOLE, from_corner=0))])

    assert again.hash == plain.hash


def test_doubled_points_and_digits_beyond_the_seventh_do_not_count() -> None:
    doubled = (LAND[0], LAND[0], *((x + 1e-9, y) for x, y in LAND[1:-1]), LAND[0])

    assert outline_of([(doubled,)]) == outline_of([(LAND,)])


@given(west=degree, south=degree, width=st.integers(1, 999), height=st.integers(1, 999))
def test_what_is_written_is_read_again_and_its_point_is_inside(
    west: float, south: float, width: int, height: int
) -> None:
    found = outline(west, south, width / 100_000, height / 100_000)

    assert read_outline(found.text) == found
    assert is_inside(found.point_inside(), found.rings[0])


def test_the_point_is_beside_a_hole_and_on_the_largest_polygon() -> None:
    middle = square(120.3, 29.1, 0.4, 0.8)
    found = outline_of([(LAND, middle), (square(125.0, 29.0, 0.1, 0.1),)])

    point = found.point_inside()

    assert is_inside(point, found.polygons[0][0])
    assert not is_inside(point, found.polygons[0][1])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{}", "gep.wrong_type"),
        ("nothing", "gep.wrong_type"),
        ('{"coordinates":[],"type":"MultiPolygon"}', "gep.ring_empty"),
        (outline(120.0, 29.0, 1.0, 1.0).text + " ", "gep.geometry_not_canonical"),
        (outline(120.0, 29.0, 1.0, 1.0).text.replace("0000000", "000000"), "gep.ring_empty"),
        (outline(179.0, 29.0, 2.0, 1.0).text, "gep.zones_not_wgs84"),
        (outline(0.0, 89.5, 1.0, 1.0).text, "gep.zones_not_wgs84"),
        ('{"coordinates":[[[[1.5E3,0.0000000]]]],"type":"MultiPolygon"}', "gep.wrong_type"),
        (outline(120.0, 29.0, 1.0, 1.0).text.replace("121.0000000", "NaN"), "gep.wrong_type"),
        (outline(120.0, 29.0, 1.0, 1.0).text.replace("121.0000000", "-Infinity"), "gep.wrong_type"),
        (
            '{"coordinates":[[[[1.0000000,2.0000000]]]],"type":"MultiPolygon"}',
            "gep.ring_empty",
        ),
    ],
)
def test_another_text_is_no_outline(text: str, code: str) -> None:
    with pytest.raises(Malformed) as caught:
        read_outline(text)

    assert caught.value.code in {code, "gep.geometry_not_canonical"}


def crossed(*rings: Ring) -> Outline:
    return outline_of([rings])


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (crossed(((0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 1.0), (0.0, 0.0))), "ring_crosses"),
        (
            crossed(
                ((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (2.0, 0.0), (0.0, 4.0), (0.0, 0.0)),
            ),
            "ring_crosses",
        ),
        (
            crossed(
                ((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (3.0, 2.0), (2.0, 2.0), (0.0, 2.0), (0.0, 0.0))
            ),
            "ring_crosses",
        ),
        (crossed(LAND, square(120.9, 29.4, 0.2, 0.2)), "ring_crosses"),
        (outline_of([(LAND,), (square(120.5, 29.5, 1.0, 1.0),)]), "ring_crosses"),
        (crossed(LAND, square(122.0, 29.4, 0.2, 0.2)), "ring_displaced"),
        (outline_of([(LAND,), (square(120.5, 29.5, 0.1, 0.1),)]), "ring_displaced"),
    ],
)
def test_what_is_not_simple_is_refused(found: Outline, code: str) -> None:
    with pytest.raises(Malformed) as caught:
        refuse_not_simple(found)

    assert caught.value.code == f"gep.{code}"


@pytest.mark.parametrize(
    "found",
    [
        crossed(LAND, HOLE),
        crossed(LAND, ((120.0, 29.5), (120.3, 29.4), (120.3, 29.6), (120.0, 29.5))),
        outline_of([(LAND,), (square(121.0, 30.0, 1.0, 1.0),)]),
        outline_of([(LAND, HOLE), (square(120.22, 29.22, 0.05, 0.05),)]),
    ],
)
def test_rings_may_touch_in_points_and_islands_lie_in_holes(found: Outline) -> None:
    refuse_not_simple(found)


def test_a_geometry_alone_is_read() -> None:
    text = json.dumps({"type": "Polygon", "coordinates": [LAND]}).encode()

    assert outline_of(read_geometry(text)) == outline_of([(LAND,)])
