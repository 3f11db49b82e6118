"""The slips that make one figure out of another: a power of ten, C for CO2, two digits swapped."""

from collections.abc import Iterator
from decimal import Decimal

from gep.audit.finding import Rule
from gep.audit.printed import Printed, Span

POWERS = [power for power in range(-12, 13) if power]
CARBON_A_DIOXIDE = Decimal(12) / Decimal(44)
CARBON_SERVICES = {"R8"}


def slip_between(
    printed: Printed, recomputed: Span, *, service: str, rounded: bool = False
) -> Rule | None:
    """Return the slip that explains a figure that is not as computed; None if none does.

    A rate, a share or a price is taken for rounded only where that is said.
    """
    span = printed.rounded if rounded else printed.span
    if any(recomputed.scaled(Decimal(1).scaleb(power)).meets(span) for power in POWERS):
        return Rule.POWER_OF_TEN
    if service in CARBON_SERVICES and any(
        recomputed.scaled(ratio).meets(span) for ratio in (CARBON_A_DIOXIDE, 1 / CARBON_A_DIOXIDE)
    ):
        return Rule.CARBON_FOR_DIOXIDE
    swapped = _with_two_swapped(printed)
    if any((each.rounded if rounded else each.span).meets(recomputed) for each in swapped):
        return Rule.SWAPPED_DIGITS
    return None


def _with_two_swapped(printed: Printed) -> Iterator[Printed]:
    _, digits, exponent = printed.digits.as_tuple()
    assert isinstance(exponent, int), "the reader refuses what is not finite"
    for first in range(len(digits)):
        for second in range(first + 1, len(digits)):
            if digits[first] != digits[second]:
                swapped = list(digits)
                swapped[first], swapped[second] = swapped[second], swapped[first]
                value = Decimal((0, tuple(swapped), exponent))
                yield Printed(digits=value, unit=printed.unit, times=printed.times)
