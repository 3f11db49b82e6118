"""Whether an outline is simple: no ring crosses itself or another one, holes lie in their polygon.

Two rings may touch in points, as a hole and its outer ring do; a ring may not touch itself.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from gep.errors import Malformed
from gep.space.outline import Outline, Point, Ring, degrees, sides


class _Side(NamedTuple):
    ring: int
    place: int
    start: Point
    end: Point


def refuse_not_simple(outline: Outline, *, field: str = "geometry") -> None:
    """Refuse an outline that is not simple.

    Raises:
        Malformed: a ring crosses or touches itself, two rings cross or run along each other, a hole
            lies outside of its polygon, or a polygon within another.
    """
    for one, other in _close_pairs(outline):
        point = _meeting(one, other, length=len(outline.rings[one.ring]))
        if point is not None:
            shown = f"{degrees(point[0])},{degrees(point[1])}"
            itself = one.ring == other.ring
            raise Malformed(
                code="ring_crosses",
                field=field,
                expected="rings that do not meet themselves" if itself else "rings apart",
                found=f"{'a ring meets itself' if itself else 'two rings meet'} near {shown}",
            )
    _refuse_displaced(outline, field=field)


def is_inside(point: Point, ring: Ring) -> bool:
    """Say whether a point is inside of a ring; on its sides it may be either."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in sides(ring):
        if (y1 > y) != (y2 > y):
            turn = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)
            if (turn > 0) == (y2 > y1):
                inside = not inside
    return inside


def _close_pairs(outline: Outline) -> Iterator[tuple[_Side, _Side]]:
    """Yield pairs of sides whose boxes meet; sides are few where boxes are small."""
    found = [
        _Side(number, place, start, end)
        for number, ring in enumerate(outline.rings)
        for place, (start, end) in enumerate(sides(ring))
    ]
    found.sort(key=lambda side: min(side.start[0], side.end[0]))
    ends = np.array([(*side.start, *side.end) for side in found], dtype=np.int64)
    west, east = np.minimum(ends[:, 0], ends[:, 2]), np.maximum(ends[:, 0], ends[:, 2])
    south, north = np.minimum(ends[:, 1], ends[:, 3]), np.maximum(ends[:, 1], ends[:, 3])
    stops = np.searchsorted(west, east, side="right")
    for index, side in enumerate(found):
        after = slice(index + 1, int(stops[index]))
        meets = (south[after] <= north[index]) & (north[after] >= south[index])
        for offset in np.flatnonzero(meets):
            yield side, found[index + 1 + int(offset)]


def _meeting(one: _Side, other: _Side, *, length: int) -> Point | None:
    """Return where two sides meet that must not, None where they do not."""
    if one.ring == other.ring:
        apart = (one.place - other.place) % length
        if apart in {1, length - 1}:
            return _folded(one, other)
        return _touch(one, other)
    turns = _turns(one, other)
    crosses = turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0
    return one.start if crosses or (not any(turns) and _overlap(one, other)) else None


def _folded(one: _Side, other: _Side) -> Point | None:
    """Return the corner of two sides that lead back onto each other."""
    if any(_turns(one, other)):
        return None
    corner = one.end if one.end in {other.start, other.end} else one.start
    tips = [each for side in (one, other) for each in (side.start, side.end) if each != corner]
    ahead = [(x - corner[0], y - corner[1]) for x, y in tips]
    is_fold = ahead[0][0] * ahead[1][0] + ahead[0][1] * ahead[1][1] > 0
    return corner if is_fold else None


def _touch(one: _Side, other: _Side) -> Point | None:
    turns = _turns(one, other)
    if turns[0] * turns[1] > 0 or turns[2] * turns[3] > 0:
        return None
    if any(turns):
        return one.start
    return one.start if _overlap(one, other, is_point_enough=True) else None


def _turns(one: _Side, other: _Side) -> tuple[int, int, int, int]:
    """Return on which side of the one the other's ends lie, and the reverse."""
    return (
        _turn(one.start, one.end, other.start),
        _turn(one.start, one.end, other.end),
        _turn(other.start, other.end, one.start),
        _turn(other.start, other.end, one.end),
    )


def _turn(start: Point, end: Point, point: Point) -> int:
    east = (end[0] - start[0]) * (point[1] - start[1])
    north = (end[1] - start[1]) * (point[0] - start[0])
    return (east > north) - (east < north)


def _overlap(one: _Side, other: _Side, *, is_point_enough: bool = False) -> bool:
    """Say whether two sides on one line have more than a point in common."""
    first, second = sorted((sorted((one.start, one.end)), sorted((other.start, other.end))))
    return second[0] <= first[1] if is_point_enough else second[0] < first[1]


def _refuse_displaced(outline: Outline, *, field: str) -> None:
    for number, rings in enumerate(outline.polygons):
        for hole in rings[1:]:
            if not any(is_inside(point, rings[0]) for point in hole):
                raise Malformed(
                    code="ring_displaced",
                    field=f"{field}.coordinates[{number}]",
                    expected="holes inside of their polygon",
                    found=f"a hole at {degrees(hole[0][0])},{degrees(hole[0][1])}",
                )
        for other, others in enumerate(outline.polygons):
            within = other != number and all(is_inside(point, others[0]) for point in rings[0])
            if within and not any(is_inside(rings[0][0], hole) for hole in others[1:]):
                raise Malformed(
                    code="ring_displaced",
                    field=f"{field}.coordinates[{number}]",
                    expected="polygons apart",
                    found=f"polygon {number} lies within polygon {other}",
                )
