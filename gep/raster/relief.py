"""Slope and slope length from elevations: Horn's slope, and D8 flow length up to a limit.

The arrays that come in are wider than what goes out by ``reach`` cells on every side, so that a
cell's result depends on its surroundings and never on where tiles were cut. A neighbour without
elevation counts as level with the cell.
"""

import math
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Cells: TypeAlias = "NDArray[np.float64]"
Kind = TypeVar("Kind", bound=np.generic)
# Row, column and distance in cells of the eight neighbours, in the order that decides ties.
NEIGHBOURS = (
    *((-1, 0), (0, 1), (1, 0), (0, -1)),
    *((-1, 1), (1, 1), (1, -1), (-1, -1)),
)
NO_WAY = 8


def slope_degrees(elevation: Cells, *, cell_width: float, cell_height: float) -> Cells:
    """Return the slope by Horn of all but the outermost cells, in degrees."""
    centre = elevation[1:-1, 1:-1]
    north, east, south, west, north_east, south_east, south_west, north_west = (
        _level(_moved(elevation, row, column), centre) for row, column in NEIGHBOURS
    )
    across = (north_east + 2 * east + south_east) - (north_west + 2 * west + south_west)
    along = (south_west + 2 * south + south_east) - (north_west + 2 * north + north_east)
    rise = np.hypot(across / (8 * cell_width), along / (8 * cell_height))
    return np.degrees(np.arctan(rise))


def reach_of(limit: float, *, cell: float) -> int:
    """Return how many cells around matter to a flow length up to a limit: each step is a cell."""
    return math.ceil(limit / cell) + 1


def flow_length(
    elevation: Cells, *, cell_width: float, cell_height: float, limit: float, reach: int
) -> Cells:
    """Return the longest way down to each cell by D8, its own cell included, in metres.

    Water leaves a cell to the neighbour with the steepest fall. Ways end at ``limit``: beyond it a
    slope has its channels, and RUSLE holds no more.
    """
    distances = [math.hypot(row * cell_height, column * cell_width) for row, column in NEIGHBOURS]
    padded = np.pad(elevation, 1, mode="edge")
    steepest = np.zeros_like(elevation)
    way = np.full(elevation.shape, NO_WAY, dtype=np.int8)
    for index, (row, column) in enumerate(NEIGHBOURS):
        fall = (elevation - _level(_moved(padded, row, column), elevation)) / distances[index]
        better = fall > steepest
        steepest[better], way[better] = fall[better], index
    length = np.zeros_like(elevation)
    for _ in range(reach):
        length = _one_step(length, way, distances, limit=limit)
    own = min(cell_width, cell_height)
    inner = length[reach:-reach, reach:-reach]
    return np.minimum(inner + own, limit)


def _one_step(
    length: Cells, way: "NDArray[np.int8]", distances: list[float], *, limit: float
) -> Cells:
    """Return the longest ways, one step longer than they were."""
    lengths = np.pad(length, 1)
    ways = np.pad(way, 1, constant_values=NO_WAY)
    longest = np.zeros_like(length)
    for index, (row, column) in enumerate(NEIGHBOURS):
        # The neighbour against a direction is the one whose water comes down along it.
        arrives = _moved(ways, -row, -column) == index
        come = np.where(arrives, _moved(lengths, -row, -column) + distances[index], 0.0)
        np.maximum(longest, come, out=longest)
    return np.minimum(longest, limit)


def _moved(array: "NDArray[Kind]", row: int, column: int) -> "NDArray[Kind]":
    height, width = array.shape
    return array[1 + row : height - 1 + row, 1 + column : width - 1 + column]


def _level(neighbour: Cells, centre: Cells) -> Cells:
    return np.where(np.isnan(neighbour), centre, neighbour)
