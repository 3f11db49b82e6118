"""Brought from degrees or UTM to equal area, classes and zones keep their areas to a thousandth.

The area of every cell and zone is known beforehand: of the ellipsoid by its closed formula, of UTM
by its point scale.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest

pytest.importorskip("rasterio", reason="rasterio is not installed (extra: raster)")

from rasterio import warp

from gep.boundaries import area_of
from gep.raster.county import ALBERS
from gep.raster.geotiff import projected, write_raster
from gep.raster.grid import Grid, Part
from gep.raster.job_file import read_job
from gep.raster.running import Outcome, run

# WGS 84, in metres.
EQUATOR, FLATTENING = 6_378_137.0, 1 / 298.257223563
SQUARED_ECCENTRICITY = FLATTENING * (2 - FLATTENING)
UTM_SCALE, UTM_MIDDLE = 0.9996, 500_000.0
EDGE = 260
MIDDLE, RADIUS = (130, 124), 70
WITHIN = 1e-3
Kite: TypeAlias = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Source:
    """Land cover in degrees or of a UTM zone: its middle, the size of its cells."""

    crs: str
    east: float
    north: float
    cell: float

    @property
    def grid(self) -> Grid:
        half = self.cell * EDGE / 2
        return Grid(
            crs=self.crs,
            left=self.east - half,
            top=self.north + half,
            cell_width=self.cell,
            cell_height=self.cell,
            width=EDGE,
            height=EDGE,
        )

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        [east], [north] = warp.transform(self.crs, "EPSG:4326", [x], [y])
        return float(east), float(north)

    def cell_km2(self) -> Any:
        """Return the area of every cell upon the ellipsoid."""
        grid = self.grid
        if self.crs == "EPSG:4326":
            tops = grid.top - self.cell * np.arange(EDGE)
            rows = [band_km2(top - self.cell, top, self.cell) for top in tops]
            return np.repeat(np.array(rows)[:, None], EDGE, axis=1)
        _, latitude = self.degrees(self.east, self.north)
        sine = math.sin(math.radians(latitude))
        bent = 1 - SQUARED_ECCENTRICITY * sine**2
        radius = EQUATOR * math.sqrt(1 - SQUARED_ECCENTRICITY) / bent
        x = grid.left + self.cell * (np.arange(EDGE) + 0.5) - UTM_MIDDLE
        scale = UTM_SCALE * (1 + x**2 / (2 * (UTM_SCALE * radius) ** 2))
        return np.repeat((self.cell / scale)[None, :] ** 2 / 1e6, EDGE, axis=0)


def band_km2(south: float, north: float, width: float) -> float:
    """Return the area of the ellipsoid between two latitudes, over so many degrees."""
    eccentricity = math.sqrt(SQUARED_ECCENTRICITY)

    def primitive(latitude: float) -> float:
        sine = math.sin(math.radians(latitude))
        return sine / (2 * (1 - (eccentricity * sine) ** 2)) + math.atanh(eccentricity * sine) / (
            2 * eccentricity
        )

    polar = EQUATOR * (1 - FLATTENING)
    return polar**2 * math.radians(width) * (primitive(north) - primitive(south)) / 1e6


SOUTH, YANGTZE, NORTH = (109.6, 18.9), (119.8, 30.6), (123.3, 53.0)
DEGREES = "EPSG:4326"
SOURCES = {
    "Hainan in degrees": Source(DEGREES, *SOUTH, 0.003),
    "Zhejiang in degrees": Source(DEGREES, *YANGTZE, 0.002),
    "Mohe in degrees": Source(DEGREES, *NORTH, 0.002),
    "a province in degrees": Source(DEGREES, 102.0, 36.0, 0.02),
    "Hainan in UTM": Source("EPSG:32649", 350_000, 2_090_000, 200),
    "the edge of a UTM zone": Source("EPSG:32650", 820_000, 2_050_000, 250),
    "Mohe in UTM": Source("EPSG:32651", 520_000, 5_870_000, 150),
}
SINUSOIDAL = "+proj=sinu +lon_0=110 +datum=WGS84 +units=m +no_defs"
EQUAL_AREA = ("auto", "EPSG:6933", ALBERS, SINUSOIDAL)
# Every source by two projections, every projection by sources of both kinds.
CASES = [
    (name, EQUAL_AREA[(index + shift) % len(EQUAL_AREA)], factor)
    for index, name in enumerate(SOURCES)
    for shift, factor in ((0, 0.37), (1, 0.53))
]


@pytest.mark.parametrize(("name", "crs", "factor"), CASES)
def test_classes_and_zones_keep_their_areas(
    tmp_path: Path, name: str, crs: str, factor: float
) -> None:
    """The zone has four points: its sides are straight in degrees, however long they are.

    Cells are no whole parts of those of the source and sides go across them, so that what centres
    catch too much in one place they lack in another, and what is left is the projection's.
    """
    source = SOURCES[name]
    row, column = np.mgrid[0:EDGE, 0:EDGE]
    disc = np.hypot(row - MIDDLE[0], column - MIDDLE[1]) < RADIUS
    zone = kite(source)
    metres = source.cell * (111_000 if source.crs == DEGREES else 1)

    outcome = measured(tmp_path, source, 1 + disc.astype(int), zone, crs, metres * factor)

    km2 = outcome.cells[0] * outcome.grid.cell_hm2 / 100
    assert km2[1] == pytest.approx(float(source.cell_km2()[disc].sum()), rel=WITHIN)
    assert km2.sum() == pytest.approx(kite_km2(zone), rel=WITHIN)
    assert outcome.sum_of("carbon_dioxide", 0) == pytest.approx(km2.sum() * 100 * 2 * 1.63)


@pytest.mark.parametrize("kind", ["Polygon", "MultiPolygon"])
@pytest.mark.parametrize(("south", "north"), [(18.0, 19.0), (30.0, 30.5), (52.0, 53.0)])
def test_a_long_side_is_straight_in_degrees(south: float, north: float, kind: str) -> None:
    """Four corners, six degrees apart: a side that were straight upon the grid bends elsewhere."""
    grid = Source(ALBERS, 0, 0, 100).grid
    corners = [(100.0, south), (106.0, south), (106.0, north), (100.0, north), (100.0, south)]
    coordinates: Any = [corners] if kind == "Polygon" else [[corners]]

    found = projected({"type": kind, "coordinates": coordinates}, grid)["coordinates"]

    ring = tuple(found[0] if kind == "Polygon" else found[0][0])
    assert area_of(ring) / 1e6 == pytest.approx(band_km2(south, north, 6), rel=1e-5)


def test_tiles_and_processes_of_a_grid_that_is_warped_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("threading.active_count", lambda: 1)  # so that it forks
    source = SOURCES["Zhejiang in degrees"]
    cover = 1 + np.indices((EDGE, EDGE)).sum(axis=0) // 40 % 2

    outcome, smaller = (
        measured(tmp_path, source, cover, kite(source), "auto", 100, tile=tile, processes=processes)
        for tile, processes in ((1024, 1), (256, 3))
    )

    assert len(smaller.tiles) > len(outcome.tiles)
    assert np.array_equal(smaller.sums, outcome.sums)
    assert np.array_equal(smaller.cells, outcome.cells)


def test_the_area_of_the_ellipsoid_is_the_known_one() -> None:
    assert band_km2(-90, 90, 360) == pytest.approx(510_065_621.7, rel=1e-9)


def kite(source: Source) -> Kite:
    """Return south, east, north and west of a kite in degrees: around the disc, on the cover."""
    left, bottom, right, top = source.grid.bounds
    x, y = (left + right) / 2, (bottom + top) / 2
    near = source.cell * EDGE * 0.02
    return (
        source.degrees(x, bottom + near),
        source.degrees(right - near, y),
        source.degrees(x, top - near),
        source.degrees(left + near, y),
    )


def kite_km2(corners: Kite) -> float:
    """Return the area of a kite whose sides are straight in degrees, by thin bands."""
    south, east, north, west = corners
    edges = np.linspace(south[1], north[1], 4_001)
    middles = (edges[1:] + edges[:-1]) / 2
    right, left = (
        np.interp(middles, [south[1], side[1], north[1]], [south[0], side[0], north[0]])
        for side in (east, west)
    )
    return sum(
        band_km2(low, high, width)
        for low, high, width in zip(edges[:-1], edges[1:], right - left, strict=True)
    )


def measured(
    folder: Path,
    source: Source,
    cover: Any,
    zone: Kite,
    crs: str,
    cell_m: float,
    **how: Any,
) -> Outcome:
    whole = Part(row=0, column=0, height=EDGE, width=EDGE)
    write_raster(folder / "cover.tif", source.grid, [(whole, cover)], dtype="uint8", nodata=0)
    ring = [*zone, zone[0]]
    feature = {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"id": "zone"},
    }
    zones = {"type": "FeatureCollection", "features": [feature]}
    (folder / "zones.geojson").write_text(json.dumps(zones))
    job = {
        "id": "degrees",
        "year": 2026,
        "parameters": "reference-0.1",
        "rasters": {"cover": {"path": "cover.tif"}, "npp": {"value": 2}},
        "grid": {"crs": crs, "cell_m": round(cell_m, 1)},
        "zones": "zones.geojson",
        "services": ["R8"],
        "classes": [{"code": 1, "name": "outside"}, {"code": 2, "name": "disc"}],
    }
    return run(read_job(json.dumps(job).encode(), folder), folder / "work", **how)
