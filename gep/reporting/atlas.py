"""The map: units in an equal-area projection, five classes, the value printed in each region.

1. Classes hold equal numbers of units; like values share a class. A unit without a value is hatched
   and in no class.
2. A label stands where the largest box of its shape fits; what does not fit is left to the table.
3. Borders are drawn to a third of a point; finer detail is dropped.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gep.accounts.account import EXACT, Account, yuan_of
from gep.reporting.figures import million_of
from gep.reporting.scales import step_of
from gep.reporting.shapes import (
    Anchor,
    Box,
    Drawing,
    Ink,
    Label,
    Line,
    Patch,
    Point,
    Shape,
    width_of,
)
from gep.reporting.subject import Pin, Subject
from gep.reporting.words import Language, word
from gep.space.measuring import km2_of
from gep.space.outline import outline_of
from gep.zones import Ring, Zone
from kernel.money import Fen

EARTH_KM = 6371.0072  # radius of the sphere of the same area (GRS 80)
WIDTH, HEIGHT_MAX, MARGIN = 500.0, 310.0, 8.0
DETAIL, LABEL_DETAIL = 0.34, 1.5
CLASSES = 5
HECTARES_A_SQUARE_KILOMETRE = 100
GRID, BORDER_SAMPLES_MAX = 15, 40
AMPLE = 1.6
SIZES = (8.0, 7.0, 6.0)
NAME_MAX = 14
BOLD = 1.8
FILLS = (Ink.TERRAIN_1, Ink.TERRAIN_2, Ink.TERRAIN_3, Ink.TERRAIN_4, Ink.TERRAIN_5)
INKS = (Ink.ON_1, Ink.ON_2, Ink.ON_3, Ink.ON_4, Ink.ON_5)
Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A place on the map: its value, if it has one, its density, class 1 to 5, and warnings."""

    zone: Zone
    km2: Decimal
    value: Fen | None
    density: Decimal | None
    level: int | None
    warnings: tuple[str, ...]


def units_of(subject: Subject) -> tuple[Unit, ...]:
    """Return the units with their values: of lines at their place, or of accounts of their own."""
    values = _values(subject)
    pins = _pins(subject.pins)
    areas = {zone.id: _km2(zone) for zone in subject.units}
    densities = {
        name: EXACT.divide(yuan_of(value), areas[name])
        for name, value in values.items()
        if areas[name] > 0
    }
    levels = _levels(densities)
    return tuple(
        Unit(
            zone=zone,
            km2=areas[zone.id],
            value=values.get(zone.id),
            density=densities.get(zone.id),
            level=levels.get(zone.id),
            warnings=pins.get(zone.id, ()),
        )
        for zone in subject.units
    )


def atlas(units: Sequence[Unit], language: Language, told: str, *, own: str = "") -> Drawing:
    """Draw units in their classes, with names, values, warnings, scale and legend.

    The unit whose id is ``own`` has a bold border.
    """
    project = _Projection(units)
    shapes: list[Shape] = []
    labels: list[Shape] = []
    borders: list[Shape] = []
    for unit in units:
        rings = project.rings(unit.zone)
        if not rings:
            continue
        words = "" if unit.density is None else million_of(unit.density)
        shapes.append(
            Patch(
                rings=rings,
                fill=Ink.SUNKEN if unit.level is None else FILLS[unit.level - 1],
                outline=Ink.LINE_STRONG,
                is_hatched=unit.level is None,
                note=f"{unit.zone.name} {words or word('no_data', language)}",
            )
        )
        labels += _labels(unit, rings, words or word("no_data", language))
        if unit.zone.id == own:
            borders += [
                Line(start=start, end=end, ink=Ink.INK, width=BOLD)
                for ring in rings
                for start, end in pairwise(ring)
            ]
    foot = project.height
    legend, bottom = _legend(units, foot + 28, language)
    return Drawing(
        id="map",
        width=WIDTH,
        height=bottom,
        told=told,
        shapes=(*shapes, *borders, *labels, *_scale(project, foot, language), *legend),
    )


