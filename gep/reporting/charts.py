"""Bars: the value of services, the drivers of doubt, the range of a total, the years."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gep.accounts.uncertainty import Uncertainty
from gep.reporting.figures import fixed, million, percent
from gep.reporting.scales import axis_words, in_millions, millions, step_of
from gep.reporting.shapes import (
    Anchor,
    Box,
    Drawing,
    Ink,
    Label,
    Line,
    Patch,
    Shape,
    shortened,
    width_of,
)
from kernel.money import Fen

WIDTH, ROW, TEXT = 500.0, 15.0, 7.6
NAME_ROOM, FIGURE_ROOM = 170.0, 104.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A bar of the composition: what, how much, and which part of the whole."""

    name: str
    value: Fen
    share: Decimal | None
    link: str = ""


def composition(parts: Sequence[Part], told: str) -> Drawing:
    """Draw the parts of a total as bars, the largest first."""
    ordered = sorted(parts, key=lambda each: (-each.value, each.name))
    most = max((each.value for each in ordered), default=0) or 1
    foot = _foot(each.name for each in ordered)
    told_of = {each.name: f"{million(each.value)} · {percent(each.share)}" for each in ordered}
    widest = max((width_of(each, TEXT) for each in told_of.values()), default=0.0)
    room = WIDTH - foot - max(FIGURE_ROOM, widest + 6)
    shapes: list[Shape] = []
    for number, each in enumerate(ordered):
        y = ROW * number
        length = max(room * max(each.value, 0) / most, 0.6)
        words = told_of[each.name]
        shapes += [
            _name(each.name, foot, y, link=each.link),
            Box(
                x=foot,
                y=y + 3,
                width=length,
                height=ROW - 6,
                fill=Ink.ACCENT,
                note=f"{each.name} {words}",
            ),
            Label(at=(foot + length + 5, y + 10.4), text=words, size=TEXT),
        ]
    height = ROW * len(ordered) + 1
    shapes.append(Line(start=(foot, 0), end=(foot, height), ink=Ink.LINE_STRONG))
    return Drawing(id="composition", width=WIDTH, height=height, told=told, shapes=tuple(shapes))


def tornado(found: Uncertainty, names: Mapping[str, str], told: str) -> Drawing:
    """Draw the strongest drivers by their rank correlation with the total, -1 to 1."""
    foot = _foot(names.values())
    left, right, top = foot + 14, WIDTH - FIGURE_ROOM + 10, 12.0
    middle, reach = (left + right) / 2, (right - left) / 2
    bottom = top + ROW * len(found.drivers)
    shapes: list[Shape] = []
    for tick in (-1.0, -0.5, 0.0, 0.5, 1.0):
        x = middle + reach * tick
        ink = Ink.LINE if tick else Ink.LINE_STRONG
        shapes.append(Line(start=(x, top), end=(x, bottom), ink=ink))
        words = fixed(Decimal(str(tick)), 1)
        shapes.append(Label(at=(x, 8), text=words, size=6.8, ink=Ink.INK_3, anchor=Anchor.MIDDLE))
    for number, each in enumerate(found.drivers):
        y = top + ROW * number
        end = middle + reach * each.correlation
        is_down = each.correlation < 0
        share = percent(Decimal(repr(each.share)), decimals=1)
        shapes += [
            _name(names[each.name], foot, y),
            Box(
                x=min(end, middle),
                y=y + 3,
                width=max(abs(end - middle), 0.6),
                height=ROW - 6,
                fill=Ink.DEDUCTED if is_down else Ink.ADDED,
                is_hatched=is_down,
                note=f"{names[each.name]} {each.correlation:+.3f}",
            ),
            Label(
                at=(right + 12, y + 10.4),
                text=f"{_signed(each.correlation)} · {share}",
                size=TEXT,
            ),
        ]
    return Drawing(id="tornado", width=WIDTH, height=bottom + 2, told=told, shapes=tuple(shapes))


