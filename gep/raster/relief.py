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
    holes = bool(np.isnan(elevation).any())
    north, east, south, west, north_east, south_east, south_west, north_west = (
        _level(_moved(elevation, row, column), centre, holes=holes) for row, column in NEIGHBOURS
    )
    falling = south_east - north_west
    rising = north_east - south_west
    across = (east - west) * 2
    across += falling
    across += rising
    across /= 8 * cell_width
    along = (south - north) * 2
    along += falling
    along -= rising
    along /= 8 * cell_height
    across *= across
    along *= along
    across += along
    np.sqrt(across, out=across)
    return np.degrees(np.arctan(across, out=across), out=across)


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
    steps = _steps(_ways(elevation, distances), distances)
    length = np.zeros(elevation.size)
    for _ in range(reach):
        # Ways of one direction end in cells of their own: none of them is taken twice.
        before = length.copy()
        for sources, targets, distance in steps:
            come = before[sources]
            come += distance
            length[targets] = np.maximum(length[targets], come, out=come)
    own = min(cell_width, cell_height)
    inner = length.reshape(elevation.shape)[reach:-reach, reach:-reach]
    return np.minimum(inner + own, limit)


def _ways(elevation: Cells, distances: list[float]) -> "NDArray[np.int8]":
    """Return by cell the neighbour to which its water leaves, by index.

    The outermost cells keep theirs: they are as far away as ways are followed.
    """
    way = np.full(elevation.shape, NO_WAY, dtype=np.int8)
    inner, centre = way[1:-1, 1:-1], elevation[1:-1, 1:-1]
    holes = bool(np.isnan(elevation).any())
    steepest = np.zeros_like(centre)
    for index, (row, column) in enumerate(NEIGHBOURS):
        fall = centre - _level(_moved(elevation, row, column), centre, holes=holes)
        fall /= distances[index]
        np.copyto(inner, np.int8(index), where=fall > steepest)
        np.maximum(steepest, fall, out=steepest)
    return way


def _steps(
    way: "NDArray[np.int8]", distances: list[float]
) -> "list[tuple[NDArray[np.intp], NDArray[np.intp], float]]":
    """Return by direction the cells that water leaves, those it comes to, and how far that is."""
    flat = way.ravel()
    found = []
    for index, (row, column) in enumerate(NEIGHBOURS):
        sources = np.flatnonzero(flat == index)
        found.append((sources, sources + (row * way.shape[1] + column), distances[index]))
    return found


def _moved(array: "NDArray[Kind]", row: int, column: int) -> "NDArray[Kind]":
    height, width = array.shape
    return array[1 + row : height - 1 + row, 1 + column : width - 1 + column]


def _level(neighbour: Cells, centre: Cells, *, holes: bool) -> Cells:
    return np.where(np.isnan(neighbour), centre, neighbour) if holes else neighbour
