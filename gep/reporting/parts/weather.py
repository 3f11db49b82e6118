"""The total at five-year mean weather, beside the account's own, and what makes the difference."""

from collections.abc import Iterator

from gep.accounts.account import EXACT
from gep.accounts.weather import Weather, compared_at_mean
from gep.reporting.blocks import (
    Block,
    Column,
    Kind,
    Paragraph,
    Row,
    Section,
    Span,
    Style,
    Table,
    Words,
    plain,
)
from gep.reporting.figures import (
    changed,
    changed_number,
    changed_percent,
    exact_yuan,
    million,
    number,
    unit_words,
)
from gep.reporting.page import Page
from kernel.money import Fen


def weather_section(page: Page) -> Section | None:
    """Return the total at mean weather; None where no input has a mean."""
    found = page.subject.weather
    if found is None:
        return None
    sentence = page.say(
        "weather.sentence",
        figure=million(found.mean.total),
        difference=changed(found.difference),
        **page.basis,
    )
    told = page.sentences(sentence, *_growth(page, found))
    blocks: list[Block] = [Paragraph(words=plain(told))]
    if found.as_observed:
        before, _, after = page.say("weather.as_observed", lines="\0").partition("\0")
        lines = page.line_links(found.as_observed)
        blocks.append(Paragraph(words=(*plain(before), *lines, *plain(after))))
    return page.section("weather", *blocks, _inputs(page, found), _lines(page, found))


def _growth(page: Page, found: Weather) -> Iterator[str]:
    base = page.subject.base_weather
    if base is None:
        return
    growth = compared_at_mean(base, found).growth
    if growth is not None:
        figure = changed_percent(growth)
        yield page.say("weather.growth", year=str(base.own.year), figure=figure)


def _inputs(page: Page, found: Weather) -> Table:
    return Table(
        caption=page.say("weather.inputs"),
        columns=(
            Column(title=page.say("name"), width=32),
            Column(title=page.say("unit"), width=14),
            Column(title=page.say("own_weather"), width=18, is_number=True),
            Column(title=page.say("mean_weather"), width=18, is_number=True),
            Column(title=page.say("weather.difference"), width=18, is_number=True),
        ),
        rows=tuple(
            Row(
                cells=(
                    page.figure_link(each.name),
                    plain(unit_words(each.unit, page.language)),
                    plain(number(each.own)),
                    plain(number(each.mean)),
                    plain(changed_number(EXACT.subtract(each.own, each.mean))),
                )
            )
            for each in found.inputs
        ),
    )


def _lines(page: Page, found: Weather) -> Table:
    rows = [
        Row(
            cells=(
                plain(each.service),
                (
                    Span(text=f"{page.service(each.service)} "),
                    Span(text=each.line, style=Style.CODE, link=page.line_anchor(each.line)),
                ),
                *_figures(each.own, each.mean),
            )
        )
        for each in found.swings
    ]
    total = page.say("total_row", product=found.own.product_zh)
    figures = _figures(found.own.total, found.mean.total)
    cells = (plain(""), (Span(text=total, style=Style.STRONG),), *figures)
    rows.append(Row(cells=cells, kind=Kind.TOTAL))
    return Table(
        caption=page.say("weather.lines"),
        columns=(
            Column(title=page.say("code"), width=8),
            Column(title=page.say("service"), width=38),
            Column(title=page.say("own_weather"), width=18, is_number=True),
            Column(title=page.say("mean_weather"), width=18, is_number=True),
            Column(title=page.say("weather.difference"), width=18, is_number=True),
        ),
        rows=tuple(rows),
        naming=1,
    )


def _figures(own: Fen, mean: Fen) -> tuple[Words, Words, Words]:
    difference = Fen(own - mean)
    return (
        (Span(text=million(own), exact=exact_yuan(own)),),
        (Span(text=million(mean), exact=exact_yuan(mean)),),
        (Span(text=changed(difference), exact=exact_yuan(difference)),),
    )