def distribution(found: Uncertainty, total: Fen, *, central: str, told: str) -> Drawing:
    """Draw where a total lies: P10 to P90 as a bar, the median across it, the account beside."""
    figures = (found.p10, found.p50, found.p90, total)
    low, high = min(figures), max(figures)
    span = (high - low) or 1
    left, right, y = 54.0, WIDTH - 54.0, 30.0

    def at(fen: int) -> float:
        return left + (right - left) * (fen - low) / span

    shapes: list[Shape] = [
        Line(start=(left - 30, y + 8), end=(right + 30, y + 8), ink=Ink.LINE),
        Box(
            x=at(found.p10),
            y=y,
            width=max(at(found.p90) - at(found.p10), 1.0),
            height=16,
            fill=Ink.TERRAIN_4,
            note=told,
        ),
        Line(start=(at(found.p50), y - 3), end=(at(found.p50), y + 19), ink=Ink.INK, width=1.6),
        _diamond(at(total), y + 8),
    ]
    for name, fen in (("P10", found.p10), ("P50", found.p50), ("P90", found.p90)):
        shapes.append(
            Label(
                at=(at(fen), y - 8),
                text=f"{name} {million(fen)}",
                size=TEXT,
                anchor=Anchor.MIDDLE,
            )
        )
    words = f"{central} {million(total)}"
    half = width_of(words, TEXT) / 2
    shapes.append(
        Label(
            at=(min(max(at(total), half), WIDTH - half), y + 31),
            text=words,
            size=TEXT,
            anchor=Anchor.MIDDLE,
            is_strong=True,
        )
    )
    return Drawing(id="range", width=WIDTH, height=66, told=told, shapes=tuple(shapes))


def years(totals: Mapping[int, Fen], told: str) -> Drawing:
    """Draw a total by year as columns from zero."""
    left, right, top, bottom = 46.0, 496.0, 18.0, 150.0
    highest = max((float(each) / 1e8 for each in totals.values()), default=0.0)
    lowest = min(0.0, *(float(each) / 1e8 for each in totals.values()))
    step = step_of((highest - lowest) or 1.0, 4)
    high, low = step * -(-highest // step) or step, step * (lowest // step)
    slot = (right - left) / len(totals)
    width = min(slot * 0.6, 46.0)

    def at(value: float) -> float:
        return bottom - (bottom - top) * (value - low) / (high - low)

    shapes: list[Shape] = []
    value = low
    while value <= high * (1 + 1e-9):
        shapes.append(Line(start=(left, at(value)), end=(right, at(value)), ink=Ink.LINE))
        shapes.append(
            Label(
                at=(left - 5, at(value) + 2.5),
                text=axis_words(value, step),
                size=7.2,
                ink=Ink.INK_3,
                anchor=Anchor.END,
            )
        )
        value += step
    decimals = millions(totals.values(), size=7.2, room=slot - 2)
    for number, (year, fen) in enumerate(sorted(totals.items())):
        middle = left + slot * (number + 0.5)
        ends = sorted((at(0.0), at(float(fen) / 1e8)))
        text = in_millions(fen, decimals)
        shapes += [
            Box(
                x=middle - width / 2,
                y=ends[0],
                width=width,
                height=max(ends[1] - ends[0], 0.8),
                fill=Ink.ACCENT,
                note=f"{year} {text}",
            ),
            Label(at=(middle, ends[0] - 4), text=text, size=7.2, anchor=Anchor.MIDDLE),
            Label(
                at=(middle, bottom + 11),
                text=str(year),
                size=TEXT,
                ink=Ink.INK_2,
                anchor=Anchor.MIDDLE,
            ),
        ]
    return Drawing(id="years", width=WIDTH, height=166, told=told, shapes=tuple(shapes))


def _foot(names: Iterable[str]) -> float:
    """Return where the bars begin: right of the longest name."""
    return min(NAME_ROOM, max((width_of(each, TEXT) for each in names), default=0.0) + 9)


def _name(text: str, foot: float, y: float, *, link: str = "") -> Label:
    return Label(
        at=(foot - 6, y + 10.4),
        text=shortened(text, TEXT, foot - 7),
        size=TEXT,
        ink=Ink.INK_2,
        anchor=Anchor.END,
        link=link,
    )


def _diamond(x: float, y: float, half: float = 4.5) -> Patch:
    ring = ((x, y - half), (x + half, y), (x, y + half), (x - half, y), (x, y - half))
    return Patch(rings=(ring,), fill=Ink.WARN)


def _signed(value: float) -> str:
    text = fixed(Decimal(repr(value)), 3)
    return f"+{text}" if value > 0 else text
