"""One tile computed: squares of cells through the models, sums by zone, and layers if wanted.

1. A cell belongs to the zone that holds its centre; a cell of two zones is refused.
2. A cell that lacks a raster counts nothing and is counted as missing; where the job allows none,
   the first is refused.
3. Sums are kept by square, whose cells are the same whatever the tile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gep.errors import InputRefused
from gep.raster.errors import RasterRefused
from gep.raster.geotiff import Rasters, bounds_of, burnt, projected
from gep.raster.grid import SQUARE, Grid, Part, parts_of
from gep.raster.job import CLASS_RANGES, COVER, RANGES, Job
from gep.raster.models import MODELS
from gep.raster.models import Cells as Columns
from gep.raster.relief import Cells, flow_length, reach_of, slope_degrees
from gep.zones import Zone

Layer: TypeAlias = "NDArray[np.float32]"
NO_CLASS = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a tile came to.

    ``sums`` has a row for each zone of each square, by quantity, and ``owners`` says whose it is;
    ``cells`` are by zone and class, ``missing`` by zone.
    """

    sums: Cells
    owners: "NDArray[np.intp]"
    cells: "NDArray[np.int64]"
    missing: "NDArray[np.int64]"
    layers: Mapping[str, Layer]


class TileMaker:
    """Makes tiles of a job; its rasters are open while the context is."""

    def __init__(self, job: Job, grid: Grid, zones: Sequence[Zone]) -> None:
        self._job = job
        self._grid = grid
        self._zones = zones
        self._rasters = Rasters(job, grid)
        self._shapes = [projected(zone.geometry, grid) for zone in zones]
        self._bounds = [bounds_of(shape) for shape in self._shapes]
        codes = np.full(int(RANGES[COVER][2]) + 1, NO_CLASS, dtype=np.intp)
        codes[[each.code for each in job.classes]] = range(len(job.classes))
        self._codes = codes
        self._figures = {
            name: np.array([each.figures.get(name, np.nan) for each in job.classes])
            for name in CLASS_RANGES
        }

    def __enter__(self) -> Self:
        self._rasters.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._rasters.__exit__(kind, error, trace)

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

    def make(self, tile: Part) -> Made:
        """Compute a tile.

        Raises:
            RasterRefused: a cell of two zones, of no class, without data, or with a wrong value.
        """
        squares = list(parts_of(tile, SQUARE))
        quantities = tuple(self._job.quantities)
        sums = [np.zeros((0, len(quantities)))]
        whose: list[NDArray[np.intp]] = [np.zeros(0, dtype=np.intp)]
        cells = np.zeros((len(self._zones), len(self._job.classes)), dtype=np.int64)
        missing = np.zeros(len(self._zones), dtype=np.int64)
        layers = {
            name: np.full((tile.height, tile.width), np.nan, dtype=np.float32)
            for name in self._job.outputs
        }
        owners = [self._owners(square) for square in squares]
        if any(each.any() for each in owners):
            rasters = self._read(tile)
            for index, square in enumerate(squares):
                if not owners[index].any():
                    continue
                at = square.within(tile)
                found = {name: array[at] for name, array in rasters.items()}
                inside = self._with_data(found, owners[index], missing)
                owner = owners[index][inside] - 1
                columns = self._columns(found, inside, square)
                made = self._made(columns)
                present = np.unique(owner).astype(np.intp)
                whose.append(present)
                sums.append(
                    np.column_stack(
                        [np.bincount(owner, made[name])[present] for name in quantities]
                    )
                )
                for name, layer in layers.items():
                    layer[at][inside] = made[name]
                counted = np.bincount(owner * cells.shape[1] + columns.kinds, minlength=cells.size)
                cells += counted.reshape(cells.shape)
        return Made(
            sums=np.concatenate(sums),
            owners=np.concatenate(whose),
            cells=cells,
            missing=missing,
            layers=layers,
        )

    def _owners(self, square: Part) -> "NDArray[np.int32]":
        """Return by cell the number of its zone from 1 on, 0 where there is none."""
        left = self._grid.left + square.column * self._grid.cell_width
        top = self._grid.top - square.row * self._grid.cell_height
        right = left + square.width * self._grid.cell_width
        bottom = top - square.height * self._grid.cell_height
        near = [
            (shape, number)
            for number, (shape, found) in enumerate(
                zip(self._shapes, self._bounds, strict=True), start=1
            )
            if found[0] <= right and found[2] >= left and found[1] <= top and found[3] >= bottom
        ]
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
        return owners

    def _read(self, tile: Part) -> dict[str, Cells]:
        rasters = {
            name: self._rasters.read(name, tile) for name in self._job.needed if name != "elevation"
        }
        if not self._job.derives_relief:
            return rasters
        wide, high = self._grid.cell_width, self._grid.cell_height
        limit = self._job.settings.slope_length_max
        reach = reach_of(limit, cell=min(wide, high)) if self._job.derives_length else 1
        elevation = self._rasters.read("elevation", tile.widened(reach))
        own = elevation[reach:-reach, reach:-reach]
        around = elevation[reach - 1 : elevation.shape[0] - reach + 1][
            :, reach - 1 : elevation.shape[1] - reach + 1
        ]
        slope = slope_degrees(around, cell_width=wide, cell_height=high)
        rasters["slope"] = np.where(np.isnan(own), np.nan, slope)
        if self._job.derives_length:
            rasters["slope_length"] = flow_length(
                elevation, cell_width=wide, cell_height=high, limit=limit, reach=reach
            )
        return rasters

    def _with_data(
        self,
        rasters: Mapping[str, Cells],
        owners: "NDArray[np.int32]",
        missing: "NDArray[np.int64]",
    ) -> "NDArray[np.bool_]":
        zoned = owners > 0
        inside = zoned
        for name, array in rasters.items():
            lacking = np.isnan(array) & zoned
            if lacking.any():
                if not self._job.missing_share_max:
                    zone = self._zones[int(owners[lacking][0]) - 1].id
                    raise RasterRefused(
                        code="raster_without_data",
                        field=f"rasters.{name}",
                        expected="data in every cell of a zone, or a missing_share_max",
                        found=f"{int(lacking.sum())} cells without, the first in {zone}",
                    )
                inside = inside & ~lacking
        missing += np.bincount(owners[zoned & ~inside] - 1, minlength=len(self._zones))
        return inside

    def _columns(
        self, rasters: Mapping[str, Cells], inside: "NDArray[np.bool_]", square: Part
    ) -> Columns:
        whole = bool(inside.all())
        columns = {
            name: array.ravel() if whole else array[inside] for name, array in rasters.items()
        }
        codes = columns.pop(COVER)
        kinds = self._codes[codes.astype(np.intp)]
        unknown = (kinds == NO_CLASS) | (codes != np.floor(codes))
        if unknown.any():
            raise RasterRefused(
                code="class_unknown",
                field="rasters.cover",
                expected="a class of the job",
                found=f"{codes[unknown][0]:g} about row {square.row}, column {square.column}",
            )
        return Columns(
            rasters=columns,
            kinds=kinds,
            classes=self._figures,
            cell_hm2=self._grid.cell_hm2,
            settings=self._job.settings,
        )

    def _made(self, columns: Columns) -> dict[str, Any]:
        found: dict[str, Any] = {}
        try:
            for service in self._job.services:
                found.update(MODELS[service].make(columns))
        except InputRefused as error:
            raise RasterRefused(
                code="raster_value_out_of_range",
                field=f"rasters.{error.field}",
                expected=str(error.expected),
                found=error.data["found"],
            ) from error
        return found
