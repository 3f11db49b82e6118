"""What no valuation may be: the same for one that is made and one that is read again.

1. No year is valued beyond the term that is left of the right (forest, land, water permit).
2. Only services with a payer have a market income, whatever their value is; a contract that ends
   earns nothing afterwards.
3. Each component and each flow counts once, and so does each service under one contract, by
   whatever name its income stands.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Never

from gep.errors import AccountRefused
from gep.valuations.project import SOLD, YEARS_MAX
from gep.valuations.valuation import Component, Valuation
from kernel.money import Fen

RATE_MIN, RATE_MAX = Decimal("-0.5"), Decimal(10)
RATE_DECIMALS_MAX = 10
FLOW_FEN_MAX = 10**17


def refuse_unfit(valuation: Valuation) -> None:
    """Refuse what must not be valued.

    Raises:
        AccountRefused: more years than the right has, a rate or an amount out of bounds, a service
            without a payer among the incomes, a flow, component or contract that is there twice,
            or a flow of another length.
    """
    most = min(valuation.right_years, YEARS_MAX)
    if not 1 <= valuation.years <= most:
        _refuse("beyond_the_right", "years", f"from 1 to {most}", found=valuation.years)
    decimals = -int(valuation.rate.as_tuple().exponent)
    if not RATE_MIN < valuation.rate <= RATE_MAX or decimals > RATE_DECIMALS_MAX:
        expected = f"above {RATE_MIN}, to {RATE_MAX}, at most {RATE_DECIMALS_MAX} decimals"
        _refuse("rate_out_of_range", "rate", expected, found=valuation.rate)
    names = [each.name for each in valuation.flows]
    for flow in valuation.flows:
        place = f"flows.{flow.name}"
        if names.count(flow.name) > 1:
            _refuse("flow_doubled", place, "each name once", found=flow.name)
        _refuse_years(valuation, flow.with_project, f"{place}.with")
        _refuse_years(valuation, flow.without_project, f"{place}.without")
    components = [each.component for each in valuation.components]
    contracted: set[tuple[str, str]] = set()
    for each in valuation.components:
        place = f"incomes.{each.component}"
        if components.count(each.component) > 1:
            _refuse("income_doubled", place, "each component once", found=each.component)
        if each.contract:
            paid = each.contract, each.service
            if paid in contracted:
                expected = "each service of a contract once"
                _refuse("income_doubled", f"{place}.contract", expected, found=each.contract)
            contracted.add(paid)
        _refuse_unpaid(valuation, each)


def refuse_unnamed(valuation: Valuation) -> None:
    """Refuse a valuation that nobody could rely on: without its names, payers and titles.

    Raises:
        AccountRefused: the first thing that is not named.
    """
    if valuation.identity is None:
        _refuse("key_missing", "area", "name, valued_on, area, right and basis")
    for each in valuation.components:
        place = f"incomes.{each.component}"
        if each.payer is None:
            _refuse("no_payer", f"{place}.payer", "who pays")
        if each.title is None:
            _refuse("key_missing", f"{place}.title", "by which title it is earned")


def _refuse_unpaid(valuation: Valuation, component: Component) -> None:
    place = f"incomes.{component.component}"
    if component.service not in SOLD and not component.contract:
        expected = "a service that is sold, or its contract"
        _refuse("no_payer", place, expected, found=component.service)
    _refuse_years(valuation, component.income, f"{place}.income")
    _refuse_years(valuation, component.cost, f"{place}.cost")
    term = component.contract_years
    if term is not None and any(component.income[term:]):
        expected = f"nothing after year {term}, the contract's last"
        _refuse("beyond_the_contract", f"{place}.income", expected)


def _refuse_years(valuation: Valuation, flow: Sequence[Fen], place: str) -> None:
    if len(flow) != valuation.years:
        _refuse("years_differ", place, f"{valuation.years} years", found=len(flow))
    for each in flow:
        if not 0 <= each <= FLOW_FEN_MAX:
            _refuse("flow_refused", place, f"0 to {FLOW_FEN_MAX} fen a year", found=each)


def _refuse(code: str, place: str, expected: str, *, found: object = "") -> Never:
    raise AccountRefused(code=code, field=place, expected=expected, found=str(found)[:60])
