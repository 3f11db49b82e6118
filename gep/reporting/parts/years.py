"""What years show: the change from the base year by cause, and the course of several years."""

from collections.abc import Iterator
from decimal import Decimal

from gep.accounts.account import yuan_of
from gep.accounts.comparing import Broken, Comparison
from gep.accounts.trend import Trend, course_of, trend_of
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
    Words,
    plain,
)
from gep.reporting.charts import years
from gep.reporting.code_words import BREAKS
from gep.reporting.figures import (
    changed,
    changed_percent,
    exact_yuan,
    fixed,
    million,
    million_of,
    number,
    percent,
    rounding_difference,
)
from gep.reporting.page import Page
from gep.reporting.waterfall import waterfall
from gep.reporting.words import chosen, group_words
from kernel.money import Fen

YEARS_MIN = 2


def change_section(page: Page) -> Section | None:
    """Return the change from the base account; None where there is no base."""
    found = page.comparison
    if found is None:
        return None
    picture = Picture(
        drawing=waterfall(found, page.language), caption=page.say("waterfall", **_years(found))
    )
    return page.section(
        "change", picture, _sentence(page, found), *_comparable(page, found), _table(page, found)
    )


def trend_section(page: Page) -> Section | None:
    """Return the course of the years; None where there is one alone."""
    accounts = {each.year: each for each in (*page.subject.series, page.account)}
    if len(accounts) < YEARS_MIN:
        return None
    course = course_of(list(accounts.values()))
    totals = {year: each.constant_total for year, each in course.items()}
    found = trend_of({year: float(yuan_of(each)) for year, each in totals.items()})
    first, last = min(totals), max(totals)
    told = page.say(
        "trend.told",
        first=str(first),
        start=million(totals[first]),
        last=str(last),
        end=million(totals[last]),
    )
    picture = Picture(drawing=years(totals, told), caption=page.say("trend.title", year=str(first)))
    table = Table(
        caption=page.say("trend.caption"),
        columns=(
            Column(title=page.say("year"), width=10),
            Column(title=page.say("constant"), width=18, is_number=True),
            Column(title=page.say("current"), width=18, is_number=True),
            Column(title=page.say("year_on_year"), width=14, is_number=True),
            Column(title=page.say("break_column"), width=40),
        ),
        rows=tuple(_year(page, year, each, found=found) for year, each in sorted(course.items())),
    )
    return page.section("trend", picture, *_course(page, found), table)


def _years(found: Comparison) -> dict[str, str]:
    return {"base": str(found.base.year), "current": str(found.current.year)}


def _sentence(page: Page, found: Comparison) -> Paragraph:
    growth = (
        page.say("growth.none")
        if found.growth is None
        else page.say("growth.of", figure=changed_percent(found.growth))
    )
    words = page.say(
        "growth.sentence",
        **_years(found),
        constant=million(found.constant_total),
        growth=growth,
        now=million(found.current.total),
    )
    deflated = [
        page.say("deflated", group=group_words(group, page.language), figure=number(index))
        for group, index in page.subject.deflators.items()
    ]
    told: Words = plain(page.sentences(words, *deflated))
    if found.has_declined(page.subject.decline):
        figure = percent(page.subject.decline, decimals=0)
        told = (
            *told,
            Span(text=" "),
            Span(text=page.say("declined", figure=figure), style=Style.FLAG),
        )
    return Paragraph(words=told)


def _comparable(page: Page, found: Comparison) -> Iterator[Block]:
    if not found.breaks:
        yield Paragraph(words=plain(page.say("no_breaks")))
        return
    yield Paragraph(words=(Span(text=page.say("breaks"), style=Style.FLAG),))
    yield Points(items=tuple(("", plain(_break(page, each))) for each in found.breaks))


def _break(page: Page, broken: Broken) -> str:
    return chosen(BREAKS[broken.code], page.language).format(place=broken.place)


