"""How far a valuation may be off: a latin hypercube over the figures that have a range.

A doubted figure is drawn from the triangle over low, value and high, and moves all its years in
proportion; a price moves both scenarios at once. The same project and seed give the same answer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from gep.accounts.account import EXACT, fen_of
from gep.accounts.uncertainty import DOUBTED_MAX, DRAWS, QUANTILES, SEED
from gep.drawing import rank_correlation, triangular
from gep.errors import AccountRefused
from gep.valuations.discounting import present_value
from gep.valuations.project import Doubt, Project, Yearly
from gep.valuations.valuation import SHOWN, Driver, Range, Uncertainty
from kernel.money import Fen

Draws = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """Doubted figures, and the factor of each in every draw, by name."""

    doubted: tuple[Doubt, ...]
    factors: Mapping[str, Draws]

    def of(self, doubt: Doubt | None) -> Draws:
        """Return a figure's factors; what is not doubted has 1 throughout."""
        return np.ones(DRAWS) if doubt is None else self.factors[doubt.name]


def doubts_of(project: Project) -> Doubts:
    """Draw a project's doubted figures.

    Raises:
        AccountRefused: too many figures are doubted.
    """
    doubted = tuple(sorted(_doubted(project), key=lambda each: each.name))
    if len(doubted) > DOUBTED_MAX:
        raise AccountRefused(
            code="too_many_doubted",
            field="flows",
            expected=f"at most {DOUBTED_MAX} figures with a range",
            found=str(len(doubted)),
        )
    random = np.random.Generator(np.random.PCG64(SEED))
    factors = {}
    for each in doubted:
        figures = (float(each.low), float(each.central), float(each.high))
        factors[each.name] = triangular(*figures, draws=DRAWS, random=random) / figures[1]
    return Doubts(doubted=doubted, factors=factors)


def uncertainty_of(project: Project, doubts: Doubts) -> Uncertainty | None:
    """Return the quantiles of both values, and the doubted figures by their strength.

    Figures without any range have none.
    """
    if not doubts.doubted:
        return None
    gain, market = np.zeros(DRAWS), np.zeros(DRAWS)
    for flow in project.flows:
        here = _worth(flow.with_project, project) * doubts.of(flow.with_project.doubt)
        there = _worth(flow.without_project, project) * doubts.of(flow.without_project.doubt)
        gain += (here - there) * doubts.of(flow.price_doubt)
    for each in project.incomes:
        market += _worth(each.income, project) * doubts.of(each.income.doubt)
        market -= _worth(each.cost, project) * doubts.of(each.cost.doubt)
    drivers = [
        _driver(each, doubts.factors[each.name], gain=gain, market=market)
        for each in doubts.doubted
    ]
    drivers.sort(key=lambda each: (-max(abs(each.with_gain), abs(each.with_market)), each.name))
    return Uncertainty(
        draws=DRAWS,
        seed=SEED,
        gain=_range(gain),
        market=_range(market),
        drivers=tuple(drivers),
    )


def components_doubted(project: Project, doubts: Doubts) -> Mapping[str, tuple[Fen, ...]]:
    """Return, by component, what its net income of each year exceeds in nine draws of ten."""
    found = {}
    for each in project.incomes:
        if each.income.doubt is not None or each.cost.doubt is not None:
            income, cost = doubts.of(each.income.doubt), doubts.of(each.cost.doubt)
            found[each.component] = tuple(
                _quantiles(earned * income - spent * cost, (10,))[0]
                for earned, spent in zip(each.income.fen, each.cost.fen, strict=True)
            )
    return found


def _doubted(project: Project) -> Iterator[Doubt]:
    for flow in project.flows:
        yield from _present(flow.with_project.doubt, flow.without_project.doubt, flow.price_doubt)
    for each in project.incomes:
        yield from _present(each.income.doubt, each.cost.doubt)


def _present(*doubts: Doubt | None) -> Iterator[Doubt]:
    yield from (each for each in doubts if each is not None)


def _worth(flow: Yearly, project: Project) -> float:
    return float(present_value(flow.fen, rate=project.rate, is_due=project.is_due))


def _driver(doubt: Doubt, factors: Draws, *, gain: Draws, market: Draws) -> Driver:
    return Driver(
        name=doubt.name,
        low=doubt.low,
        central=doubt.central,
        high=doubt.high,
        unit=doubt.unit,
        with_gain=_correlation(factors, gain),
        with_market=_correlation(factors, market),
    )


def _correlation(factors: Draws, values: Draws) -> Decimal:
    """Return the rank correlation to four decimals; none with what does not vary."""
    if np.ptp(values) == 0:
        return Decimal("0.0000")
    return EXACT.quantize(Decimal(repr(rank_correlation(factors, values))), SHOWN)


def _range(values: Draws) -> Range:
    p10, p50, p90 = _quantiles(values, QUANTILES)
    return Range(p10=p10, p50=p50, p90=p90)


def _quantiles(fen: Draws, quantiles: Sequence[int]) -> list[Fen]:
    return [
        fen_of(EXACT.scaleb(Decimal(repr(float(each))), -2))
        for each in np.percentile(fen, quantiles)
    ]
