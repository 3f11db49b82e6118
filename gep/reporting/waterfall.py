"""The waterfall of a year's change: total, quantities at base prices, total, prices, total.

1. Every bar begins where the one before it ended, and totals stand on the axis: the bars are the
   comparison's own sums, exact to the fen.
2. Ten bars at most. What is smaller is put together in one bar, and every line stands in the table.
3. Where the changes are small against the totals, the axis is cut, and that is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gep.accounts.account import yuan_of
from gep.accounts.comparing import Comparison
from gep.reporting.figures import changed, million
from gep.reporting.scales import axis_words, in_millions, millions, step_of, wrapped
from gep.reporting.service_names import short_name
from gep.reporting.shapes import Anchor, Box, Drawing, Ink, Label, Line, Patch, Shape
from gep.reporting.words import Language, word
from kernel.money import Fen

WIDTH, HEIGHT = 500.0, 240.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 496.0, 20.0, 172.0
QUANTITIES_MAX, PRICES_MAX = 4, 3
CUT_FROM = 0.4  # a cut axis where all bars end above this share of the highest
LABEL, SMALL = 7.2, 6.8
DEDUCTION = "deduction"


class Cause(StrEnum):
    """What a bar is."""

    TOTAL = "total"
    QUANTITY = "quantity"
    PRICE = "price"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar, from where to where in fen; a total begins at 0."""

    name: str
    cause: Cause
    start: Fen
    end: Fen

    @property
    def change(self) -> Fen:
        """By how much it changes the total."""
        return Fen(self.end - self.start)


def bars_of(found: Comparison, language: Language) -> tuple[Bar, ...]:
    """Return the bars of a comparison, by service."""
    quantities: dict[str, int] = {}
    prices: dict[str, int] = {}
    for each in found.changes:
        quantities[each.service] = quantities.get(each.service, 0) + each.quantity_effect
        prices[each.service] = prices.get(each.service, 0) + each.price_effect
    quantities[DEDUCTION] = found.base.deduction - found.current.deduction
    years = {"base": str(found.base.year), "current": str(found.current.year)}
    base = _total(word("year_total", language, year=years["base"]), found.base.total)
    middle = _total(word("at_base_prices", language, **years), found.constant_total)
    last = _total(word("year_total", language, year=years["current"]), found.current.total)
    return (
        base,
        *_steps(quantities, Cause.QUANTITY, start=base.end, language=language),
        middle,
        *_steps(prices, Cause.PRICE, start=middle.end, language=language),
        last,
    )


def waterfall(found: Comparison, language: Language) -> Drawing:
    """Draw the bars of a comparison."""
    bars = bars_of(found, language)
    low, high, step = _reach(bars)
    shapes = [*_axis(low, high, step), *_bars(bars, low, high), *_causes(bars, language)]
    if low > 0:
        said = word("waterfall.cut", language, figure=axis_words(low, step))
        shapes.append(Label(at=(LEFT, HEIGHT - 3), text=said, size=SMALL, ink=Ink.INK_3))
    told = word(
        "waterfall.told",
        language,
        base=million(found.base.total),
        current=million(found.current.total),
        quantity=changed(found.quantity_effect),
        price=changed(found.price_effect),
    )
    return Drawing(id="waterfall", width=WIDTH, height=HEIGHT, told=told, shapes=tuple(shapes))


def _total(name: str, value: Fen) -> Bar:
    return Bar(name=name, cause=Cause.TOTAL, start=Fen(0), end=value)


def _steps(
    effects: Mapping[str, int], cause: Cause, *, start: Fen, language: Language
) -> list[Bar]:
    most = QUANTITIES_MAX if cause is Cause.QUANTITY else PRICES_MAX
    found = {name: effect for name, effect in effects.items() if effect}
    ordered = sorted(found, key=lambda name: (-abs(found[name]), name))
    kept = ordered if len(ordered) <= most else ordered[: most - 1]
    named = [(_name(name, language), found[name]) for name in kept]
    rest = ordered[len(kept) :]
    if rest:
        others = word("other_services", language, count=str(len(rest)))
        named.append((others, sum(found[name] for name in rest)))
    bars = []
    for name, effect in named:
        end = Fen(start + effect)
        bars.append(Bar(name=name, cause=cause, start=start, end=end))
        start = end
    return bars


def _name(service: str, language: Language) -> str:
    if service == DEDUCTION:
        return word("deduction_change", language)
    return short_name(service, language)


