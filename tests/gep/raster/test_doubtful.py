"""Files that are not what they seem: refused by name, or told as a doubt that changes nothing."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("rasterio", reason="rasterio is not installed (extra: raster)")

import rasterio

from gep.raster.county import ALBERS, CELL_M, LEFT, TOP
from gep.raster.geotiff import write_raster
from gep.raster.grid import Grid, Part
from gep.raster.running import Outcome
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
RAIN = np.full((HEIGHT, WIDTH), 1_300.0)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    return County(tmp_path_factory.mktemp("county"), width=WIDTH, height=HEIGHT)


def write(
    county: County, name: str, values: Any, *, bands: int = 1, tags: Any = None, **how: Any
) -> str:
    """Write a raster as the library does it, with whatever is wrong about it."""
    path = county.folder / f"{name}.tif"
    profile = {
        "driver": "GTiff",
        "width": WIDTH,
        "height": HEIGHT,
        "count": bands,
        "dtype": "float32",
        "crs": ALBERS,
        "transform": rasterio.transform.from_origin(LEFT, TOP, CELL_M, CELL_M),
    }
    with rasterio.open(path, "w", **(profile | how)) as target:
        for band in range(1, bands + 1):
            target.write(np.asarray(values).astype(how.get("dtype", "float32")), band)
        for key, value in (tags or {}).items():
            setattr(target, key, value)
    return path.name


def rain(path: str, **more: Any) -> Change:
    def change(job: dict[str, Any]) -> None:
        only("R1")(job)
        job["rasters"]["rain"] = {"path": path, **more}

    return change


def refused(county: County, tmp_path: Path, change: Change, **how: Any) -> DomainError:
    with pytest.raises(DomainError) as found:
        county.run(tmp_path, change, **how)
    assert list(tmp_path.rglob("*.npz")) == []
    return found.value


def doubts(outcome: Outcome) -> set[tuple[str, str]]:
    return {(each.raster, each.code.value) for each in outcome.warnings}


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"dtype": "complex64"}, "raster_dtype"),
        ({"bands": 2}, "raster_bands"),
        ({"bands": 4, "dtype": "uint8", "photometric": "RGB", "alpha": "yes"}, "raster_bands"),
        ({"tags": {"scales": (0.1,)}}, "raster_scaled"),
        ({"tags": {"offsets": (273.15,)}}, "raster_scaled"),
        ({"crs": None}, "projection_missing"),
        ({"crs": "EPSG:32650"}, "raster_not_aligned"),
        ({"crs": "EPSG:4326"}, "raster_not_aligned"),
    ],
    ids=str,
)
def test_a_raster_of_another_kind_is_refused(
    county: County, tmp_path: Path, how: Mapping[str, Any], code: str
) -> None:
    path = write(county, "rain-kind", RAIN / 10, **how)

    found = refused(county, tmp_path, rain(path))

    assert (found.code, found.field) == (f"gep.{code}", "rasters.rain")


def test_a_scale_of_the_file_that_the_job_states_is_taken(county: County, tmp_path: Path) -> None:
    path = write(county, "rain-scaled", RAIN / 10, tags={"scales": (10.0,)}, nodata=-1)

    scaled = county.run(tmp_path, rain(path, scale=10))
    plain = county.run(tmp_path, rain(write(county, "rain-plain", RAIN, nodata=-1)))

    assert np.array_equal(scaled.sums, plain.sums)


def test_a_raster_that_is_cut_off_is_refused_where_its_end_is_read(
    county: County, tmp_path: Path
) -> None:
    path = write(county, "rain-cut", RAIN, nodata=-1, tiled=True, blockxsize=16, blockysize=16)
    whole = (county.folder / path).read_bytes()
    (county.folder / path).write_bytes(whole[: len(whole) * 3 // 4])

    found = refused(county, tmp_path, rain(path))

    assert (found.code, found.field) == ("gep.raster_unreadable", "rasters.rain")


def test_a_mask_is_no_data_and_is_not_brought_elsewhere(county: County, tmp_path: Path) -> None:
    mask = np.full((HEIGHT, WIDTH), 255, dtype=np.uint8)
    mask[30, 31] = 0
    path = write(county, "rain-masked", RAIN)
    with (
        rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True),
        rasterio.open(county.folder / path, "r+") as it,
    ):
        it.write_mask(mask)

    def lacking(job: dict[str, Any]) -> None:
        rain(path)(job)
        job["missing_share_max"] = 0.01

    outcome = county.run(tmp_path / "some", lacking)

    assert outcome.missing.sum() == 1
    assert not outcome.warnings
    assert refused(county, tmp_path / "none", rain(path)).code == "gep.raster_without_data"
    moved = write(county, "cover-moved", np.ones((HEIGHT, WIDTH)), nodata=0)
    with rasterio.open(county.folder / moved, "r+") as it:
        it.transform = rasterio.transform.from_origin(LEFT - 10, TOP, CELL_M, CELL_M)

    def elsewhere(job: dict[str, Any]) -> None:
        rain(path, resample="nearest")(job)
        job["rasters"]["cover"] = {"path": moved}

    assert refused(county, tmp_path / "moved", elsewhere).code == "gep.raster_masked"


def test_each_raster_has_its_own_nodata(county: County, tmp_path: Path) -> None:
    """Among them one whose double is not what a band of single precision holds."""
    holed = RAIN.copy()
    holed[30, 31] = -3.4e38
    values: dict[str, Any] = {
        "rain": write(county, "rain-own", holed, nodata=-3.4e38),
        "et": write(county, "et-own", np.where(holed < 0, 700, 700), nodata=0),
    }

    def change(job: dict[str, Any]) -> None:
        only("R1")(job)
        job["rasters"] |= {name: {"path": path} for name, path in values.items()}
        job["missing_share_max"] = 0.01

    outcome = county.run(tmp_path, change)

    assert outcome.missing.sum() == 1
    assert outcome.warnings == ()


def test_a_palette_is_land_cover_like_any_other(county: County, tmp_path: Path) -> None:
    with rasterio.open(county.folder / "cover.tif") as cover:
        values = cover.read(1)
    path = write(county, "cover-palette", values, dtype="uint8", nodata=0)
    with rasterio.open(county.folder / path, "r+") as it:
        it.write_colormap(1, {1: (0, 99, 0, 255), 2: (99, 0, 0, 255)})

    def change(job: dict[str, Any]) -> None:
        only("R8")(job)
        job["rasters"]["cover"] = {"path": path}

    found = county.run(tmp_path, change)

    assert np.array_equal(found.sums, county.run(tmp_path, only("R8")).sums)


@pytest.mark.parametrize(
    ("name", "value"), [("rain", 1.3), ("storm_rain", 0.14), ("npp", 650), ("erodibility", 0.3)]
)
def test_a_unit_that_magnitude_belies_is_told(
    county: County, tmp_path: Path, name: str, value: float
) -> None:
    def change(job: dict[str, Any]) -> None:
        only("water_yield", "R2", "R3", "R8")(job)
        job["rasters"][name] = {"value": value}

    assert doubts(county.run(tmp_path, change)) == {(name, "unit_doubtful")}


def test_a_file_without_nodata_is_told(county: County, tmp_path: Path) -> None:
    outcome = county.run(tmp_path, rain(write(county, "rain-undeclared", RAIN)))

    assert doubts(outcome) == {("rain", "nodata_undeclared")}
    assert not county.run(tmp_path, only("R1")).warnings


def test_slope_lengths_of_too_many_cells_are_refused(county: County, tmp_path: Path) -> None:
    fine = replace(GRID, cell_width=5.0, cell_height=5.0)
    whole = Part(row=0, column=0, height=HEIGHT, width=WIDTH)
    for name, value in (("cover", 1.0), ("elevation", 90.0)):
        path = county.folder / f"{name}-fine.tif"
        write_raster(path, fine, [(whole, RAIN * 0 + value)], dtype="float32", nodata=-1)

    def change(job: dict[str, Any]) -> None:
        only("R2")(job)
        for name in ("cover", "elevation"):
            job["rasters"][name] = {"path": f"{name}-fine.tif"}
        job["settings"]["slope_length_max"] = 2_000

    found = refused(county, tmp_path, change)

    assert found.code == "gep.slope_length_too_long"
