"""Whose cell is whose: zones upon the grid, a square at a time.

1. A cell belongs to the zone that holds its centre; a cell of two zones is refused.
2. Most squares have no boundary in them and one owner, which is found for all of them at once; only
   the others are burnt cell by cell.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gep.raster.errors import RasterRefused
from gep.raster.geotiff import bounds_of, burnt, projected, touched
from gep.raster.grid import SQUARE, Grid, Part
from gep.zones import Zone

# Boundaries are looked for in patches of so many cells, and held to reach into the next ones.
PATCH = 32
MANY = -1


class Ownership:
    """The zones of a grid by cell; numbers begin with 1, and 0 is nobody's."""

    def __init__(self, grid: Grid, zones: Sequence[Zone]) -> None:
        self._grid = grid
        self._zones = zones
        self._shapes = [projected(zone.geometry, grid) for zone in zones]
        self._bounds = np.array([bounds_of(shape) for shape in self._shapes])
        self._of_squares = self._alone()

    def refuse_zones_off_the_grid(self) -> None:
        """Refuse a zone that reaches further than a cell beyond the rasters.

        Raises:
            RasterRefused: the first such zone.
        """
        left, bottom, right, top = self._grid.bounds
        wide, high = self._grid.cell_width, self._grid.cell_height
        for zone, found in zip(self._zones, self._bounds, strict=True):
            if (
                found[0] < left - wide
                or found[1] < bottom - high
                or found[2] > right + wide
                or found[3] > top + high
            ):
                raise RasterRefused(
                    code="zone_off_raster",
                    field=f"zones.{zone.id}",
                    expected=f"within {left:.0f} {bottom:.0f} {right:.0f} {top:.0f}",
                    found=" ".join(f"{each:.0f}" for each in found),
                )

    def of(self, square: Part) -> "int | NDArray[np.int32]":
        """Return the owner of a whole square, or that of each of its cells.

        Raises:
            RasterRefused: a cell of two zones.
        """
        alone = int(self._of_squares[square.row // SQUARE, square.column // SQUARE])
        if alone != MANY:
            return alone
        near = self._near(square)
        owners, counts = burnt(near, self._grid, square)
        if counts.size and counts.max() > 1:
            at = tuple(np.argwhere(counts > 1)[0])
            both = [
                self._zones[number - 1].id
                for shape, number in near
                if burnt([(shape, 1)], self._grid, square)[0][at]
            ]
            raise RasterRefused(
                code="zones_overlap",
                field="zones",
                expected="every cell in one zone",
                found=f"{', '.join(both)} at row {at[0] + square.row},"
                f" column {at[1] + square.column}",
            )
        return owners if owners.any() else 0

    def _alone(self) -> "NDArray[np.int32]":
        """Return the owner of every square that no boundary comes near, or ``MANY``."""
        high, wide = (-(-each // SQUARE) for each in (self._grid.height, self._grid.width))
        squares = self._coarser(SQUARE, height=high, width=wide)
        owners, counts = burnt(
            list(zip(self._shapes, range(1, len(self._shapes) + 1), strict=True)),
            squares,
            Part(row=0, column=0, height=high, width=wide),
        )
        a_square = SQUARE // PATCH
        patches = self._coarser(PATCH, height=high * a_square, width=wide * a_square)
        near = np.pad(touched(self._shapes, patches), 1)
        spread = np.maximum.reduce(
            [
                near[row : row + patches.height, column : column + patches.width]
                for row in range(3)
                for column in range(3)
            ]
        )
        crossed = spread.reshape(high, a_square, wide, a_square).any(axis=(1, 3))
        return np.where(crossed | (counts > 1), MANY, owners)

    def _coarser(self, cells: int, *, height: int, width: int) -> Grid:
        return Grid(
            crs=self._grid.crs,
            left=self._grid.left,
            top=self._grid.top,
            cell_width=self._grid.cell_width * cells,
            cell_height=self._grid.cell_height * cells,
            width=width,
            height=height,
        )

    def _near(self, square: Part) -> "list[tuple[dict[str, object], int]]":
        left = self._grid.left + square.column * self._grid.cell_width
        top = self._grid.top - square.row * self._grid.cell_height
        right = left + square.width * self._grid.cell_width
        bottom = top - square.height * self._grid.cell_height
        west, south, east, north = self._bounds.T
        near = (west <= right) & (east >= left) & (south <= top) & (north >= bottom)
        return [(self._shapes[index], int(index) + 1) for index in np.flatnonzero(near)]
