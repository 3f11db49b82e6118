"""How far the total may be off: its quantiles, and the figures that move it most."""

from decimal import Decimal

from gep.reporting.blocks import Column, Paragraph, Picture, Row, Section, Span, Table, plain
from gep.reporting.charts import distribution, tornado
from gep.reporting.figures import (
    changed,
    exact_yuan,
    fixed,
    million,
    number,
    percent,
    unit_words,
)
from gep.reporting.page import Page
from kernel.money import Fen


def doubt_section(page: Page) -> Section | None:
    """Return the range of the total, or why there is none; None where no plan was at hand."""
    found, refused = page.subject.uncertainty, page.subject.range_refused
    if refused:
        said = page.say("range.refused", why=refused)
        return page.section("uncertainty", Paragraph(words=plain(said)))
    if found is None:
        return None
    if not found.doubted:
        return page.section("uncertainty", Paragraph(words=plain(page.say("range.none"))))
    total = page.account.total
    told = page.say(
        "range.told", low=million(found.p10), high=million(found.p90), middle=million(found.p50)
    )
    drawn = distribution(found, total, central=page.say("central"), told=told)
    first = found.drivers[0]
    strongest = page.say(
        "tornado.told",
        name=first.name,
        share=percent(Decimal(repr(first.share)), decimals=1),
    )
    names = {each.name: each.name for each in found.drivers}
    sentence = page.say(
        "range.sentence",
        doubted=str(found.doubted),
        draws=number(Decimal(found.draws)),
        seed=str(found.seed),
    )
    quantiles = (("P10", found.p10), ("P50", found.p50), ("P90", found.p90))
    return page.section(
        "uncertainty",
        Picture(drawing=drawn, caption=page.say("range", **page.basis)),
        Paragraph(words=plain(page.sentences(told, sentence))),
        _quantiles(page, quantiles),
        Picture(drawing=tornado(found, names, strongest), caption=page.say("tornado")),
        _drivers(page),
    )


def _quantiles(page: Page, quantiles: tuple[tuple[str, Fen], ...]) -> Table:
    return Table(
        caption=page.say("range.caption"),
        columns=(
            Column(title=page.say("quantile"), width=30),
            Column(title=page.say("million_yuan"), width=35, is_number=True),
            Column(title=page.say("to_account"), width=35, is_number=True),
        ),
        rows=tuple(
            Row(
                cells=(
                    plain(name),
                    (Span(text=million(value), exact=exact_yuan(value)),),
                    plain(changed(value - page.account.total)),
                )
            )
            for name, value in quantiles
        ),
    )


def _drivers(page: Page) -> Table:
    found = page.subject.uncertainty
    assert found is not None, "no drivers without draws"
    return Table(
        caption=page.say("drivers.caption"),
        columns=(
            Column(title=page.say("driver"), width=36),
            Column(title=page.say("low"), width=12, is_number=True),
            Column(title=page.say("middle"), width=12, is_number=True),
            Column(title=page.say("high"), width=12, is_number=True),
            Column(title=page.say("unit"), width=10),
            Column(title=page.say("correlation"), width=10, is_number=True),
            Column(title=page.say("driver_share"), width=8, is_number=True),
        ),
        rows=tuple(
            Row(
                cells=(
                    page.figure_link(each.name),
                    plain(number(each.low)),
                    plain(number(each.central)),
                    plain(number(each.high)),
                    plain(unit_words(each.unit, page.language)),
                    plain(fixed(Decimal(repr(each.correlation)), 3)),
                    plain(percent(Decimal(repr(each.share)), decimals=1)),
                )
            )
            for each in found.drivers
        ),
    )