def _reach(bars: tuple[Bar, ...]) -> tuple[float, float, float]:
    """Return where the axis begins and ends, in millions, and its step."""
    ends = [_million(each.end) for each in bars]
    highest, lowest = max(*ends, 0.0), min(ends)
    low = 0.0 if lowest >= 0 else lowest
    if lowest > CUT_FROM * highest > 0:
        low = max(0.0, lowest - 0.45 * max(highest - lowest, 0.02 * highest))
    step = step_of((highest - low) or 1.0, 4)
    low = step * (low // step)
    return low, max(highest, low + step), step


def _axis(low: float, high: float, step: float) -> list[Shape]:
    shapes: list[Shape] = []
    value = low
    while value <= high * (1 + 1e-9):
        y = _y(value, low, high)
        shapes.append(Line(start=(LEFT, y), end=(RIGHT, y), ink=Ink.LINE))
        text = axis_words(value, step)
        shapes.append(
            Label(at=(LEFT - 5, y + 2.5), text=text, size=LABEL, ink=Ink.INK_3, anchor=Anchor.END)
        )
        value += step
    return shapes


def _bars(bars: tuple[Bar, ...], low: float, high: float) -> list[Shape]:
    slot = (RIGHT - LEFT) / len(bars)
    width = min(slot * 0.66, 40.0)
    shown = [each.end if each.cause is Cause.TOTAL else each.change for each in bars]
    decimals = millions(shown, size=LABEL, room=slot - 2)
    shapes: list[Shape] = []
    for number, (bar, figure) in enumerate(zip(bars, shown, strict=True)):
        left = LEFT + slot * number + (slot - width) / 2
        middle = left + width / 2
        is_total = bar.cause is Cause.TOTAL
        start = max(low, 0.0) if is_total else _million(bar.start)
        ends = sorted((_y(start, low, high), _y(_million(bar.end), low, high)))
        box_height = max(ends[1] - ends[0], 0.8)
        is_down = not is_total and figure < 0
        fill = Ink.LINE_STRONG if is_total else Ink.DEDUCTED if is_down else Ink.ADDED
        text = in_millions(figure, decimals)
        shapes.append(
            Box(
                x=left,
                y=ends[0],
                width=width,
                height=box_height,
                fill=fill,
                is_hatched=is_down,
                note=f"{bar.name.replace(chr(10), ' ')} {text}",
            )
        )
        if is_total and low > 0:
            shapes.append(_cut(left, width))
        if number + 1 < len(bars):
            y = _y(_million(bar.end), low, high)
            shapes.append(
                Line(start=(left + width, y), end=(left + slot, y), ink=Ink.LINE_STRONG, width=0.5)
            )
        signed = text if is_total or figure <= 0 else f"+{text}"
        shapes.append(
            Label(
                at=(middle, ends[0] - 4),
                text=signed,
                size=LABEL,
                anchor=Anchor.MIDDLE,
                is_strong=is_total,
                halo=Ink.SURFACE,
            )
        )
        for row, line in enumerate(wrapped(bar.name, SMALL, slot - 2)):
            at = (middle, BOTTOM + 11 + 8.6 * row)
            shapes.append(Label(at=at, text=line, size=SMALL, ink=Ink.INK_2, anchor=Anchor.MIDDLE))
    shapes.append(Line(start=(LEFT, BOTTOM), end=(RIGHT, BOTTOM), ink=Ink.LINE_STRONG))
    return shapes


def _cut(left: float, width: float) -> Patch:
    """Return the white wave across a bar whose foot is not at zero."""
    y, teeth = BOTTOM - 9, 4
    above = [(left - 1 + (width + 2) * n / teeth, y - 2 + 3 * (n % 2)) for n in range(teeth + 1)]
    below = [(x, top + 3) for x, top in reversed(above)]
    return Patch(rings=((*above, *below, above[0]),), fill=Ink.SURFACE)


def _causes(bars: tuple[Bar, ...], language: Language) -> list[Shape]:
    """Return the braces under the bars of one cause, with their sum."""
    slot = (RIGHT - LEFT) / len(bars)
    shapes: list[Shape] = []
    for cause, name in ((Cause.QUANTITY, "quantity_effect"), (Cause.PRICE, "price_effect")):
        places = [number for number, each in enumerate(bars) if each.cause is cause]
        if not places:
            continue
        left, right = LEFT + slot * places[0] + 4, LEFT + slot * (places[-1] + 1) - 4
        y = BOTTOM + 39
        total = sum(bars[number].change for number in places)
        shapes += [
            Line(start=(left, y), end=(right, y), ink=Ink.LINE_STRONG),
            Line(start=(left, y), end=(left, y - 3), ink=Ink.LINE_STRONG),
            Line(start=(right, y), end=(right, y - 3), ink=Ink.LINE_STRONG),
            Label(
                at=((left + right) / 2, y + 9),
                text=f"{word(name, language)} {changed(total)}",
                size=LABEL,
                anchor=Anchor.MIDDLE,
                is_strong=True,
            ),
        ]
    return shapes


def _y(value: float, low: float, high: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low)


def _million(fen: int) -> float:
    return float(yuan_of(fen)) / 1e6
