"""A job run tile by tile, by one process or several, and resumed where it stopped.

A tile that is done lies in the work folder, in a folder named by the hash of everything that went
in: document, parameters, the bytes of every raster, the zones' coordinates. A run with other inputs
begins its own. A tile is written beside its place and renamed, so one that stands is whole.

Who spreads tiles over machines takes the parts of a run: `prepare`, `inputs_hash`, a `TileMaker`
with `keep_tile`, and `outcome_of`, which give the bits that `run` gives.
"""

import json
import math
import multiprocessing
import os
import threading
import zipfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import file_digest, sha256
from multiprocessing.context import ForkContext, SpawnContext
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gep.errors import Malformed
from gep.geopackage import is_geopackage, read_geopackage
from gep.raster.errors import RasterRefused, WorkerLost
from gep.raster.geotiff import grid_of, quiet_library, to_degrees, undeclared
from gep.raster.grid import SQUARE, TILE, TILE_MAX, Grid, Part, tiles_of
from gep.raster.job import Job
from gep.raster.relief import Cells
from gep.raster.tile import Made, TileMaker
from gep.raster.warnings import LARGEST, RasterWarning, WarningCode, doubtful_units
from gep.zones import Zone, read_zones

Progress: TypeAlias = Callable[[int, int], None]
PROCESSES_MAX = 64
HASH_SHOWN = 16
_AT_WORK: dict[str, TileMaker] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a job came to: sums by zone and quantity, cells by zone and class.

    ``hash`` names the inputs; neither tiles nor processes are in it, for they change nothing.
    """

    job: Job
    grid: Grid
    zones: tuple[Zone, ...]
    sums: Cells
    cells: "NDArray[np.int64]"
    missing: "NDArray[np.int64]"
    hash: str
    tiles: tuple[tuple[Part, Path], ...]
    warnings: tuple[RasterWarning, ...] = ()

    def sum_of(self, quantity: str, zone: int) -> float:
        """Return a zone's sum of a quantity."""
        return float(self.sums[zone, list(self.job.quantities).index(quantity)])

    def area_hm2(self, zone: int) -> float:
        """Return the area of a zone's cells that have data."""
        return int(self.cells[zone].sum()) * self.grid.cell_hm2


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A job whose zones lie on its grid, cut into tiles."""

    job: Job
    grid: Grid
    zones: tuple[Zone, ...]
    parts: tuple[Part, ...]

    def maker(self) -> TileMaker:
        """Return what makes the tiles, once its context is entered."""
        return TileMaker(self.job, self.grid, self.zones)

    def tiles_in(self, folder: Path) -> list[tuple[Part, Path]]:
        """Return the tiles and where in a folder each lies once it is done."""
        return [(part, folder / f"{part.row}-{part.column}.npz") for part in self.parts]


def prepare(job: Job, *, tile: int = TILE) -> Ready:
    """Open a job's zones and rasters, and see that they fit.

    Raises:
        Malformed: the zones, or the size of tiles, are not what they must be.
        RasterRefused: rasters and zones do not fit.
    """
    _refuse_size("tile", tile, low=SQUARE, high=TILE_MAX, step=SQUARE)
    zones = zones_of(job)
    with quiet_library():
        grid = grid_of(job)
        with TileMaker(job, grid, zones) as maker:
            maker.refuse_zones_off_the_grid()
    return Ready(job=job, grid=grid, zones=zones, parts=tuple(tiles_of(grid, tile)))


def run(
    job: Job,
    work: Path,
    *,
    processes: int = 1,
    tile: int = TILE,
    progress: Progress = lambda _done, _of: None,
) -> Outcome:
    """Run a job; ``progress`` hears of every tile that is done, of how many.

    Raises:
        Malformed: the zones, or a figure of how to run, are not what they must be.
        RasterRefused: rasters and zones do not fit; nothing but whole tiles is left behind.
        WorkerLost: a process ended before its tile was done.
    """
    _refuse_size("processes", processes, low=1, high=PROCESSES_MAX, step=1)
    ready = prepare(job, tile=tile)
    inputs = inputs_hash(ready, at_once=processes)
    folder = work / f"{inputs[:HASH_SHOWN]}-{tile}"
    folder.mkdir(parents=True, exist_ok=True)
    tiles = ready.tiles_in(folder)
    absent = [(part, path) for part, path in tiles if not is_whole(path)]
    done = len(tiles) - len(absent)
    progress(done, len(tiles))
    with _makers(ready, processes=min(processes, max(len(absent), 1))) as made:
        for _ in made(absent):
            done += 1
            progress(done, len(tiles))
    return outcome_of(ready, tiles, inputs=inputs)


@contextmanager
def _makers(
    ready: Ready, *, processes: int
) -> Iterator[Callable[[Sequence[tuple[Part, Path]]], Iterator[Path]]]:
    with ExitStack() as stack:
        if processes == 1:
            maker = stack.enter_context(ready.maker())
            yield lambda tiles: (keep_tile(maker.make(part), path) for part, path in tiles)
            return
        pool = ProcessPoolExecutor(
            processes,
            mp_context=_context(),
            initializer=_begin,
            initargs=(ready,),
        )
        stack.callback(pool.shutdown, cancel_futures=True)
        try:
            yield lambda tiles: pool.map(_make, tiles)
        except BrokenProcessPool as error:
            raise WorkerLost from error


def _context() -> "ForkContext | SpawnContext":
    """Return how other processes are begun.

    A fork is there at once; one of several threads might keep what another thread held, and begins
    anew, which takes about half a second.
    """
    if threading.active_count() == 1 and "fork" in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("fork")
    return multiprocessing.get_context("spawn")


def _begin(ready: Ready) -> None:
    _AT_WORK["maker"] = ready.maker().__enter__()


def _make(tile: tuple[Part, Path]) -> Path:
    part, path = tile
    return keep_tile(_AT_WORK["maker"].make(part), path)


def keep_tile(made: Made, path: Path, *, draft: str = "") -> Path:
    """Write a tile beside its place and rename it; ``draft`` tells writers apart, else a process.

    Raises:
        OSError: it cannot be written.
    """
    beside = path.with_name(f".{path.name}.{draft or os.getpid()}")
    arrays: dict[str, Any] = {"sums": made.sums, "owners": made.owners, **made.layers}
    try:
        with beside.open("wb") as file:
            np.savez(file, cells=made.cells, missing=made.missing, largest=made.largest, **arrays)
        return beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def is_whole(path: Path) -> bool:
    """Tell whether a tile is done."""
    return path.exists() and zipfile.is_zipfile(path)


def outcome_of(ready: Ready, tiles: Sequence[tuple[Part, Path]], *, inputs: str) -> Outcome:
    """Add the tiles of a job, all of which are done.

    Raises:
        RasterRefused: a zone has no cell, or too many without data.
    """
    job, zones = ready.job, ready.zones
    cells = np.zeros((len(zones), len(job.classes)), dtype=np.int64)
    missing = np.zeros(len(zones), dtype=np.int64)
    largest = np.full(len(LARGEST), np.nan)
    sums, owners = [], []
    for _, path in tiles:
        with np.load(path) as kept:
            sums.append(kept["sums"])
            owners.append(kept["owners"])
            cells += kept["cells"]
            missing += kept["missing"]
            largest = np.fmax(largest, kept["largest"])
    totals = _added(np.concatenate(sums), np.concatenate(owners), zones=len(zones))
    for zone, counted, lacking in zip(zones, cells.sum(axis=1), missing, strict=True):
        _refuse_empty(
            zone, counted=int(counted), lacking=int(lacking), most=float(job.missing_share_max)
        )
    return Outcome(
        job=job,
        grid=ready.grid,
        zones=zones,
        sums=totals,
        cells=cells,
        missing=missing,
        hash=inputs,
        tiles=tuple(tiles),
        warnings=(
            *(
                RasterWarning(
                    code=WarningCode.NODATA_UNDECLARED, raster=name, found="no nodata value"
                )
                for name in undeclared(job)
            ),
            *doubtful_units(dict(zip(LARGEST, largest.tolist(), strict=True))),
        ),
    )


def _added(sums: Cells, owners: "NDArray[np.intp]", *, zones: int) -> Cells:
    """Return the exactly rounded sum of every zone's rows, which no order of them changes."""
    order = np.argsort(owners, kind="stable")
    starts = np.searchsorted(owners[order], np.arange(1, zones))
    return np.array(
        [
            [math.fsum(column) for column in rows.T] if len(rows) else [0.0] * sums.shape[1]
            for rows in np.split(sums[order], starts)
        ]
    )


