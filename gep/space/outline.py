"""The outline of a unit (区域边界): a multipolygon in whole 1e-7 degrees, with one way to write it.

1. Outer rings run counter-clockwise, holes clockwise (RFC 7946); a ring starts at its least point.
2. Holes and polygons stand in the order of their points, so one outline has one text and one hash.
3. Everything here is integers: the text, the hash and the point inside are the same anywhere.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from typing import Any, Never, TypeAlias

from gep.errors import Malformed
from gep.zones import Polygon

DECIMALS = 7
SCALE = 10**DECIMALS
LONGITUDE_MAX, LATITUDE_MAX = 180 * SCALE, 90 * SCALE
POINTS_MIN = 3
Point: TypeAlias = tuple[int, int]
Ring: TypeAlias = tuple[Point, ...]
Rings: TypeAlias = tuple[Ring, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """Polygons of rings, the outer one first; a ring does not repeat its first point."""

    polygons: tuple[Rings, ...]

    @property
    def rings(self) -> tuple[Ring, ...]:
        """All rings, outer ones and holes."""
        return tuple(ring for rings in self.polygons for ring in rings)

    @property
    def points(self) -> int:
        """How many points the rings have, each once."""
        return sum(len(ring) for ring in self.rings)

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """West, south, east and north."""
        xs = [x for ring in self.rings for x, _ in ring]
        ys = [y for ring in self.rings for _, y in ring]
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def text(self) -> str:
        """The canonical GeoJSON MultiPolygon: seven decimals, no spaces."""
        polygons = ",".join(
            f"[{','.join(_ring_text(ring) for ring in rings)}]" for rings in self.polygons
        )
        return f'{{"coordinates":[{polygons}],"type":"MultiPolygon"}}'

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical text: the ``geometry_hash`` of an account's area."""
        return sha256(self.text.encode()).hexdigest()

    def point_inside(self) -> Point:
        """Return a point inside: on the widest chord half-way up the largest polygon."""
        rings = max(self.polygons, key=_area_of_rings)
        ys = sorted({y for _, y in rings[0]})
        middle = Fraction(ys[0] + ys[-1], 2)
        below, above = next(each for each in pairwise(ys) if each[1] > middle)
        level = Fraction(below + above, 2)
        crossings = sorted(_crossings(rings, level))
        west, east = max(
            zip(crossings[::2], crossings[1::2], strict=True),
            key=lambda chord: chord[1] - chord[0],
        )
        return int((west + east) / 2 // 1), int(level // 1)


def outline_of(polygons: Iterable[Polygon], *, field: str = "geometry") -> Outline:
    """Return the outline of polygons in degrees, rounded to seven decimals.

    Raises:
        Malformed: a ring has no area after rounding.
    """
    rounded = [
        [[(_units(x), _units(y)) for x, y in ring] for ring in polygon] for polygon in polygons
    ]
    return _ordered(rounded, field=field)


def read_outline(text: str) -> Outline:
    """Read an outline's canonical text.

    Raises:
        Malformed: it is no outline, or another writing of it.
    """
    try:
        found = json.loads(text, parse_float=_digits, parse_constant=_refuse_constant)
        coordinates = found["coordinates"]
        polygons = [[[(x, y) for x, y in ring[:-1]] for ring in polygon] for polygon in coordinates]
        outline = _ordered(polygons, field="geometry")
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise _refused("wrong_type", "a canonical MultiPolygon", "another document") from error
    if outline.text != text:
        raise _refused("geometry_not_canonical", "the canonical text", "another writing of it")
    west, south, east, north = outline.bounds
    beyond = (-LONGITUDE_MAX - west, east - LONGITUDE_MAX, -LATITUDE_MAX - south)
    if max(*beyond, north - LATITUDE_MAX) > 0:
        raise _refused("zones_not_wgs84", "degrees east and north in WGS 84", "beyond the globe")
    return outline


def degrees(units: int) -> str:
    """Return 1e-7 degrees as degrees, with seven decimals."""
    sign = "-" if units < 0 else ""
    whole, part = divmod(abs(units), SCALE)
    return f"{sign}{whole}.{part:07d}"


def doubled_area(ring: Ring) -> int:
    """Return twice a ring's area in square units, above zero if it runs counter-clockwise."""
    return sum(
        x * next_y - next_x * y
        for (x, y), (next_x, next_y) in zip(ring, (*ring[1:], ring[0]), strict=True)
    )


def sides(ring: Ring) -> Iterator[tuple[Point, Point]]:
    """Yield a ring's sides."""
    return zip(ring, (*ring[1:], ring[0]), strict=True)


def _ring_text(ring: Ring) -> str:
    return f"[{','.join(f'[{degrees(x)},{degrees(y)}]' for x, y in (*ring, ring[0]))}]"


def _units(value: float) -> int:
    scaled = Decimal(repr(value)).scaleb(DECIMALS)
    return int(scaled.quantize(Decimal(1), ROUND_HALF_EVEN))


def _digits(text: str) -> int:
    return int(text.replace(".", "", 1))


def _refuse_constant(name: str) -> Never:
    raise ValueError(name)


def _ordered(polygons: Sequence[Sequence[Sequence[Any]]], *, field: str) -> Outline:
    found = []
    for number, polygon in enumerate(polygons):
        rings = [
            _turned(ring, is_outer=not place, field=f"{field}.coordinates[{number}][{place}]")
            for place, ring in enumerate(polygon)
        ]
        if not rings:
            raise _refused("ring_empty", "a polygon with a ring", "none", field=field)
        found.append((rings[0], *sorted(rings[1:])))
    if not found:
        raise _refused("ring_empty", "at least one polygon", "none", field=field)
    return Outline(tuple(sorted(found)))


def _turned(points: Sequence[Any], *, is_outer: bool, field: str) -> Ring:
    """Return a ring without doubled points, in its direction, from its least point on."""
    ring = [each for each, before in zip(points, (None, *points), strict=False) if each != before]
    while len(ring) > 1 and ring[0] == ring[-1]:
        ring.pop()
    twice = doubled_area(tuple(ring)) if len(ring) >= POINTS_MIN else 0
    if not twice:
        raise _refused("ring_empty", "a ring with an area", f"{len(ring)} points", field=field)
    if (twice > 0) is not is_outer:
        ring.reverse()
    start = ring.index(min(ring))
    return tuple(ring[start:] + ring[:start])


def _area_of_rings(rings: Rings) -> int:
    return sum(doubled_area(ring) for ring in rings)


def _crossings(rings: Rings, level: Fraction) -> Iterator[Fraction]:
    """Yield where sides cross a level that has no point of the outer ring."""
    for ring in rings:
        for (x, y), (other_x, other_y) in sides(ring):
            if (y > level) != (other_y > level):
                yield x + (level - y) * Fraction(other_x - x, other_y - y)


def _refused(code: str, expected: str, found: str, *, field: str = "geometry") -> Malformed:
    return Malformed(code=code, field=field, expected=expected, found=found)
