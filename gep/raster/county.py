"""A small county that nobody lives in: rasters, townships and a job, drawn from formulas.

Hills of sines, a river, land cover by height and slope, rain and soil to go with them. No chance
is in it: the same county every time. It shows the form of a job, and is what tests and the
demonstration run on; its figures say nothing of any place.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from gep.raster.geotiff import degrees_of, write_raster
from gep.raster.grid import SQUARE, Grid, Part, parts_of
from gep.raster.relief import Cells, slope_degrees

ALBERS = (
    "+proj=aea +lat_1=25 +lat_2=47 +lat_0=30 +lon_0=105 +x_0=0 +y_0=0"
    " +datum=WGS84 +units=m +no_defs"
)
LEFT, TOP = 1_350_000.0, 60_000.0
CELL_M, WIDTH, HEIGHT = 100.0, 420, 380
NODATA = -9999.0
FOREST, SHRUB, GRASS, CROPS, MARSH, WATER, BUILT = range(1, 8)
NPP = (0.0, 9.1, 5.2, 3.4, 6.0, 7.5, 0.0, 0.4)
STEP = 20
MARGIN = 14
# Where what grows: shares of the map from the river and from the towns, degrees, metres.
IN_THE_RIVER, BY_THE_RIVER, TOWN, HAMLET = 0.008, 0.02, 0.05, 0.03
FLAT, STEEP, LOW, HIGH, BUSHY = 2.5, 9.0, 330.0, 620.0, 0.3
TOWNSHIPS = (("north-west", 0, 0), ("north-east", 0, 1), ("south-west", 1, 0), ("south-east", 1, 1))
JOB = "county.json"


def write_county(folder: Path, *, width: int = WIDTH, height: int = HEIGHT) -> Path:
    """Write the county's rasters, townships and job, and return where the job lies."""
    folder.mkdir(parents=True, exist_ok=True)
    grid = Grid(
        crs=ALBERS,
        left=LEFT,
        top=TOP,
        cell_width=CELL_M,
        cell_height=CELL_M,
        width=width,
        height=height,
    )
    for name, values in county_rasters(width, height).items():
        path = folder / f"{name}.tif"
        parts = [
            (
                part,
                values[part.row : part.row + part.height, part.column : part.column + part.width],
            )
            for part in parts_of(Part(row=0, column=0, height=height, width=width), SQUARE)
        ]
        if name == "cover":
            write_raster(path, grid, parts, dtype="uint8", nodata=0)
        else:
            write_raster(path, grid, parts, dtype="float32", nodata=NODATA)
    (folder / "townships.geojson").write_text(
        json.dumps(_townships(grid), ensure_ascii=False), encoding="utf-8"
    )
    path = folder / JOB
    path.write_text(json.dumps(county_job(), ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def county_rasters(width: int, height: int) -> dict[str, Cells]:
    """Return the county's rasters by name."""
    row, column = np.mgrid[0:height, 0:width].astype(np.float64)
    x, y = column / width, row / height
    river = np.abs(y - 0.55 - 0.08 * np.sin(7 * x))
    hills = (
        420
        + 260 * np.sin(5.1 * x + 1.3) * np.cos(4.3 * y)
        + 90 * np.sin(23 * x + 11 * y)
        + 25 * np.sin(71 * x) * np.sin(67 * y)
    )
    elevation = np.round(40 + hills * np.minimum(river * 5, 1.0), 1)
    around = np.pad(elevation, 1, mode="edge")
    slope = slope_degrees(around, cell_width=CELL_M, cell_height=CELL_M)
    cover = np.select(
        [
            river < IN_THE_RIVER,
            river < BY_THE_RIVER,
            (np.hypot(x - 0.42, y - 0.5) < TOWN) | (np.hypot(x - 0.75, y - 0.62) < HAMLET),
            (slope < FLAT) & (elevation < LOW),
            elevation > HIGH,
            slope > STEEP,
        ],
        [WATER, MARSH, BUILT, CROPS, GRASS, FOREST],
        np.where(np.sin(31 * x) * np.sin(29 * y) > BUSHY, SHRUB, FOREST),
    ).astype(np.float64)
    rain = 1_280 + 0.32 * elevation + 60 * np.sin(3 * x)
    return {
        "cover": cover,
        "elevation": elevation,
        "rain": np.round(rain, 1),
        "reference_et": np.round(1_020 - 0.2 * elevation + 30 * y, 1),
        "available_water": np.round(0.14 + 0.04 * np.sin(9 * x + 2 * y), 4),
        "storm_rain": np.round(110 + 0.03 * elevation, 1),
        "erosivity": np.round(4.2 * rain, 0),
        "erodibility": np.round(0.033 + 0.006 * np.sin(6 * y - x), 4),
        "npp": np.round(
            np.array(NPP)[cover.astype(np.intp)] * (1 + 0.1 * np.sin(12 * x + 5 * y)), 3
        ),
    }


def county_job() -> dict[str, Any]:
    """Return the county's job as a document."""
    rasters = (
        *("cover", "elevation", "rain", "reference_et", "available_water", "storm_rain"),
        *("erosivity", "erodibility", "npp"),
    )
    made_up = "made up for the demonstration"
    return {
        "id": "county-2026",
        "name": "a county of formulas",
        "year": 2026,
        "parameters": "zhejiang-0.1",
        "note": "made up: it shows the form of a raster job, and no place",
        "rasters": {name: {"path": f"{name}.tif", "note": made_up} for name in rasters},
        "zones": "townships.geojson",
        "services": ["water_yield", "R1", "R2", "R3", "R8", "R9", "R10"],
        "settings": {"season": 12, "slope_length_max": 300, "cooling_share": 0.15},
        "outputs": ["water_conserved", "soil_retained"],
        "classes": _classes(),
        "account": {
            "edition": "GB/T 46869",
            "inflow_deduction": {"yuan": "0", "source": made_up},
            "inputs": {
                "visits": {"value": "310000", "unit": "visit", "source": made_up},
                "spend": {"value": "92", "unit": "yuan/visit", "source": made_up},
            },
            "lines": [
                _line("water", "R1", "water_conserved", price="reservoir.price"),
                _line(
                    "silt",
                    "R2",
                    _call(
                        "R2.siltation_volume",
                        soil="soil_retained",
                        density=_row("soil.density"),
                        share=_row("siltation.share"),
                    ),
                    price="dredging.price",
                ),
                _line("floods", "R3", "storm_water_held", price="reservoir.price"),
                _line("carbon", "R8", "carbon_dioxide", price="carbon_dioxide.price"),
                _line("oxygen", "R9", "oxygen", price="oxygen.price"),
                _line(
                    "cooling",
                    "R10",
                    _call(
                        "R10.evapotranspiration",
                        water="evapotranspired",
                        heat=_row("climate.heat"),
                        efficiency=_row("climate.efficiency"),
                    ),
                    price="electricity.price",
                ),
                {"id": "visits", "service": "C1", "quantity": "visits", "price": "spend"},
            ],
        },
    }


def _classes() -> list[dict[str, Any]]:
    def runoff(cover: str) -> dict[str, Any]:
        return _row("runoff.coefficient", cover=cover)

    def eroded(cover: str, covered: str) -> dict[str, Any]:
        return _row("erosion.cover", cover=cover, covered=covered)

    names = (
        *("code", "name", "vegetated", "crop", "root_mm", "runoff", "cover_factor", "practice"),
        "curve_number",
    )
    shrub, grass = "shrub_deciduous_broadleaf", "grass_tussock"
    rows = (
        (FOREST, "forest", True, 1, 3500, runoff("forest_mixed"), eroded("forest", "gt90"), 1, 60),
        (SHRUB, "shrub", True, 0.9, 2000, runoff(shrub), eroded("shrub", "70_90"), 1, 65),
        (GRASS, "grass", True, 0.75, 1000, runoff(grass), eroded("grass", "50_70"), 1, 69),
        (CROPS, "crops", True, 0.8, 800, 0.2, 0.23, 0.35, 78),
        (MARSH, "marsh", True, 1.1, 500, runoff("wetland"), 0.01, 1, 85),
        (WATER, "water", False, 1, 0, 0, 0, 1, 98),
        (BUILT, "built", False, 0.3, 0, 0.6, 0.02, 1, 92),
    )
    return [dict(zip(names, row, strict=True)) for row in rows]


def _row(key: str, **dims: str) -> dict[str, Any]:
    return {"parameter": key, "dims": dims} if dims else {"parameter": key}


def _call(name: str, **arguments: Any) -> dict[str, Any]:
    return {"call": name, "args": arguments}


def _line(name: str, service: str, quantity: Any, *, price: str) -> dict[str, Any]:
    return {"id": name, "service": service, "quantity": quantity, "price": _row(price)}


def _townships(grid: Grid) -> Mapping[str, Any]:
    """Return four townships; what two of them share goes through the same points."""
    columns = (MARGIN, grid.width // 2, grid.width - MARGIN)
    rows = (MARGIN, grid.height // 2, grid.height - MARGIN)
    features = []
    for name, south, east in TOWNSHIPS:
        top, bottom = (_edge(columns[east], columns[east + 1], rows[south + end]) for end in (0, 1))
        left, right = (
            [
                (column, row)
                for row, column in _edge(rows[south], rows[south + 1], columns[east + end])
            ]
            for end in (0, 1)
        )
        ring = [*top, *right[1:], *bottom[::-1][1:], *left[::-1][1:]]
        places = [
            [grid.left + column * grid.cell_width, grid.top - row * grid.cell_height]
            for column, row in ring
        ]
        geometry = degrees_of({"type": "Polygon", "coordinates": [places]}, grid)
        features.append(
            {
                "type": "Feature",
                "geometry": geometry,
                "properties": {"id": name, "name": f"{name} township"},
            }
        )
    return {"type": "FeatureCollection", "features": features}


def _edge(start: int, end: int, at: int) -> list[tuple[float, float]]:
    """Return points along an edge that winds a little, and not at its ends."""
    along = [*range(start, end, STEP), end]
    winding = 6.37 * np.sin(np.pi * (np.array(along) - start) / (end - start)) + 0.29
    return [
        (float(each) + 0.29, float(at + bend)) for each, bend in zip(along, winding, strict=True)
    ]
