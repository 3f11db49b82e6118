"""The table of services, line by line to its sources, and what stands beside the total."""

from collections.abc import Iterator
from decimal import Decimal

from gep.accounts.account import EXACT, LineItem, sum_of_lines
from gep.accounts.indices import display_difference
from gep.registry.service import Group
from gep.reporting.blocks import (
    Block,
    Column,
    Kind,
    Row,
    Section,
    Span,
    Style,
    Table,
    Words,
    plain,
)
from gep.reporting.figures import (
    exact_yuan,
    fixed,
    hundred_million,
    million,
    number,
    percent,
    rounded,
    rounding_difference,
    unit_words,
)
from gep.reporting.page import Page
from gep.reporting.words import group_words
from kernel.money import Fen

DIGITS = 8
COUNTED = (Group.MATERIAL, Group.REGULATING, Group.CULTURAL)


def services_section(page: Page) -> Section:
    """Return the table of services, what is not counted, and the variants of the total."""
    blocks: list[Block] = [_table(page)]
    apart = [*_of(page, Group.DISSERVICE), *page.account.left_out]
    if apart:
        blocks.append(_apart(page, apart))
    blocks.append(_totals(page))
    return page.section("services", *blocks)


def _table(page: Page) -> Table:
    note = page.say("services.note", flag=page.say("flag"))
    return Table(
        caption=page.say("services.caption", **page.basis),
        columns=_columns(page),
        rows=tuple(_rows(page)),
        note=page.note(note),
        naming=1,
    )


def _columns(page: Page) -> tuple[Column, ...]:
    return (
        Column(title=page.say("code"), width=5.5),
        Column(title=page.say("service"), width=22),
        Column(title=page.say("quantity"), width=13.5, is_number=True),
        Column(title=page.say("unit"), width=8),
        Column(title=page.say("price"), width=11, is_number=True),
        Column(title=page.say("basis"), width=8),
        Column(title=page.say("value"), width=12, is_number=True),
        Column(title=page.say("share"), width=8, is_number=True),
        Column(title=page.say("source_column"), width=12),
    )


def _rows(page: Page) -> Iterator[Row]:
    account = page.account
    for group in COUNTED:
        lines = [each for each in _of(page, group) if each.is_counted]
        if not lines:
            continue
        name = group_words(group, page.language)
        yield Row(cells=(plain(name),), kind=Kind.GROUP)
        for line in lines:
            yield _line(page, line)
        subtotal = account.subtotals[group]
        yield _sum(page, page.say("subtotal", group=name), subtotal, anchor=f"group-{group.value}")
        yield from _difference(page, rounding_difference((x.value for x in lines), subtotal))
    if account.deduction:
        yield _sum(page, page.say("deduction"), Fen(-account.deduction), anchor="deduction")
    words = page.say("total_row", product=account.product_zh)
    yield _sum(page, words, account.total, anchor="total", kind=Kind.TOTAL)
    yield from _difference(page, display_difference(account))


def _difference(page: Page, difference: Decimal) -> Iterator[Row]:
    if difference:
        words = page.say("rounding", figure=fixed(difference, 4))
        yield Row(cells=(page.note(words),), kind=Kind.NOTE)


def _line(page: Page, line: LineItem) -> Row:
    basis = "" if line.basis is None else page.say(f"basis.short.{line.basis.value}")
    return Row(
        cells=(
            plain(line.service),
            page.line_words(line),
            _quantity(page, line),
            plain("" if line.unit is None else unit_words(line.unit, page.language)),
            plain("") if line.price is None else _exact(rounded(line.price, DIGITS), line.price),
            plain(basis),
            _money(line.value),
            plain(_share(page, line.value) if line.is_counted else ""),
            (*page.source_links(page.sources.of_line(line)), *_flags(page, line)),
        ),
        anchor=page.line_anchor(line.id),
    )


def _quantity(page: Page, line: LineItem) -> Words:
    if line.quantity is None:
        return page.note(page.say("given"))
    return _exact(rounded(line.quantity, DIGITS), line.quantity)


def _flags(page: Page, line: LineItem) -> Iterator[Span]:
    found = page.sources.of_line(line)
    if any(each.is_unchecked for each in found):
        yield from (Span(text="\n"), Span(text=page.say("flag"), style=Style.FLAG))
    if any(each.used.override is not None for each in found):
        yield Span(text="\n")
        yield Span(text=page.say("flag_overridden"), style=Style.FLAG, link="overrides")


def _sum(page: Page, words: str, value: Fen, *, anchor: str, kind: Kind = Kind.SUBTOTAL) -> Row:
    empty = plain("")
    cells = (
        empty,
        (Span(text=words, style=Style.STRONG),),
        *([empty] * 4),
        (Span(text=million(value), style=Style.STRONG, exact=exact_yuan(value)),),
        plain(_share(page, value)),
        empty,
    )
    return Row(cells=cells, kind=kind, anchor=anchor)


def _apart(page: Page, lines: list[LineItem]) -> Table:
    rows = []
    for line in lines:
        row = _line(page, line)
        is_left = line.group is not Group.DISSERVICE
        kind = page.say("left_out") if is_left else group_words(line.group, page.language)
        name = (*row.cells[1], Span(text=f" {kind}", style=Style.NOTE))
        rows.append(Row(cells=(row.cells[0], name, *row.cells[2:]), anchor=row.anchor))
    return Table(
        caption=page.say("apart.caption"), columns=_columns(page), rows=tuple(rows), naming=1
    )


def _totals(page: Page) -> Table:
    account = page.account
    rows = [(page.say("total_row", product=account.product_zh), account.total, Kind.TOTAL)]
    if account.disservices:
        rows.append((page.say("disservices"), account.disservices, Kind.PLAIN))
        rows.append((page.say("net"), account.net_of_disservices, Kind.PLAIN))
    if account.left_out:
        rows.append((page.say("left_out"), sum_of_lines(account.left_out), Kind.PLAIN))
    if account.overrides:
        without = account.total_without_overrides
        rows.append((page.say("without_overrides"), without, Kind.PLAIN))
    basis = page.say("prices_of", **page.basis)
    return Table(
        caption=page.say("totals.caption"),
        columns=(
            Column(title=page.say("item"), width=40),
            Column(title=page.say("million_yuan"), width=16, is_number=True),
            Column(title="亿元" if page.language == "zh" else "1e8 yuan", width=14, is_number=True),
            Column(title=page.say("price_basis"), width=30),
        ),
        rows=tuple(
            Row(
                cells=(plain(name), _money(value), plain(hundred_million(value)), plain(basis)),
                kind=kind,
            )
            for name, value, kind in rows
        ),
    )


def _of(page: Page, group: Group) -> list[LineItem]:
    return [each for each in page.account.lines if each.group is group]


def _share(page: Page, value: Fen) -> str:
    total = page.account.total
    return percent(EXACT.divide(Decimal(value), Decimal(total)) if total > 0 else None)


def _money(value: Fen) -> Words:
    return (Span(text=million(value), exact=exact_yuan(value)),)


def _exact(shown: str, value: Decimal) -> Words:
    return (Span(text=shown, exact=number(value)),)
