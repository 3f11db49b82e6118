"""Rasters, zones and jobs that do not fit are refused by name, and leave nothing half done."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("rasterio", reason="rasterio is not installed (extra: raster)")

from dataclasses import replace

from gep.raster.county import ALBERS, CELL_M, LEFT, TOP
from gep.raster.geotiff import write_raster
from gep.raster.grid import Grid, Part
from kernel.errors import DomainError
from tests.gep.raster.counties import Change, County, only

WIDTH, HEIGHT = 64, 60
GRID = Grid(
    crs=ALBERS,
    left=LEFT,
    top=TOP,
    cell_width=CELL_M,
    cell_height=CELL_M,
    width=WIDTH,
    height=HEIGHT,
)
WATER = only("R1")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    return County(tmp_path_factory.mktemp("county"), width=WIDTH, height=HEIGHT)


def other(county: County, name: str, values: Any, grid: Grid = GRID) -> str:
    """Write a raster beside the county's, and return its name."""
    part = Part(row=0, column=0, height=grid.height, width=grid.width)
    whole = np.broadcast_to(values, (grid.height, grid.width))
    path = county.folder / f"{name}.tif"
    write_raster(path, grid, [(part, whole)], dtype="float64", nodata=-9999.0)
    return path.name


def refusal(county: County, tmp_path: Path, change: Change, **how: Any) -> DomainError:
    def changed(job: dict[str, Any]) -> None:
        WATER(job)
        change(job)

    with pytest.raises(DomainError) as refused:
        county.run(tmp_path, changed, **how)
    assert not [each for each in tmp_path.rglob("*") if each.is_file()]
    return refused.value


def holed() -> Any:
    values = np.full((HEIGHT, WIDTH), 1_300.0)
    values[30, 31] = -9999.0
    return values


def raster(name: str, path: str, **more: Any) -> Change:
    return lambda job: job["rasters"].update({name: {"path": path, **more}})


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (-1.0, "gep.raster_value_out_of_range"),
        (float("inf"), "gep.raster_value_out_of_range"),
        (holed(), "gep.raster_without_data"),
        (-9999.0, "gep.raster_without_data"),
        (float("nan"), "gep.raster_without_data"),
    ],
    ids=["negative", "infinite", "a hole", "all of it", "no number"],
)
def test_rain_that_is_none_is_refused(
    county: County, tmp_path: Path, values: Any, code: str
) -> None:
    change = raster("rain", other(county, "rain-wrong", values))

    found = refusal(county, tmp_path, change)

    assert (found.code, found.field) == (code, "rasters.rain")


def test_ground_without_elevation_is_refused_by_its_name(county: County, tmp_path: Path) -> None:
    def change(job: dict[str, Any]) -> None:
        only("R2")(job)
        raster("elevation", other(county, "elevation-holed", holed()))(job)

    found = refusal(county, tmp_path, change)

    assert (found.code, found.field) == ("gep.raster_without_data", "rasters.elevation")


def test_cells_without_data_are_counted_where_the_job_allows_some(
    county: County, tmp_path: Path
) -> None:
    def change(job: dict[str, Any]) -> None:
        WATER(job)
        raster("rain", other(county, "rain-holed", holed()))(job)
        job["missing_share_max"] = 0.01

    outcome = county.run(tmp_path, change)

    assert outcome.missing.sum() == 1
    assert outcome.cells.sum() + 1 == 4 * 18 * 16


def test_where_all_data_may_lack_nothing_is_summed(county: County, tmp_path: Path) -> None:
    def change(job: dict[str, Any]) -> None:
        WATER(job)
        raster("rain", other(county, "rain-none", -9999.0))(job)
        job["missing_share_max"] = 1

    outcome = county.run(tmp_path, change)

    assert not outcome.cells.any()
    assert not outcome.sums.any()
    assert outcome.missing.sum() == 4 * 18 * 16


@pytest.mark.parametrize(
    "grid",
    [
        replace(GRID, left=LEFT + 40),
        replace(GRID, width=WIDTH - 1),
        replace(GRID, cell_width=CELL_M * 1.01),
        replace(GRID, crs="EPSG:32650"),
    ],
    ids=["moved", "smaller", "other cells", "other projection"],
)
def test_rasters_that_do_not_line_up_are_refused_unless_the_job_says_how(
    county: County, tmp_path: Path, grid: Grid
) -> None:
    path = other(county, "rain-off", 1_300.0, grid)

    found = refusal(county, tmp_path, raster("rain", path))

    assert (found.code, found.field) == ("gep.raster_not_aligned", "rasters.rain")