def warnings_in_place(
    account: Account, units: Iterable[Zone], said: Mapping[str, str]
) -> list[Pin]:
    """Return an account's warnings that are of a line at a unit; ``said`` words them by line."""
    places = {zone.id for zone in units}
    return [
        Pin(unit=line.place, words=said[line.id])
        for line in account.lines
        if line.place in places and line.id in said
    ]


def _values(subject: Subject) -> dict[str, Fen]:
    account, places = subject.account, {zone.id for zone in subject.units}
    own = {each.area.id: each.total for each in subject.unit_accounts if each.area.id in places}
    if subject.is_among_neighbours and account.area.id in places:
        own[account.area.id] = account.total
    of_lines: dict[str, Fen] = {}
    for line in account.counted():
        if line.place in places:
            of_lines[line.place] = Fen(of_lines.get(line.place, 0) + line.value)
    found = of_lines | own
    if not found and account.area.id in places:
        return {account.area.id: account.total}
    return found


def _pins(pins: Iterable[Pin]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for pin in pins:
        found[pin.unit] = (*found.get(pin.unit, ()), pin.words)
    return found


def _levels(densities: Mapping[str, Decimal]) -> dict[str, int]:
    """Return classes by rank; units of one value have one class."""
    ordered = sorted(densities.values())
    count = len(ordered)
    ranks = {value: rank for rank, value in reversed(list(enumerate(ordered)))}
    if count == 1:
        return dict.fromkeys(densities, (CLASSES + 1) // 2)
    if count < CLASSES:
        return {
            name: round(ranks[value] * (CLASSES - 1) / (count - 1)) + 1
            for name, value in densities.items()
        }
    return {name: ranks[value] * CLASSES // count + 1 for name, value in densities.items()}


def _km2(zone: Zone) -> Decimal:
    """Return a unit's area: that of its cells where a raster run says it, else of its polygons."""
    hectares: Any = zone.properties.get("area_hm2")
    if isinstance(hectares, int | float) and not isinstance(hectares, bool) and hectares > 0:
        return Decimal(repr(hectares)) / HECTARES_A_SQUARE_KILOMETRE
    return km2_of(outline_of(zone.polygons, field=f"boundaries.{zone.id}"))


def _middle(zones: Iterable[Zone]) -> tuple[float, float]:
    points = [point for each in zones for polygon in each.polygons for point in polygon[0]]
    longitudes, latitudes = zip(*points, strict=True)
    return (min(longitudes) + max(longitudes)) / 2, (min(latitudes) + max(latitudes)) / 2


def _equal_area(ring: Ring, longitude: float, latitude: float) -> Floats:
    """Return a ring in km by Lambert's azimuthal equal-area projection about a middle."""
    points = np.radians(np.asarray(ring, dtype=np.float64))
    east, north = points[:, 0] - math.radians(longitude), points[:, 1]
    sine, cosine = math.sin(math.radians(latitude)), math.cos(math.radians(latitude))
    inner = 1 + sine * np.sin(north) + cosine * np.cos(north) * np.cos(east)
    scale = EARTH_KM * np.sqrt(2 / np.maximum(inner, 1e-9))
    x = scale * np.cos(north) * np.sin(east)
    y = scale * (cosine * np.sin(north) - sine * np.cos(north) * np.cos(east))
    return np.column_stack((x, y))


class _Projection:
    """Brings degrees onto the drawing."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._longitude, self._latitude = _middle(each.zone for each in units)
        ends = np.vstack([self._ends(each.zone) for each in units])
        (self._west, south), (east, self._north) = ends.min(axis=0), ends.max(axis=0)
        width, height = max(east - self._west, 1e-6), max(self._north - south, 1e-6)
        self.scale = min((WIDTH - 2 * MARGIN) / width, (HEIGHT_MAX - 2 * MARGIN) / height)
        self.height = height * self.scale + 2 * MARGIN
        self._left = (WIDTH - width * self.scale) / 2

    def rings(self, zone: Zone) -> tuple[tuple[Point, ...], ...]:
        """Return a zone's rings on the drawing, without what is too fine to be seen."""
        found = []
        for polygon in zone.polygons:
            for ring in polygon:
                points = _equal_area(ring, self._longitude, self._latitude)
                x = self._left + (points[:, 0] - self._west) * self.scale
                y = MARGIN + (self._north - points[:, 1]) * self.scale
                kept = _thinned(np.column_stack((x, y)))
                if len(kept) > 3:  # noqa: PLR2004 - a closed ring of three corners
                    found.append(kept)
        return tuple(found)

    def _ends(self, zone: Zone) -> Floats:
        rings = [
            _equal_area(polygon[0], self._longitude, self._latitude) for polygon in zone.polygons
        ]
        points = np.vstack(rings)
        return np.vstack((points.min(axis=0), points.max(axis=0)))


def _thinned(ring: Floats, detail: float = DETAIL) -> tuple[Point, ...]:
    kept: list[Point] = []
    for x, y in ring.tolist():
        if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= detail:
            kept.append((round(x, 2), round(y, 2)))
    if kept and kept[0] != kept[-1]:
        kept.append(kept[0])
    return tuple(kept)


def _labels(unit: Unit, rings: tuple[tuple[Point, ...], ...], words: str) -> list[Shape]:
    ink = Ink.INK if unit.level is None else INKS[unit.level - 1]
    name = unit.zone.name
    short = name if len(name) <= NAME_MAX else f"{name[:NAME_MAX]}…"
    shapes: list[Shape] = []
    place: Point | None = None
    for size in SIZES:
        for lines in ((name, words), (short, words), (words,)):
            wide, high = max(width_of(each, size) for each in lines), size * 1.25 * len(lines)
            place = _place(rings, wide + 3, high + 2)
            if place is None:
                continue
            top = place[1] - high / 2
            for row, text in enumerate(lines):
                shapes.append(
                    Label(
                        at=(place[0], round(top + size * (1 + 1.25 * row), 2)),
                        text=text,
                        size=size,
                        ink=ink,
                        anchor=Anchor.MIDDLE,
                        is_strong=text == words,
                        halo=Ink.SUNKEN if unit.level is None else None,
                    )
                )
            return [*shapes, *_pin(unit, (place[0] + wide / 2 + 3, top))]
    return _pin(unit, _centre(rings))


def _pin(unit: Unit, at: Point) -> list[Shape]:
    if not unit.warnings:
        return []
    x, y = at
    return [
        Patch(rings=(_diamond(x, y, 6.0),), fill=Ink.WARN, note="; ".join(unit.warnings)),
        Label(
            at=(x, y + 2.3),
            text=str(len(unit.warnings)),
            size=6.2,
            ink=Ink.SURFACE,
            anchor=Anchor.MIDDLE,
            is_strong=True,
        ),
    ]


def _place(rings: tuple[tuple[Point, ...], ...], wide: float, high: float) -> Point | None:
    """Return the middle of a box of that size inside the rings, clear of their borders."""
    borders = [np.asarray(_thinned(np.asarray(ring), LABEL_DETAIL)) for ring in rings]
    points = np.vstack(borders)
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    if right - left < wide or bottom - top < high:
        return None
    grid_x, grid_y = np.meshgrid(
        np.linspace(left, right, GRID + 2)[1:-1], np.linspace(top, bottom, GRID + 2)[1:-1]
    )
    tried = np.column_stack((grid_x.ravel(), grid_y.ravel()))
    clear, inside = np.full(len(tried), np.inf), np.zeros(len(tried), dtype=bool)
    for ring in borders:
        inside ^= _within(tried, ring)
        clear = np.minimum(clear, _clearance(tried, ring, np.array([wide / 2, high / 2])))
    clear[~inside] = 0.0
    # In units of the box, a distance of 1 is half of it: the whole box is clear of borders. Where
    # there is ample room, the place nearest to the middle is taken.
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    off = np.hypot(*(tried - middle).T) / (right - left + bottom - top)
    best = int(np.argmax(np.minimum(clear, AMPLE) - off))
    return _point(tried[best]) if clear[best] >= 1.0 else None


def _within(points: Floats, ring: Floats) -> NDArray[np.bool_]:
    (x1, y1), (x2, y2) = ring[:-1].T, ring[1:].T
    x, y = points[:, :1], points[:, 1:]
    crosses = (y < y1) != (y < y2)
    rise = np.where(y1 == y2, 1.0, y2 - y1)
    is_left = x < x1 + (y - y1) * (x2 - x1) / rise
    return np.asarray((crosses & is_left).sum(axis=1) % 2 == 1)


def _clearance(points: Floats, ring: Floats, halves: Floats) -> Floats:
    """Return how far points are from a border, x in half widths and y in half heights.

    The distance is the greater of the two, so that 1 is the box itself.
    """
    starts, steps = ring[:-1], np.diff(ring, axis=0)
    count = int(np.clip(np.abs(steps / halves).max() * 3 + 2, 2, BORDER_SAMPLES_MAX))
    along = np.linspace(0.0, 1.0, count)[None, :, None]
    border = (starts[:, None, :] + along * steps[:, None, :]).reshape(-1, 2)
    apart = np.abs(points[:, None, :] - border[None, :, :]) / halves
    return np.asarray(apart.max(axis=2).min(axis=1))


def _centre(rings: tuple[tuple[Point, ...], ...]) -> Point:
    points = np.asarray(rings[0])
    return _point(points.mean(axis=0))


def _point(found: Floats) -> Point:
    return round(float(found[0]), 2), round(float(found[1]), 2)


def _scale(project: _Projection, foot: float, language: Language) -> list[Shape]:
    length = step_of(90.0 / project.scale, 1)
    while length * project.scale > 130.0:  # noqa: PLR2004 - points: a quarter of the width
        length /= 2
    wide = length * project.scale
    y = foot + 14
    words = f"{length:g} km"
    north = WIDTH - 12
    return [
        Line(start=(MARGIN, y), end=(MARGIN + wide, y), ink=Ink.INK_2, width=1.2),
        Line(start=(MARGIN, y - 3), end=(MARGIN, y + 3), ink=Ink.INK_2, width=0.8),
        Line(start=(MARGIN + wide, y - 3), end=(MARGIN + wide, y + 3), ink=Ink.INK_2, width=0.8),
        Label(at=(MARGIN + wide + 5, y + 2.5), text=words, size=7, ink=Ink.INK_2),
        Patch(
            rings=(((north, 6), (north + 4, 20), (north, 17), (north - 4, 20), (north, 6)),),
            fill=Ink.INK_2,
        ),
        Label(
            at=(north, 30),
            text=word("north", language),
            size=7.5,
            ink=Ink.INK_2,
            anchor=Anchor.MIDDLE,
        ),
    ]


def _legend(units: Sequence[Unit], y: float, language: Language) -> tuple[list[Shape], float]:
    """Return the legend, over as many rows as it takes, and where it ends."""
    members: dict[int, list[Decimal]] = {}
    for unit in units:
        if unit.level is not None and unit.density is not None:
            members.setdefault(unit.level, []).append(unit.density)
    entries: list[tuple[Ink, bool, str]] = []
    for level in sorted(members):
        low, high = (million_of(end(members[level])) for end in (min, max))
        entries.append((FILLS[level - 1], False, low if low == high else f"{low}–{high}"))
    if any(unit.level is None for unit in units):
        entries.append((Ink.SUNKEN, True, word("no_data", language)))
    if any(unit.warnings for unit in units):
        entries.append((Ink.WARN, False, word("with_warnings", language)))
    x = MARGIN
    shapes: list[Shape] = []
    for fill, is_hatched, words in entries:
        wide = 26 + width_of(words, 7)
        if x > MARGIN and x + wide > WIDTH:
            x, y = MARGIN, y + 14
        shapes.append(Label(at=(x + 18, y + 7.3), text=words, size=7, ink=Ink.INK_2))
        if fill is Ink.WARN:
            shapes.append(Patch(rings=(_diamond(x + 7, y + 4.5, 5.5),), fill=fill))
        else:
            shapes.append(Box(x=x, y=y, width=14, height=9, fill=fill, is_hatched=is_hatched))
        x += wide
    return shapes, y + 14


def _diamond(x: float, y: float, half: float) -> tuple[Point, ...]:
    return ((x, y - half), (x + half, y), (x, y + half), (x - half, y), (x, y - half))
