"""What people read of GEP at a terminal: accounts line by line, findings, ranges, registers."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

import typer

from gateway.cli.credit import Language
from gateway.cli.gep_words import code_words, word
from gep.accounts.account import Account, LineItem, WarningCode, yuan_of
from gep.accounts.comparing import Comparison
from gep.accounts.indices import (
    PLAIN_FROM,
    display_difference,
    grouped,
    in_million,
    indices_of,
)
from gep.accounts.trend import Trend
from gep.accounts.uncertainty import Uncertainty
from gep.audit.auditing import Audit
from gep.registry.edition import Edition
from gep.registry.parameter_set import Parameter, ParameterSet
from gep.registry.shipped import services
from kernel.money import Fen

HASH_SHOWN = 16


def show_account(account: Account, *, lang: Language) -> None:
    """Print an account: its lines, sums, indices and warnings."""
    basis = "" if account.price_basis is None else f", {word(account.price_basis.value, lang)}"
    unit = word("million yuan", lang)
    _say(f"{account.id} {account.area.name} {account.year}, {account.product_zh}, {unit}")
    _say(
        f"{word('edition', lang)} {account.edition}, {word('parameters', lang)}"
        f" {account.parameter_set} {account.parameter_set_hash[:HASH_SHOWN]}"
        f" ({account.parameter_set_unchecked} {word('rows unchecked', lang)}){basis}"
    )
    for line in account.lines:
        _say(_line(line, lang))
    for group, value in account.subtotals.items():
        _sum(value, word(group.value, lang))
    if account.deduction:
        _sum(Fen(-account.deduction), word("inflow deduction", lang))
    _sum(account.total, word("total", lang))
    difference = display_difference(account)
    if difference:
        _say(f"{difference:>16}  {word('rounding', lang)}")
    if account.disservices:
        _sum(account.disservices, word("disservices", lang))
        _sum(account.net_of_disservices, word("net", lang))
    if account.overrides:
        _sum(account.total_without_overrides, word("without overrides", lang))
    _indices(account, lang)
    for warned in account.warnings:
        figure = "" if warned.figure is None else f" {warned.figure}"
        _say(f"{word('warning', lang)}: {code_words(warned.code, lang)} {warned.place}{figure}")
    _say(f"{word('hash', lang)} {account.hash}")


def show_audit(audit: Audit, *, lang: Language) -> None:
    """Print the findings of an audit, each with what it changes in yuan."""
    for each in audit.findings:
        kind = word("error" if each.is_error else "remark", lang)
        worth = (
            ""
            if each.difference_yuan is None
            else f", {each.difference_yuan:,.2f} {word('yuan', lang)}"
        )
        detail = f" ({each.detail})" if each.detail else ""
        _say(
            f"{kind}: {code_words(each.rule, lang)} {each.place}{detail}:"
            f" {word('printed', lang)} {each.printed:,f},"
            f" {word('recomputed', lang)} {each.recomputed:,.2f} {each.unit}{worth}"
        )
    remarks = len(audit.findings) - len(audit.errors)
    _say(f"{len(audit.errors)} {word('errors', lang)}, {remarks} {word('remarks', lang)}")
    if audit.errors and audit.corrected_total_yuan is not None:
        total = in_million(audit.corrected_total_yuan)
        _say(f"{word('corrected total', lang)} {total} {word('million yuan', lang)}")


def show_uncertainty(found: Uncertainty, *, lang: Language) -> None:
    """Print the quantiles and the strongest drivers."""
    _say(
        f"{found.doubted} {word('doubted', lang)}, {found.draws} {word('draws', lang)},"
        f" {word('seed', lang)} {found.seed}, {word('million yuan', lang)}"
    )
    for name, value in (("P10", found.p10), ("P50", found.p50), ("P90", found.p90)):
        _sum(value, name)
    for each in found.drivers:
        _say(
            f"{each.share:>15.1%}  {each.name} {each.low} {word('to', lang)} {each.high}"
            f" {each.unit}, {word('rank correlation', lang)} {each.correlation:+.3f}"
        )
    if found.unchecked:
        code = code_words(WarningCode.UNCHECKED_PARAMETERS, lang)
        _say(f"{word('warning', lang)}: {code} {', '.join(found.unchecked)}")


def show_comparison(found: Comparison, *, decline: Decimal, lang: Language) -> None:
    """Print two years: each line's change by quantity and by price, breaks, and a decline."""
    base, current = found.base, found.current
    unit = word("million yuan", lang)
    _say(f"{base.id} -> {current.id}, {unit}: {word('change', lang)}")
    for each in found.changes:
        _say(_effects(f"{each.service} {each.line}", each.quantity_effect, each.price_effect))
    if base.deduction != current.deduction:
        deducted = Fen(base.deduction - current.deduction)
        _say(_effects(word("inflow deduction", lang), deducted, Fen(0)))
    _say(_effects(word("total", lang), found.quantity_effect, found.price_effect))
    constant, now = in_million(yuan_of(found.constant_total)), in_million(yuan_of(current.total))
    at_base = word("at prices of", lang).format(base.year)
    _say(f"{current.year} {at_base} {constant}, {word('at its own', lang)} {now}")
    if found.growth is not None:
        _say(f"{word('growth', lang)} {found.growth:.2%}")
    for broken in found.breaks:
        _say(f"{word('break', lang)}: {code_words(broken.code, lang)} {broken.place}")
    if found.has_declined(decline):
        _say(f"{word('warning', lang)}: {word('decline', lang)} {decline:.0%}")


