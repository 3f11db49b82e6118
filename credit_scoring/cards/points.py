"""From a weight of evidence to points: the scale of a card, and its one rounding.

    factor = PDO / ln 2
    offset = score0 - factor * ln(odds0)
    score  = offset + factor * ln(odds of good to bad)
    ln(odds) = intercept + sum of coefficient * woe over the features
    points of a row = offset / n + factor * (intercept / n + coefficient * woe), rounded

Weight of evidence (WoE): ``ln(share of good / share of bad)``. Positive is better than average.
Other programs print the opposite sign for the same data; whoever brings figures from there turns
them first. Points are rounded here, once, when a card is made or checked, half to even, to whole
steps of the card's ``point_decimals``; scoring only adds integers. Logarithms are decimals.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal

WOE_SIGN = "ln(share of good / share of bad); positive is better than average"
ROUNDING = "half to even, once for each row of a feature, when the card is made"
FIGURE_DECIMALS = (
    6  # of factor, offset, coefficients and weights of evidence, as a card prints them
)
_CONTEXT = Context(prec=40, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The straight line from log odds to points (刻度): ``score0`` at ``odds0``, PDO to double."""

    pdo: Decimal
    score0: Decimal
    odds0: Decimal

    @property
    def factor(self) -> Decimal:
        """Points for each unit of log odds."""
        return _CONTEXT.divide(self.pdo, Decimal(2).ln(_CONTEXT))

    @property
    def offset(self) -> Decimal:
        """The score at odds of one to one."""
        return _CONTEXT.subtract(
            self.score0, _CONTEXT.multiply(self.factor, self.odds0.ln(_CONTEXT))
        )

    def score(self, odds: Decimal) -> Decimal:
        """Return the score of odds of good to bad, not rounded."""
        return _CONTEXT.fma(self.factor, odds.ln(_CONTEXT), self.offset)


def woe(*, good: int, bad: int, goods: int, bads: int) -> Decimal:
    """Return the weight of evidence of a bin with so many of all good and bad loans.

    All four are at least 1: where a bin has no good or no bad loan there is no logarithm.
    """
    ratio = _CONTEXT.divide(Decimal(good * bads), Decimal(bad * goods))
    return figure(ratio.ln(_CONTEXT))


def information_value(bins: list[tuple[int, int]]) -> Decimal:
    """Return ``sum((share of good - share of bad) * woe)`` of bins given as (good, bad)."""
    goods, bads = sum(good for good, _ in bins), sum(bad for _, bad in bins)
    total = Decimal(0)
    for good, bad in bins:
        if good == 0 or bad == 0:
            continue
        weight = _CONTEXT.divide(Decimal(good * bads), Decimal(bad * goods)).ln(_CONTEXT)
        gap = _CONTEXT.divide(Decimal(good * bads - bad * goods), Decimal(goods * bads))
        total = _CONTEXT.fma(gap, weight, total)
    return figure(total)


def points(
    scale: Scale, *, features: int, intercept: Decimal, coefficient: Decimal, woe: Decimal
) -> Decimal:
    """Return the points of a row among so many features, not rounded."""
    shared = _CONTEXT.fma(scale.factor, intercept, scale.offset)
    own = _CONTEXT.multiply(scale.factor, _CONTEXT.multiply(coefficient, woe))
    return _CONTEXT.add(_CONTEXT.divide(shared, Decimal(features)), own)


def rounded(exact: Decimal, *, decimals: int) -> int:
    """Return points as a whole number of steps of ``10^-decimals``: the one rounding of points."""
    return int(exact.scaleb(decimals, _CONTEXT).quantize(Decimal(1), context=_CONTEXT))


def figure(value: Decimal) -> Decimal:
    """Return a figure with the decimals that a card prints."""
    return value.quantize(Decimal(1).scaleb(-FIGURE_DECIMALS), context=_CONTEXT)
