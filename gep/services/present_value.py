"""Present values of yearly flows, and the rate at which they are worth nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from gep.bounds import between
from gep.errors import InputRefused
from gep.units import Amount, U

YEARS_MAX = 1_000
RATE_MIN, RATE_MAX = -0.99, 10.0
HALVINGS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Irr:
    """An internal rate of return, and why there is none or why it may not be the only one."""

    rate: float | None
    reason: str = ""


def annuity_due(*, flow: Amount[U], rate: float, years: int) -> Amount[U]:
    """Return the present value of a constant flow whose first payment is not discounted."""
    return discounted(flows=[flow] * _years(years), rate=rate, due=True)


def annuity(*, flow: Amount[U], rate: float, years: int) -> Amount[U]:
    """Return the present value of a constant flow at the end of each year."""
    return discounted(flows=[flow] * _years(years), rate=rate)


def discounted(*, flows: Sequence[Amount[U]], rate: float, due: bool = False) -> Amount[U]:
    """Return the present value of yearly flows, at the end of each year, or at its start if due."""
    between(RATE_MIN, RATE_MAX, rate=rate)
    _years(len(flows))
    total, *later = (
        flow * (1 + rate) ** -(year if due else year + 1) for year, flow in enumerate(flows)
    )
    for each in later:
        total = total + each
    return total


def internal_rate(*, flows: Sequence[float]) -> Irr:
    """Return the rate at which flows of years 0, 1, ... sum to nothing, found by bisection.

    It may be negative. Without a change of sign in the flows, or without a root between -99 % and
    1000 %, there is none.
    """
    _years(len(flows))
    signs = [each > 0 for each in flows if each]
    changes = sum(one is not other for one, other in pairwise(signs))
    if not changes:
        return Irr(rate=None, reason="no_change_of_sign")
    low, high = RATE_MIN, RATE_MAX
    low_is_positive = _net(flows, low) > 0
    if low_is_positive is (_net(flows, high) > 0):
        return Irr(rate=None, reason="no_root_in_bracket")
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if (_net(flows, middle) > 0) is low_is_positive:
            low = middle
        else:
            high = middle
    return Irr(rate=(low + high) / 2, reason="" if changes == 1 else "several_changes_of_sign")


def _net(flows: Sequence[float], rate: float) -> float:
    """Return the sum of flows, scaled by the last year's discount so that nothing overflows."""
    total = 0.0
    for flow in flows:
        total = total * (1 + rate) + flow
    return total


def _years(count: int) -> int:
    if isinstance(count, bool) or not 1 <= count <= YEARS_MAX:
        raise InputRefused(
            field="years", expected=f"a whole number from 1 to {YEARS_MAX}", found=str(count)
        )
    return count
