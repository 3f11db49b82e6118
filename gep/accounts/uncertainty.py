"""How far an account may be off: a latin hypercube over its doubted figures.

A figure with a low and a high is drawn from the triangle over low, value and high; all others stay.
Every figure is drawn once from each of as many equal slices as there are draws, in an order of its
own. The same plan, draws and seed give the same answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from gep.accounts.account import fen_of
from gep.accounts.making import is_counted, make_account, parameters_of, value_of
from gep.accounts.plan import Plan
from gep.accounts.terms import Figures, Used
from gep.drawing import rank_correlation, triangular
from gep.errors import AccountRefused
from gep.registry.edition import Mark
from kernel.money import Fen

DRAWS, DRAWS_MIN, DRAWS_MAX = 1_000, 100, 100_000
DOUBTED_MAX = 40
DRIVERS = 5
YUAN_MAX = 1e40
QUANTILES = (10, 50, 90)
SEED = 20250321


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """A doubted figure: how its rank goes with the total's, and its share in all such squares."""

    name: str
    low: Decimal
    central: Decimal
    high: Decimal
    unit: str
    correlation: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertainty:
    """What the draws give; a total without doubted figures is the same at every quantile.

    ``unchecked`` are the parameters in use whose document was not read again.
    """

    draws: int
    seed: int
    p10: Fen
    p50: Fen
    p90: Fen
    doubted: int
    unchecked: tuple[str, ...]
    drivers: tuple[Driver, ...]


def uncertainty_of(plan: Plan, *, draws: int = DRAWS, seed: int = SEED) -> Uncertainty:
    """Draw an account many times.

    Raises:
        AccountRefused: the account itself is refused, too many figures are doubted, too few or too
            many draws are asked for, or a range is beyond all sense.
        InputRefused: a range lets a figure leave what its formula can take.
    """
    if not DRAWS_MIN <= draws <= DRAWS_MAX:
        raise AccountRefused(
            code="draws_out_of_range",
            field="draws",
            expected=f"from {DRAWS_MIN} to {DRAWS_MAX}",
            found=str(draws),
        )
    make_account(plan)
    used = _used(plan)
    doubted = [each for each in used if each.low is not None]
    if len(doubted) > DOUBTED_MAX:
        raise AccountRefused(
            code="too_many_doubted",
            field="inputs",
            expected=f"at most {DOUBTED_MAX} figures with a range",
            found=str(len(doubted)),
        )
    random = np.random.Generator(np.random.PCG64(seed))
    drawn = {
        used.name: triangular(
            float(used.low or 0),
            float(used.value),
            float(used.high or 0),
            draws=draws,
            random=random,
        )
        for used in doubted
    }
    totals = _totals(plan, drawn, draws)
    if not np.all(np.abs(totals) <= YUAN_MAX):
        raise AccountRefused(
            code="range_out_of_sense",
            field="inputs",
            expected=f"ranges that keep the total within {YUAN_MAX:g} yuan",
            found=f"{np.abs(totals).max():g}",
        )
    p10, p50, p90 = (
        fen_of(Decimal(repr(float(each)))) for each in np.percentile(totals, QUANTILES)
    )
    return Uncertainty(
        draws=draws,
        seed=seed,
        p10=p10,
        p50=p50,
        p90=p90,
        doubted=len(doubted),
        unchecked=tuple(each.name for each in used if each.mark is Mark.UNCHECKED),
        drivers=tuple(_drivers(doubted, drawn, totals)),
    )


def _used(plan: Plan) -> list[Used]:
    figures = _figures(plan, {})
    for line in plan.lines:
        if is_counted(line, plan):
            value_of(line, figures)
    return [each for _, each in sorted(figures.used.items())]


def _totals(
    plan: Plan, drawn: Mapping[str, NDArray[np.float64]], draws: int
) -> NDArray[np.float64]:
    figures = _figures(plan, drawn)
    totals = np.zeros(draws)
    for line in plan.lines:
        if is_counted(line, plan):
            totals = totals + value_of(line, figures)[1]
    return totals - (0.0 if plan.inflow is None else float(plan.inflow.yuan))


def _figures(plan: Plan, drawn: Mapping[str, NDArray[np.float64]]) -> Figures:
    return Figures(plan.inputs, parameters_of(plan), drawn)


def _drivers(
    doubted: list[Used], drawn: Mapping[str, NDArray[np.float64]], totals: NDArray[np.float64]
) -> Iterator[Driver]:
    found = {each.name: rank_correlation(drawn[each.name], totals) for each in doubted}
    whole = sum(each**2 for each in found.values()) or 1.0
    for each in sorted(doubted, key=lambda used: (-abs(found[used.name]), used.name))[:DRIVERS]:
        yield Driver(
            name=each.name,
            low=each.low or Decimal(0),
            central=each.value,
            high=each.high or Decimal(0),
            unit=each.unit,
            correlation=found[each.name],
            share=found[each.name] ** 2 / whole,
        )
