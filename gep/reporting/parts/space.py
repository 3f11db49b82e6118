"""In space: the map of units, their table, and what is not known."""

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
from gep.reporting.subject import Subject
from kernel.money import Fen

WARNED_IN_PLACE = {
    WarningCode.CLIPPED,
    WarningCode.EMISSION_UNKNOWN,
    WarningCode.GIVEN_LINES,
}


def space_section(page: Page) -> Section:
    """Return the map and its table; where no boundaries are known, that sentence."""
    if not page.subject.units:
        return page.section("map", Paragraph(words=plain(page.say("map.none"))))
    units = units_of(_with_pins(page))
    drawing = atlas(units, page.language, _told(page, units))
    blocks: list[Block] = [
        Picture(drawing=drawing, caption=page.say("map.title")),
        Paragraph(words=page.note(page.say("map.note"))),
    ]
    warned = [unit for unit in units if unit.warnings]
    if warned:
        blocks.append(Paragraph(words=(Span(text=page.say("pins"), style=Style.STRONG),)))
        items = [(unit.zone.name, words) for unit in warned for words in unit.warnings]
        named = tuple(
            ("", (Span(text=f"{name}: ", style=Style.STRONG), Span(text=words)))
            for name, words in items
        )
        blocks.append(Points(items=named))
    blocks.append(_table(page, units))
    return page.section("map", *blocks)


def _with_pins(page: Page) -> Subject:
    """Return the subject with the account's own warnings at the units that they are of."""
    subject = page.subject
    said = {
        each.place: warning_text(page, each)
        for each in page.account.warnings
        if each.code in WARNED_IN_PLACE
    }
    pins = warnings_in_place(page.account, subject.units, said)
    return Subject(
        account=subject.account,
        units=subject.units,
        unit_accounts=subject.unit_accounts,
        pins=(*subject.pins, *pins),
    )


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


def _table(page: Page, units: tuple[Unit, ...]) -> Table:
    ordered = sorted(units, key=lambda each: (-(each.density or Decimal(-1)), each.zone.id))
    rows = [
        Row(
            cells=(
                (Span(text=each.zone.id, style=Style.CODE),),
                plain(each.zone.name),
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
    rest = Fen(page.account.total - covered)
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
        note=page.note(page.say("map.rest", figure=million(rest))) if rest else (),
        naming=1,
    )
