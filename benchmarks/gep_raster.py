"""Rasters at size: water yield and soil retention upon 4000 x 4000, and more than fits in memory.

Each figure is of a process of its own, so that its peak memory is its own too; it holds from the
job's file to the sums, tiles kept, the hashing of all files among it. ``scaling`` is the seconds of
one process by those of so many, and ``ceiling`` what the machine gives at most: so many runs of one
process each, side by side, which wait for nobody and still slow each other down. Where time goes
stands beside it: before the first tile (opening, hashing), at tiles, after them (adding up), and
the processor time of all processes together.
Rasters are drawn from formulas and written before the clock starts: smooth, LZW, tiles of 256, 30 m
cells, four zones. InVEST 3.20 took 28.6 s and 857 MB for the same size of water yield, on a like
machine (docs/gep-raster.md). Run ``python -m benchmarks.gep_raster [--small] [--large]``.
"""

import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from gep.raster.grid import SQUARE, Grid, Part, parts_of

EDGE, EDGE_SMALL, EDGE_LARGE = 4_000, 600, 10_000
CELL_M = 30.0
SIDE_M = 1_000.0  # zones are straight upon the grid, so in degrees they have points so often
CLASSES = 6
PROCESSES = (1, 2, 4)
KILOBYTES_A_MEGABYTE = 1_024
YIELD, RETENTION = "water_yield", "R2"
FACTORS = {
    "rain": (1_300.0, 250.0),
    "reference_et": (950.0, 120.0),
    "available_water": (0.15, 0.04),
    "erosivity": (5_200.0, 900.0),
    "erodibility": (0.033, 0.006),
    "elevation": (600.0, 300.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RasterFigures:
    """What one run measured: seconds, and the most memory that its largest process held.

    ``busy_seconds`` are the processor's, of all processes; on a machine with other work they say
    more than the clock.
    """

    service: str
    edge: int
    processes: int
    seconds: float
    before_seconds: float
    tiles_seconds: float
    after_seconds: float
    busy_seconds: float
    peak_mb: float
    sum: float
    scaling: float = 1.0
    ceiling: float = 1.0


def is_installed() -> bool:
    """Say whether the library that reads rasters is there: it is an extra."""
    return importlib.util.find_spec("rasterio") is not None


def measure_rasters(*, edge: int, processes: tuple[int, ...] = (1,)) -> list[RasterFigures]:
    """Measure both services upon rasters of an edge, by so many processes each."""
    with tempfile.TemporaryDirectory() as folder:
        job = write_load(Path(folder), edge)
        return [
            each
            for service in (YIELD, RETENTION)
            for each in _scaled(job, service, edge=edge, processes=processes)
        ]


def _scaled(
    job: Path, service: str, *, edge: int, processes: tuple[int, ...]
) -> Iterator[RasterFigures]:
    alone = 0.0
    for count in processes:
        found = _measured(job, service, edge=edge, processes=count)
        alone = alone or found.seconds
        beside = alone if count == 1 else _side_by_side(job, service, count)
        yield replace(found, scaling=alone / found.seconds, ceiling=count * alone / beside)


def _side_by_side(job: Path, service: str, count: int) -> float:
    """Return the seconds of the slowest of so many runs at once, each of one process."""
    with ThreadPoolExecutor(count) as threads:
        runs = [threads.submit(_told, job, service, 1) for _ in range(count)]
        return max(float(each.result()["seconds"]) for each in runs)


def write_load(folder: Path, edge: int) -> Path:
    """Write rasters, zones and a job, and return where the job lies."""
    from gep.boundaries import divided
    from gep.raster.county import ALBERS, LEFT, TOP
    from gep.raster.geotiff import degrees_of, write_raster

    grid = Grid(
        crs=ALBERS,
        left=LEFT,
        top=TOP,
        cell_width=CELL_M,
        cell_height=CELL_M,
        width=edge,
        height=edge,
    )
    write_raster(folder / "cover.tif", grid, _covers(edge), dtype="uint8", nodata=0)
    for number, name in enumerate(FACTORS):
        parts = _smooth(edge, number, mean=FACTORS[name][0], swing=FACTORS[name][1])
        write_raster(folder / f"{name}.tif", grid, parts, dtype="float32", nodata=-9999.0)
    half = edge * CELL_M / 2
    features = []
    for number in range(4):
        left, top = LEFT + number % 2 * half, TOP - number // 2 * half
        corners = [(0, 0), (half, 0), (half, half), (0, half), (0, 0)]
        ring = divided(tuple((left + x, top - y) for x, y in corners), SIDE_M)
        geometry = degrees_of({"type": "Polygon", "coordinates": [ring]}, grid)
        properties = {"id": str(number)}
        features.append({"type": "Feature", "geometry": geometry, "properties": properties})
    zones = {"type": "FeatureCollection", "features": features}
    (folder / "zones.geojson").write_text(json.dumps(zones), encoding="utf-8")
    job = folder / "job.json"
    job.write_text(json.dumps(_job()), encoding="utf-8")
    return job


def _job() -> dict[str, Any]:
    return {
        "id": "load",
        "year": 2026,
        "parameters": "reference-0.1",
        "rasters": {name: {"path": f"{name}.tif"} for name in ("cover", *FACTORS)},
        "zones": "zones.geojson",
        "services": [YIELD, RETENTION],
        "settings": {"season": 12, "slope_length_max": 120},
        "classes": [
            {
                "code": code,
                "name": f"class {code}",
                "vegetated": code < CLASSES,
                "crop": 0.5 + code / 10,
                "root_mm": 500 * code,
                "cover_factor": code / 50,
                "practice": 1,
            }
            for code in range(1, CLASSES + 1)
        ],
    }


def _parts(edge: int) -> Iterator[tuple[Part, Any, Any]]:
    for part in parts_of(Part(row=0, column=0, height=edge, width=edge), SQUARE * 4):
        rows = np.arange(part.row, part.row + part.height)[:, None] / edge
        columns = np.arange(part.column, part.column + part.width)[None, :] / edge
        yield part, rows, columns


def _covers(edge: int) -> Iterator[tuple[Part, Any]]:
    for part, y, x in _parts(edge):
        yield part, 1 + ((np.sin(9 * x + 3 * y) + np.cos(7 * y - 2 * x)) * 1.4 + 3) // 1 % CLASSES


def _smooth(edge: int, number: int, *, mean: float, swing: float) -> Iterator[tuple[Part, Any]]:
    for part, y, x in _parts(edge):
        yield part, mean + swing * np.sin((5 + number) * x + number) * np.cos((4 + number) * y)


def _measured(job: Path, service: str, *, edge: int, processes: int) -> RasterFigures:
    found = _told(job, service, processes)
    return RasterFigures(service=service, edge=edge, processes=processes, **found)


def _told(job: Path, service: str, processes: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.gep_raster", "--one", str(job), service]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    told = subprocess.run(
        [*command, str(processes)], capture_output=True, check=True, text=True, env=environment
    )
    found: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    return found


def _one(job_path: str, service: str, processes: int) -> dict[str, float]:
    from gep.raster.job_file import read_job
    from gep.raster.running import run

    path = Path(job_path)
    job = read_job(path.read_bytes(), path.parent)
    with tempfile.TemporaryDirectory(dir=path.parent) as work:
        moments = [perf_counter()]
        outcome = run(
            replace(job, services=(service,)),
            Path(work),
            processes=processes,
            progress=lambda _done, _of: moments.append(perf_counter()),
        )
        moments.append(perf_counter())
    start, first_tile, *_, last_tile, end = moments
    used = [resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    peak = max(each.ru_maxrss for each in used) / KILOBYTES_A_MEGABYTE
    first = next(iter(outcome.job.quantities))
    total = sum(outcome.sum_of(first, zone) for zone in range(len(outcome.zones)))
    return {
        "seconds": end - start,
        "before_seconds": first_tile - start,
        "tiles_seconds": last_tile - first_tile,
        "after_seconds": end - last_tile,
        "busy_seconds": sum(each.ru_utime + each.ru_stime for each in used),
        "peak_mb": peak,
        "sum": total,
    }


def main() -> None:
    """Measure and print the figures as JSON, one line each."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["--one"]:
        print(json.dumps(_one(arguments[1], arguments[2], int(arguments[3]))))
        return
    small = "--small" in arguments
    edges = [EDGE_SMALL if small else EDGE, *([EDGE_LARGE] if "--large" in arguments else [])]
    for edge in edges:
        for figures in measure_rasters(edge=edge, processes=(1,) if small else PROCESSES):
            print(json.dumps(asdict(figures)))


if __name__ == "__main__":
    main()
