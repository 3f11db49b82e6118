"""The population stability index (PSI): how far a distribution has shifted.

PSI = sum of (a - e) x ln(a / e) over the shares a now and e before. The counts are whole; the only
numbers here that are not exact are the logarithms, decimals of 34 digits, and what comes out is
rounded once, in ``stability_index``. No decision hangs on it.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import StrEnum

_EXACT = Context(prec=34, rounding=ROUND_HALF_EVEN)
ROUNDED = Decimal("0.0001")
EMPTY = Decimal("0.5")  # our assumption: a bin with nobody on one side counts as half a subject
WATCH = Decimal("0.1")  # below it, printed sources call a distribution stable
ACT = Decimal("0.25")  # general knowledge, not checked


class Stability(StrEnum):
    """What an index of stability asks for."""

    STABLE = "stable"
    WATCH = "watch"
    ACT = "act"


def stability_index(before: Sequence[Decimal | int], after: Sequence[Decimal | int]) -> Decimal:
    """Return the PSI of two distributions over the same bins, rounded to four digits.

    Bins that are empty on both sides say nothing and are left out; one with nobody at all is 0.
    """
    before_all, after_all = Decimal(sum(before)), Decimal(sum(after))
    found = Decimal(0)
    if before_all and after_all:
        for was, now in zip(before, after, strict=True):
            if was or now:
                expected = _EXACT.divide(Decimal(was or EMPTY), before_all)
                actual = _EXACT.divide(Decimal(now or EMPTY), after_all)
                logarithm = _EXACT.ln(_EXACT.divide(actual, expected))
                change = _EXACT.subtract(actual, expected)
                found = _EXACT.add(found, _EXACT.multiply(change, logarithm))
    return found.quantize(ROUNDED, rounding=ROUND_HALF_EVEN)


def stability_of(index: Decimal) -> Stability:
    """Return what an index asks for."""
    if index < WATCH:
        return Stability.STABLE
    return Stability.WATCH if index <= ACT else Stability.ACT
