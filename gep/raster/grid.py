"""The grid of a job: equal cells of an equal-area projection, cut into squares and tiles.

A *square* is what is computed and summed at a time, always the same cells whatever the size of the
tile around it; a *tile* is what is read at a time and kept when a run is resumed. Sums of squares
are added exactly rounded, so neither tiles nor the number of processes change a result.
"""

from collections.abc import Iterator
from dataclasses import dataclass

SQUARE = 256
TILE = 1024
TILE_MAX = 4096
SQUARE_METRES_A_HECTARE = 1e4


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