def test_a_raster_moved_by_half_a_cell_is_brought_onto_the_grid(
    county: County, tmp_path: Path
) -> None:
    wider = replace(GRID, left=LEFT - 2_050, top=TOP + 2_050, width=WIDTH + 40, height=HEIGHT + 40)
    path = other(county, "rain-moved", np.linspace(1_000, 2_000, wider.width), wider)

    def change(job: dict[str, Any]) -> None:
        only("R1")(job)
        raster("rain", path, resample="bilinear")(job)
        job["rasters"]["et"] = {"value": 0}
        for each in job["classes"]:
            each["runoff"] = 0

    outcome = county.run(tmp_path, change)

    # Linear in the column, so each cell has the value at its own centre: column c lies 20.5 on.
    slope = 1_000 / (wider.width - 1)
    rain = [1_000 + slope * (column + 20.5) for column in range(14, 50)]
    # Zones wind from column to column, all their rows alike: the mean over them is that of columns.
    per_cell = sum(outcome.sums[:, 0]) / outcome.cells.sum() / (CELL_M * CELL_M / 1_000)
    assert per_cell == pytest.approx(sum(rain) / len(rain), rel=1e-3)


@pytest.mark.parametrize(
    ("crs", "code"),
    [("EPSG:4326", "projection_not_equal_area"), ("EPSG:3857", "projection_not_equal_area")],
)
def test_land_cover_whose_projection_keeps_no_areas_needs_a_grid(
    county: County, tmp_path: Path, crs: str, code: str
) -> None:
    grid = replace(GRID, crs=crs, left=110.0, top=30.0, cell_width=0.001, cell_height=0.001)
    path = other(county, "cover-off", 1.0, grid)

    found = refusal(county, tmp_path, raster("cover", path))

    assert (found.code, found.field) == (f"gep.{code}", "rasters.cover")


def test_a_raster_without_projection_is_refused(county: County, tmp_path: Path) -> None:
    path = other(county, "rain-nowhere", 1_300.0, replace(GRID, crs=""))

    found = refusal(county, tmp_path, raster("rain", path))

    assert (found.code, found.field) == ("gep.projection_missing", "rasters.rain")


@pytest.mark.parametrize("content", [None, b"no raster", b"II*\0 cut off"])
def test_a_file_that_is_no_raster_is_refused(
    county: County, tmp_path: Path, content: bytes | None
) -> None:
    path = county.folder / "none.tif"
    path.unlink(missing_ok=True)
    if content is not None:
        path.write_bytes(content)

    found = refusal(county, tmp_path, raster("rain", path.name))

    assert (found.code, found.field) == ("gep.raster_unreadable", "rasters.rain")


def test_a_raster_of_one_block_larger_than_memory_is_refused(
    county: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gep.raster.geotiff.BLOCK_CELLS_MAX", WIDTH)

    found = refusal(county, tmp_path, lambda _job: None)

    assert (found.code, found.field) == ("gep.raster_block_too_large", "rasters.cover")
    assert found.data["found"] == "256 x 256"


def test_a_class_that_the_job_does_not_know_is_refused(county: County, tmp_path: Path) -> None:
    found = refusal(county, tmp_path, lambda job: job["classes"].pop(0))

    assert (found.code, found.data["found"][:1]) == ("gep.class_unknown", "1")


Zones = Callable[[dict[str, Any]], None]


def moved(index: int, *, by: float) -> Zones:
    def change(zones: dict[str, Any]) -> None:
        for point in zones["features"][index]["geometry"]["coordinates"][0]:
            point[0] += by

    return change


def ring(*offsets: tuple[float, float]) -> Zones:
    """Return a change of the first zone to a ring from its own corner on."""

    def change(zones: dict[str, Any]) -> None:
        found = zones["features"][0]["geometry"]
        east, north = found["coordinates"][0][0]
        found["coordinates"] = [[[east + x, north + y] for x, y in offsets]]

    return change


def geometry(**members: Any) -> Zones:
    return lambda zones: zones["features"][0]["geometry"].update(members)


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        (moved(0, by=0.005), "zones_overlap", "zones"),
        (moved(0, by=-1.0), "zone_off_raster", "zones.north-west"),
        (moved(0, by=100.0), "zones_not_wgs84", ""),
        (lambda zones: zones["features"].clear(), "wrong_type", ""),
        (lambda zones: zones["features"].append(zones["features"][0]), "doubled_id", ""),
        (
            lambda zones: zones.update(crs={"properties": {"name": "EPSG:4490"}}),
            "zones_not_wgs84",
            "",
        ),
        (lambda zones: zones["features"][0]["properties"].pop("id"), "key_missing", ""),
        (
            lambda zones: zones["features"][0]["geometry"]["coordinates"][0].pop(),
            "ring_open",
            "",
        ),
        (ring((0, 0), (0.1, 0.1), (0.1, 0), (0, 0.12), (0, 0)), "ring_crossed", "zones.north-west"),
        (ring((0, 0), (0.1, 0.1), (0.2, 0.2), (0, 0)), "zone_without_area", "zones.north-west"),
        (
            ring((0, 0), (-298, 0), (-298, 1), (0, 0)),
            "zone_across_date_line",
            "zones.north-west",
        ),
        (geometry(coordinates=[]), "zone_empty", ""),
        (lambda zones: zones["features"][0].update(geometry=None), "key_missing", ""),
        (geometry(type="CurvePolygon"), "wrong_type", ""),
    ],
    ids=[
        *("overlap", "off", "no degrees", "none", "twice", "projected", "no id", "open"),
        *("bow tie", "line", "half a globe", "no ring", "no geometry", "a curve"),
    ],
)
def test_zones_that_do_not_fit_are_refused(
    county: County, tmp_path: Path, change: Zones, code: str, place: str
) -> None:
    zones = json.loads((county.folder / "townships.geojson").read_bytes())
    change(zones)
    (county.folder / "zones.geojson").write_text(json.dumps(zones))

    found = refusal(county, tmp_path, lambda job: job.update(zones="zones.geojson"))

    assert found.code == f"gep.{code}"
    assert (found.field or "").startswith(place)
    if code == "zones_overlap":
        assert "north-west, north-east" in found.data["found"]


