"""A native score, ratio or set of indicators, rated by its scheme: the grade, and the index.

Bands are asked in order, the first that fits holds, edges are compared exactly. The index lies on
straight lines between the scheme's knots, floored; outside them the end value holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from credit_scoring.native.errors import NativeInputRefused, SchemeOff, SchemeUnknown
from credit_scoring.rule_sets.rule_set import Band, Comparison, Evaluator, RuleSet, Scheme

WEIGHTED_PLACES = 4
BANDED = {Evaluator.ADDITIVE_BANDS, Evaluator.DEMERIT_BANDS, Evaluator.RATIO_BANDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeResult:
    """What a native scheme says: its score, its grade, and the index where the scheme has knots.

    A weighted scheme has a score and no grade; a worst-record scheme a grade and no score.
    """

    scheme: str
    score: Decimal | Fraction | None
    grade: str | None
    credit_index: int | None


def scheme_of(rule_set: RuleSet, name: str) -> Scheme:
    """Return a scheme that runs.

    Raises:
        SchemeUnknown: the set has none of that name.
        SchemeOff: a piece of it is missing.
    """
    scheme = rule_set.schemes.get(name)
    if scheme is None:
        raise SchemeUnknown(name)
    if not scheme.is_on:
        raise SchemeOff(name, missing=scheme.missing or "not said")
    return scheme


def rate(scheme: Scheme, score: Decimal | Fraction) -> NativeResult:
    """Rate a finished native score or ratio by the bands of its scheme.

    Raises:
        NativeInputRefused: the scheme takes no score, or whole ones only.
    """
    if scheme.evaluator not in BANDED:
        raise NativeInputRefused(
            scheme.id, field="input", expected="what the scheme is made of", found="a score"
        )
    exact = Fraction(score)
    if scheme.whole_only and exact.denominator != 1:
        raise NativeInputRefused(
            scheme.id, field="input", expected="a whole score", found=str(score)
        )
    for band in scheme.bands:
        if _fits(band, exact):
            return NativeResult(
                scheme=scheme.id,
                score=score,
                grade=band.grade,
                credit_index=index_of(scheme, exact),
            )
    raise NativeInputRefused(
        scheme.id, field="input", expected="a score within the bands", found=str(score)
    )


def rate_indicators(scheme: Scheme, indicators: Mapping[str, Decimal]) -> NativeResult:
    """Return sum(value / benchmark x weight), rounded half up to four decimals.

    Raises:
        NativeInputRefused: the scheme has no benchmarks, or an indicator is missing, unknown or
            below zero.
    """
    if scheme.evaluator is not Evaluator.BENCHMARK_WEIGHTED:
        raise NativeInputRefused(
            scheme.id, field="input", expected="a score", found="values of indicators"
        )
    for name, value in indicators.items():
        if name not in scheme.benchmarks:
            known = ", ".join(scheme.benchmarks)
            raise NativeInputRefused(
                scheme.id, field=f"input.{name}", expected=f"one of {known}", found=name
            )
        if value < 0:
            raise NativeInputRefused(
                scheme.id, field=f"input.{name}", expected="zero or more", found=str(value)
            )
    total = Fraction(0)
    for name, benchmark in scheme.benchmarks.items():
        if name not in indicators:
            raise NativeInputRefused(
                scheme.id, field=f"input.{name}", expected="a value", found="none"
            )
        total += Fraction(indicators[name]) / Fraction(benchmark) * Fraction(scheme.weights[name])
    return NativeResult(scheme=scheme.id, score=_half_up(total), grade=None, credit_index=None)


def index_of(scheme: Scheme, score: Fraction) -> int | None:
    """Return the index of a native score; None where the scheme has no knots."""
    knots = scheme.index_knots
    if not knots:
        return None
    if score <= knots[0][0]:
        return knots[0][1]
    for (low, low_index), (high, high_index) in pairwise(knots):
        if score <= high:
            left, width = score - Fraction(low), Fraction(high) - Fraction(low)
            return low_index + (left * (high_index - low_index) / width).__floor__()
    return knots[-1][1]


def _fits(band: Band, score: Fraction) -> bool:
    if band.edge is None:
        return False
    edge = Fraction(band.edge)
    return {
        Comparison.AT_LEAST: score >= edge,
        Comparison.ABOVE: score > edge,
        Comparison.AT_MOST: score <= edge,
        Comparison.BELOW: score < edge,
    }[band.comparison or Comparison.AT_LEAST]


def _half_up(value: Fraction) -> Decimal:
    """Return a value that is not negative, rounded half up to four decimals."""
    scaled = value * 10**WEIGHTED_PLACES
    return Decimal((scaled + Fraction(1, 2)).__floor__()).scaleb(-WEIGHTED_PLACES)