def show_trend(course: Mapping[int, Comparison], found: Trend, *, lang: Language) -> None:
    """Print the years at the first one's prices, their growth and, where there is one, a trend."""
    (first, *_) = course
    _say(f"{word('million yuan', lang)}, {word('at prices of', lang).format(first)}")
    for year, each in course.items():
        change = found.year_on_year.get(year)
        grown = "" if change is None else f"{change:+.2%}"
        breaks = ", ".join(code_words(broken.code, lang) for broken in each.breaks)
        told = f"  {word('break', lang)}: {breaks}" if breaks else ""
        _say(f"{in_million(yuan_of(each.constant_total)):>16}  {year} {grown}{told}".rstrip())
    if found.growth_a_year is not None:
        _say(f"{word('growth a year', lang)} {found.growth_a_year:+.2%}")
    if found.slope is None or found.p_value is None:
        _say(word("no trend", lang))
    else:
        slope = f"{word('slope', lang)} {in_million(Decimal(repr(found.slope)))}"
        _say(f"{slope}, Mann-Kendall S {found.statistic}, p {found.p_value:.4f}")


def _effects(name: str, quantity: Fen, price: Fen) -> str:
    figures = (in_million(yuan_of(each)) for each in (quantity + price, quantity, price))
    return "".join(f"{each:>14}" for each in figures) + f"  {name}"


def _sum(value: Fen, name: str) -> None:
    _say(f"{in_million(yuan_of(value)):>16}  {name}")


def show_editions(editions: Iterable[Edition]) -> None:
    """Print the register of norms."""
    for each in editions:
        held = f"from {each.in_force_from}" if each.in_force_from else "first day not known"
        lines = "list not obtained" if each.indicators is None else f"{len(each.indicators)} lines"
        _say(f"{each.id}  {each.status.value}, {held}, {lines}, [{each.mark.value}]  {each.title}")


def show_parameter_sets(sets: Iterable[ParameterSet]) -> None:
    """Print the sets with their hashes."""
    for each in sets:
        marks = [row.mark.value for row in each.all_rows()]
        parent = "" if each.extends is None else f", extends {each.extends.version}"
        _say(
            f"{each.version}  {each.region} {each.base_year}, {len(marks)} rows,"
            f" {marks.count('K')} unchecked{parent}  {each.hash[:HASH_SHOWN]}  {each.title}"
        )


def show_parameters(rows: Iterable[Parameter]) -> None:
    """Print the rows of a set."""
    for row in rows:
        doubt = "" if row.low is None else f" ({row.low} to {row.high})"
        year = "" if row.price_year is None else f", prices of {row.price_year}"
        basis = "" if row.basis is None else f", {row.basis.value}"
        _say(
            f"{row.name} = {row.value}{doubt} {row.unit}{year}{basis}"
            f" [{row.mark.value}] {row.source}"
        )


def _line(line: LineItem, lang: Language) -> str:
    value = f"{in_million(yuan_of(line.value)):>16}  {line.service:<3} {line.id}"
    name = f" {services()[line.service].zh}" if lang is Language.ZH else ""
    made = word("given", lang)
    if line.quantity is not None and line.price is not None:
        method = word("stated", lang) if line.method == "stated" else line.method
        shown = f"{line.price:f}" if line.price >= PLAIN_FROM else grouped(line.price)
        price = f"{shown} {word('yuan', lang)}"
        made = f"{grouped(line.quantity)} {line.unit} x {price}, {method}"
    counted = "" if line.is_counted else f" [{word('not counted', lang)}]"
    return f"{value}{name}: {made}{counted}"


def _indices(account: Account, lang: Language) -> None:
    found = indices_of(account)
    _say(f"{in_million(found.per_km2_yuan):>16}  {word('per km2', lang)}")
    if found.per_head_yuan is not None:
        _say(f"{found.per_head_yuan:>16,.2f}  {word('per head', lang)}")
    if found.gep_to_gdp is not None:
        _say(f"{found.gep_to_gdp:>16.4f}  {word('to GDP', lang)}")


def _say(words: str) -> None:
    typer.echo(words)
