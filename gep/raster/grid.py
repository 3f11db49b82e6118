"""The grid of a job: equal cells of an equal-area projection, cut into squares and tiles.

A *square* is what is computed and summed at a time, always the same cells whatever the size of the
tile around it; a *tile* is what is read at a time and kept when a run is resumed. Sums of squares
are added exactly rounded, so neither tiles nor the number of processes change a result.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SQUARE = 256
TILE = 1024
TILE_MAX = 4096
STRIP_CELLS = 2**22
EDGE_POINTS = 33
SQUARE_METRES_A_HECTARE = 1e4


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A rectangle of cells."""

    row: int
    column: int
    height: int
    width: int

    def within(self, other: "Part") -> tuple[slice, slice]:
        """Return where this part lies in the arrays of one that holds it."""
        row, column = self.row - other.row, self.column - other.column
        return slice(row, row + self.height), slice(column, column + self.width)

    def widened(self, cells: int) -> "Part":
        """Return the part with so many cells more on every side, which may leave the grid."""
        return Part(
            row=self.row - cells,
            column=self.column - cells,
            height=self.height + 2 * cells,
            width=self.width + 2 * cells,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Cells from an upper left corner on; lengths in metres of an equal-area projection."""

    crs: str
    left: float
    top: float
    cell_width: float
    cell_height: float
    width: int
    height: int

    @property
    def cell_hm2(self) -> float:
        """The area of a cell."""
        return self.cell_width * self.cell_height / SQUARE_METRES_A_HECTARE

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top."""
        right = self.left + self.width * self.cell_width
        return self.left, self.top - self.height * self.cell_height, right, self.top

    def edge_of(self, part: Part) -> "tuple[list[float], list[float]]":
        """Return points along the edge of a part: how far east, and how far north."""
        along = np.linspace(0.0, 1.0, EDGE_POINTS)
        start, end = np.zeros(EDGE_POINTS), np.ones(EDGE_POINTS)
        columns = part.column + part.width * np.concatenate([along, end, along, start])
        rows = part.row + part.height * np.concatenate([start, along, end, along])
        east = self.left + columns * self.cell_width
        north = self.top - rows * self.cell_height
        return east.tolist(), north.tolist()


def strips_of(
    rows: "NDArray[np.float64]", columns: "NDArray[np.float64]", *, height: int, width: int
) -> Iterator[Part]:
    """Cut what positions in another raster enclose, and a cell around it, into strips of rows."""
    if not (np.isfinite(rows).all() and np.isfinite(columns).all()):
        rows, columns = np.array([0.0, height]), np.array([0.0, width])
    top, bottom = max(math.floor(rows.min()) - 1, 0), min(math.ceil(rows.max()) + 1, height)
    left, right = max(math.floor(columns.min()) - 1, 0), min(math.ceil(columns.max()) + 1, width)
    if left >= right:
        return
    most = max(STRIP_CELLS // (right - left), 1)
    for row in range(top, bottom, most):
        yield Part(row=row, column=left, height=min(most, bottom - row), width=right - left)


def parts_of(whole: Part, edge: int) -> Iterator[Part]:
    """Cut a rectangle into squares of an edge, row by row; those at its end are smaller."""
    for row in range(whole.row, whole.row + whole.height, edge):
        for column in range(whole.column, whole.column + whole.width, edge):
            yield Part(
                row=row,
                column=column,
                height=min(edge, whole.row + whole.height - row),
                width=min(edge, whole.column + whole.width - column),
            )


def tiles_of(grid: Grid, edge: int) -> list[Part]:
    """Return the tiles of a grid in their order."""
    return list(parts_of(Part(row=0, column=0, height=grid.height, width=grid.width), edge))
