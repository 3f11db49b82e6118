"""Rings that bound something: an area, on one side of the date line, without crossing themselves.

Either way round is taken, and rings may touch themselves. Crossings are looked for among sides
whose cells of a coarse net are the same, so that a county's boundary is done at once.
"""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Ring: TypeAlias = tuple[tuple[float, float], ...]
Points: TypeAlias = "NDArray[np.float64]"
Sides: TypeAlias = "NDArray[np.intp]"
HALF_ROUND_DEGREES = 180.0
AREA_MIN = 1e-14  # square degrees: about a square centimetre
NEAR = 1e-9  # degrees: a tenth of a millimetre
SIDES_A_CELL = 2
CELLS_MAX = 8
PIECES_MAX = 4_000_000
PAIRS_AT_ONCE = 1_000_000
PAIRS_MAX = 50_000_000


def area_of(ring: Ring) -> float:
    """Return the area of a ring in square degrees, whichever way it turns."""
    points = np.array(ring, dtype=np.float64)
    east, north = (points - points[0]).T
    return abs(float(np.sum(east[:-1] * north[1:] - east[1:] * north[:-1]))) / 2


def spans_the_date_line(rings: list[Ring]) -> bool:
    """Say whether rings reach over more than half of the globe, as those do that were cut there."""
    east = [point[0] for ring in rings for point in ring]
    return max(east) - min(east) > HALF_ROUND_DEGREES


def crossing_of(ring: Ring) -> tuple[float, float] | None:
    """Return where a ring crosses itself, if it does.

    Raises:
        OverflowError: more sides lie beside each other than can be compared.
    """
    points = np.array(ring, dtype=np.float64)
    compared = 0
    for first, second in _pairs(points):
        compared += len(first)
        if compared > PAIRS_MAX:
            raise OverflowError
        crossed = _parted(points, first, second) & _parted(points, second, first)
        if crossed.any():
            return ring[int(first[crossed].min())]
    return None


def _pairs(points: Points) -> "Iterator[tuple[Sides, Sides]]":
    """Yield pairs of sides that share a cell of the net and are no neighbours."""
    sides = len(points) - 1
    places, whose = _net(points, edge=max(1, math.isqrt(sides // SIDES_A_CELL)))
    order = np.argsort(places, kind="stable")
    places, whose = places[order], whose[order]
    # Sides of one cell stand together: each is compared with the next, the one after it, and so on.
    together = np.arange(len(places))
    for ahead in range(1, len(places)):
        together = together[together < len(places) - ahead]
        together = together[places[together + ahead] == places[together]]
        if not together.size:
            return
        for start in range(0, len(together), PAIRS_AT_ONCE):
            some = together[start : start + PAIRS_AT_ONCE]
            first, second = whose[some], whose[some + ahead]
            apart = np.abs(first - second)
            far = (apart > 1) & (apart < sides - 1)
            yield np.minimum(first, second)[far], np.maximum(first, second)[far]


def _net(points: Points, *, edge: int) -> "tuple[Sides, Sides]":
    """Return cells of a net and the sides that lie in them; coarser until sides lie in few."""
    sides = len(points) - 1
    while True:
        low, high = _spans(points, edge)
        counts = high - low + 1
        covered = counts[:, 0] * counts[:, 1]
        if edge == 1 or covered.sum() <= CELLS_MAX * sides:
            break
        edge //= 2
    whose = np.repeat(np.arange(sides), covered)
    within = np.arange(len(whose)) - np.repeat(np.cumsum(covered) - covered, covered)
    row, column = np.divmod(within, counts[whose, 0])
    return (low[whose, 1] + row) * edge + low[whose, 0] + column, whose


def _spans(points: Points, edge: int) -> "tuple[Sides, Sides]":
    """Return the first and last column and row of the net that each side reaches."""
    corner = points.min(axis=0)
    across = points.max(axis=0) - corner
    across[across == 0] = 1.0
    cells = np.clip(((points - corner) / across * edge).astype(np.intp), 0, edge - 1)
    return np.minimum(cells[:-1], cells[1:]), np.maximum(cells[:-1], cells[1:])


def _parted(points: Points, lines: Sides, others: Sides) -> "NDArray[np.bool_]":
    """Say which lines have the ends of the other side clearly on both sides of them."""
    start = points[lines]
    along = points[lines + 1] - start
    least = NEAR * np.hypot(along[:, 0], along[:, 1])
    one, other = (
        along[:, 0] * (points[end, 1] - start[:, 1]) - along[:, 1] * (points[end, 0] - start[:, 0])
        for end in (others, others + 1)
    )
    return np.asarray(((one > least) & (other < -least)) | ((one < -least) & (other > least)))


def divided(ring: Ring, step: float) -> Ring:
    """Return a ring with points added on sides that are longer than a step.

    A straight side is straight in its own system alone; what is projected are its points. Those of
    a side do not depend on its direction, so that neighbours still share them.

    Raises:
        OverflowError: there would be too many.
    """
    points = np.array(ring, dtype=np.float64)
    pieces = np.ceil(np.abs(np.diff(points, axis=0)).max(axis=1) / step)
    if pieces.max() <= 1:
        return ring
    if pieces.sum() > PIECES_MAX:
        raise OverflowError
    found: list[tuple[float, float]] = []
    for (start, end), count in zip(pairwise(ring), pieces.astype(int).tolist(), strict=True):
        found.append(start)
        first, last = sorted((start, end))
        between = [
            (
                first[0] + (last[0] - first[0]) * index / count,
                first[1] + (last[1] - first[1]) * index / count,
            )
            for index in range(1, count)
        ]
        found.extend(between if first == start else between[::-1])
    return (*found, ring[-1])
