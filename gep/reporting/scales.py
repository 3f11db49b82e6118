"""Axes: round steps, and figures shortened alike so that all labels of a picture fit."""

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal

from gep.accounts.account import yuan_of
from gep.accounts.indices import MILLION
from gep.reporting.figures import fixed
from gep.reporting.shapes import HAN_FROM, shortened, width_of

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
DECIMALS, DECIMALS_MAX = (4, 2, 0), 9
LINES_MAX, HYPHENATED_MIN = 3, 4


def step_of(span: float, count: int) -> float:
    """Return the round step that divides a span into about so many."""
    if span <= 0:
        return 1.0
    rough = span / count
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step for each in STEPS if (step := each * power) >= rough * (1 - 1e-9))


def millions(fens: Iterable[int], *, size: float, room: float) -> int:
    """Return with how many decimals all of the figures fit into a room."""
    shown = list(fens)
    for decimals in DECIMALS:
        widths = (width_of(f"+{in_millions(each, decimals)}", size) for each in shown)
        if max(widths, default=0.0) <= room:
            return decimals
    return DECIMALS[-1]


def in_millions(fen: int, decimals: int) -> str:
    """Return money in millions of yuan with so many decimals."""
    return fixed(yuan_of(fen) / MILLION, decimals)


def axis_words(value: float, step: float) -> str:
    """Return the figure at a tick of an axis."""
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    while decimals < DECIMALS_MAX and round(step, decimals) != round(step, DECIMALS_MAX):
        decimals += 1
    return fixed(Decimal(repr(round(value, 9))), decimals)


def wrapped(text: str, size: float, room: float) -> Sequence[str]:
    """Return text in at most three lines, broken between words, and between Han characters."""
    lines: list[str] = []
    for part in text.split("\n"):
        line = ""
        for whole in _pieces(part):
            piece = whole
            if line and width_of((line + piece).rstrip(), size) > room:
                lines.append(line.rstrip())
                line = ""
            while width_of(piece.rstrip(), size) > room:
                head = shortened(piece, size, room)[:-1]
                if len(head) < HYPHENATED_MIN:
                    break
                lines.append(f"{head[:-1]}-")
                piece = piece[len(head) - 1 :]
            line += piece
        lines.append(line.rstrip())
    kept = lines[:LINES_MAX]
    if len(lines) > LINES_MAX:
        kept[-1] = f"{kept[-1]}…"
    return [shortened(each, size, room) for each in kept]


def _pieces(text: str) -> Iterable[str]:
    piece = ""
    for each in text:
        if each >= HAN_FROM:
            if piece:
                yield piece
            piece = ""
            yield each
        else:
            piece += each
            if each == " ":
                yield piece
                piece = ""
    if piece:
        yield piece
