"""The county's sums again, cell by cell, in plain Python and by formulas written out here."""

import json
import math
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from gep.raster.county import CELL_M, LEFT, TOP, county_rasters

SQUARE_METRES = CELL_M * CELL_M
RUNOFF = {1: 0.0229, 2: 0.0417, 3: 0.0937, 4: 0.2, 5: 0.0, 6: 0.0, 7: 0.6}
COVER = {1: 0.001, 2: 0.040, 3: 0.09, 4: 0.23, 5: 0.01, 6: 0.0, 7: 0.02}
PRACTICE = {1: 1, 2: 1, 3: 1, 4: 0.35, 5: 1, 6: 1, 7: 1}
CURVE = {1: 60, 2: 65, 3: 69, 4: 78, 5: 85, 6: 98, 7: 92}
CROP = {1: 1, 2: 0.9, 3: 0.75, 4: 0.8, 5: 1.1, 6: 1, 7: 0.3}
ROOT = {1: 3500, 2: 2000, 3: 1000, 4: 800, 5: 500, 6: 0, 7: 0}
SEASON, LENGTH_MAX, COOLED = 12, 300.0, 0.15
AROUND = [(-1, 0), (0, 1), (1, 0), (0, -1), (-1, 1), (1, 1), (1, -1), (-1, -1)]


def sums_of(
    zones: Path, projected: Any, width: int, height: int, *, more: Mapping[str, Any] | None = None
) -> dict[str, Counter[str]]:
    """Return by zone the sum of every quantity; ``projected`` brings degrees onto the grid.

    ``more`` are rasters that the job has beside those of the county; a cell that lacks one of them
    counts nothing but as ``missing``.
    """
    rasters = {
        name: values.astype(np.float32).astype(float).tolist()
        for name, values in (county_rasters(width, height) | dict(more or {})).items()
    }
    rings = {
        each["properties"]["id"]: [
            ((x - LEFT) / CELL_M, (TOP - y) / CELL_M)
            for x, y in projected(each["geometry"])["coordinates"][0]
        ]
        for each in json.loads(zones.read_bytes())["features"]
    }
    lengths = _lengths(rasters["elevation"])
    found: dict[str, Counter[str]] = {zone: Counter() for zone in rings}
    for row in range(height):
        for column in range(width):
            for zone, ring in rings.items():
                if _holds(ring, column + 0.5, row + 0.5):
                    cell = {name: values[row][column] for name, values in rasters.items()}
                    if any(map(math.isnan, cell.values())):
                        found[zone].update(missing=1)
                        continue
                    slope = cell.get("slope", _slope(rasters["elevation"], row, column))
                    length = cell.get("slope_length", lengths[row][column])
                    found[zone].update(_cell(cell, slope, length))
    return found


def _cell(cell: dict[str, float], slope: float, length: float) -> dict[str, float]:
    kind, rain = int(cell["cover"]), cell["rain"]
    potential = CROP[kind] * cell["reference_et"]
    if "et" in cell:
        et = cell["et"]
    elif kind < 6:
        depth = min(ROOT[kind], cell.get("soil_depth", ROOT[kind]))
        w = min(SEASON * depth * cell["available_water"] / rain + 1.25, 5)
        et = rain * (1 + potential / rain - (1 + (potential / rain) ** w) ** (1 / w))
    else:
        et = min(potential, rain)
    balance = rain - RUNOFF[kind] * rain - et
    litres = SQUARE_METRES / 1000
    retention = 25400 / CURVE[kind] - 254
    storm = cell["storm_rain"]
    over = max(storm - 0.2 * retention, 0)
    run = over**2 / (storm + 0.8 * retention)
    relief = cell["ls"] if "ls" in cell else _ls(slope, length)
    soil = cell["erosivity"] * cell["erodibility"] * relief * SQUARE_METRES / 1e4
    bare = COVER[kind] * PRACTICE[kind]
    grown = cell["npp"] * SQUARE_METRES / 1e4
    risen = et * litres * COOLED if kind < 6 else 0.0
    return {
        "water_yield": (rain - et) * litres,
        "water_conserved": max(balance, 0) * litres,
        "water_clipped": max(-balance, 0) * litres,
        "soil_retained": soil * (1 - bare),
        "soil_lost": soil * bare,
        "storm_water_held": (storm - run) * litres,
        "storm_runoff": run * litres,
        "carbon_dioxide": grown * 1.63,
        "oxygen": grown * 1.19,
        "evapotranspired": risen,
        "cooling": risen * 1000 * 2450 / 3600 / 3.0,
        "cells": 1,
    }


def _ls(slope: float, length: float) -> float:
    sine = math.sin(math.radians(slope))
    if slope < 5.14:
        steep = 10.8 * sine + 0.03
    elif slope < 10.2:
        steep = 16.8 * sine - 0.5
    else:
        steep = 21.91 * sine - 0.96 if slope < 28.81 else 9.5988
    b = (sine / 0.0896) / (3 * sine**0.8 + 0.56)
    return float(steep * (length / 22.13) ** (b / (1 + b)))


def _at(elevation: list[list[float]], row: int, column: int) -> float:
    row = min(max(row, 0), len(elevation) - 1)
    return elevation[row][min(max(column, 0), len(elevation[0]) - 1)]


def _slope(elevation: list[list[float]], row: int, column: int) -> float:
    a, b, c, d, _, f, g, h, i = (
        _at(elevation, row + down, column + right) for down in (-1, 0, 1) for right in (-1, 0, 1)
    )
    across = ((c + 2 * f + i) - (a + 2 * d + g)) / (8 * CELL_M)
    along = ((g + 2 * h + i) - (a + 2 * b + c)) / (8 * CELL_M)
    return math.degrees(math.atan(math.hypot(across, along)))


def _lengths(elevation: list[list[float]]) -> list[list[float]]:
    """Walk down from the highest cell: every cell hands its way on to its steepest neighbour."""
    height, width = len(elevation), len(elevation[0])
    come = [[0.0] * width for _ in range(height)]
    order = sorted(
        ((row, column) for row in range(height) for column in range(width)),
        key=lambda cell: -elevation[cell[0]][cell[1]],
    )
    for row, column in order:
        falls = [
            (
                (elevation[row][column] - _at(elevation, row + down, column + right))
                / math.hypot(down, right),
                index,
            )
            for index, (down, right) in enumerate(AROUND)
            if 0 <= row + down < height and 0 <= column + right < width
        ]
        steepest = max(fall for fall, _ in falls)
        if steepest > 0:
            down, right = AROUND[next(index for fall, index in falls if fall == steepest)]
            way = come[row][column] + CELL_M * math.hypot(down, right)
            below = come[row + down][column + right]
            come[row + down][column + right] = max(below, way)
    return [[min(min(way, LENGTH_MAX) + CELL_M, LENGTH_MAX) for way in row] for row in come]


def _holds(ring: list[tuple[float, float]], x: float, y: float) -> bool:
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            inside = not inside
    return inside
