"""The map: areas are true, classes are of ranks, what is not known is hatched, warnings pinned."""

from decimal import Decimal

import pytest

from gep.reporting.atlas import atlas, units_of
from gep.reporting.shapes import Box, Ink, Label, Patch
from gep.reporting.subject import Pin, Subject
from gep.space.measuring import km2_of
from gep.space.outline import outline_of
from tests.gep.reporting.pages import page_of, square, townships, units

FIVE = {"a": "100", "b": "300", "c": "200", "d": "500", "e": "400"}
ZONES = units(*(square(name, 119 + 0.1 * n, 30) for n, name in enumerate("abcdefg")))


def test_an_area_is_that_of_the_boundary_in_the_ledger() -> None:
    [unit, *_] = units_of(Subject(account=townships(), units=ZONES))

    assert unit.km2 == km2_of(outline_of(ZONES[0].polygons))
    # A tenth of a degree of the parallel and of the meridian at 30.05 N on WGS 84, in km.
    assert float(unit.km2) == pytest.approx(9.64382 * 11.08533, rel=1e-4)


def test_a_raster_run_s_own_area_is_taken() -> None:
    feature = square("a", 119, 30)
    feature["properties"]["area_hm2"] = 34496.0
    [unit] = units_of(Subject(account=townships(a="1"), units=units(feature)))

    assert unit.km2 == Decimal("344.96")


def test_values_are_of_the_lines_at_a_place_and_classes_of_ranks() -> None:
    found = {
        each.zone.id: each for each in units_of(Subject(account=townships(**FIVE), units=ZONES))
    }

    assert {name: each.value for name, each in found.items()} == {
        **{name: int(tonnes) * 5_000 for name, tonnes in FIVE.items()},
        "f": None,
        "g": None,
    }
    assert [found[name].level for name in "abcdefg"] == [1, 3, 2, 5, 4, None, None]


def test_like_values_share_a_class_and_few_units_reach_both_ends() -> None:
    like = units_of(Subject(account=townships(a="5", b="5"), units=ZONES[:2]))
    few = units_of(Subject(account=townships(a="1", b="2", c="3"), units=ZONES[:3]))

    assert len({each.level for each in like}) == 1
    assert [each.level for each in few] == [1, 3, 5]


def test_units_may_have_accounts_of_their_own_or_be_the_whole_area() -> None:
    county = townships()
    of_own = Subject(account=county, units=units(square("990101", 119, 30)), unit_accounts=[county])
    whole = Subject(account=county, units=units(square("990101", 119, 30)))

    assert [units_of(each)[0].value for each in (of_own, whole)] == [county.total] * 2


def test_a_map_is_drawn_with_hatches_pins_scale_and_values() -> None:
    pins = [Pin(unit="a", words="falls"), Pin(unit="a", words="again"), Pin(unit="f", words="x")]
    found = units_of(Subject(account=townships(**FIVE), units=ZONES, pins=pins))
    drawing = atlas(found, "en", "told")
    patches = [each for each in drawing.shapes if isinstance(each, Patch)]
    texts = [each.text for each in drawing.shapes if isinstance(each, Label)]

    assert sum(each.is_hatched for each in patches) == 2
    assert {"2", "1", "10 km", "with warnings", "no data"} <= set(texts)
    assert {each.note for each in patches} >= {"falls; again"}
    assert {"a", "b", "c", "d", "e"} <= set(texts)
    for each in drawing.shapes:
        if isinstance(each, Box | Label):
            x, y = (each.x, each.y) if isinstance(each, Box) else each.at
            assert 0 <= x <= drawing.width
            assert 0 <= y <= drawing.height


def test_a_label_that_does_not_fit_is_left_to_the_table() -> None:
    zones = units(square("a", 119, 30, side=2), square("b", 121.5, 30, side=0.005))
    subject = Subject(account=townships(a="1", b="2"), units=zones)
    drawing = atlas(units_of(subject), "en", "told")
    page = page_of(subject)
    texts = {each.text for each in drawing.shapes if isinstance(each, Label)}

    assert "a" in texts
    assert "b" not in texts
    [table] = [each for each in page.tables if each.caption.startswith("Value by unit")]
    assert table.row("b")[3] == "0.0001"
    assert "0.0050 million yuan belong to no unit" in page.text


def test_a_hole_is_a_hole_and_no_label_stands_in_it() -> None:
    feature = square("a", 119, 30, side=1)
    inner = [[119.2, 30.2], [119.8, 30.2], [119.8, 30.8], [119.2, 30.8], [119.2, 30.2]]
    feature["geometry"]["coordinates"].append(inner)
    [unit] = units_of(Subject(account=townships(a="1"), units=units(feature)))
    drawing = atlas([unit], "en", "told")
    [patch] = [each for each in drawing.shapes if isinstance(each, Patch) and len(each.rings) > 1]
    [label] = [each for each in drawing.shapes if isinstance(each, Label) and each.text == "a"]
    hole = patch.rings[1]
    (left, right), (top, bottom) = (
        (min(each[axis] for each in hole), max(each[axis] for each in hole)) for axis in (0, 1)
    )

    assert not (left < label.at[0] < right and top < label.at[1] < bottom)
    assert patch.fill is not Ink.SUNKEN
    assert float(unit.km2) == pytest.approx(10_600 * 0.64, rel=0.02)
