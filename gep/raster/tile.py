"""One tile computed: squares of cells through the models, sums by zone, and layers if wanted.

1. A cell that lacks a raster counts nothing and is counted as missing; where the job allows none,
   the first is refused.
2. Sums are kept by square, whose cells are the same whatever the tile.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gep.errors import InputRefused
from gep.raster.errors import RasterRefused
from gep.raster.geotiff import Rasters
from gep.raster.grid import SQUARE, Grid, Part, parts_of
from gep.raster.job import CLASS_RANGES, COVER, RANGES, Job
from gep.raster.models import MODELS
from gep.raster.models import Cells as Columns
from gep.raster.ownership import Ownership
from gep.raster.relief import Cells, flow_length, reach_of, slope_degrees
from gep.raster.warnings import LARGEST, largest_of
from gep.zones import Zone

Layer: TypeAlias = "NDArray[np.float32]"
NO_CLASS = -1
ELEVATION = "elevation"
# Up to so many cells around it a square's relief is computed by itself, which stays in the cache.
REACH_OF_SQUARES = 24
REACH_MAX = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a tile came to.

    ``sums`` has a row for each zone of each square, by quantity, and ``owners`` says whose it is;
    ``cells`` are by zone and class, ``missing`` by zone, ``largest`` values by raster.
    """

    sums: Cells
    owners: "NDArray[np.intp]"
    cells: "NDArray[np.int64]"
    missing: "NDArray[np.int64]"
    largest: Cells
    layers: Mapping[str, Layer]


class TileMaker:
    """Makes tiles of a job; its rasters are open while the context is."""

    def __init__(self, job: Job, grid: Grid, zones: Sequence[Zone]) -> None:
        self._job = job
        self._grid = grid
        self._zones = zones
        self._rasters = Rasters(job, grid)
        self._ownership = Ownership(grid, zones)
        self._reach = self._reach_of_relief()
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
        self._ownership.refuse_zones_off_the_grid()

    def make(self, tile: Part) -> Made:
        """Compute a tile.

        Raises:
            RasterRefused: a cell of two zones, of no class, without data, or with a wrong value.
        """
        gathered = _Gathered(self._job, zones=len(self._zones))
        layers = {
            name: np.full((tile.height, tile.width), np.nan, dtype=np.float32)
            for name in self._job.outputs
        }
        owned = [
            (square, owners)
            for square in parts_of(tile, SQUARE)
            if not isinstance(owners := self._ownership.of(square), int) or owners
        ]
        read = self._read(tile) if owned else None
        for square, owners in owned:
            if read is None:
                break
            found = read.of(square)
            inside = self._with_data(found, owners, holed=read.holed, missing=gathered.missing)
            owner = owners - 1 if isinstance(owners, int) else owners[inside] - 1
            if not inside.any():
                continue
            columns = self._columns(found, inside, square)
            made = self._made(columns)
            gathered.add(made, owner, columns)
            for name, layer in layers.items():
                layer[square.within(tile)][inside] = made[name]
        return gathered.made(layers)

    def _read(self, tile: Part) -> "_Read":
        rasters = {
            name: self._rasters.read(name, tile) for name in self._job.needed if name != ELEVATION
        }
        if not self._job.derives_relief:
            return _Read(tile, rasters)
        wide, high = self._grid.cell_width, self._grid.cell_height
        limit = self._job.settings.slope_length_max
        reach = self._reach
        ground = self._rasters.read(ELEVATION, tile.widened(reach))
        relief = _Relief(
            ground,
            reach=reach,
            cell_width=wide,
            cell_height=high,
            length_max=limit if self._job.derives_length else None,
        )
        return _Read(tile, rasters, relief)

    def _reach_of_relief(self) -> int:
        if not self._job.derives_length:
            return 1
        cell = min(self._grid.cell_width, self._grid.cell_height)
        reach = reach_of(self._job.settings.slope_length_max, cell=cell)
        if reach > REACH_MAX:
            raise RasterRefused(
                code="slope_length_too_long",
                field="settings.slope_length_max",
                expected=f"at most {(REACH_MAX - 1) * cell:g} m, {REACH_MAX - 1} cells",
                found=f"{self._job.settings.slope_length_max:g}",
            )
        return reach

    def _with_data(
        self,
        rasters: Mapping[str, Cells],
        owners: "int | NDArray[np.int32]",
        *,
        holed: Collection[str],
        missing: "NDArray[np.int64]",
    ) -> "NDArray[np.bool_]":
        shape = rasters[COVER].shape
        zoned = np.ones(shape, dtype=bool) if isinstance(owners, int) else owners > 0
        inside = zoned
        for name in holed:
            lacking = np.isnan(rasters[name]) & zoned
            if lacking.any():
                if not self._job.missing_share_max:
                    derived = name == "slope" and self._job.derives_relief
                    zone = self._zones[int(np.broadcast_to(owners, shape)[lacking][0]) - 1].id
                    raise RasterRefused(
                        code="raster_without_data",
                        field=f"rasters.{ELEVATION if derived else name}",
                        expected="data in every cell of a zone, or a missing_share_max",
                        found=f"{int(lacking.sum())} cells without, the first in {zone}",
                    )
                inside = inside & ~lacking
        if inside is not zoned:
            whose = np.broadcast_to(owners, shape)[zoned & ~inside] - 1
            missing += np.bincount(whose, minlength=len(self._zones))
        return inside

    def _columns(
        self, rasters: Mapping[str, Cells], inside: "NDArray[np.bool_]", square: Part
    ) -> Columns:
        whole = bool(inside.all())
        columns = {
            name: array.ravel() if whole else array[inside] for name, array in rasters.items()
        }
        codes = columns.pop(COVER)
        whole_codes = codes.astype(np.intp)
        kinds = self._codes[whole_codes]
        unknown = (kinds == NO_CLASS) | (codes != whole_codes)
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


