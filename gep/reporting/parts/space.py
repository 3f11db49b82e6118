"""In space: the map of units, their table, and what is not known."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from gep.accounts.account import WarningCode
from gep.reporting.atlas import Unit, atlas, units_of, warnings_in_place
from gep.reporting.blocks import (
    Block,
    Column,
    Kind,
    Paragraph,
    Picture,
    Points,
    Row,
    Section,
    Span,
    Style,
    Table,
    plain,
)
from gep.reporting.figures import exact_yuan, fixed, million, million_of
from gep.reporting.page import Page, sum_of
from gep.reporting.parts.closing import warning_text
from gep.reporting.subject import Pin, Subject
from kernel.money import Fen

WARNED_IN_PLACE = {
    WarningCode.CLIPPED,
    WarningCode.EMISSION_UNKNOWN,
    WarningCode.GIVEN_LINES,
}


def space_section(page: Page) -> Section:
    """Return the map and its table; where no boundaries are known, that sentence."""
    subject = _with_pins(page)
    if not subject.units:
        none = Paragraph(words=plain(page.say("map.none")))
        return page.section("map", none, *_pins(page, subject.pins))
    units = units_of(subject)
    own = page.account.area.id if subject.is_among_neighbours else ""
    drawing = atlas(units, page.language, _told(page, units), own=own)
    words = page.sentences(page.say("map.note"), *_whose(page, subject))
    return page.section(
        "map",
        Picture(drawing=drawing, caption=page.say("map.title")),
        Paragraph(words=page.note(words)),
        *_pins(page, subject.pins),
        _table(page, units),
    )


def _with_pins(page: Page) -> Subject:
    """Return the subject with the account's own warnings at the units that they are of."""
    subject = page.subject
    said = {
        each.place: warning_text(page, each)
        for each in page.account.warnings
        if each.code in WARNED_IN_PLACE
    }
    pins = warnings_in_place(page.account, subject.units, said)
    return replace(subject, pins=(*subject.pins, *pins))


def _whose(page: Page, subject: Subject) -> Iterator[str]:
    """Yield whose accounts the values are of, where they are not of this one's lines."""
    if subject.is_among_neighbours and len(subject.units) > 1:
        yield page.say("map.among", name=page.account.area.name)
    elif subject.unit_accounts and not subject.is_among_neighbours:
        yield page.say("map.below")


def _pins(page: Page, pins: Sequence[Pin]) -> Iterator[Block]:
    """Yield the warnings of units, and of the area itself."""
    names = {zone.id: zone.name for zone in page.subject.units}
    names.setdefault(page.account.area.id, page.account.area.name)
    colon = "：" if page.language == "zh" else ": "
    items = tuple(
        ("", (Span(text=f"{names[each.unit]}{colon}", style=Style.STRONG), Span(text=each.words)))
        for each in sorted(pins, key=lambda pin: list(names).index(pin.unit))
        if each.unit in names
    )
    if items:
        yield Paragraph(words=(Span(text=page.say("pins"), style=Style.STRONG),))
        yield Points(items=items)


def _told(page: Page, units: tuple[Unit, ...]) -> str:
    known = [(each.density, each.zone.name) for each in units if each.density is not None]
    if not known:
        return page.say("map.told_none", count=str(len(units)))
    highest, lowest = max(known), min(known)
    return page.say(
        "map.told",
        count=str(len(units)),
        known=str(len(known)),
        highest=f"{highest[1]} {million_of(highest[0])}",
        lowest=f"{lowest[1]} {million_of(lowest[0])}",
    )


def _style(page: Page, unit: Unit) -> Style:
    is_own = page.subject.is_among_neighbours and unit.zone.id == page.account.area.id
    return Style.STRONG if is_own else Style.PLAIN


def _rest(page: Page, covered: Fen) -> str:
    """Return what the units leave of the account; nothing where it is one unit among others."""
    subject = page.subject
    rest = Fen(page.account.total - covered)
    if subject.is_among_neighbours or not rest:
        return ""
    name = "map.apart" if subject.unit_accounts else "map.rest"
    return page.say(name, figure=million(rest))


def _table(page: Page, units: tuple[Unit, ...]) -> Table:
    ordered = sorted(units, key=lambda each: (-(each.density or Decimal(-1)), each.zone.id))
    rows = [
        Row(
            cells=(
                (Span(text=each.zone.id, style=Style.CODE),),
                (Span(text=each.zone.name, style=_style(page, each)),),
                plain(fixed(each.km2, 2)),
                plain(page.say("no_data"))
                if each.value is None
                else (Span(text=million(each.value), exact=exact_yuan(each.value)),),
                plain("–" if each.density is None else million_of(each.density)),
                plain("–" if each.level is None else str(each.level)),
            )
        )
        for each in ordered
    ]
    covered = sum_of(each.value for each in units if each.value is not None)
    km2 = sum((each.km2 for each in units), Decimal(0))
    cells = (
        plain(""),
        plain(page.say("map.covered")),
        plain(fixed(km2, 2)),
        plain(million(covered)),
        plain(""),
        plain(""),
    )
    rows.append(Row(cells=cells, kind=Kind.TOTAL))
    return Table(
        caption=page.say("map.caption"),
        columns=(
            Column(title=page.say("unit_id"), width=20),
            Column(title=page.say("unit_name"), width=26),
            Column(title=page.say("area_km2"), width=14, is_number=True),
            Column(title=page.say("value"), width=18, is_number=True),
            Column(title=page.say("per_km2"), width=14, is_number=True),
            Column(title=page.say("class"), width=8, is_number=True),
        ),
        rows=tuple(rows),
        note=page.note(_rest(page, covered)),
        naming=1,
    )
