"""Where an account lies: boundaries as GeoJSON has them (RFC 7946), and the hash that names one.

Rings are turned as RFC 7946 wants them, outer ones anticlockwise, holes clockwise. A boundary's
hash is that of its outline in the ledger (``gep.space.outline``), however it is written.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from gep.accounts.account import Account
from gep.document import Place
from gep.errors import AccountRefused
from gep.space.outline import outline_of
from gep.zones import Polygon, Ring, Zone, read_zones, zone_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """The area of an account, where its boundary is known, and the zones that its lines are of."""

    area: Zone | None
    zones: tuple[Zone, ...]


def read_boundary(text: bytes, account: Account) -> Boundary:
    """Read boundaries, and find those of an account among them.

    Raises:
        Malformed: no GeoJSON polygons in WGS 84.
        AccountRefused: none is the account's; or the area's has not the hash that it states.
    """
    return boundary_of(read_zones(text), account)


def boundary_of(zones: Iterable[Zone], account: Account) -> Boundary:
    """Return the boundaries of an account, found by id: of its area, and of its lines' places.

    Raises:
        AccountRefused: none is the account's; or the area's has not the hash that it states.
    """
    places = {line.place for line in account.lines}
    turned = {each.id: _turned(each) for each in zones}
    area = turned.get(account.area.id)
    found = Boundary(
        area=area, zones=tuple(each for name, each in turned.items() if name in places)
    )
    if area is None and not found.zones:
        raise AccountRefused(
            code="boundary_missing",
            field="boundaries",
            expected=f"a feature with the id {account.area.id}, or that of a line's place",
            found=", ".join(list(turned)[:5]),
        )
    said = account.area.geometry_hash
    if area is not None and said is not None and geometry_hash(area) != said:
        raise AccountRefused(
            code="geometry_hash_unfit",
            field="boundaries",
            expected=f"the boundary with the hash {said}",
            found=geometry_hash(area),
        )
    return found


def geometry_hash(zone: Zone) -> str:
    """Return the SHA-256 of a boundary's outline, the ``geometry_hash`` of an account's area.

    Raises:
        Malformed: a ring has no area.
    """
    return outline_of(zone.polygons, field=f"boundaries.{zone.id}").hash


def bounds_of(zones: Iterable[Zone]) -> list[Decimal]:
    """Return west, south, east, north."""
    points = [point for zone in zones for each in zone.polygons for ring in each for point in ring]
    east, north = [point[0] for point in points], [point[1] for point in points]
    bounds = (min(east), min(north), max(east), max(north))
    return [Decimal(repr(each)) for each in bounds]


def boundary_document(boundary: Boundary | None) -> dict[str, Any] | None:
    """Return boundaries as plain values; None where none is known."""
    if boundary is None:
        return None
    return {
        "area": None if boundary.area is None else _zone_document(boundary.area),
        "zones": [_zone_document(each) for each in boundary.zones],
    }


def zones_at(place: Place) -> tuple[Zone | None, tuple[Zone, ...]]:
    """Read boundaries back.

    Raises:
        Malformed: the place and what was expected there.
    """
    found = place.fields("zones", "area")
    area = zone_at(found["area"]) if "area" in found else None
    return area, tuple(zone_at(each) for each in found["zones"].items())


def zone_at(place: Place) -> Zone:
    """Read one boundary back: id, name, geometry.

    Raises:
        Malformed: the place and what was expected there.
    """
    found = place.fields("id name geometry")
    geometry = found["geometry"].fields("type coordinates", "bbox")
    properties = {"id": found["id"].value, "name": found["name"].value}
    feature = {
        "type": "Feature",
        "properties": properties,
        "geometry": {name: each.value for name, each in geometry.items()},
    }
    return zone_of(Place(feature, place.path))


def _zone_document(zone: Zone) -> dict[str, Any]:
    return {"id": zone.id, "name": zone.name, "geometry": geometry_of(zone)}


def geometry_of(zone: Zone) -> dict[str, Any]:
    """Return a boundary as a GeoJSON geometry of lists, its figures as they were written."""
    return {
        "type": "MultiPolygon",
        "coordinates": [
            [[[Decimal(repr(figure)) for figure in point] for point in ring] for ring in polygon]
            for polygon in zone.polygons
        ],
    }


def _turned(zone: Zone) -> Zone:
    return Zone(
        id=zone.id,
        name=zone.name,
        polygons=tuple(tuple(_rings(each)) for each in zone.polygons),
        properties=zone.properties,
    )


def _rings(polygon: Polygon) -> Iterator[Ring]:
    for number, ring in enumerate(polygon):
        is_anticlockwise = _twice_the_area(ring) > 0
        yield ring if is_anticlockwise is (number == 0) else ring[::-1]


def _twice_the_area(ring: Ring) -> float:
    return sum(
        (left[0] - ring[0][0]) * (right[1] - ring[0][1])
        - (right[0] - ring[0][0]) * (left[1] - ring[0][1])
        for left, right in pairwise(ring)
    )
