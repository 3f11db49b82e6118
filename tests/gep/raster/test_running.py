"""A job's sums: those of every cell by itself, whatever the tiles, processes and interruptions."""

import os
from errno import ENOSPC
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("rasterio", reason="rasterio is not installed (extra: raster)")

import rasterio

from gep.raster.errors import WorkerLost
from gep.raster.geotiff import projected
from gep.raster.grid import Part
from gep.raster.running import Outcome
from gep.raster.tile import Made, TileMaker
from tests.gep.raster.counties import County, only
from tests.gep.raster.reference import sums_of

SOIL = only("R2", "R8")
WIDTH, HEIGHT = 300, 280


class Stopped(Exception):
    """Somebody pulled the plug."""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    return County(tmp_path_factory.mktemp("county"), width=WIDTH, height=HEIGHT)


@pytest.fixture(scope="module")
def whole(county: County) -> Outcome:
    return county.run(county.folder / "whole", SOIL, tile=1024)


def test_every_cell_by_itself_gives_the_same_sums(tmp_path: Path) -> None:
    county = County(tmp_path, width=70, height=60)

    outcome = county.run(tmp_path / "work")

    expected = sums_of(
        tmp_path / "townships.geojson", lambda each: projected(each, outcome.grid), 70, 60
    )
    for number, zone in enumerate(outcome.zones):
        sums = expected[zone.id]
        assert int(outcome.cells[number].sum()) == sums["cells"] > 0
        for name in outcome.job.quantities:
            assert outcome.sum_of(name, number) == pytest.approx(sums[name], rel=1e-9)


def varied(low: float, high: float) -> Any:
    row, column = np.mgrid[0:60, 0:70]
    wave = 0.5 + 0.5 * np.sin(row / 7 + column**2 / 90)
    return np.round(low + (high - low) * wave, 3)


@pytest.mark.parametrize(
    "more",
    [
        {"et": varied(300, 1_600)},
        {"soil_depth": varied(0, 3_000), "ls": varied(0, 60)},
        {"slope": varied(0, 40), "slope_length": varied(0, 300)},
        {"slope_length": varied(0, 300)},
        {"npp": np.where(varied(0, 1) > 0.9, np.nan, varied(0, 12))},
    ],
    ids=" and ".join,
)
def test_other_ways_give_the_sums_of_every_cell_as_well(
    tmp_path: Path, more: dict[str, Any]
) -> None:
    county = County(tmp_path, width=70, height=60)
    with rasterio.open(tmp_path / "rain.tif") as rain:
        profile = rain.profile
    for name, values in more.items():
        with rasterio.open(tmp_path / f"{name}.tif", "w", **profile) as target:
            target.write(np.where(np.isnan(values), -9999, values).astype(np.float32), 1)

    def change(job: dict[str, Any]) -> None:
        only(*job["services"])(job)
        job["rasters"] |= {name: {"path": f"{name}.tif"} for name in more}
        job["missing_share_max"] = 0.5

    outcome = county.run(tmp_path / "work", change)

    expected = sums_of(
        tmp_path / "townships.geojson",
        lambda each: projected(each, outcome.grid),
        70,
        60,
        more=more,
    )
    for number, zone in enumerate(outcome.zones):
        sums = expected[zone.id]
        assert outcome.missing[number] == sums["missing"]
        for name in outcome.job.quantities:
            assert outcome.sum_of(name, number) == pytest.approx(sums[name], rel=1e-9)


@pytest.mark.parametrize("tile", [256, 512])
def test_the_size_of_tiles_changes_nothing(
    county: County, whole: Outcome, tmp_path: Path, tile: int
) -> None:
    outcome = county.run(tmp_path, SOIL, tile=tile)

    assert len(outcome.tiles) == (4 if tile == 256 else 1)
    assert np.array_equal(outcome.sums, whole.sums)
    assert np.array_equal(outcome.cells, whole.cells)
    assert outcome.hash == whole.hash


@pytest.mark.parametrize("threads", [1, 2], ids=["forked", "begun anew"])
def test_two_processes_give_the_same_sums(
    county: County, whole: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threads: int
) -> None:
    monkeypatch.setattr("threading.active_count", lambda: threads)

    outcome = county.run(tmp_path, SOIL, tile=256, processes=2)

    assert np.array_equal(outcome.sums, whole.sums)


def test_a_process_that_is_ended_is_named_and_the_job_goes_on(
    county: County, whole: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = TileMaker.make

    def ended(maker: TileMaker, tile: Part) -> Made:
        if tile.row:
            os._exit(9)
        return make(maker, tile)

    with monkeypatch.context() as patch:
        patch.setattr("threading.active_count", lambda: 1)  # so that it forks
        patch.setattr(TileMaker, "make", ended)
        with pytest.raises(WorkerLost):
            county.run(tmp_path, SOIL, tile=256, processes=2)
    outcome = county.run(tmp_path, SOIL, tile=256)

    assert np.array_equal(outcome.sums, whole.sums)


def test_a_tile_that_cannot_be_kept_leaves_nothing(
    county: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: Any, **_: Any) -> None:
        file.write(b"half")
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr("numpy.savez", full)

    with pytest.raises(OSError, match="No space"):
        county.run(tmp_path, SOIL)
    assert not [each for each in tmp_path.rglob("*") if each.is_file()]


def test_a_run_that_stopped_goes_on_where_it_was(
    county: County, whole: Outcome, tmp_path: Path
) -> None:
    told: list[tuple[int, int]] = []

    def stop(done: int, of: int) -> None:
        told.append((done, of))
        if done == 2:
            raise Stopped

    with pytest.raises(Stopped):
        county.run(tmp_path, SOIL, tile=256, progress=stop)
    kept = sorted(tmp_path.rglob("*.npz"))
    kept[0].write_bytes(kept[0].read_bytes()[:100])  # half a tile, as a full disk leaves it
    told.clear()
    outcome = county.run(tmp_path, SOIL, tile=256, progress=lambda *each: told.append(each))

    assert len(kept) == 2
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert np.array_equal(outcome.sums, whole.sums)


def test_done_tiles_of_other_inputs_are_not_taken(county: County, tmp_path: Path) -> None:
    def drier(job: dict[str, Any]) -> None:
        SOIL(job)
        job["rasters"]["npp"]["scale"] = 0.5

    first = county.run(tmp_path, SOIL)
    second = county.run(tmp_path, drier)

    assert second.hash != first.hash
    assert second.sum_of("carbon_dioxide", 0) == pytest.approx(
        first.sum_of("carbon_dioxide", 0) / 2, rel=1e-12
    )