class _Relief:
    """Slopes of a tile's elevations, and slope lengths up to a limit if one is given."""

    def __init__(
        self,
        ground: Cells,
        *,
        reach: int,
        cell_width: float,
        cell_height: float,
        length_max: float | None,
    ) -> None:
        self.ground = ground
        self._reach = reach
        self._cell = {"cell_width": cell_width, "cell_height": cell_height}
        self._length_max = length_max
        self._whole: dict[str, Cells] = {}

    def of(self, square: Part, tile: Part) -> dict[str, Cells]:
        """Return slope and slope length of a square."""
        if self._reach <= REACH_OF_SQUARES:
            rows, columns = square.within(tile)
            around = slice(rows.start, rows.stop + 2 * self._reach)
            return self._made(self.ground[around, columns.start : columns.stop + 2 * self._reach])
        if not self._whole:
            self._whole = self._made(self.ground)
        return {name: array[square.within(tile)] for name, array in self._whole.items()}

    def _made(self, ground: Cells) -> dict[str, Cells]:
        more = self._reach - 1
        near = ground[more : ground.shape[0] - more, more : ground.shape[1] - more]
        slope = slope_degrees(near, **self._cell)
        slope[np.isnan(near[1:-1, 1:-1])] = np.nan
        if self._length_max is None:
            return {"slope": slope}
        length = flow_length(ground, **self._cell, limit=self._length_max, reach=self._reach)
        return {"slope": slope, "slope_length": length}


class _Read:
    """The rasters of a tile; ``holed`` are those without data somewhere."""

    def __init__(
        self, tile: Part, rasters: Mapping[str, Cells], relief: _Relief | None = None
    ) -> None:
        self._tile = tile
        self._rasters = rasters
        self._relief = relief
        self.holed = [name for name, array in rasters.items() if np.isnan(array.min())]
        if relief is not None and np.isnan(relief.ground.min()):
            self.holed.append("slope")

    def of(self, square: Part) -> dict[str, Cells]:
        """Return the rasters of a square."""
        at = square.within(self._tile)
        found = {name: array[at] for name, array in self._rasters.items()}
        return found if self._relief is None else found | self._relief.of(square, self._tile)


class _Gathered:
    """What squares came to, added up as they come."""

    def __init__(self, job: Job, *, zones: int) -> None:
        self._names = tuple(job.quantities)
        self._sums = [np.zeros((0, len(self._names)))]
        self._owners: list[NDArray[np.intp]] = [np.zeros(0, dtype=np.intp)]
        self._cells = np.zeros((zones, len(job.classes)), dtype=np.int64)
        self.missing = np.zeros(zones, dtype=np.int64)
        self._largest = np.full(len(LARGEST), np.nan)

    def add(
        self,
        made: Mapping[str, Any],
        owner: "int | NDArray[np.int32]",
        columns: Columns,
    ) -> None:
        """Add a square's cells, all of one owner or each of its own."""
        zones, classes = self._cells.shape
        kinds = columns.kinds
        self._largest = np.fmax(self._largest, largest_of(columns.rasters))
        if isinstance(owner, int):
            self._owners.append(np.array([owner], dtype=np.intp))
            self._sums.append(np.array([[made[name].sum() for name in self._names]]))
            self._cells[owner] += np.bincount(kinds, minlength=classes)
            return
        counted = np.bincount(owner * classes + kinds, minlength=self._cells.size)
        present = np.flatnonzero(counted.reshape(zones, classes).any(axis=1))
        self._cells += counted.reshape(zones, classes)
        self._owners.append(present)
        self._sums.append(
            np.column_stack([np.bincount(owner, made[name])[present] for name in self._names])
        )

    def made(self, layers: Mapping[str, Layer]) -> Made:
        """Return the tile."""
        return Made(
            sums=np.concatenate(self._sums),
            owners=np.concatenate(self._owners),
            cells=self._cells,
            missing=self.missing,
            largest=self._largest,
            layers=layers,
        )
