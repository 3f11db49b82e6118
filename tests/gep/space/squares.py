"""Outlines that a reader sees at once: rectangles in degrees."""

from gep.space.outline import Outline, outline_of

Ring = tuple[tuple[float, float], ...]


def square(west: float, south: float, width: float, height: float) -> Ring:
    east, north = round(west + width, 7), round(south + height, 7)
    return ((west, south), (east, south), (east, north), (west, north), (west, south))


def outline(west: float, south: float, width: float, height: float) -> Outline:
    return outline_of([(square(west, south, width, height),)])


def outline_text(west: float, south: float, width: float, height: float) -> str:
    return outline(west, south, width, height).text
