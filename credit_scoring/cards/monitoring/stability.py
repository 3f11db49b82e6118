"""How far a population moved from the one of the fit: the population stability index (PSI).

``sum((actual - expected) * ln(actual / expected))`` over the shares of the cells. A cell that is
empty on one side counts there as half a loan, else one empty cell would make the index infinite.
Below 0.1 is stable, above 0.25 asks for action, between is to be watched.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import StrEnum

STABLE_BELOW = Decimal("0.1")
ACT_ABOVE = Decimal("0.25")
DECIMALS = Decimal("0.000001")
_CONTEXT = Context(prec=40, rounding=ROUND_HALF_EVEN)


class Verdict(StrEnum):
    """What an index asks for."""

    STABLE = "stable"
    WATCH = "watch"
    ACT = "act"


def psi(expected: Sequence[int], actual: Sequence[int]) -> Decimal | None:
    """Return the index of two counts of the same cells, ``None`` where one of them is empty.

    A cell that is empty on both sides is left out.
    """
    if not sum(expected) or not sum(actual):
        return None
    total = Decimal(0)
    for one, other in zip(expected, actual, strict=True):
        if one or other:
            was, now = _share(one, sum(expected)), _share(other, sum(actual))
            ratio = _CONTEXT.ln(_CONTEXT.divide(now, was))
            total = _CONTEXT.fma(_CONTEXT.subtract(now, was), ratio, total)
    return total.quantize(DECIMALS, context=_CONTEXT)


def verdict(index: Decimal) -> Verdict:
    """Say what an index asks for."""
    if index < STABLE_BELOW:
        return Verdict.STABLE
    return Verdict.WATCH if index <= ACT_ABOVE else Verdict.ACT


def _share(count: int, total: int) -> Decimal:
    return _CONTEXT.divide(Decimal(2 * count if count else 1), Decimal(2 * total))
