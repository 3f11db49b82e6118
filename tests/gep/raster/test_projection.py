"""Brought from degrees to equal area, classes and zones keep their areas to a thousandth."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("rasterio", reason="rasterio is not installed (extra: raster)")

from gep.raster.geotiff import write_raster
from gep.raster.grid import Grid, Part
from gep.raster.job_file import read_job
from gep.raster.running import run

# WGS 84, in metres.
EQUATOR, FLATTENING = 6_378_137.0, 1 / 298.257223563
EAST, NORTH, CELL, EDGE = 119.5, 30.9, 0.002, 300
MIDDLE, RADIUS = (119.8, 30.6), 0.25


def band_km2(south: float, north: float, width: float) -> float:
    """Return the area of the ellipsoid between two latitudes, over so many degrees."""
    eccentricity = math.sqrt(FLATTENING * (2 - FLATTENING))

    def primitive(latitude: float) -> float:
        sine = math.sin(math.radians(latitude))
        return sine / (2 * (1 - (eccentricity * sine) ** 2)) + math.atanh(eccentricity * sine) / (
            2 * eccentricity
        )

    polar = EQUATOR * (1 - FLATTENING)
    return polar**2 * math.radians(width) * (primitive(north) - primitive(south)) / 1e6


def round_km2() -> float:
    """Return the area of what is a circle in degrees, by thin bands."""
    edges = np.linspace(-RADIUS, RADIUS, 4_001)
    middles = (edges[1:] + edges[:-1]) / 2
    widths = 2 * np.sqrt(RADIUS**2 - middles**2)
    return sum(
        band_km2(MIDDLE[1] + south, MIDDLE[1] + north, width)
        for south, north, width in zip(edges[:-1], edges[1:], widths, strict=True)
    )


@pytest.mark.parametrize("crs", ["auto", "EPSG:6933"])
def test_classes_and_zones_keep_their_areas(tmp_path: Path, crs: str) -> None:
    grid = Grid(
        crs="EPSG:4326",
        left=EAST,
        top=NORTH,
        cell_width=CELL,
        cell_height=CELL,
        width=EDGE,
        height=EDGE,
    )
    row, column = np.mgrid[0:EDGE, 0:EDGE]
    cover = 1 + (np.hypot(row - 150, column - 140) < 100).astype(int)
    whole = Part(row=0, column=0, height=EDGE, width=EDGE)
    write_raster(tmp_path / "cover.tif", grid, [(whole, cover)], dtype="uint8", nodata=0)
    turns = np.linspace(0, 2 * np.pi, 721)
    ring = np.column_stack(
        (MIDDLE[0] + RADIUS * np.cos(turns), MIDDLE[1] + RADIUS * np.sin(turns))
    ).tolist()
    ring[-1] = ring[0]
    feature = {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"id": "zone"},
    }
    zones = {"type": "FeatureCollection", "features": [feature]}
    (tmp_path / "zones.geojson").write_text(json.dumps(zones))
    job: dict[str, Any] = {
        "id": "degrees",
        "year": 2026,
        "parameters": "reference-0.1",
        "rasters": {"cover": {"path": "cover.tif"}, "npp": {"value": 2}},
        "grid": {"crs": crs, "cell_m": 100},
        "zones": "zones.geojson",
        "services": ["R8"],
        "classes": [{"code": 1, "name": "outside"}, {"code": 2, "name": "disc"}],
    }

    read = read_job(json.dumps(job).encode(), tmp_path)
    outcome = run(read, tmp_path / "work")
    smaller = run(read, tmp_path / "work", tile=256)

    assert len(smaller.tiles) > len(outcome.tiles)
    assert np.array_equal(smaller.sums, outcome.sums)

    km2 = outcome.cells[0] * outcome.grid.cell_hm2 / 100
    tops = NORTH - CELL * np.arange(EDGE)
    of_row = [band_km2(top - CELL, top, CELL) for top in tops]
    disc = float(np.sum((cover == 2).sum(axis=1) * of_row))
    assert km2[1] == pytest.approx(disc, rel=1e-3)
    assert km2.sum() == pytest.approx(round_km2(), rel=1e-3)
    assert outcome.sum_of("carbon_dioxide", 0) == pytest.approx(km2.sum() * 100 * 2 * 1.63)


def test_the_area_of_the_ellipsoid_is_the_known_one() -> None:
    assert band_km2(-90, 90, 360) == pytest.approx(510_065_621.7, rel=1e-9)