def test_a_zone_between_the_centres_of_cells_is_refused(county: County, tmp_path: Path) -> None:
    zones = json.loads((county.folder / "townships.geojson").read_bytes())
    east, north = zones["features"][0]["geometry"]["coordinates"][0][3]
    corners = [(0, 0), (1e-6, 0), (1e-6, 1e-6), (0, 0)]
    ring = [[east + x, north + y] for x, y in corners]
    zones["features"] = [
        {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [ring]},
            "properties": {"id": "tiny"},
        }
    ]
    (county.folder / "tiny.geojson").write_text(json.dumps(zones))

    def change(job: dict[str, Any]) -> None:
        WATER(job)
        job["zones"] = "tiny.geojson"

    with pytest.raises(DomainError) as refused:
        county.run(tmp_path, change)
    assert refused.value.code == "gep.zone_without_cells"


@pytest.mark.parametrize("how", [{"tile": 100}, {"tile": 0}, {"tile": 10_240}, {"processes": 0}])
def test_tiles_and_processes_have_their_bounds(
    county: County, tmp_path: Path, how: dict[str, int]
) -> None:
    found = refusal(county, tmp_path, lambda _job: None, **how)

    assert (found.code, found.field) == ("gep.out_of_range", next(iter(how)))


def test_a_refusal_in_another_process_keeps_its_name(tmp_path: Path) -> None:
    wide = County(tmp_path / "wide", width=300, height=60)
    wrong = np.full((60, 300), -1.0)
    grid = replace(GRID, width=300)

    found = refusal(
        wide,
        tmp_path / "work",
        raster("rain", other(wide, "rain-wrong", wrong, grid)),
        tile=256,
        processes=2,
    )

    assert (found.code, found.field) == ("gep.raster_value_out_of_range", "rasters.rain")


def test_a_wrong_value_is_refused_that_the_grid_would_hide(county: County, tmp_path: Path) -> None:
    fine = replace(GRID, cell_width=CELL_M / 2, cell_height=CELL_M / 2, width=2 * WIDTH)
    fine = replace(fine, height=2 * HEIGHT)
    values = np.full((fine.height, fine.width), 1_300.0)
    values[41, 53] = -3.0
    path = other(county, "rain-hidden", values, fine)

    found = refusal(county, tmp_path, raster("rain", path, resample="average"))

    assert (found.code, found.field) == ("gep.raster_value_out_of_range", "rasters.rain")
    assert found.data["found"] == "-3 at row 41, column 53"


@pytest.mark.parametrize("crs", ["EPSG:xx", "EPSG:999999"])
def test_a_grid_in_no_projection_is_refused(county: County, tmp_path: Path, crs: str) -> None:
    found = refusal(county, tmp_path, lambda job: job.update(grid={"crs": crs, "cell_m": 100}))

    assert (found.code, found.field) == ("gep.projection_unknown", "grid.crs")
