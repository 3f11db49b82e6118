"""Places with an id and a boundary: polygons of a GeoJSON file in WGS 84 (RFC 7946).

A feature has ``id`` and, if it likes, ``name`` among its properties; the others are handed through.
A ring may turn either way; one that crosses itself, or bounds nothing, is refused.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NoReturn, TypeAlias

from gep.boundaries import AREA_MIN, area_of, crossing_of, spans_the_date_line
from gep.document import Place, read_document
from gep.errors import Malformed

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


def read_zones(text: bytes, *, id_name: str = "id") -> tuple[Zone, ...]:
    """Read zones; their id is the property of a name.

    Raises:
        Malformed: no feature collection of polygons, doubled ids, no degrees, a ring that bounds
            nothing or crosses itself.
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
    read = [zone_of(each, id_name) for each in members["features"].items(most=ZONES_MAX)]
    return checked(read)


def checked(
    zones: Sequence[Zone], *, to_degrees: Callable[[tuple[Polygon, ...]], Any] | None = None
) -> tuple[Zone, ...]:
    """Return zones whose ids differ and whose boundaries bound something, in degrees.

    Raises:
        Malformed: the first zone that is not so, or none at all.
    """
    if not zones:
        _refuse("wrong_type", "zones", "at least one zone", found="none")
    if sum(len(ring) for zone in zones for each in zone.polygons for ring in each) > POINTS_MAX:
        _refuse("too_many", "zones", f"at most {POINTS_MAX} points", found="more")
    seen: set[str] = set()
    found = []
    for each in zones:
        if each.id in seen:
            _refuse("doubled_id", f"zones.{each.id}", "each id once", found="it twice")
        seen.add(each.id)
        zone = each if to_degrees is None else replace(each, polygons=to_degrees(each.polygons))
        _refuse_no_degrees(zone)
        _refuse_no_boundary(zone)
        found.append(zone)
    return tuple(found)


def _refuse_no_degrees(zone: Zone) -> None:
    rings = [ring for polygon in zone.polygons for ring in polygon]
    for east, north in (point for ring in rings for point in ring):
        if not (abs(east) <= LONGITUDE_MAX and abs(north) <= LATITUDE_MAX):
            expected = "degrees east and north in WGS 84"
            _refuse("zones_not_wgs84", f"zones.{zone.id}", expected, found=f"{east:g} {north:g}")
    if spans_the_date_line(rings):
        expected = "a zone on one side of the date line"
        east = min(point[0] for ring in rings for point in ring)
        found = f"one from {east:g} degrees on, over more than half of the globe"
        _refuse("zone_across_date_line", f"zones.{zone.id}", expected, found=found)


def _refuse_no_boundary(zone: Zone) -> None:
    for ring in (ring for polygon in zone.polygons for ring in polygon):
        if area_of(ring) < AREA_MIN:
            found = f"none about {ring[0][0]:g} {ring[0][1]:g}"
            _refuse("zone_without_area", f"zones.{zone.id}", "a ring with an area", found=found)
        try:
            at = crossing_of(ring)
        except OverflowError:
            expected = "a ring whose sides lie apart"
            _refuse("too_many", f"zones.{zone.id}", expected, found="too many beside each other")
        if at is not None:
            found = f"a crossing after {at[0]:g} {at[1]:g}"
            expected = "a ring that does not cross itself"
            _refuse("ring_crossed", f"zones.{zone.id}", expected, found=found)


def zone_of(place: Place, id_name: str = "id") -> Zone:
    """Read one feature.

    Raises:
        Malformed: the place and what was expected there.
    """
    found = place.fields("type geometry properties", "id bbox")
    properties = found["properties"].members()
    if id_name not in properties:
        found["properties"].refuse("key_missing", f"the key {id_name}")
    id_ = _id(properties[id_name])
    return Zone(
        id=id_,
        name=properties["name"].text() if "name" in properties else id_,
        polygons=_polygons(found["geometry"]),
        properties={name: _plain(each.value) for name, each in properties.items()},
    )


def read_geometry(text: bytes) -> tuple[Polygon, ...]:
    """Read one GeoJSON geometry.

    Raises:
        Malformed: no polygons, or no degrees.
    """
    return _polygons(read_document(text))


def _polygons(place: Place) -> tuple[Polygon, ...]:
    geometry = place.fields("type coordinates", "bbox")
    shape, coordinates = geometry["type"].value, geometry["coordinates"]
    if shape not in ("Polygon", "MultiPolygon"):
        geometry["type"].refuse("wrong_type", "Polygon or MultiPolygon")
    polygons = [coordinates] if shape == "Polygon" else list(coordinates.items())
    read = tuple(tuple(_ring(ring) for ring in each.items()) for each in polygons)
    if not read or not all(read):
        coordinates.refuse("zone_empty", "a polygon of at least one ring")
    return read


def _id(place: Place) -> str:
    """Return a text, or a whole number as its digits."""
    value = place.value
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return f"{value:f}"
    return place.text()


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


def _refuse(code: str, field: str, expected: str, *, found: str) -> NoReturn:
    raise Malformed(code=code, field=field, expected=expected, found=found)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
