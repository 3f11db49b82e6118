"""Rasters opened on the grid of a job, read in parts, and written: the one user of rasterio.

The grid is that of the land cover, whose projection must keep areas, or one that the job states.
A raster that does not lie on it is refused unless the job says how to bring it there; then it is
warped part by part, each cell by its own position and not between those of others.
"""

import math
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from gep.boundaries import Ring, divided
from gep.raster.errors import LibraryMissing, RasterRefused
from gep.raster.grid import Grid, Part, strips_of
from gep.raster.job import COVER, RANGES, GridWish, Job, Resampling, Source
from gep.raster.relief import Cells
from gep.zones import Polygon

try:
    import rasterio
    from rasterio import features, shutil, warp
    from rasterio.crs import CRS
    from rasterio.enums import MaskFlags, MergeAlg
    from rasterio.enums import Resampling as Warping
    from rasterio.errors import CRSError, RasterioError
    from rasterio.transform import from_origin
    from rasterio.vrt import WarpedVRT
    from rasterio.windows import Window
except ImportError as error:
    raise LibraryMissing from error

CACHE_MB = 64
WARP_MB = 64
WARP_TOLERANCE = 1e-6  # of a cell; 0 is refused by the library
AUTOMATIC = "auto"
WGS84 = "EPSG:4326"
KEEPS_AREAS = re.compile(r"Equal_Area|Equal_Earth|Sinusoidal|Mollweide|Eckert_(IV|VI)\b")
EDGE_POINTS = 101
# Longer sides of a zone are divided before they are projected: about a metre of bend is left.
SIDE_DEGREES, SIDE_METRES = 0.05, 5_000.0
OFF_THE_GRID = 1e-3  # of a cell, at the far corner
BLOCK = 256
BLOCK_CELLS_MAX = 2**26  # whoever reads a cell unpacks its block
CELLS_MAX = 10**10


@contextmanager
def quiet_library() -> Iterator[None]:
    """Hold the library's cache small."""
    with rasterio.Env(GDAL_CACHEMAX=CACHE_MB, GDAL_PAM_ENABLED="NO"):
        yield


def grid_of(job: Job) -> Grid:
    """Return the grid of a job.

    Raises:
        RasterRefused: no projection, or one that does not keep areas; rotated; too many cells.
    """
    with _opened(job.rasters[COVER]) as cover:
        grid = _own_grid(cover) if job.grid is None else _wished_grid(cover, job.grid)
    if grid.width * grid.height > CELLS_MAX:
        found = f"{grid.width} x {grid.height}"
        raise RasterRefused(
            code="raster_too_large", field="grid", expected=f"at most {CELLS_MAX}", found=found
        )
    return grid


