"""Zones come from a GeoPackage as from GeoJSON, and a file that is none is refused by name."""

import json
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gep.errors import Malformed
from gep.geopackage import is_geopackage, polygons_of, read_geopackage
from gep.raster.geopackage import write_geopackage
from gep.zones import Polygon, read_zones

OUTER = ((119.0, 30.0), (119.5, 30.0), (119.5, 30.4), (119.0, 30.4), (119.0, 30.0))
HOLE = ((119.1, 30.1), (119.1, 30.2), (119.2, 30.2), (119.1, 30.1))
ISLE = ((119.6, 30.0), (119.7, 30.0), (119.7, 30.1), (119.6, 30.0))
EAST: tuple[Polygon, ...] = ((OUTER, HOLE), (ISLE,))
WEST: tuple[Polygon, ...] = (
    (((118.0, 30.1), (118.4, 30.123456789012345), (118.2, 30.4), (118.0, 30.1)),),
)
Change = Callable[[sqlite3.Connection], Any]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    path = tmp_path / "zones.gpkg"
    zones = [("east", "the east", EAST), ("west", "the west", WEST)]
    figures = [{"area_hm2": 1.5}, {"area_hm2": 2.5}]
    write_geopackage(path, zones, figures, changed="2026-12-31T00:00:00.000Z")
    return path


def change(path: Path, *statements: str | tuple[str, tuple[Any, ...]]) -> None:
    with closing(sqlite3.connect(path)) as file, file:
        for each in statements:
            file.execute(*((each,) if isinstance(each, str) else each))


def refused(path: Path, **how: Any) -> Malformed:
    with pytest.raises(Malformed) as found:
        read_geopackage(path, **how)
    return found.value


def binary(
    polygons: tuple[Polygon, ...], *, order: str = "<", dimensions: int = 2, envelope: int = 0
) -> bytes:
    """Return a GeoPackage geometry in a byte order, with heights and measures and an envelope."""
    little, more = int(order == "<"), {2: 0, 3: 1000, 4: 3000}[dimensions]
    doubles = (0, 4, 6, 6, 8)[envelope]
    parts = [struct.pack(f"{order}2sBBi", b"GP", 0, little | envelope << 1, 4326)]
    parts.append(struct.pack(f"{order}{doubles}d", *[0.0] * doubles))
    parts.append(struct.pack(f"{order}BII", little, 6 + more, len(polygons)))
    for polygon in polygons:
        parts.append(struct.pack(f"{order}BII", little, 3 + more, len(polygon)))
        for ring in polygon:
            flat = [f for point in ring for f in (*point, *[7.0] * (dimensions - 2))]
            parts.append(struct.pack(f"{order}I{len(flat)}d", len(ring), *flat))
    return b"".join(parts)


def test_what_we_wrote_is_read_again_to_the_last_bit(package: Path) -> None:
    east, west = read_geopackage(package)

    assert (east.id, east.name, east.polygons) == ("east", "the east", EAST)
    assert (west.id, west.polygons) == ("west", WEST)
    assert west.properties["area_hm2"] == 2.5
    assert is_geopackage(package)


def test_the_same_zones_of_geojson_are_equal(package: Path) -> None:
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "MultiPolygon", "coordinates": polygons},
            "properties": {"id": id_, "name": f"the {id_}"},
        }
        for id_, polygons in (("east", EAST), ("west", WEST))
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}).encode()

    for one, other in zip(read_zones(text), read_geopackage(package), strict=True):
        assert (one.id, one.name, one.polygons) == (other.id, other.name, other.polygons)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("dimensions", [2, 3, 4])
@pytest.mark.parametrize("envelope", range(5))
def test_every_form_of_the_binary_is_read(order: str, dimensions: int, envelope: int) -> None:
    blob = binary(EAST, order=order, dimensions=dimensions, envelope=envelope)

    assert polygons_of(blob, "zone") == EAST


def test_a_single_polygon_and_ids_of_another_column_are_read(package: Path) -> None:
    ring = struct.pack("<I8d", 4, *[figure for point in ISLE for figure in point])
    blob = b"GP\0\1" + struct.pack("<iBII", 4326, 1, 3, 1) + ring
    change(
        package,
        "ALTER TABLE zones ADD COLUMN code INTEGER",
        "UPDATE zones SET code = 330500 + fid",
        ("UPDATE zones SET geom = ?", (blob,)),
    )

    zones = read_geopackage(package, id_name="code")

    assert [zone.id for zone in zones] == ["330501", "330502"]
    assert zones[0].polygons == ((ISLE,),)


def test_one_of_several_layers_is_chosen_by_name(package: Path) -> None:
    change(
        package,
        "CREATE TABLE other AS SELECT * FROM zones WHERE id = 'west'",
        "INSERT INTO gpkg_contents SELECT 'other', data_type, 'other', '', last_change, 0, 0, 0, 0,"
        " srs_id FROM gpkg_contents",
        "INSERT INTO gpkg_geometry_columns VALUES ('other', 'geom', 'POLYGON', 4326, 0, 0)",
    )

    found = refused(package)

    assert (found.code, found.data["found"]) == ("gep.geopackage_layer", "other, zones")
    assert [zone.id for zone in read_geopackage(package, layer="other")] == ["west"]
    assert refused(package, layer="none").code == "gep.geopackage_layer"


