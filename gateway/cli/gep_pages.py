"""What people read of GEP at a terminal: accounts line by line, findings, ranges, registers."""

from collections.abc import Iterable
from decimal import Decimal

import typer

from gep.accounts.account import Account, LineItem, yuan_of
from gep.accounts.comparing import Comparison
from gep.accounts.indices import display_difference, in_million, indices_of
from gep.accounts.uncertainty import Uncertainty
from gep.audit.auditing import Audit
from gep.project import Project, Valuation
from gep.project_file import yuan_text
from gep.registry.edition import Edition
from gep.registry.parameter_set import Parameter, ParameterSet
from kernel.money import Fen

HASH_SHOWN = 16


def show_account(account: Account) -> None:
    """Print an account: its lines, sums, indices and warnings."""
    basis = "" if account.price_basis is None else f", {account.price_basis.value} prices"
    _say(f"{account.id} {account.area.name} {account.year}, {account.product_zh}, million yuan")
    _say(
        f"edition {account.edition}, parameters {account.parameter_set}"
        f" {account.parameter_set_hash[:HASH_SHOWN]}"
        f" ({account.parameter_set_unchecked} rows unchecked){basis}"
    )
    for line in account.lines:
        _say(_line(line))
    for group, value in account.subtotals.items():
        _say(f"{in_million(yuan_of(value)):>16}  {group.value}")
    if account.deduction:
        _say(f"{in_million(-yuan_of(account.deduction)):>16}  inflow deduction")
    _say(f"{in_million(yuan_of(account.total)):>16}  total")
    difference = display_difference(account)
    if difference:
        _say(f"{difference:>16}  of rounding in the figures above")
    if account.disservices:
        _say(f"{in_million(yuan_of(account.disservices)):>16}  disservices, not netted")
        _say(f"{in_million(yuan_of(account.net_of_disservices)):>16}  total less disservices")
    if account.overrides:
        bare = in_million(yuan_of(account.total_without_overrides))
        _say(f"{bare:>16}  total without overrides")
    _indices(account)
    for warned in account.warnings:
        figure = "" if warned.figure is None else f" {warned.figure}"
        _say(f"warning: {warned.code.value} {warned.place}{figure}")
    _say(f"hash {account.hash}")


def show_audit(audit: Audit) -> None:
    """Print the findings of an audit, each with what it changes in yuan."""
    for each in audit.findings:
        kind = "error" if each.is_error else "remark"
        worth = "" if each.difference_yuan is None else f", {each.difference_yuan:,.2f} yuan"
        detail = f" ({each.detail})" if each.detail else ""
        _say(
            f"{kind}: {each.rule.value} {each.place}{detail}: printed {each.printed:,f},"
            f" recomputed {each.recomputed:,.2f} {each.unit}{worth}"
        )
    remarks = len(audit.findings) - len(audit.errors)
    _say(f"{len(audit.errors)} errors, {remarks} remarks")
    if audit.errors and audit.corrected_total_yuan is not None:
        _say(f"corrected total {in_million(audit.corrected_total_yuan)} million yuan")


def show_uncertainty(found: Uncertainty) -> None:
    """Print the quantiles and the strongest drivers."""
    _say(f"{found.doubted} doubted figures, {found.draws} draws, seed {found.seed}, million yuan")
    for name, value in (("P10", found.p10), ("P50", found.p50), ("P90", found.p90)):
        _say(f"{in_million(yuan_of(value)):>16}  {name}")
    for each in found.drivers:
        _say(
            f"{each.share:>15.1%}  {each.name} {each.low} to {each.high} {each.unit}"
            f", rank correlation {each.correlation:+.3f}"
        )
    if found.unchecked:
        _say(f"warning: unchecked_parameters {', '.join(found.unchecked)}")


def show_comparison(found: Comparison, *, decline: Decimal) -> None:
    """Print two years: each line's change by quantity and by price, breaks, and a decline."""
    base, current = found.base, found.current
    _say(f"{base.id} -> {current.id}, million yuan: change, of quantity, of price")
    for each in found.changes:
        _say(_effects(f"{each.service} {each.line}", each.quantity_effect, each.price_effect))
    if base.deduction != current.deduction:
        _say(_effects("inflow deduction", Fen(base.deduction - current.deduction), Fen(0)))
    _say(_effects("total", found.quantity_effect, found.price_effect))
    constant, now = in_million(yuan_of(found.constant_total)), in_million(yuan_of(current.total))
    _say(f"{current.year} at prices of {base.year} {constant}, at its own {now}")
    if found.growth is not None:
        _say(f"growth at constant prices {found.growth:.2%}")
    for broken in found.breaks:
        _say(f"break: {broken.code.value} {broken.place}")
    if found.has_declined(decline):
        _say(f"warning: decline of more than {decline:.0%} at constant prices")


def _effects(name: str, quantity: Fen, price: Fen) -> str:
    figures = (in_million(yuan_of(each)) for each in (quantity + price, quantity, price))
    return "".join(f"{each:>14}" for each in figures) + f"  {name}"


def show_valuation(project: Project, found: Valuation) -> None:
    """Print a project's two values and its yearly marketable net income by component."""
    due = "start" if project.is_due else "end"
    _say(f"{project.id}: {project.years} years at {project.rate:.2%}, {due} of the year, yuan")
    _say(f"{yuan_text(found.vep_gain.value):>18}  VEP gain: with less without the project")
    _say(f"{yuan_text(found.vep_market.value):>18}  VEP market: what has a payer, less its cost")
    for name, flow in found.marketable_net.items():
        _say(f"{yuan_text(flow[0]):>18}  marketable net of year 1, {name}")
    rate = "none" if found.irr.rate is None else f"{found.irr.rate:.2%}"
    reason = f" ({found.irr.reason})" if found.irr.reason else ""
    _say(f"{rate:>18}  internal rate of return{reason}")
    for service in found.dominant:
        _say(f"warning: service_dominates {service}")


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


def _line(line: LineItem) -> str:
    value = f"{in_million(yuan_of(line.value)):>16}  {line.service:<3} {line.id}"
    made = "given"
    if line.quantity is not None and line.price is not None:
        made = f"{_short(line.quantity)} {line.unit} x {line.price:f} yuan, {line.method}"
    counted = "" if line.is_counted else " [not counted]"
    return f"{value}: {made}{counted}"


def _indices(account: Account) -> None:
    found = indices_of(account)
    _say(f"{in_million(found.per_km2_yuan):>16}  per km2")
    if found.per_head_yuan is not None:
        _say(f"{found.per_head_yuan:>16,.2f}  yuan per head")
    if found.gep_to_gdp is not None:
        _say(f"{found.gep_to_gdp:>16.4f}  GEP to GDP")


def _short(quantity: Decimal) -> str:
    return f"{quantity.normalize():,f}"


def _say(words: str) -> None:
    typer.echo(words)