class Rasters:
    """The rasters of a job on its grid, open while the context is."""

    def __init__(self, job: Job, grid: Grid) -> None:
        self._grid = grid
        self._sources = {name: job.rasters[name] for name in job.needed}
        self._datasets: dict[str, Any] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(quiet_library())
            for name, source in self._sources.items():
                if source.path is not None:
                    dataset = stack.enter_context(_opened(source))
                    self._datasets[name] = _on_grid(dataset, source, self._grid, stack=stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def read(self, name: str, part: Part) -> Cells:
        """Return a part in our unit, NaN without data; beyond the grid its edge goes on.

        Raises:
            RasterRefused: the file cannot be read, or a value is outside what it may hold.
        """
        source = self._sources[name]
        if source.value is not None:
            return np.full((part.height, part.width), source.value)
        row, column = max(part.row, 0), max(part.column, 0)
        bottom = min(part.row + part.height, self._grid.height)
        right = min(part.column + part.width, self._grid.width)
        dataset = self._datasets[name]
        try:
            inner = Part(row=row, column=column, height=bottom - row, width=right - column)
            if isinstance(dataset, WarpedVRT):
                self._refuse_original(source, dataset.src_dataset, inner)
            values = _values(dataset, source, inner)
        except RasterioError as error:
            raise _unreadable(source, str(error)) from error
        _refuse_outside(name, values, row=row, column=column)
        around = (
            (row - part.row, part.row + part.height - bottom),
            (column - part.column, part.column + part.width - right),
        )
        return np.pad(values, around, mode="edge") if np.any(around) else values

    def _refuse_original(self, source: Source, original: Any, part: Part) -> None:
        """Refuse a wrong value of the file itself: what is drawn from its neighbours hides it."""
        edge = warp.transform(self._grid.crs, original.crs, *self._grid.edge_of(part))
        columns, rows = ~original.transform * tuple(map(np.asarray, edge))
        for strip in strips_of(rows, columns, height=original.height, width=original.width):
            values = _values(original, source, strip)
            _refuse_outside(source.name, values, row=strip.row, column=strip.column)


def _values(dataset: Any, source: Source, part: Part) -> Cells:
    window = Window(part.column, part.row, part.width, part.height)
    values: Cells = dataset.read(1, window=window, out_dtype=np.float64)
    if _is_masked(dataset):
        values[dataset.read_masks(1, window=window) == 0] = np.nan
    nodata = _nodata_of(dataset)
    if not math.isnan(nodata):
        values[values == nodata] = np.nan
    if source.scale != 1.0:
        values *= source.scale
    return values


def projected(geometry: dict[str, Any], grid: Grid) -> dict[str, Any]:
    """Return a geometry of degrees in the grid's projection, its sides straight in degrees.

    Raises:
        RasterRefused: its sides are too many and too long.
    """
    is_single = geometry["type"] == "Polygon"
    polygons = [geometry["coordinates"]] if is_single else geometry["coordinates"]
    found = [[_divided(ring, SIDE_DEGREES) for ring in polygon] for polygon in polygons]
    straight = {"type": geometry["type"], "coordinates": found[0] if is_single else found}
    result: dict[str, Any] = warp.transform_geom(WGS84, grid.crs, straight)
    return result


def _divided(ring: Any, step: float) -> Ring:
    try:
        return divided(tuple((east, north) for east, north, *_ in ring), step)
    except OverflowError as error:
        raise RasterRefused(
            code="too_many", field="zones", expected="shorter sides", found="too many long ones"
        ) from error


def degrees_of(geometry: dict[str, Any], grid: Grid) -> dict[str, Any]:
    """Return a geometry of the grid's projection in degrees, to a centimetre or so."""
    found: dict[str, Any] = warp.transform_geom(grid.crs, WGS84, geometry, precision=7)
    return found


def to_degrees(system: str, polygons: tuple[Polygon, ...]) -> tuple[Polygon, ...]:
    """Return polygons of a system, an EPSG code or a definition, in degrees of WGS 84.

    Raises:
        RasterRefused: the system is not known.
    """
    try:
        crs = CRS.from_user_input(system)
        step = SIDE_METRES / crs.linear_units_factor[1] if crs.is_projected else SIDE_DEGREES
        sides = [[_divided(ring, step) for ring in polygon] for polygon in polygons]
        found = warp.transform_geom(crs, WGS84, {"type": "MultiPolygon", "coordinates": sides})
    except (CRSError, RasterioError, ValueError) as error:
        raise RasterRefused(
            code="projection_unknown", field="zones", expected="a projection", found=system[:60]
        ) from error
    return tuple(
        tuple(tuple((east, north) for east, north, *_ in ring) for ring in polygon)
        for polygon in found["coordinates"]
    )


def bounds_of(geometry: dict[str, Any]) -> tuple[float, float, float, float]:
    """Return left, bottom, right, top of a geometry."""
    left, bottom, right, top = features.bounds(geometry)
    return left, bottom, right, top


def burnt(
    shapes: Iterable[tuple[dict[str, Any], int]], grid: Grid, part: Part
) -> "tuple[NDArray[np.int32], NDArray[np.uint8]]":
    """Return whose cell each one of a part is, by its centre, and how many shapes hold it."""
    listed = list(shapes)
    shape = (part.height, part.width)
    if not listed:
        return np.zeros(shape, np.int32), np.zeros(shape, np.uint8)
    transform = from_origin(
        grid.left + part.column * grid.cell_width,
        grid.top - part.row * grid.cell_height,
        grid.cell_width,
        grid.cell_height,
    )
    owners = features.rasterize(listed, out_shape=shape, transform=transform, dtype=np.int32)
    counts = features.rasterize(
        [(each, 1) for each, _ in listed],
        out_shape=shape,
        transform=transform,
        dtype=np.uint8,
        merge_alg=MergeAlg.add,
    )
    return owners, counts


def touched(shapes: Iterable[dict[str, Any]], grid: Grid) -> "NDArray[np.uint8]":
    """Return which cells of a grid a boundary of some shape touches."""
    lines = [
        {
            "type": "MultiLineString",
            "coordinates": [ring for polygon in polygons for ring in polygon],
        }
        for polygons in (
            shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
            for shape in shapes
        )
    ]
    found: NDArray[np.uint8] = features.rasterize(
        [(each, 1) for each in lines],
        out_shape=(grid.height, grid.width),
        transform=_transform(grid),
        dtype=np.uint8,
        all_touched=True,
    )
    return found


def write_raster(
    path: Path,
    grid: Grid,
    parts: Iterable[tuple[Part, "NDArray[Any]"]],
    *,
    dtype: str,
    nodata: float | None,
) -> None:
    """Write a raster of tiles part by part; nothing stands at its path before it is whole."""
    draft = path.with_name(f".{path.name}.draft")
    profile = {
        "driver": "GTiff",
        "dtype": dtype,
        "nodata": nodata,
        "count": 1,
        "crs": grid.crs,
        "transform": _transform(grid),
        "width": grid.width,
        "height": grid.height,
        "tiled": True,
        "blockxsize": BLOCK,
        "blockysize": BLOCK,
        "compress": "lzw",
        "BIGTIFF": "IF_SAFER",
    }
    with quiet_library():
        try:
            with rasterio.open(draft, "w", **profile) as target:
                for part, values in parts:
                    window = Window(part.column, part.row, part.width, part.height)
                    target.write(values.astype(dtype), 1, window=window)
            os.replace(draft, path)  # noqa: PTH105 - as short as Path.replace, and atomic as well
        finally:
            draft.unlink(missing_ok=True)


def write_cloud_optimised(source: Path, path: Path) -> None:
    """Write a raster again as a cloud-optimised GeoTIFF with overviews."""
    draft = path.with_name(f".{path.name}.draft")
    options = {
        "compress": "deflate",
        "overview_resampling": "average",
        "bigtiff": "IF_SAFER",
        "num_threads": "ALL_CPUS",  # the bytes are the same by any number
    }
    with quiet_library():
        try:
            shutil.copy(source, draft, driver="COG", **options)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)


