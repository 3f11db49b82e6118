"""Places with an id and a boundary: polygons of a GeoJSON file in WGS 84 (RFC 7946).

A feature has ``id`` and, if it likes, ``name`` among its properties; the others are handed through.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from gep.document import Place, read_document

Ring: TypeAlias = tuple[tuple[float, float], ...]
Polygon: TypeAlias = tuple[Ring, ...]
ZONES_MAX = 10_000
POINTS_MAX = 2_000_000
RING_POINTS_MIN = 4
POINT_MIN, POINT_MAX = 2, 3
LONGITUDE_MAX, LATITUDE_MAX = 180.0, 90.0
WGS84 = ("urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326")


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A place: its polygons, each an outer ring and its holes, in degrees east and north."""

    id: str
    name: str
    polygons: tuple[Polygon, ...]
    properties: Mapping[str, Any]

    @property
    def geometry(self) -> dict[str, Any]:
        """The polygons as a GeoJSON geometry."""
        return {"type": "MultiPolygon", "coordinates": self.polygons}


def read_zones(text: bytes) -> tuple[Zone, ...]:
    """Read zones.

    Raises:
        Malformed: no feature collection of polygons, doubled ids, or no degrees.
    """
    place = read_document(text)
    members = place.members()
    if members.get("type", place).value != "FeatureCollection" or "features" not in members:
        place.refuse("wrong_type", "a GeoJSON FeatureCollection")
    if "crs" in members:
        named = members["crs"].value
        name = named.get("properties", {}).get("name") if isinstance(named, dict) else None
        if name not in WGS84:
            members["crs"].refuse("zones_not_wgs84", "degrees in WGS 84, as RFC 7946 has them")
    features = list(members["features"].items(most=ZONES_MAX))
    zones = members["features"].unique(_zone, lambda each: each.id) if features else []
    if not zones:
        members["features"].refuse("wrong_type", "at least one zone")
    if sum(len(ring) for zone in zones for each in zone.polygons for ring in each) > POINTS_MAX:
        place.refuse("too_many", f"at most {POINTS_MAX} points")
    return tuple(zones)


def read_geometry(text: bytes) -> tuple[Polygon, ...]:
    """Read one GeoJSON geometry.

    Raises:
        Malformed: no polygons, or no degrees.
    """
    return _polygons(read_document(text))


def _zone(place: Place) -> Zone:
    found = place.fields("type geometry properties", "id bbox")
    properties = found["properties"].members()
    if "id" not in properties:
        found["properties"].refuse("key_missing", "the key id")
    return Zone(
        id=properties["id"].text(),
        name=properties["name"].text() if "name" in properties else properties["id"].text(),
        polygons=_polygons(found["geometry"]),
        properties={name: _plain(each.value) for name, each in properties.items()},
    )


def _polygons(place: Place) -> tuple[Polygon, ...]:
    geometry = place.fields("type coordinates", "bbox")
    shape, coordinates = geometry["type"].value, geometry["coordinates"]
    if shape not in {"Polygon", "MultiPolygon"}:
        geometry["type"].refuse("wrong_type", "Polygon or MultiPolygon")
    polygons = [coordinates] if shape == "Polygon" else list(coordinates.items())
    return tuple(tuple(_ring(ring) for ring in each.items()) for each in polygons)


def _ring(place: Place) -> Ring:
    points = tuple(_point(each) for each in place.items(most=POINTS_MAX))
    if len(points) < RING_POINTS_MIN or points[0] != points[-1]:
        place.refuse("ring_open", f"a ring of at least {RING_POINTS_MIN} points, its ends one")
    return points


def _point(place: Place) -> tuple[float, float]:
    figures = place.value
    if not isinstance(figures, list) or not POINT_MIN <= len(figures) <= POINT_MAX:
        place.refuse("zones_not_wgs84", "degrees east and north in WGS 84")
    if not all(isinstance(each, Decimal) for each in figures):
        place.refuse("wrong_type", "numbers")
    if abs(figures[0]) > LONGITUDE_MAX or abs(figures[1]) > LATITUDE_MAX:
        place.refuse("zones_not_wgs84", "degrees east and north in WGS 84")
    return float(figures[0]), float(figures[1])


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
