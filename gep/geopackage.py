"""Zones read from an OGC GeoPackage: a table of features, its geometries well-known binary.

By the standard library alone. A layer in another system than WGS 84 is brought to degrees by
whoever knows projections, or refused. Layout: OGC 12-128r19, clauses 1 and 2.1.

1. The file is opened to be read; no view of it may compute without end.
2. Curves, collections and other shapes than polygons are refused, and so is a zone without any.
3. Features keep the order of their rows; heights and measures are left out.
"""

import math
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from gep.errors import Malformed
from gep.zones import POINTS_MAX, RING_POINTS_MIN, ZONES_MAX, Polygon, Ring, Zone, checked

SQLITE = b"SQLite format 3\0"
APPLICATION_ID = 0x47504B47  # "GPKG"
WGS84 = 4326
POLYGON, MULTIPOLYGON = 3, 6
BIG_ENDIAN, LITTLE_ENDIAN = 0, 1
MAGIC = b"GP"
HEADER_BYTES = 8
ENVELOPE_BYTES = (0, 32, 48, 48, 64)
EMPTY, EXTENDED = 0x10, 0x20
DIMENSIONS = (2, 3, 3, 4)  # of ISO's kinds below 1000, 2000, 3000 and 4000
KINDS_A_DIMENSION = 1_000
FILE_BYTES_MAX = 1024 * 1024 * 1024
VALUE_BYTES_MAX = 256 * 1024 * 1024
STEPS_MAX = 1_000
STEPS_EACH = 1_000_000
COLUMNS_MAX = 1_000
SHOWN_MAX = 60
Polygons: TypeAlias = tuple[Polygon, ...]
# From the definition of a system and polygons in it to polygons in degrees east and north.
ToDegrees: TypeAlias = Callable[[str, Polygons], Polygons]