def _table(page: Page, found: Comparison) -> Table:
    base, current = found.base, found.current
    rows = [
        Row(
            cells=(
                plain(each.service),
                (
                    Span(text=f"{page.service(each.service)} "),
                    Span(text=each.line, style=Style.CODE, link=page.line_anchor(each.line)),
                ),
                _money(each.base),
                _changed(each.quantity_effect),
                _changed(each.price_effect),
                _changed(Fen(each.current - each.base)),
                _money(each.current),
            )
        )
        for each in found.changes
    ]
    if base.deduction or current.deduction:
        change = Fen(base.deduction - current.deduction)
        cells = (
            plain(""),
            plain(page.say("deduction")),
            _money(Fen(-base.deduction)),
            _changed(change),
            _changed(Fen(0)),
            _changed(change),
            _money(Fen(-current.deduction)),
        )
        rows.append(Row(cells=cells))
    total = page.say("total_row", product=current.product_zh)
    rows.append(
        Row(
            cells=(
                plain(""),
                (Span(text=total, style=Style.STRONG),),
                _money(base.total),
                _changed(found.quantity_effect),
                _changed(found.price_effect),
                _changed(Fen(current.total - base.total)),
                _money(current.total),
            ),
            kind=Kind.TOTAL,
        )
    )
    return Table(
        caption=page.say("change.caption", **_years(found)),
        columns=(
            Column(title=page.say("code"), width=6),
            Column(title=page.say("line"), width=29),
            Column(title=page.say("base_value", year=str(base.year)), width=13, is_number=True),
            Column(title=page.say("quantity_effect"), width=13, is_number=True),
            Column(title=page.say("price_effect"), width=13, is_number=True),
            Column(title=page.say("change_column"), width=13, is_number=True),
            Column(
                title=page.say("current_value", year=str(current.year)), width=13, is_number=True
            ),
        ),
        rows=tuple(rows),
        note=_difference(page, found),
        naming=1,
    )


def _difference(page: Page, found: Comparison) -> Words:
    """Say by how much shown figures miss their shown sums, the worst of the columns."""
    deducted = Fen(found.base.deduction - found.current.deduction)
    columns = (
        ([*(each.base for each in found.changes), Fen(-found.base.deduction)], found.base.total),
        ([*(each.quantity_effect for each in found.changes), deducted], found.quantity_effect),
        ([each.price_effect for each in found.changes], found.price_effect),
        (
            [*(each.current for each in found.changes), Fen(-found.current.deduction)],
            found.current.total,
        ),
    )
    worst = max((rounding_difference(parts, total) for parts, total in columns), key=abs)
    return page.note(page.say("rounding", figure=fixed(worst, 4))) if worst else ()


def _course(page: Page, found: Trend) -> Iterator[Block]:
    words = []
    if found.growth_a_year is not None:
        figure = changed_percent(Decimal(repr(found.growth_a_year)))
        words.append(page.say("growth_a_year", figure=figure))
    if found.slope is None or found.p_value is None:
        words.append(page.say("no_trend"))
    else:
        slope = million_of(Decimal(repr(found.slope)))
        p_value = fixed(Decimal(repr(found.p_value)), 4)
        statistic = str(found.statistic).replace("-", "\u2212")
        words.append(page.say("slope", figure=slope, statistic=statistic, p=p_value))
    yield Paragraph(words=plain(page.sentences(*words)))


def _year(page: Page, year: int, each: Comparison, *, found: Trend) -> Row:
    change = found.year_on_year.get(year)
    breaks = "; ".join(_break(page, broken) for broken in each.breaks)
    return Row(
        cells=(
            plain(str(year)),
            _money(each.constant_total),
            _money(each.current.total),
            plain("–" if change is None else changed_percent(Decimal(repr(change)))),
            page.note(breaks),
        )
    )


def _money(value: Fen) -> Words:
    return (Span(text=million(value), exact=exact_yuan(value)),)


def _changed(value: Fen) -> Words:
    return (Span(text=changed(value), exact=exact_yuan(value)),)
