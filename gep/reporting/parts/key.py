"""Key figures: the total, what it is by area, head and GDP, and what its services make of it."""

from collections.abc import Iterator
from decimal import Decimal

from gep.accounts.account import EXACT
from gep.accounts.indices import indices_of
from gep.registry.service import Group
from gep.reporting.blocks import Block, Paragraph, Picture, Section, Tile, Tiles
from gep.reporting.charts import Part, composition
from gep.reporting.figures import (
    changed,
    changed_percent,
    exact_yuan,
    fixed,
    hundred_million,
    million,
    million_of,
    number,
    percent,
)
from gep.reporting.page import Page
from gep.reporting.service_names import short_name


def key_section(page: Page) -> Section:
    """Return the key figures, with a picture of what the total is made of."""
    blocks: list[Block] = [Tiles(tiles=tuple(_tiles(page)))]
    area = page.account.area
    told = page.say(
        "area.sentence",
        name=area.name,
        id=area.id,
        kind=page.say(f"area.{area.kind.value}"),
        figure=number(area.km2),
    )
    blocks.append(Paragraph(words=page.note(told)))
    missing = [
        page.say(name)
        for name, value in (("population", area.population), ("gdp", area.gdp_yuan))
        if value is None
    ]
    if missing:
        between = "、" if page.language == "zh" else ", "
        words = page.say("unknown_index", names=between.join(missing))
        blocks.append(Paragraph(words=page.note(words)))
    picture = _composition(page)
    if picture is not None:
        blocks.append(picture)
    return page.section("key", *blocks)


def _tiles(page: Page) -> Iterator[Tile]:
    account, found = page.account, indices_of(page.account)
    area = account.area
    yield Tile(
        label=page.product,
        figure=million(account.total),
        unit=page.say("million_yuan"),
        context=page.say("in_hundred_million", figure=hundred_million(account.total), **page.basis),
        link="total",
        exact=exact_yuan(account.total),
    )
    yield Tile(
        label=page.say("per_km2"),
        figure=million_of(found.per_km2_yuan),
        unit=page.say("per_km2.unit"),
        context=page.say("per_km2.context", figure=number(area.km2)),
        link="total",
    )
    if found.per_head_yuan is not None and area.population is not None:
        yield Tile(
            label=page.say("per_head"),
            figure=fixed(found.per_head_yuan, 2),
            unit=page.say("per_head.unit"),
            context=page.say("per_head.context", figure=number(Decimal(area.population))),
            link="total",
        )
    if found.gep_to_gdp is not None and area.gdp_yuan is not None:
        yield Tile(
            label=page.say("to_gdp"),
            figure=fixed(found.gep_to_gdp, 4),
            unit="",
            context=page.say("to_gdp.context", figure=million_of(area.gdp_yuan)),
            link="total",
        )
    yield Tile(
        label=page.say("regulating_share"),
        figure=percent(found.regulating_share),
        unit="",
        context=page.say(
            "regulating_share.context", figure=million(account.subtotals[Group.REGULATING])
        ),
        link="group-regulating",
    )
    yield Tile(
        label=page.say("conversion"),
        figure=million(found.conversion),
        unit=page.say("million_yuan"),
        context=page.say("conversion.context", share=percent(found.realised)),
        link="total",
        exact=exact_yuan(found.conversion),
    )
    compared = page.comparison
    if compared is not None and compared.growth is not None:
        now = account.total - compared.base.total
        yield Tile(
            label=page.say("growth"),
            figure=changed_percent(compared.growth),
            unit="",
            context=page.say("growth.context", year=str(compared.base.year), figure=changed(now)),
            link="change",
        )


def _composition(page: Page) -> Picture | None:
    account = page.account
    values = account.by_service
    if not values or account.total <= 0:
        return None
    parts = [
        Part(
            name=f"{code} {short_name(code, page.language)}",
            value=value,
            share=EXACT.divide(Decimal(value), Decimal(account.total)),
            link=page.line_anchor(next(each.id for each in account.lines if each.service == code)),
        )
        for code, value in values.items()
    ]
    largest = max(parts, key=lambda each: each.value)
    told = page.say(
        "composition.told",
        count=str(len(parts)),
        largest=largest.name,
        figure=million(largest.value),
        share=percent(largest.share),
    )
    caption = page.say("composition", **page.basis)
    return Picture(drawing=composition(parts, told), caption=caption)
