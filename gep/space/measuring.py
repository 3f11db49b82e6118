"""Areas of outlines on the ellipsoid of WGS 84, and how much of two outlines is common.

Sides are straight in degrees (RFC 7946, 3.1.1). The area between a parallel and the equator is
known in closed form, so a side's share of it is integrated along the side; ours agrees with the
whole ellipsoid. Figures are floats and only ever shown or compared with a tolerance.
"""

import math
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from gep.space.outline import SCALE, Outline, Ring, sides

# WGS 84: semi-major axis in m, flattening.
AXIS = 6_378_137.0
FLATTENING = 1 / 298.257223563
ECCENTRICITY = math.sqrt(FLATTENING * (2 - FLATTENING))
SHOWN = Decimal("0.000001")
STEP_DEGREES = 0.25
SQUARE_METRES_A_KM2 = 1e6


def km2_of(outline: Outline) -> Decimal:
    """Return the area in km2, to six decimals."""
    square_metres = abs(sum(_ring_area(ring) for ring in outline.rings))
    return Decimal(f"{square_metres / SQUARE_METRES_A_KM2:.6f}").quantize(SHOWN)


def overlap_km2(one: Outline, other: Outline) -> Decimal:
    """Return the area that two outlines have in common, in km2.

    Between two parallels on which points lie or sides cross, the common length is linear in
    latitude; its middle times the strip's own area is right to some millionths.
    """
    (west, south, east, north), (west_2, south_2, east_2, north_2) = one.bounds, other.bounds
    low, high = max(south, south_2), min(north, north_2)
    total = 0.0
    if low >= high or max(west, west_2) >= min(east, east_2):
        return Decimal(0).quantize(SHOWN)
    for (bottom, top), ours, theirs in _bands(one, other, between=(low, high)):
        levels = sorted({bottom, top, *_crossings(ours, theirs, within=(bottom, top))})
        for below, above in pairwise(levels):
            middle = (below + above) / 2
            width = _common(_cuts(ours, middle), _cuts(theirs, middle))
            height = _zone(math.radians(above / SCALE)) - _zone(math.radians(below / SCALE))
            total += math.radians(width / SCALE) * height
    return Decimal(f"{total / SQUARE_METRES_A_KM2:.6f}").quantize(SHOWN)


def _zone(latitude: float) -> float:
    """Return the area from the equator to a parallel, for a radian of longitude, in m2."""
    sine = math.sin(latitude)
    inner = ECCENTRICITY * sine
    semi_minor = AXIS * (1 - FLATTENING)
    return semi_minor**2 / 2 * (sine / (1 - inner**2) + math.atanh(inner) / ECCENTRICITY)


def _ring_area(ring: Ring) -> float:
    return math.fsum(_side_area(start, end) for start, end in sides(ring))


def _side_area(start: tuple[int, int], end: tuple[int, int]) -> float:
    """Return the area between a side and the equator, by Simpson's rule on short pieces."""
    width = math.radians((start[0] - end[0]) / SCALE)
    low, high = math.radians(start[1] / SCALE), math.radians(end[1] / SCALE)
    pieces = max(1, math.ceil(abs(high - low) / math.radians(STEP_DEGREES)))
    step = (high - low) / pieces
    means = (
        (
            _zone(low + index * step)
            + 4 * _zone(low + (index + 0.5) * step)
            + _zone(low + (index + 1) * step)
        )
        / 6
        for index in range(pieces)
    )
    return width * math.fsum(means) / pieces


_Sides = list[tuple[int, int, int, int]]


def _rising(outline: Outline) -> _Sides:
    """Return the sides that are not level, each from its lower to its upper end, by lower end."""
    found = []
    for ring in outline.rings:
        for (x, y), (other_x, other_y) in sides(ring):
            if y != other_y:
                low, high = sorted(((y, x), (other_y, other_x)))
                found.append((low[0], low[1], high[0], high[1]))
    return sorted(found)


def _bands(
    one: Outline, other: Outline, *, between: tuple[int, int]
) -> Iterator[tuple[tuple[int, int], _Sides, _Sides]]:
    """Yield the strips between neighbouring points' latitudes with the sides that cross them."""
    waiting = [_rising(one)[::-1], _rising(other)[::-1]]
    active: list[_Sides] = [[], []]
    points = {y for each in (one, other) for ring in each.rings for _, y in ring}
    levels = sorted({*between, *(y for y in points if between[0] < y < between[1])})
    for bottom, top in pairwise(levels):
        for place in (0, 1):
            queue, here = waiting[place], active[place]
            while queue and queue[-1][0] <= bottom:
                here.append(queue.pop())
            active[place] = [side for side in here if side[2] > bottom]
        yield (bottom, top), active[0], active[1]


def _at(side: tuple[int, int, int, int], level: float) -> float:
    low, x, high, other_x = side
    return x + (level - low) * (other_x - x) / (high - low)


def _cuts(found: _Sides, level: float) -> list[float]:
    return sorted(_at(side, level) for side in found)


def _crossings(ours: _Sides, theirs: _Sides, *, within: tuple[int, int]) -> Iterator[float]:
    """Yield the latitudes within a strip at which a side of the one crosses one of the other."""
    bottom, top = within
    for one in ours:
        at = _at(one, bottom), _at(one, top)
        for other in theirs:
            below, above = at[0] - _at(other, bottom), at[1] - _at(other, top)
            if below * above < 0:
                yield bottom + (top - bottom) * below / (below - above)


def _common(ours: list[float], theirs: list[float]) -> float:
    """Return the length that is inside of both; cuts come in pairs."""
    total, place = 0.0, 0
    for start, end in zip(ours[::2], ours[1::2], strict=False):
        while place < len(theirs) // 2 and theirs[2 * place + 1] <= start:
            place += 1
        following = place
        while following < len(theirs) // 2 and theirs[2 * following] < end:
            total += min(end, theirs[2 * following + 1]) - max(start, theirs[2 * following])
            following += 1
    return total
