"""Stocks of natural resources: opening, what was added and taken by cause, closing."""

from collections.abc import Iterator

from gep.accounts.stocks import Stock
from gep.reporting.blocks import Column, Row, Section, Span, Style, Table, plain
from gep.reporting.figures import changed_number, number, unit_words
from gep.reporting.page import Page

CAUSE = "\u2013 "


def stocks_section(page: Page) -> Section | None:
    """Return the account's stocks; None where it has none."""
    if not page.account.stocks:
        return None
    table = Table(
        caption=page.say("stocks.caption"),
        columns=(
            Column(title=page.say("resource"), width=22),
            Column(title=page.say("unit"), width=6),
            Column(title=page.say("opening"), width=13, is_number=True),
            Column(title=page.say("added"), width=12, is_number=True),
            Column(title=page.say("taken"), width=12, is_number=True),
            Column(title=page.say("closing"), width=13, is_number=True),
            Column(title=page.say("source"), width=22),
        ),
        rows=tuple(row for each in page.account.stocks for row in _rows(page, each)),
        note=page.note(page.say("stocks.note")),
    )
    return page.section("stocks", table)


def _rows(page: Page, stock: Stock) -> Iterator[Row]:
    unit = plain(unit_words(stock.unit, page.language))
    yield Row(
        cells=(
            (Span(text=stock.resource, style=Style.STRONG),),
            unit,
            plain(number(stock.opening)),
            plain(changed_number(stock.added)),
            plain(changed_number(-stock.taken)),
            plain(number(stock.closing)),
            plain(stock.source),
        )
    )
    nothing = plain("")
    for cause, figure in stock.additions.items():
        cells = (plain(f"{CAUSE}{cause}"), nothing, nothing, plain(changed_number(figure)))
        yield Row(cells=(*cells, nothing, nothing, nothing))
    for cause, figure in stock.reductions.items():
        cells = (plain(f"{CAUSE}{cause}"), nothing, nothing, nothing)
        yield Row(cells=(*cells, plain(changed_number(-figure)), nothing, nothing))
