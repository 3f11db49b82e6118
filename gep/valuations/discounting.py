"""Present values of yearly fen, and their internal rate, without any float: alike everywhere.

A present value is rounded once, half up to the fen. A rate of return is found on the grid of its
last digit by the sign of a sum of whole numbers, so that its sixth decimal is certain.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from gep.accounts.account import EXACT
from kernel.money import Fen

STEPS = 1_000_000
RATE_LOW, RATE_HIGH = -990_000, 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """An internal rate of return (内部收益率), or why there is none, or may be more than one."""

    rate: Decimal | None
    reason: str = ""


def present_value(flows: Sequence[int], *, rate: Decimal, is_due: bool = False) -> Fen:
    """Return what yearly flows, year 1 first, are worth at the start of year 1.

    Payments are at the end of each year, or at its start if due.
    """
    factor = EXACT.add(Decimal(1), rate)
    later, divisor = Decimal(0), Decimal(1)
    for flow in flows:
        later = EXACT.add(EXACT.multiply(later, factor), Decimal(flow))
        divisor = EXACT.multiply(divisor, factor)
    worth = EXACT.divide(later, divisor)
    if is_due:
        worth = EXACT.multiply(worth, factor)
    return Fen(int(EXACT.quantize(worth, Decimal(1))))


def internal_rate(flows: Sequence[int]) -> Return:
    """Return the rate at which flows of years 0, 1, ... are worth nothing, to six decimals.

    It may be negative. Without a change of sign in the flows, or without a root between -99 % and
    1000 %, there is none.
    """
    signs = [each > 0 for each in flows if each]
    changes = sum(one is not other for one, other in pairwise(signs))
    if not changes:
        return Return(rate=None, reason="no_change_of_sign")
    low, high = RATE_LOW, RATE_HIGH
    is_positive = _is_positive(flows, 2 * low)
    if is_positive is _is_positive(flows, 2 * high):
        return Return(rate=None, reason="no_root_in_bracket")
    while high - low > 1:
        middle = (low + high) // 2
        if _is_positive(flows, 2 * middle) is is_positive:
            low = middle
        else:
            high = middle
    nearest = high if _is_positive(flows, low + high) is is_positive else low
    rate = EXACT.scaleb(Decimal(nearest), -6)
    return Return(rate=rate, reason="" if changes == 1 else "several_changes_of_sign")


def _is_positive(flows: Sequence[int], half_steps: int) -> bool:
    """Tell whether flows are worth more than nothing at a rate in half steps of the grid."""
    one = 2 * STEPS
    factor, scale, worth = one + half_steps, 1, 0
    for flow in flows:
        worth = worth * factor + flow * scale
        scale *= one
    return worth > 0