@contextmanager
def _opened(source: Source) -> Iterator[Any]:
    try:
        dataset = rasterio.open(source.path)
    except RasterioError as error:
        raise _unreadable(source, str(error)) from error
    with dataset:
        if dataset.count != 1:
            found = f"{dataset.count}: " + ", ".join(each.name for each in dataset.colorinterp)
            raise _refused(source, "raster_bands", expected="one band", found=found)
        if math.prod(dataset.block_shapes[0]) > BLOCK_CELLS_MAX:
            found = " x ".join(map(str, dataset.block_shapes[0]))
            raise _refused(
                source, "raster_block_too_large", expected="blocks that memory holds", found=found
            )
        if dataset.crs is None:
            raise _refused(
                source, "projection_missing", expected="a projection in the file", found="none"
            )
        if dataset.dtypes[0].startswith("complex"):
            expected, found = "whole or floating-point numbers", dataset.dtypes[0]
            raise _refused(source, "raster_dtype", expected=expected, found=found)
        _refuse_scaled(dataset, source)
        yield dataset


def _refuse_scaled(dataset: Any, source: Source) -> None:
    """Refuse a scale or an offset in the file that the job does not state as well."""
    scale, offset = dataset.scales[0], dataset.offsets[0]
    if offset or scale not in {1, source.scale}:
        raise _refused(
            source,
            "raster_scaled",
            expected=f"values in our unit, or a scale of {scale:g} in the job"
            if not offset
            else "values without an offset",
            found=f"scale {scale:g}, offset {offset:g}",
        )


def undeclared(job: Job) -> tuple[str, ...]:
    """Return the rasters of a job whose files say by nothing where they have no data."""
    found = []
    for name in job.needed:
        if job.rasters[name].path is not None:
            with quiet_library(), _opened(job.rasters[name]) as dataset:
                if dataset.nodata is None and not _is_masked(dataset):
                    found.append(name)
    return tuple(found)


def _is_masked(dataset: Any) -> bool:
    return dataset.nodata is None and MaskFlags.per_dataset in dataset.mask_flag_enums[0]


def _nodata_of(dataset: Any) -> float:
    """Return what stands for no data, as a band of its type holds it; NaN where nothing does."""
    if dataset.nodata is None:
        return math.nan
    is_single = dataset.dtypes[0] == "float32"
    return float(np.float32(dataset.nodata)) if is_single else float(dataset.nodata)


def _own_grid(cover: Any) -> Grid:
    _refuse_areas(cover.crs, "rasters.cover")
    transform = cover.transform
    if transform.b or transform.d or transform.e >= 0:
        raise RasterRefused(
            code="raster_rotated",
            field="rasters.cover",
            expected="rows to the east, from north to south",
            found=str(tuple(transform)[:6]),
        )
    return Grid(
        crs=cover.crs.to_wkt(),
        left=transform.c,
        top=transform.f,
        cell_width=transform.a,
        cell_height=-transform.e,
        width=cover.width,
        height=cover.height,
    )


