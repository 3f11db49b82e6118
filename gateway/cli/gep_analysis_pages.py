"""What people read of contributions, stocks, weather and sensitivity at a terminal."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

import typer

from gateway.cli.credit import Language
from gateway.cli.gep_analysis_words import gap_words, said
from gateway.cli.gep_words import code_words, word
from gep.accounts.account import Account, yuan_of
from gep.accounts.comparing import Comparison
from gep.accounts.contribution import Contribution, Part, change_of
from gep.accounts.indices import in_million, indices_document, indices_of
from gep.accounts.plan import Plan
from gep.accounts.recomputing import Recomputation
from gep.accounts.sensitivity import Sensitivities
from gep.accounts.stock_years import StockCourse
from gep.accounts.stocks import Stock
from gep.accounts.weather import Weather, compared_at_mean, has_means, weather_of
from gep.measures import PLAIN
from gep.registry.service import Group, Service
from gep.registry.shipped import services


def show_contribution(found: Contribution, *, lang: Language) -> None:
    """Print the shares of areas, services and groups in a year."""
    names = {each.area.id: each.area.name for each in found.accounts}
    _say(f"{found.year}, {word('million yuan', lang)}")
    _say(said("areas", lang))
    for part in found.areas:
        _share(part, f"{part.name} {names[part.name]}")
    if found.rest is not None:
        _share(found.rest, said("rest", lang))
    _share(Part(name="", value=found.total, share=Decimal(1)), said("whole", lang))
    _say(said("services", lang))
    for part in found.services:
        _share(part, _service(part.name, lang))
    _deduction(found.deduction, lang)
    _say(said("groups", lang))
    for part in found.groups:
        _share(part, word(part.name, lang))
    _deduction(found.deduction, lang)
    for each in found.differing:
        _say(f"{word('warning', lang)}: {said('differ', lang)} {each}")


def show_change(found: Comparison, *, lang: Language) -> None:
    """Print what each service gave to a change."""
    base, current = found.base, found.current
    _say(f"{base.id} -> {current.id}, {word('million yuan', lang)}: {said('change', lang)}")
    for each in change_of(found):
        share = _percent(each.share)
        points = "-" if each.points is None else f"{abs(each.points) * 100:.2f}"
        if each.points:
            points = f"{each.points * 100:+.2f}"
        effects = (each.change, each.quantity_effect, each.price_effect)
        figures = "".join(f"{in_million(yuan_of(value)):>14}" for value in effects)
        _say(f"{figures}{share:>10}{points:>8}  {_service(each.service, lang)}")
    total = in_million(yuan_of(current.total - base.total))
    _say(f"{total:>14}  {word('total', lang)}")
    _breaks(found, lang)


def show_stocks(found: StockCourse, *, lang: Language) -> None:
    """Print the stocks of years, with what was added and taken, and what does not follow."""
    for year in found.years:
        _say(f"{year.area} {year.name} {year.year}")
        for stock in year.stocks:
            _say(f"  {stock_line(stock, lang)}")
            for cause, figure in stock.additions.items():
                _say(f"      +{_short(figure)}  {cause}")
            for cause, figure in stock.reductions.items():
                _say(f"      -{_short(figure)}  {cause}")
    for gap in found.gaps:
        _say(f"{word('break', lang)}: {gap_words(gap.gap, lang)} {gap.year} {gap.resource}")
    for missing in found.unchecked:
        _say(f"{missing}: {said('not checked', lang)}")


def stock_line(stock: Stock, lang: Language) -> str:
    """Return a stock in one line."""
    return (
        f"{stock.resource}: {said('opening', lang)} {_short(stock.opening)},"
        f" +{_short(stock.added)}, -{_short(stock.taken)},"
        f" {said('closing', lang)} {_short(stock.closing)} {stock.unit}"
    )


def show_weather(found: Sequence[Weather], *, lang: Language) -> None:
    """Print accounts in their own weather and at the mean, and the growth between years."""
    for each in found:
        unit = word("million yuan", lang)
        _say(f"{each.own.id} {each.own.year}, {unit}: {said('own and mean', lang)}")
        for used in each.inputs:
            mean = f"{said('mean', lang)} {used.mean:f}{_unit(used.unit)}"
            _say(f"{'':44}{used.name} {used.own:f}, {mean}")
        for swing in each.swings:
            _say(_beside(swing.own, swing.mean, f"{swing.service} {swing.line}"))
        _say(_beside(each.own.total, each.mean.total, word("total", lang)))
        for line in each.as_observed:
            _say(f"{word('warning', lang)}: {line} {said('as observed', lang)}")
    for base, current in pairwise(found):
        _growth(base, current, lang)


def show_second_figure(plan: Plan, account: Account, *, lang: Language) -> None:
    """Print an account's stocks and, where the plan has means, its total at mean weather."""
    for stock in account.stocks:
        _say(f"{said('stock', lang)} {stock_line(stock, lang)}")
    if has_means(plan):
        mean = weather_of(plan).mean
        _say(f"{in_million(yuan_of(mean.total)):>16}  {said('at mean', lang)}")


