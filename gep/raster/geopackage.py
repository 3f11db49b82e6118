"""Zones as an OGC GeoPackage: SQLite with a geometry column of well-known binary.

Written by the standard library alone; a later file of the same figures has the same rows. Layout:
OGC 12-128r19, tables of clause 1 and 2.1; geometries are multipolygons in EPSG:4326.
"""

import sqlite3
import struct
from collections.abc import Mapping, Sequence
from contextlib import closing
from errno import EIO
from pathlib import Path

from gep.geopackage import APPLICATION_ID, LITTLE_ENDIAN, MAGIC, MULTIPOLYGON, POLYGON, WGS84
from gep.zones import Polygon

VERSION = 10_300
TABLE = "zones"
_LAYOUT = """
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE,
  max_x DOUBLE, max_y DOUBLE, srs_id INTEGER REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL PRIMARY KEY REFERENCES gpkg_contents(table_name),
  column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL REFERENCES gpkg_spatial_ref_sys(srs_id),
  z TINYINT NOT NULL, m TINYINT NOT NULL);
"""
_SYSTEMS = (
    ("Undefined Cartesian", -1, "NONE", -1, "undefined", None),
    ("Undefined geographic", 0, "NONE", 0, "undefined", None),
    (
        *("WGS 84 geodetic", WGS84, "EPSG", WGS84),
        (
            'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
            'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]'
        ),
        None,
    ),
)


def write_geopackage(
    path: Path,
    zones: Sequence[tuple[str, str, tuple[Polygon, ...]]],
    columns: Sequence[Mapping[str, float]],
    *,
    changed: str,
) -> None:
    """Write zones, each an id, a name and polygons, with their columns of figures.

    Raises:
        OSError: the file cannot be written; what stood there before still stands.
    """
    draft = path.with_name(f".{path.name}.draft")
    try:
        draft.unlink(missing_ok=True)
        with closing(sqlite3.connect(draft)) as file, file:
            _fill(file, zones, columns, changed=changed)
        draft.replace(path)
    except sqlite3.Error as error:
        raise OSError(EIO, str(error), str(path)) from error
    finally:
        draft.unlink(missing_ok=True)


def _fill(
    file: sqlite3.Connection,
    zones: Sequence[tuple[str, str, tuple[Polygon, ...]]],
    columns: Sequence[Mapping[str, float]],
    *,
    changed: str,
) -> None:
    names = list(columns[0])
    file.executescript(
        f"PRAGMA application_id={APPLICATION_ID}; PRAGMA user_version={VERSION};{_LAYOUT}"
    )
    figures = "".join(f', "{name}" DOUBLE' for name in names)
    file.execute(
        f"CREATE TABLE {TABLE} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,"
        f" geom MULTIPOLYGON, id TEXT, name TEXT{figures})"
    )
    file.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?,?,?,?,?,?)", _SYSTEMS)
    points = [point for *_, polygons in zones for each in polygons for point in each[0]]
    east, north = ([point[axis] for point in points] for axis in (0, 1))
    file.execute(
        "INSERT INTO gpkg_contents VALUES (?, 'features', ?, '', ?, ?, ?, ?, ?, ?)",
        (TABLE, TABLE, changed, min(east), min(north), max(east), max(north), WGS84),
    )
    file.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'MULTIPOLYGON', ?, 0, 0)",
        (TABLE, WGS84),
    )
    marks = ",".join("?" * (3 + len(names)))
    quoted = "".join(f', "{name}"' for name in names)
    file.executemany(
        f"INSERT INTO {TABLE} (geom, id, name{quoted}) VALUES ({marks})",  # noqa: S608 - names of ours
        [
            (_geometry(polygons), id_, name, *found.values())
            for (id_, name, polygons), found in zip(zones, columns, strict=True)
        ],
    )


def _geometry(polygons: tuple[Polygon, ...]) -> bytes:
    """Return GeoPackage's header without an envelope, and the polygons as well-known binary."""
    header = struct.pack("<2sBBi", MAGIC, 0, LITTLE_ENDIAN, WGS84)
    parts = [struct.pack("<BII", LITTLE_ENDIAN, MULTIPOLYGON, len(polygons))]
    for polygon in polygons:
        parts.append(struct.pack("<BII", LITTLE_ENDIAN, POLYGON, len(polygon)))
        for ring in polygon:
            flat = [figure for point in ring for figure in point]
            parts.append(struct.pack(f"<I{len(flat)}d", len(ring), *flat))
    return header + b"".join(parts)