def _wished_grid(cover: Any, wish: GridWish) -> Grid:
    left, bottom, right, top = warp.transform_bounds(
        cover.crs, WGS84, *cover.bounds, densify_pts=EDGE_POINTS
    )
    named = wish.crs
    if named == AUTOMATIC:
        centre = f"+lat_0={(bottom + top) / 2:.2f} +lon_0={(left + right) / 2:.2f}"
        named = f"+proj=laea {centre} +datum=WGS84 +units=m +no_defs"
    try:
        crs = CRS.from_user_input(named)
    except (CRSError, ValueError) as error:
        raise RasterRefused(
            code="projection_unknown", field="grid.crs", expected="a projection", found=wish.crs
        ) from error
    _refuse_areas(crs, "grid.crs")
    bounds = warp.transform_bounds(cover.crs, crs, *cover.bounds, densify_pts=EDGE_POINTS)
    west, south = (math.floor(each / wish.cell_m) for each in bounds[:2])
    east, north = (math.ceil(each / wish.cell_m) for each in bounds[2:])
    return Grid(
        crs=crs.to_wkt(),
        left=west * wish.cell_m,
        top=north * wish.cell_m,
        cell_width=wish.cell_m,
        cell_height=wish.cell_m,
        width=east - west,
        height=north - south,
    )


def _refuse_areas(crs: Any, field: str) -> None:
    projection = re.search(r'PROJECTION\["([^"]+)"', crs.to_wkt())
    method = "degrees" if projection is None else projection[1]
    if KEEPS_AREAS.search(method) is None or crs.linear_units_factor[1] != 1:
        raise RasterRefused(
            code="projection_not_equal_area",
            field=field,
            expected="an equal-area projection in metres; or state a grid",
            found=method,
        )


def _on_grid(dataset: Any, source: Source, grid: Grid, *, stack: ExitStack) -> Any:
    if _lies_on(dataset, grid):
        return dataset
    resample = source.resample
    if source.name == COVER:
        resample = Resampling.NEAREST
    if resample is None:
        found = f"{dataset.width} x {dataset.height} at {tuple(dataset.transform)[:6]}"
        raise _refused(
            source,
            "raster_not_aligned",
            expected="the grid of the land cover, or resample",
            found=found,
        )
    if _is_masked(dataset):
        expected = "a nodata value, for a mask is not brought onto another grid"
        raise _refused(source, "raster_masked", expected=expected, found="a mask")
    return stack.enter_context(
        WarpedVRT(
            dataset,
            crs=CRS.from_wkt(grid.crs),
            transform=_transform(grid),
            width=grid.width,
            height=grid.height,
            resampling=Warping[resample.value],
            src_nodata=dataset.nodata,
            nodata=math.nan,
            dtype="float64",
            tolerance=WARP_TOLERANCE,
            warp_mem_limit=WARP_MB,
        )
    )


def _lies_on(dataset: Any, grid: Grid) -> bool:
    if (dataset.width, dataset.height) != (grid.width, grid.height):
        return False
    if dataset.crs != CRS.from_wkt(grid.crs):
        return False
    off = np.subtract(tuple(dataset.transform)[:6], tuple(_transform(grid))[:6])
    far = np.abs(off) @ (grid.width, grid.height, 1.0, grid.width, grid.height, 1.0)
    return bool(far <= OFF_THE_GRID * min(grid.cell_width, grid.cell_height))


def _transform(grid: Grid) -> Any:
    return from_origin(grid.left, grid.top, grid.cell_width, grid.cell_height)


def _refuse_outside(name: str, values: Cells, *, row: int, column: int) -> None:
    unit, low, high = RANGES[name]
    if values.size == 0 or (low <= values.min() and values.max() <= high):
        return
    outside = (values < low) | (values > high)
    if not outside.any():
        return
    at_row, at_column = np.argwhere(outside)[0]
    raise RasterRefused(
        code="raster_value_out_of_range",
        field=f"rasters.{name}",
        expected=f"from {low:g} to {high:g} {unit}",
        found=f"{values[at_row, at_column]:g} at row {at_row + row}, column {at_column + column}",
    )


def _refused(source: Source, code: str, *, expected: str, found: str) -> RasterRefused:
    return RasterRefused(code=code, field=f"rasters.{source.name}", expected=expected, found=found)


def _unreadable(source: Source, found: str) -> RasterRefused:
    return _refused(source, "raster_unreadable", expected="a raster that can be read", found=found)
