"""An account on a map: RFC 7946, features of the area and of zones, and boundaries that fit."""

import json
from dataclasses import replace
from typing import Any

import pytest

from gep.accounts.account import Account
from gep.errors import AccountRefused, Malformed
from gep.exchange.boundary import geometry_hash, read_boundary
from gep.exchange.checking import Fault, checked
from gep.exchange.exporting import Form, export
from gep.exchange.tree import Export
from gep.zones import read_zones
from tests.gep.accounts.planning import LINES, account
from tests.gep.exchange.exporting import HOLE, OUTER, boundaries, document, tampered


def zonal() -> Account:
    lines = [
        {**LINES[1], "id": f"timber@{zone}", "place": zone, "service": "M1"} for zone in ("n", "s")
    ]
    return account(lines=[LINES[0], *lines])


def mapped(made: Account, *names: str) -> dict[str, Any]:
    boundary = read_boundary(boundaries(*names), made) if names else None
    found: dict[str, Any] = json.loads(
        export(Export(account=made, boundary=boundary), Form.GEOJSON).content
    )
    return found


def test_rings_run_as_rfc_7946_has_them_and_the_box_is_there() -> None:
    found = document(Form.GEOJSON)
    area = found["features"][0]

    assert found["bbox"] == [119.1, 28.1, 119.2, 28.2]
    assert area["geometry"]["coordinates"] == [[OUTER[::-1], HOLE[::-1]]]
    assert area["properties"]["gep_yuan"] == 479314942.71
    assert (area["properties"]["R8_quantity"], area["properties"]["R8_unit"]) == (52039.38, "t_CO2")
    assert area["properties"]["status"] == "published"
    # What stands beside the total is on the map as well.
    assert area["properties"]["D1_yuan"] == 105000


def test_zones_have_features_with_what_their_lines_come_to() -> None:
    area, north, south = mapped(zonal(), "n")["features"]

    assert (area["geometry"], south["geometry"]) == (None, None)
    assert north["geometry"]["type"] == "MultiPolygon"
    assert [each["id"] for each in (north, south)] == ["n", "s"]
    assert north["properties"]["M1_yuan"] == 124464
    assert area["properties"]["M1_yuan"] == 248928
    assert (north["properties"]["name"], south["properties"]["name"]) == ("place n", "s")


def test_without_boundaries_there_is_no_geometry_and_no_box() -> None:
    found = mapped(zonal())

    assert [each["geometry"] for each in found["features"]] == [None, None, None]
    assert "bbox" not in found


def test_boundaries_of_elsewhere_are_refused() -> None:
    with pytest.raises(AccountRefused) as refused:
        read_boundary(boundaries("440300"), account())

    assert (refused.value.code, refused.value.field) == ("gep.boundary_missing", "boundaries")
    assert "330000" in str(refused.value)


def test_a_boundary_must_have_the_hash_that_the_area_states() -> None:
    (zone,) = read_zones(boundaries("330000"))
    area = {"id": "330000", "name": "A", "km2": "10"}
    fitting = account(area=area | {"geometry_hash": geometry_hash(zone)})
    other = account(area=area | {"geometry_hash": "00" * 32})

    assert read_boundary(boundaries("330000"), fitting).area is not None
    with pytest.raises(AccountRefused) as refused:
        read_boundary(boundaries("330000"), other)
    assert refused.value.code == "gep.geometry_hash_unfit"


def test_a_hash_of_a_boundary_does_not_depend_on_how_it_is_written() -> None:
    (zone,) = read_zones(boundaries("330000"))
    turned = replace(zone, polygons=((zone.polygons[0][0][::-1], zone.polygons[0][1]),))
    ring = zone.polygons[0][0]
    begun = replace(zone, polygons=(((*ring[2:], *ring[1:3]), zone.polygons[0][1]),))
    moved = replace(zone, polygons=((ring,),))

    assert {geometry_hash(each) for each in (zone, turned, begun)} == {geometry_hash(zone)}
    assert geometry_hash(moved) != geometry_hash(zone)


def test_a_boundary_that_was_changed_does_not_fit_its_hash() -> None:
    (zone,) = read_zones(boundaries("330000"))
    area = {"id": "330000", "name": "A", "km2": "10", "geometry_hash": geometry_hash(zone)}
    found = mapped(account(area=area), "330000")
    found["features"][0]["geometry"]["coordinates"][0][0][1][0] = 119.3

    faults = checked(json.dumps(found).encode()).found

    assert {each.fault for each in faults} == {Fault.CELL_CHANGED, Fault.BOUNDARY_UNFIT}


def test_a_figure_of_a_feature_that_was_changed_is_named() -> None:
    def change(found: dict[str, Any]) -> None:
        found["features"][0]["properties"]["R1_yuan"] = 1

    faults = checked(tampered(Form.GEOJSON, change)).found

    assert [each.place for each in faults] == ["features[0].properties.R1_yuan"]


@pytest.mark.parametrize("text", [b"{}", b"[]", b'{"type": "FeatureCollection", "features": []}'])
def test_what_is_no_geojson_is_refused(text: bytes) -> None:
    with pytest.raises(Malformed):
        read_boundary(text, account())
