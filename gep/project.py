"""One project's parcel (特定地域单元): with and without it, what it gains, what somebody pays for.

``vep_gain`` is the present value of the services that the project adds; ``vep_market`` that of the
income from services that have a payer, less what running them costs. They are never one figure: a
lender takes the yearly marketable net income and discounts it by rules of its own.

1. No year is valued beyond the term that is left of the right (forest, land, water permit).
2. Horizon and rate are given, never assumed; quantities do not grow unless it is said.
3. Only services with a payer have a market income, whatever their value is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gep.errors import AccountRefused
from gep.services.present_value import Irr, discounted, internal_rate
from gep.units import Amount, Money, Yuan

YEARS_MAX = 100
RATE_MIN, RATE_MAX = -0.5, 10.0
PAID_SERVICES = frozenset({"M1", "M2", "M3", "M4", "C1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A service's yearly value in yuan, year 1 first, with the project and without it."""

    service: str
    with_project: Sequence[float]
    without_project: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Income:
    """A component that somebody pays for: income and cost of each year, and by which title.

    ``contract`` names what makes a service paid that is not sold: compensation, a traded right.
    """

    component: str
    service: str
    income: Sequence[float]
    cost: Sequence[float]
    contract: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What is valued; ``right_years`` is the term that is left of the right to the parcel."""

    id: str
    years: int
    right_years: int
    rate: float
    flows: tuple[Flow, ...]
    incomes: tuple[Income, ...]
    investment: float = 0.0
    is_due: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Valuation:
    """The two values apart, and what they are made of, by year.

    ``irr`` is of the investment and the marketable net income; ``dominant`` names services that
    make more of the gain than the warning's share.
    """

    vep_gain: Money
    vep_market: Money
    gains: tuple[float, ...]
    marketable_net: Mapping[str, tuple[float, ...]]
    irr: Irr
    dominant: tuple[str, ...]


def value_project(project: Project, *, service_share: float) -> Valuation:
    """Value a project; above ``service_share`` of the gain one service is named as dominant.

    Raises:
        AccountRefused: more years than the right has, a rate or an income out of bounds, a service
            without a payer among the incomes, or a flow of another length.
    """
    _refuse_unfit(project)
    gains = tuple(
        sum(flow.with_project[year] - flow.without_project[year] for flow in project.flows)
        for year in range(project.years)
    )
    net = {
        each.component: tuple(
            income - cost for income, cost in zip(each.income, each.cost, strict=True)
        )
        for each in project.incomes
    }
    yearly = [sum(each[year] for each in net.values()) for year in range(project.years)]
    return Valuation(
        vep_gain=_present(gains, project),
        vep_market=_present(yearly, project),
        gains=gains,
        marketable_net=net,
        irr=internal_rate(flows=[-project.investment, *yearly]),
        dominant=tuple(_dominant(project, sum(gains), above=service_share)),
    )


def grown(first: float, *, years: int, growth: float = 0.0) -> tuple[float, ...]:
    """Return a yearly flow that starts so high and grows by a rate, by default not at all."""
    return tuple(first * (1 + growth) ** year for year in range(years))


def _present(flows: Sequence[float], project: Project) -> Money:
    amounts: list[Amount[Yuan]] = [Money(each) for each in flows]
    found = discounted(flows=amounts, rate=project.rate, due=project.is_due)
    return Money(0.0) + found


def _dominant(project: Project, gain: float, *, above: float) -> list[str]:
    if gain <= 0:
        return []
    shares: dict[str, float] = {}
    for flow in project.flows:
        added = sum(flow.with_project) - sum(flow.without_project)
        shares[flow.service] = shares.get(flow.service, 0.0) + added / gain
    return [service for service, share in shares.items() if share > above]


def _refuse_unfit(project: Project) -> None:
    most = min(project.right_years, YEARS_MAX)
    if not 1 <= project.years <= most:
        _refuse("beyond_the_right", "years", f"from 1 to {most}", found=project.years)
    if not RATE_MIN < project.rate <= RATE_MAX:
        _refuse("rate_out_of_range", "rate", f"above {RATE_MIN}, to {RATE_MAX}", found=project.rate)
    if not 0 <= project.investment < float("inf"):
        _refuse("investment_refused", "investment", "0 or more", found=project.investment)
    for flow in project.flows:
        for name in ("with_project", "without_project"):
            _refuse_years(project, getattr(flow, name), f"flows.{flow.service}.{name}")
    names = [each.component for each in project.incomes]
    for each in project.incomes:
        place = f"incomes.{each.component}"
        if names.count(each.component) > 1:
            _refuse("income_doubled", place, "each component once", found=each.component)
        if each.service not in PAID_SERVICES and not each.contract:
            _refuse(
                "no_payer", place, "a service that is sold, or its contract", found=each.service
            )
        _refuse_years(project, each.income, f"{place}.income")
        _refuse_years(project, each.cost, f"{place}.cost")


def _refuse_years(project: Project, flow: Sequence[float], place: str) -> None:
    if len(flow) != project.years:
        _refuse("years_differ", place, f"{project.years} years", found=len(flow))
    if not all(0 <= each < float("inf") for each in flow):
        _refuse("flow_refused", place, "finite figures, 0 or more", found=min(flow))


def _refuse(code: str, place: str, expected: str, *, found: object) -> None:
    raise AccountRefused(code=code, field=place, expected=expected, found=str(found))
