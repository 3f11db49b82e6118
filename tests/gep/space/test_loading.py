"""A file of units is judged whole: what is new, what overlaps, and the first unit at fault."""

import json
from decimal import Decimal
from typing import Any

import pytest

from gep.errors import Malformed
from gep.space.loading import Change, overlaps, read_units
from tests.gep.space.squares import Ring, square


def feature(area: str, ring: Ring, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"id": area, **properties},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def collection(*features: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


WEST = feature("A", square(120.0, 29.0, 0.5, 0.5), name="甲县", parent="P")
EAST = feature("B", square(120.5, 29.0, 0.5, 0.5), parent="P", valid_from="2024-01-01")
WHOLE = feature("P", square(120.0, 29.0, 1.0, 0.5))
FROM = "2020-01-01"


def test_units_come_after_the_one_that_they_belong_to() -> None:
    found = read_units(collection(WEST, EAST, WHOLE), valid_from=FROM)

    assert [unit.area for unit in found] == ["P", "A", "B"]
    assert [unit.valid_from for unit in found] == [FROM, FROM, "2024-01-01"]
    assert [unit.name for unit in found] == ["P", "甲县", "B"]
    assert sum((unit.km2 for unit in found[1:]), Decimal(0)) == pytest.approx(found[0].km2)


def test_siblings_that_overlap_are_named_and_neighbours_are_not() -> None:
    over = feature("C", square(120.4, 29.0, 0.2, 0.2), parent="P")
    found = list(overlaps(read_units(collection(WEST, EAST, over, WHOLE), valid_from=FROM)))

    assert [each.areas for each in found] == [("A", "C"), ("B", "C")]
    assert all(each.km2 > 200 for each in found)


def test_a_unit_is_new_changed_or_the_same() -> None:
    [unit] = read_units(collection(EAST), valid_from=FROM)
    held = {
        "name": "B",
        "unit_kind": "region",
        "parent": "P",
        "geometry_hash": unit.outline.hash,
    }

    assert unit.change(None) is Change.NEW
    assert unit.change(held) is Change.SAME
    assert unit.change(held | {"parent": None}) is Change.CHANGED
    assert unit.change(held | {"geometry_hash": "0" * 64}) is Change.CHANGED


@pytest.mark.parametrize(
    ("features", "code", "field"),
    [
        ([feature("a b", square(0.0, 0.0, 1.0, 1.0))], "wrong_type", "features[0].properties.id"),
        (
            [WHOLE, feature("A", square(0.0, 0.0, 1.0, 1.0), unit_kind="sea")],
            "unknown_value",
            "features[1].properties.unit_kind",
        ),
        (
            [feature("A", square(0.0, 0.0, 1.0, 1.0), valid_from="May")],
            "wrong_type",
            "features[0].properties.valid_from",
        ),
        (
            [feature("A", ((0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)))],
            "zone_without_area",
            "zones.A",
        ),
        (
            [feature("A", ((0.0, 0.0), (0.002, 0.0), (0.002, 4e-8), (0.0, 0.0)))],
            "ring_empty",
            "features[0].geometry.coordinates[0][0]",
        ),
        (
            [feature("A", ((0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 1.0), (0.0, 0.0)))],
            "ring_crossed",
            "zones.A",
        ),
        (
            [
                feature(
                    "A", ((0.0, 0.0), (2.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0))
                )
            ],
            "ring_crosses",
            "features[0].geometry",
        ),
        ([feature("A", ((0.0, 0.0), (1.0, 1.0), (1.0, 0.0)))], "ring_open", "coordinates[0]"),
        (
            [
                feature("A", square(0.0, 0.0, 1.0, 1.0), parent="B"),
                feature("B", square(1.0, 0.0, 1.0, 1.0), parent="A"),
            ],
            "parent_unfit",
            "features",
        ),
        (
            [feature("A", tuple((x / 7e4, x * x / 7e8) for x in (*range(7_000), 0)))],
            "geometry_too_large",
            "features[0].geometry",
        ),
    ],
)
def test_a_file_is_refused_at_its_fault(
    features: list[dict[str, Any]], code: str, field: str
) -> None:
    with pytest.raises(Malformed) as caught:
        read_units(collection(*features), valid_from=FROM)

    assert caught.value.code == f"gep.{code}"
    assert field in (caught.value.field or "")


def test_a_unit_has_a_first_day() -> None:
    with pytest.raises(Malformed) as caught:
        read_units(collection(WHOLE))

    assert caught.value.field == "document.features[0].properties.valid_from"
