"""Native schemes of figures that no archive holds: which they take, and what comes of them."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from credit_scoring.native.carbon_efficiency import (
    K_SCHEME,
    L_SCHEME,
    carbon_efficiency_level,
    carbon_efficiency_ratio,
)
from credit_scoring.native.errors import NativeInputRefused
from credit_scoring.native.rating import NativeResult, rate, rate_indicators
from credit_scoring.rule_sets.rule_set import Evaluator, Scheme

SCORE = "score"
_RATIOS: Mapping[str, tuple[Callable[..., Fraction], tuple[str, ...]]] = {
    K_SCHEME: (
        carbon_efficiency_ratio,
        ("carbon", "value_added", "industry_carbon", "industry_value_added"),
    ),
    L_SCHEME: (carbon_efficiency_level, ("carbon", "zero_carbon_power", "sinks", "value_added")),
}


def figures_of(scheme: Scheme) -> tuple[str, ...]:
    """Return the names of the figures that a scheme takes; a finished score where it has none."""
    if scheme.evaluator is Evaluator.BENCHMARK_WEIGHTED:
        return tuple(scheme.benchmarks)
    return _RATIOS[scheme.id][1] if scheme.id in _RATIOS else (SCORE,)


def rate_figures(scheme: Scheme, figures: Mapping[str, Decimal]) -> NativeResult:
    """Rate by figures: a ratio of them, their weighted sum, or a score that others worked out.

    Raises:
        NativeInputRefused: they are not the figures that the scheme takes.
    """
    if scheme.evaluator is Evaluator.BENCHMARK_WEIGHTED:
        return rate_indicators(scheme, figures)
    if set(figures) == {SCORE}:
        return rate(scheme, figures[SCORE])
    wanted = figures_of(scheme)
    if set(figures) != set(wanted):
        raise NativeInputRefused(
            scheme.id,
            field="input",
            expected=", ".join(wanted),
            found=", ".join(sorted(figures)) or "none",
        )
    values: dict[str, Any] = dict(figures)
    return rate(scheme, _RATIOS[scheme.id][0](**values))