def test_another_system_is_brought_to_degrees_by_whoever_knows_it(package: Path) -> None:
    change(
        package,
        "INSERT INTO gpkg_spatial_ref_sys VALUES ('CGCS2000', 4490, 'EPSG', 4490, 'x', NULL)",
        "UPDATE gpkg_geometry_columns SET srs_id = 4490",
    )
    asked: list[str] = []

    def moved(system: str, polygons: tuple[Polygon, ...]) -> tuple[Polygon, ...]:
        asked.append(system)
        return tuple(
            tuple(tuple((east + 1, north) for east, north in ring) for ring in each)
            for each in polygons
        )

    zones = read_geopackage(package, to_degrees=moved)

    assert refused(package).code == "gep.zones_not_wgs84"
    assert asked == ["EPSG:4490"] * 2
    assert zones[0].polygons[0][0][0] == (120.0, 30.0)


TRIANGLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0))
CUT_OFF = binary(EAST)[:-5]


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("DROP TABLE gpkg_geometry_columns", "geopackage_unreadable"),
        ("DROP TABLE zones", "geopackage_layer"),
        ("DELETE FROM gpkg_geometry_columns", "geopackage_layer"),
        ("UPDATE gpkg_contents SET data_type = 'tiles'", "geopackage_layer"),
        ("UPDATE gpkg_geometry_columns SET column_name = 'shape'", "geopackage_layer"),
        ("UPDATE gpkg_geometry_columns SET srs_id = 99", "zones_not_wgs84"),
        ("ALTER TABLE zones RENAME COLUMN id TO code", "key_missing"),
        ("UPDATE zones SET id = NULL", "key_missing"),
        ("UPDATE zones SET id = ' '", "key_missing"),
        ("UPDATE zones SET id = 'east'", "doubled_id"),
        ("UPDATE zones SET geom = NULL", "zone_empty"),
        ("UPDATE zones SET geom = 'POLYGON'", "zone_empty"),
        ("DELETE FROM zones", "wrong_type"),
        (("UPDATE zones SET geom = ?", (b"\0" * 50,)), "geopackage_geometry"),
        (("UPDATE zones SET geom = ?", (CUT_OFF,)), "geopackage_geometry"),
        (("UPDATE zones SET geom = ?", (binary(EAST, envelope=4)[:12],)), "geopackage_geometry"),
        (("UPDATE zones SET geom = ?", (binary(())[:3] + b"\x11" + binary(())[4:],)), "zone_empty"),
        (("UPDATE zones SET geom = ?", (binary(()),)), "zone_empty"),
        (("UPDATE zones SET geom = ?", (binary(((OUTER[:-1],),)),)), "ring_open"),
        (
            (
                "UPDATE zones SET geom = ?",
                (binary((((*TRIANGLE[:2], (9e9, 1.0), TRIANGLE[0]),),)),),
            ),
            "zones_not_wgs84",
        ),
        (
            (
                "UPDATE zones SET geom = ?",
                (binary((((*TRIANGLE[:2], (float("nan"), 1.0), TRIANGLE[0]),),)),),
            ),
            "out_of_range",
        ),
        *(
            (
                (
                    "UPDATE zones SET geom = ?",
                    (b"GP\0\1" + struct.pack("<iBII", 4326, 1, kind, 1) + bytes(64),),
                ),
                "geopackage_geometry",
            )
            for kind in (1, 5, 7, 10, 12, 17, 5_003, 0x80000003)
        ),
    ],
)
def test_what_is_no_zone_is_refused(
    package: Path, statement: str | tuple[str, tuple[Any, ...]], code: str
) -> None:
    change(package, statement)

    assert refused(package).code == f"gep.{code}"


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"SQLite format 3\0" + b"\1" * 500], ids=["empty", "text", "broken"]
)
def test_what_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "wrong.gpkg"
    path.write_bytes(content)

    assert is_geopackage(path)
    assert refused(path).code == "gep.geopackage_unreadable"


def test_a_view_that_computes_without_end_is_stopped(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gep.geopackage.STEPS_MAX", 2)
    change(
        package,
        "ALTER TABLE zones RENAME TO hidden",
        "CREATE VIEW zones AS WITH RECURSIVE endless(n) AS (SELECT 1 UNION ALL SELECT n + 1"
        " FROM endless) SELECT hidden.* FROM hidden, endless WHERE n < 0",
    )

    assert refused(package).code == "gep.geopackage_unreadable"


def test_reading_changes_nothing(package: Path) -> None:
    before = package.read_bytes()

    read_geopackage(package)

    assert package.read_bytes() == before
    assert [each.name for each in package.parent.iterdir()] == [package.name]