def is_geopackage(path: Path) -> bool:
    """Say whether a file is an SQLite database, or is named as a GeoPackage.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return file.read(len(SQLITE)) == SQLITE or path.suffix.lower() == ".gpkg"


def read_geopackage(
    path: Path,
    *,
    layer: str | None = None,
    id_name: str = "id",
    to_degrees: ToDegrees | None = None,
) -> tuple[Zone, ...]:
    """Read the zones of a layer, the only one if none is named.

    Raises:
        Malformed: no GeoPackage, no such layer or several, no polygons, no ids, no known system.
    """
    if path.stat().st_size > FILE_BYTES_MAX:
        _refuse("too_large", "zones", f"at most {FILE_BYTES_MAX} bytes", found="more")
    with path.open("rb") as file:
        if file.read(len(SQLITE)) != SQLITE:
            _refuse("geopackage_unreadable", "zones", "an SQLite database", found="other bytes")
    try:
        with closing(_opened(path)) as file_:
            return _zones(file_, layer, id_name=id_name, to_degrees=to_degrees)
    except (sqlite3.Error, OverflowError) as error:
        raise Malformed(
            code="geopackage_unreadable",
            field="zones",
            expected="a GeoPackage that can be read",
            found=str(error)[:SHOWN_MAX],
        ) from error


def polygons_of(blob: bytes, place: str) -> Polygons:
    """Return the polygons of a GeoPackage geometry.

    Raises:
        Malformed: it is cut off, empty, or none of polygons.
    """
    if len(blob) < HEADER_BYTES or blob[:2] != MAGIC:
        _refuse("geopackage_geometry", place, "a GeoPackage geometry", found=blob[:8].hex())
    flags = blob[3]
    envelope = flags >> 1 & 7
    if flags & EXTENDED or envelope >= len(ENVELOPE_BYTES):
        _refuse("geopackage_geometry", place, "a plain geometry", found=f"flags {flags:#04x}")
    reader = _Binary(blob, HEADER_BYTES + ENVELOPE_BYTES[envelope], place)
    polygons = reader.polygons()
    if flags & EMPTY or not polygons:
        _refuse("zone_empty", place, "a polygon", found="an empty geometry")
    return polygons


class _Binary:
    """Well-known binary read from a place on; each geometry says its own byte order."""

    def __init__(self, blob: bytes, at: int, place: str) -> None:
        self._blob = blob
        self._at = at
        self._place = place

    def polygons(self) -> Polygons:
        order, kind, dimensions = self._kind()
        if kind == POLYGON:
            rings = self._rings(order, dimensions)
            return (rings,) if rings else ()
        if kind != MULTIPOLYGON:
            self._refuse_kind(kind)
        found = []
        for _ in range(self._count(order)):
            order, kind, dimensions = self._kind()
            if kind != POLYGON:
                self._refuse_kind(kind)
            rings = self._rings(order, dimensions)
            if rings:
                found.append(rings)
        return tuple(found)

    def _kind(self) -> tuple[str, int, int]:
        (mark,) = self._taken("<B")
        if mark not in {BIG_ENDIAN, LITTLE_ENDIAN}:
            _refuse("geopackage_geometry", self._place, "a byte order, 0 or 1", found=str(mark))
        order = "<" if mark == LITTLE_ENDIAN else ">"
        (kind,) = self._taken(f"{order}I")
        if kind >= KINDS_A_DIMENSION * len(DIMENSIONS):
            self._refuse_kind(kind)
        return order, kind % KINDS_A_DIMENSION, DIMENSIONS[kind // KINDS_A_DIMENSION]

    def _rings(self, order: str, dimensions: int) -> Polygon:
        return tuple(self._ring(order, dimensions) for _ in range(self._count(order)))

    def _ring(self, order: str, dimensions: int) -> Ring:
        figures = self._taken(f"{order}{self._count(order) * dimensions}d")
        ring = tuple(zip(figures[::dimensions], figures[1::dimensions], strict=True))
        if len(ring) < RING_POINTS_MIN or ring[0] != ring[-1]:
            expected = f"a ring of at least {RING_POINTS_MIN} points, its ends one"
            _refuse("ring_open", self._place, expected, found=f"{len(ring)} points")
        if not all(map(math.isfinite, (figure for point in ring for figure in point))):
            _refuse("out_of_range", self._place, "finite coordinates", found="one that is not")
        return ring

    def _count(self, order: str) -> int:
        (count,) = self._taken(f"{order}I")
        if count > min(POINTS_MAX, len(self._blob) - self._at):
            self._refuse_end()
        return int(count)

    def _taken(self, form: str) -> tuple[Any, ...]:
        size = struct.calcsize(form)
        if self._at + size > len(self._blob):
            self._refuse_end()
        found = struct.unpack_from(form, self._blob, self._at)
        self._at += size
        return found

    def _refuse_kind(self, kind: int) -> NoReturn:
        expected = "Polygon or MultiPolygon"
        _refuse("geopackage_geometry", self._place, expected, found=f"kind {kind}")

    def _refuse_end(self) -> NoReturn:
        size = len(self._blob)
        _refuse(
            "geopackage_geometry", self._place, "a whole geometry", found=f"one cut off at {size}"
        )


def _opened(path: Path) -> sqlite3.Connection:
    file = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    file.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX)
    file.execute("PRAGMA trusted_schema=OFF")
    steps = iter(range(STEPS_MAX))
    file.set_progress_handler(lambda: next(steps, None) is None, STEPS_EACH)
    return file


def _zones(
    file: sqlite3.Connection,
    layer: str | None,
    *,
    id_name: str,
    to_degrees: ToDegrees | None,
) -> tuple[Zone, ...]:
    table, column, system = _layer(file, layer)
    names = [
        row[1]
        for row in file.execute(f"PRAGMA table_info({_quoted(table)})").fetchmany(COLUMNS_MAX)
    ]
    for name in (column, id_name):
        if name not in names:
            found = ", ".join(each for each in names if each != column)
            code = "key_missing" if name == id_name else "geopackage_layer"
            _refuse(code, f"zones.{table}", f"the column {name}", found=found or "none")
    listed = ", ".join(_quoted(name) for name in names)
    rows = file.execute(
        f"SELECT {listed} FROM {_quoted(table)} LIMIT {ZONES_MAX + 1}"  # noqa: S608 - names quoted
    ).fetchall()
    if len(rows) > ZONES_MAX:
        _refuse("too_many", f"zones.{table}", f"at most {ZONES_MAX} zones", found="more")
    wanted = _to_degrees(file, system, to_degrees)
    return checked(
        [
            _zone(dict(zip(names, row, strict=True)), column, id_name=id_name, place=table)
            for row in rows
        ],
        to_degrees=wanted,
    )


def _layer(file: sqlite3.Connection, wanted: str | None) -> tuple[str, str, int]:
    rows = file.execute(
        "SELECT g.table_name, g.column_name, g.srs_id FROM gpkg_geometry_columns g"
        " JOIN gpkg_contents c ON c.table_name = g.table_name AND c.data_type = 'features'"
        " ORDER BY g.table_name LIMIT 1000"
    ).fetchall()
    found = ", ".join(str(row[0]) for row in rows) or "none"
    if wanted is not None:
        rows = [row for row in rows if row[0] == wanted]
    if len(rows) != 1:
        expected = "one layer, or its name in the job" if wanted is None else f"the layer {wanted}"
        _refuse("geopackage_layer", "zones", expected, found=found)
    table, column, system = rows[0]
    return str(table), str(column), int(system)


def _to_degrees(
    file: sqlite3.Connection, system: int, to_degrees: ToDegrees | None
) -> Callable[[Polygons], Polygons] | None:
    """Return how a layer's system is left, None where it is degrees in WGS 84."""
    row = file.execute(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys"
        " WHERE srs_id = ?",
        (system,),
    ).fetchone()
    authority, number, definition = row or ("none", system, "undefined")
    name = f"{str(authority).upper()}:{number}"
    if name == f"EPSG:{WGS84}":
        return None
    known = name if str(authority).upper() == "EPSG" else str(definition)
    if to_degrees is None or known == "undefined":
        expected = "degrees in WGS 84, or a known system and rasterio installed"
        _refuse("zones_not_wgs84", "zones", expected, found=name)
    return lambda polygons: to_degrees(known, polygons)


def _zone(row: dict[str, Any], column: str, *, id_name: str, place: str) -> Zone:
    id_ = row[id_name]
    if isinstance(id_, int):
        id_ = str(id_)
    if not isinstance(id_, str) or not id_.strip():
        expected = f"a text or whole number in {id_name}"
        _refuse("key_missing", f"zones.{place}", expected, found=str(id_)[:SHOWN_MAX])
    blob = row[column]
    if not isinstance(blob, bytes):
        _refuse("zone_empty", f"zones.{id_}", "a polygon", found="no geometry")
    name = row.get("name")
    return Zone(
        id=id_,
        name=name if isinstance(name, str) and name.strip() else id_,
        polygons=polygons_of(blob, f"zones.{id_}"),
        properties={
            key: value
            for key, value in row.items()
            if key != column and not isinstance(value, bytes)
        },
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _refuse(code: str, field: str, expected: str, *, found: str) -> NoReturn:
    raise Malformed(code=code, field=field, expected=expected, found=found)
