"""The same zones give the same sums, of GeoJSON or a GeoPackage, whichever way their rings turn."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("rasterio", reason="rasterio is not installed (extra: raster)")

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasterio import warp

from gep.raster.county import ALBERS, CELL_M, LEFT, TOP
from gep.raster.geopackage import write_geopackage
from gep.raster.geotiff import burnt, projected
from gep.raster.grid import Grid, Part, tiles_of
from gep.raster.ownership import Ownership
from gep.raster.results import write_results
from gep.raster.running import Outcome
from gep.zones import Zone, read_zones
from kernel.errors import DomainError
from tests.gep.raster.counties import Change, County, only

GROWTH = only("R8")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    return County(tmp_path_factory.mktemp("county"), width=120, height=100)


@pytest.fixture(scope="module")
def whole(county: County) -> Outcome:
    return county.run(county.folder / "whole", GROWTH)


def by(zones: Any) -> Change:
    def change(job: dict[str, Any]) -> None:
        GROWTH(job)
        job["zones"] = zones

    return change


def package(county: County, name: str) -> Path:
    zones = read_zones((county.folder / "townships.geojson").read_bytes())
    path = county.folder / name
    rows = [(zone.id, zone.name, zone.polygons) for zone in zones]
    write_geopackage(path, rows, [{"area_hm2": 0.0}] * len(rows), changed="2026-12-31T00:00:00Z")
    return path


def test_a_geopackage_gives_the_sums_of_geojson(
    county: County, whole: Outcome, tmp_path: Path
) -> None:
    path = package(county, "zones.gpkg")

    outcome = county.run(tmp_path, by(path.name))

    assert np.array_equal(outcome.sums, whole.sums)
    assert np.array_equal(outcome.cells, whole.cells)


def test_who_looks_into_a_geopackage_changes_no_hash(county: County, tmp_path: Path) -> None:
    path = package(county, "looked.gpkg")
    first = county.run(tmp_path, by(path.name))
    before = path.read_bytes()
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE gpkg_contents SET last_change = '2027-01-01T00:00:00Z'")
    second = county.run(tmp_path, by(path.name))
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE zones SET id = 'another' WHERE id = 'north-west'")
    third = county.run(tmp_path, by(path.name))

    assert path.read_bytes() != before
    assert first.hash == second.hash != third.hash


def test_a_layer_in_metres_is_brought_to_degrees(
    county: County, whole: Outcome, tmp_path: Path
) -> None:
    zones = read_zones((county.folder / "townships.geojson").read_bytes())
    path = county.folder / "metres.gpkg"
    rows: list[Any] = [
        (
            zone.id,
            zone.name,
            warp.transform_geom("EPSG:4326", "EPSG:32650", zone.geometry)["coordinates"],
        )
        for zone in zones
    ]
    write_geopackage(path, rows, [{"area_hm2": 0.0}] * len(rows), changed="2026-12-31T00:00:00Z")
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(
            "INSERT INTO gpkg_spatial_ref_sys VALUES ('UTM 50N', 32650, 'EPSG', 32650, '', '')"
        )
        file.execute("UPDATE gpkg_geometry_columns SET srs_id = 32650")

    outcome = county.run(tmp_path, by({"path": path.name, "layer": "zones", "id": "id"}))

    assert outcome.sums == pytest.approx(whole.sums, rel=1e-9)
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(
            "UPDATE gpkg_spatial_ref_sys SET organization_coordsys_id = 1 WHERE srs_id > 9e3"
        )
    with pytest.raises(DomainError) as refused:
        county.run(tmp_path, by(path.name))
    assert refused.value.code == "gep.projection_unknown"


def test_results_are_zones_of_the_next_run(county: County, whole: Outcome, tmp_path: Path) -> None:
    write_results(whole, tmp_path / "results", None)
    for name in ("zones.gpkg", "zones.geojson"):
        (county.folder / f"again-{name}").write_bytes((tmp_path / "results" / name).read_bytes())

        again = county.run(tmp_path, by(f"again-{name}"))

        assert np.array_equal(again.sums, whole.sums)


def test_the_way_round_of_a_ring_and_the_property_of_ids_do_not_matter(
    county: County, whole: Outcome, tmp_path: Path
) -> None:
    zones = json.loads((county.folder / "townships.geojson").read_bytes())
    for number, feature in enumerate(zones["features"]):
        feature["geometry"]["coordinates"][0].reverse()
        feature["properties"] = {"code": 330_500 + number, "area_hm2": "as printed"}
    (county.folder / "turned.geojson").write_text(json.dumps(zones))

    outcome = county.run(tmp_path, by({"path": "turned.geojson", "id": "code"}))
    write_results(outcome, tmp_path / "results", None)

    assert np.array_equal(outcome.sums, whole.sums)
    assert outcome.zones[0].id == "330500"
    found = json.loads((tmp_path / "results" / "zones.geojson").read_bytes())["features"][0]
    assert found["properties"]["given_area_hm2"] == "as printed"
    assert found["properties"]["area_hm2"] == outcome.area_hm2(0)


def test_geojson_has_no_layer(county: County, tmp_path: Path) -> None:
    with pytest.raises(DomainError) as refused:
        county.run(tmp_path, by({"path": "townships.geojson", "layer": "zones"}))

    assert refused.value.code == "gep.geopackage_layer"


GRID = Grid(
    crs=ALBERS,
    left=LEFT,
    top=TOP,
    cell_width=CELL_M,
    cell_height=CELL_M,
    width=1_200,
    height=900,
)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.floats(118.8, 120.6), st.floats(28.5, 29.9)),
        min_size=3,
        max_size=7,
        unique=True,
    )
)
def test_a_square_has_the_owners_that_burning_gives(points: list[tuple[float, float]]) -> None:
    """Squares that no boundary comes near are not burnt, and are as if they were."""
    zone = Zone(id="a", name="a", polygons=(((*points, points[0]),),), properties={})
    ownership = Ownership(GRID, [zone])
    shape = [(projected(zone.geometry, GRID), 1)]

    for square in tiles_of(GRID, 256):
        whole = Part(row=square.row, column=square.column, height=square.height, width=square.width)
        owners, _ = burnt(shape, GRID, whole)
        assert np.array_equal(np.broadcast_to(ownership.of(square), owners.shape), owners)
