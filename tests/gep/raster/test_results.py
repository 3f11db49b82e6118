"""What a run leaves: files that are whole, layers that add up to the sums, zonal lines."""

import json
import sqlite3
import struct
from contextlib import closing
from dataclasses import replace
from errno import ENOSPC
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("rasterio", reason="rasterio is not installed (extra: raster)")

import rasterio

from gep.accounts.account import Account
from gep.accounts.making import make_account
from gep.errors import UnitMismatch
from gep.raster.geopackage import write_geopackage
from gep.raster.results import document_of, write_results
from gep.raster.running import Outcome
from gep.raster.zonal_account import plan_from
from tests.gep.raster.counties import County


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    return County(tmp_path_factory.mktemp("county"), width=300, height=280)


@pytest.fixture(scope="module")
def outcome(county: County) -> Outcome:
    return county.run(county.folder / "work", tile=256)


@pytest.fixture(scope="module")
def account(outcome: Outcome) -> Account:
    return make_account(plan_from(outcome))


@pytest.fixture(scope="module")
def folder(county: County, outcome: Outcome, account: Account) -> Path:
    written = write_results(outcome, county.folder / "results", account)

    assert sorted(written) == sorted((county.folder / "results").iterdir())
    return county.folder / "results"


def test_a_layer_is_cloud_optimised_and_adds_up_to_the_sums(folder: Path, outcome: Outcome) -> None:
    with rasterio.open(folder / "soil_retained.tif") as layer:
        values = layer.read(1)

        assert layer.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert (layer.shape, np.isnan(layer.nodata)) == ((280, 300), True)
    total = sum(outcome.sum_of("soil_retained", number) for number in range(4))
    assert np.nansum(values, dtype=float) == pytest.approx(total, rel=1e-6)
    assert np.count_nonzero(~np.isnan(values)) == outcome.cells.sum()


def test_a_larger_layer_has_overviews(outcome: Outcome, tmp_path: Path) -> None:
    from gep.raster.geotiff import write_cloud_optimised, write_raster
    from gep.raster.grid import Grid, Part

    edge = 1_100
    wide = Grid(
        crs=outcome.grid.crs,
        left=0,
        top=0,
        cell_width=100,
        cell_height=100,
        width=edge,
        height=edge,
    )
    part = Part(row=0, column=0, height=edge, width=edge)
    ones = np.ones((edge, edge))
    write_raster(tmp_path / "plain.tif", wide, [(part, ones)], dtype="float32", nodata=None)
    write_cloud_optimised(tmp_path / "plain.tif", tmp_path / "wide.tif")

    with rasterio.open(tmp_path / "wide.tif") as layer:
        assert layer.overviews(1)


def test_zones_carry_their_sums_in_geojson_and_geopackage(folder: Path, outcome: Outcome) -> None:
    collection = json.loads((folder / "zones.geojson").read_bytes())
    with closing(sqlite3.connect(folder / "zones.gpkg")) as file:
        rows = file.execute("SELECT id, water_conserved, area_hm2, geom FROM zones").fetchall()
        (application,) = file.execute("PRAGMA application_id").fetchone()
        (extent,) = file.execute("SELECT min_x, min_y, max_x, max_y FROM gpkg_contents")

    assert application == 0x47504B47
    assert 118 < extent[0] < extent[2] < 121
    for number, (feature, row) in enumerate(zip(collection["features"], rows, strict=True)):
        found = feature["properties"]
        expected = outcome.sum_of("water_conserved", number)
        assert (found["id"], found["water_conserved"], found["area_hm2"]) == row[:3]
        assert found["water_conserved"] == expected
        magic, _, flags, system = struct.unpack_from("<2sBBi", row[3])
        order, kind, polygons = struct.unpack_from("<BII", row[3], 8)
        assert (magic, flags, system, order, kind, polygons) == (b"GP", 1, 4326, 1, 6, 1)
        rings, points, x, y = struct.unpack_from("<IIdd", row[3], 8 + 9 + 5)
        ring = feature["geometry"]["coordinates"][0][0]
        assert (rings, points, [x, y]) == (1, len(ring), ring[0])


def test_a_second_run_writes_the_same_bytes(
    folder: Path, outcome: Outcome, account: Account, tmp_path: Path
) -> None:
    write_results(outcome, tmp_path, account)

    for name in ("run.json", "zones.geojson", "zones.gpkg", "account.json"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


@pytest.mark.parametrize("fails", ["write_cloud_optimised", "write_geopackage", "write_raster"])
def test_a_disk_that_is_full_leaves_the_old_results(
    outcome: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    write_results(outcome, tmp_path, None)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    other = replace(outcome, sums=outcome.sums * 2)

    def full(path: Path, *_: Any, **__: Any) -> None:
        path.write_bytes(b"half")
        raise OSError(ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(f"gep.raster.results.{fails}", full)
        with pytest.raises(OSError, match="No space"):
            write_results(other, tmp_path, None)

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_folder_in_the_way_of_one_file_leaves_the_others(
    outcome: Outcome, tmp_path: Path
) -> None:
    (tmp_path / "zones.gpkg").mkdir()

    with pytest.raises(IsADirectoryError):
        write_results(outcome, tmp_path, None)

    assert [each.name for each in tmp_path.iterdir()] == ["zones.gpkg"]


def test_a_database_that_cannot_be_written_is_an_error_of_the_disk(tmp_path: Path) -> None:
    place = ((((119.0, 30.0), (119.1, 30.0), (119.1, 30.1), (119.0, 30.0)),),)

    with pytest.raises(OSError, match="unable to open"):
        write_geopackage(
            tmp_path / "none" / "zones.gpkg", [("a", "a", place)], [{"area": 1.0}], changed=""
        )


def test_a_result_names_its_ways_and_its_doubts(folder: Path) -> None:
    found = json.loads((folder / "run.json").read_bytes())

    assert found["ls_method"] == "d8_flow_length"
    assert found["warnings"] == []


def test_a_line_upon_rasters_becomes_one_of_each_zone(outcome: Outcome, account: Account) -> None:
    water = [line for line in account.lines if line.service == "R1"]

    assert [line.place for line in water] == [zone.id for zone in outcome.zones]
    assert len(account.lines) == 6 * 4 + 1
    for number, line in enumerate(water):
        assert float(line.quantity or 0) == pytest.approx(
            outcome.sum_of("water_conserved", number), abs=1e-6
        )
        [zonal] = [each for each in line.used if outcome.hash[:16] in each.source]
        assert "R1.evapotranspiration" in zonal.source
    hectares = sum(zone["area_hm2"] for zone in document_of(outcome)["zones"])
    assert float(account.area.km2) == pytest.approx(hectares / 100)


def test_a_price_for_another_unit_is_refused(county: County) -> None:
    def wrong(job: dict[str, object]) -> None:
        job["account"]["lines"][0]["price"] = {"parameter": "oxygen.price"}  # type: ignore[index]  # a document

    with pytest.raises(UnitMismatch):
        make_account(plan_from(county.run(county.folder / "wrong", wrong)))