def _refuse_empty(zone: Zone, *, counted: int, lacking: int, most: float) -> None:
    if not counted + lacking:
        raise RasterRefused(
            code="zone_without_cells",
            field=f"zones.{zone.id}",
            expected="the centre of a cell at least",
            found="none",
        )
    if lacking > most * (counted + lacking):
        raise RasterRefused(
            code="raster_without_data",
            field=f"zones.{zone.id}",
            expected=f"at most {most:g} of the cells without data",
            found=f"{lacking} of {counted + lacking}",
        )


def zones_of(job: Job) -> tuple[Zone, ...]:
    """Return the zones of a job, from GeoJSON or a GeoPackage.

    Raises:
        Malformed: they cannot be read, or are not what zones must be.
        RasterRefused: they stand in a system that is not known.
    """
    try:
        if is_geopackage(job.zones):
            return read_geopackage(
                job.zones, layer=job.zones_layer, id_name=job.zones_id, to_degrees=to_degrees
            )
        content = job.zones.read_bytes()
    except OSError as error:
        raise Malformed(
            code="file_unreadable",
            field="zones",
            expected="a file that can be read",
            found=str(error.strerror),
        ) from error
    if job.zones_layer is not None:
        raise Malformed(
            code="geopackage_layer",
            field="zones",
            expected="no layer, for GeoJSON has none",
            found=job.zones_layer,
        )
    return read_zones(content, id_name=job.zones_id)


def inputs_hash(ready: Ready, *, at_once: int = 1) -> str:
    """Return the hash of everything that goes into a job: document, parameters, every file."""
    job = ready.job
    paths = [job.rasters[name].path for name in sorted(job.needed)]
    with ThreadPoolExecutor(at_once) as threads:
        digests = list(threads.map(_digest_of, filter(None, paths)))
    found = [job.content, _digest_of_zones(ready.zones), *digests]
    return sha256("\n".join(found).encode()).hexdigest()


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _digest_of_zones(zones: Sequence[Zone]) -> str:
    """Return the hash of what of zones decides: ids and names in their order, every coordinate.

    A GeoPackage's bytes change when somebody looks into it, and are no other zones for that.
    """
    found = sha256()
    for zone in zones:
        found.update(json.dumps([zone.id, zone.name, len(zone.polygons)]).encode())
        for polygon in zone.polygons:
            found.update(f"{[len(ring) for ring in polygon]}".encode())
            for ring in polygon:
                found.update(np.array(ring, dtype="<f8").tobytes())
    return found.hexdigest()


def _refuse_size(name: str, value: int, *, low: int, high: int, step: int) -> None:
    if not low <= value <= high or value % step:
        expected = f"from {low} to {high}" + (f", a multiple of {step}" if step > 1 else "")
        raise Malformed(code="out_of_range", field=name, expected=expected, found=str(value))
