"""Drawings as plain shapes: one geometry, which SVG and PDF draw alike.

Coordinates are in points, x to the right and y downwards from the top left corner. Colours are
named, not given, so that a page may be light or dark.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]


class Ink(StrEnum):
    """The named colours; ``TERRAIN_1`` to ``TERRAIN_5`` are the classes of a map, low to high."""

    INK = "ink"
    INK_2 = "ink-2"
    INK_3 = "ink-3"
    LINE = "line"
    LINE_STRONG = "line-strong"
    SURFACE = "surface"
    SUNKEN = "sunken"
    ACCENT = "accent"
    DEDUCTED = "deducted"
    ADDED = "added"
    WARN = "warn"
    TERRAIN_1 = "class-1"
    TERRAIN_2 = "class-2"
    TERRAIN_3 = "class-3"
    TERRAIN_4 = "class-4"
    TERRAIN_5 = "class-5"
    ON_1 = "on-1"
    ON_2 = "on-2"
    ON_3 = "on-3"
    ON_4 = "on-4"
    ON_5 = "on-5"


# Of the console: light and dark. Label ink of a class is near black or white, whichever contrasts.
LIGHT = {
    "ink": "#131820",
    "ink-2": "#475160",
    "ink-3": "#5d6777",
    "line": "#e2e6ec",
    "line-strong": "#7a8494",
    "surface": "#ffffff",
    "sunken": "#edf0f4",
    "accent": "#1d5bd0",
    "deducted": "#b04a06",
    "added": "#1d5bd0",
    "warn": "#8a5200",
    "class-1": "#bd5216",
    "class-2": "#f0b48a",
    "class-3": "#dbe6f5",
    "class-4": "#8fb5ea",
    "class-5": "#3a71c8",
    "on-1": "#ffffff",
    "on-2": "#131820",
    "on-3": "#131820",
    "on-4": "#131820",
    "on-5": "#ffffff",
}
DARK = {
    "ink": "#e9edf2",
    "ink-2": "#b0b9c6",
    "ink-3": "#8b95a5",
    "line": "#252d38",
    "line-strong": "#6d7889",
    "surface": "#141920",
    "sunken": "#0f1319",
    "accent": "#7aa9ff",
    "deducted": "#f2935c",
    "added": "#7aa9ff",
    "warn": "#e9a83b",
    "class-1": "#c7682f",
    "class-2": "#7a4a30",
    "class-3": "#22344f",
    "class-4": "#335f9e",
    "class-5": "#5b93e6",
    "on-1": "#0b0e13",
    "on-2": "#ffffff",
    "on-3": "#ffffff",
    "on-4": "#ffffff",
    "on-5": "#0b0e13",
}


class Anchor(StrEnum):
    """Where a text stands by its point."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle; hatched ones have their outline dashed. ``note`` is told of it."""

    x: float
    y: float
    width: float
    height: float
    fill: Ink
    is_hatched: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A straight line."""

    start: Point
    end: Point
    ink: Ink = Ink.LINE
    width: float = 0.6
    is_dashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """A filled area of closed rings, even-odd: rings within others are holes."""

    rings: tuple[tuple[Point, ...], ...]
    fill: Ink
    outline: Ink = Ink.SURFACE
    is_hatched: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A line of text, its baseline at the point; ``halo`` is drawn around it to be legible."""

    at: Point
    text: str
    size: float = 8.0
    ink: Ink = Ink.INK
    anchor: Anchor = Anchor.START
    is_strong: bool = False
    link: str = ""
    halo: Ink | None = None


Shape: TypeAlias = Box | Line | Patch | Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Shapes of a size; ``told`` says in a sentence what they show."""

    id: str
    width: float
    height: float
    told: str
    shapes: tuple[Shape, ...]


# Widths at size 1 of what both renderers set: a sans serif for Latin, square Han characters.
HAN_FROM, HAN_WIDTH, LATIN_WIDTH = "\u2e80", 1.0, 0.62


def width_of(text: str, size: float) -> float:
    """Return about how wide a text is, rather too much than too little."""
    return size * sum(HAN_WIDTH if each >= HAN_FROM else LATIN_WIDTH for each in text)


def shortened(text: str, size: float, room: float) -> str:
    """Return a text that fits, its end left out if it must be."""
    if width_of(text, size) <= room:
        return text
    kept = text
    while kept and width_of(f"{kept}…", size) > room:
        kept = kept[:-1]
    return f"{kept}…"