def show_beside(found: Comparison, plans: Sequence[Plan], *, lang: Language) -> None:
    """Print stocks of two years, and growth at mean weather where both have means."""
    for each in found.stocks:
        change = "" if each.change is None else f" {each.change:+,f}"
        ends = " -> ".join("-" if end is None else f"{end:,f}" for end in (each.base, each.current))
        _say(f"{said('stock', lang)} {each.resource}: {ends}{change} {each.unit}")
    if all(has_means(plan) for plan in plans):
        base, current = (weather_of(plan) for plan in plans)
        growth = compared_at_mean(base, current).growth
        if growth is not None:
            _say(f"{said('growth at mean', lang)} {growth:.2%}")


def show_sensitivities(found: Sensitivities, *, lang: Language) -> None:
    """Print the figures in use, the one that moves the total most first."""
    total = f"{in_million(yuan_of(found.total))} {word('million yuan', lang)}"
    _say(f"{len(found.figures)} {said('figures', lang)}; {word('total', lang)} {total}")
    _say(f"{'+50 %':>10}{'-50 %':>10}")
    for each in found.figures:
        sides = "".join(_side(side, lang) for side in (each.up, each.down))
        elastic = f"  [{said('elastic', lang)}]" if each.is_elastic else ""
        lines = ", ".join(each.lines)
        _say(f"{sides}  {each.name} {each.value:f}{_unit(each.unit)}: {lines}{elastic}")


def show_recomputation(found: Recomputation, *, lang: Language) -> None:
    """Print an old account beside the new one, line by line."""
    _say(f"{said('old', lang)} {found.old.hash}")
    _say(f"{said('new', lang)} {found.new.hash}")
    for name, old, new in found.terms():
        if old != new:
            _say(f"{name}: {old} -> {new}")
    _say(f"{word('million yuan', lang)}: {said('old and new', lang)}")
    for each in found.comparison.changes:
        _say(_beside(each.base, each.current, f"{each.service} {each.line}", later=True))
    _say(_beside(found.old.total, found.new.total, word("total", lang), later=True))
    _breaks(found.comparison, lang)


def show_indices(account: Account, *, lang: Language) -> None:
    """Print an account's figures, those that it has."""
    _say(f"{account.id} {account.area.name} {account.year}")
    for name, figure in indices_document(indices_of(account)).items():
        if figure is not None:
            _say(f"{Decimal(figure):>24,f}  {said(name, lang)}")


def show_services(*, lang: Language) -> None:
    """Print the indicator tree: units, methods, and the name in SEEA EA."""
    for each in services().values():
        _say(_tree_line(each, lang))


def _tree_line(each: Service, lang: Language) -> str:
    title = each.zh if lang is Language.ZH else each.en
    methods = ", ".join((*each.methods, *each.value_methods))
    seea = each.seea or said("no mapping", lang)
    units = ", ".join(each.units) or "-"
    name = "disservices" if each.group is Group.DISSERVICE else each.group.value
    group = word(name, lang)
    return (
        f"{each.code:<4}{group}: {title} [{units}]"
        f" {said('method', lang)} {methods or '-'}; SEEA EA {seea}"
    )


def _growth(base: Weather, current: Weather, lang: Language) -> None:
    found = compared_at_mean(base, current)
    if found.growth is not None:
        years = f"{base.own.year} -> {current.own.year}"
        _say(f"{years} {said('growth at mean', lang)} {found.growth:.2%}")
    _breaks(found, lang)


def _breaks(found: Comparison, lang: Language) -> None:
    for each in found.breaks:
        _say(f"{word('break', lang)}: {code_words(each.code, lang)} {each.place}")


def _beside(one: int, other: int, name: str, *, later: bool = False) -> str:
    difference = other - one if later else one - other
    figures = (in_million(yuan_of(each)) for each in (one, other, difference))
    return "".join(f"{each:>14}" for each in figures) + f"  {name}"


def _short(figure: Decimal) -> str:
    return f"{figure.normalize():,f}"


def _unit(unit: str) -> str:
    return "" if unit == PLAIN else f" {unit}"


def _percent(share: Decimal | None) -> str:
    return "-" if share is None else f"{share or abs(share):.2%}"


def _side(side: float | None, lang: Language) -> str:
    return f"{said('refused', lang) if side is None else f'{side:+.3f}':>10}"


def _share(part: Part, name: str) -> None:
    _say(f"{in_million(yuan_of(part.value)):>16}{_percent(part.share):>10}  {name}")


def _deduction(part: Part | None, lang: Language) -> None:
    if part is not None:
        _share(part, word("inflow deduction", lang))


def _service(code: str, lang: Language) -> str:
    found = services().get(code)
    if found is None:
        return word("inflow deduction", lang)
    return f"{code} {found.zh if lang is Language.ZH else found.en}"


def _say(words: str) -> None:
    typer.echo(words)
