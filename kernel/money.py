"""Exact amounts: decimal text and integers of a smallest step, and the few roundings allowed.

Nothing here is a float. An amount is an integer number of steps (fen of CNY, lots of an
instrument, ticks of a price); text becomes one at the edge and nowhere else.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import NewType

from kernel.errors import DomainError, Kind

Fen = NewType("Fen", int)
Lots = NewType("Lots", int)
Ticks = NewType("Ticks", int)

DIGITS_MAX = 18
MILLION = 1_000_000
_DECIMAL = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?\Z", re.ASCII)


class AmountUnreadable(DomainError):
    """A text that is no amount: sign, exponent, other digits, too long, or off the step."""

    code = "kernel.amount_unreadable"
    kind = Kind.MALFORMED


def parse_decimal(text: str, *, step: Decimal) -> int:
    """Read a decimal string as a whole number of steps.

    Raises:
        AmountUnreadable: the text has a sign, an exponent or a leading zero, is longer than 18
            digits, or is no multiple of ``step``.
    """
    if _DECIMAL.match(text) is None or len(text.replace(".", "")) > DIGITS_MAX:
        raise AmountUnreadable(
            f"{text!r} is no amount",
            expected="digits, with a point before decimals, no sign, at most 18 digits",
        )
    count, rest = divmod(Decimal(text), step)
    if rest:
        raise AmountUnreadable(f"{text!r} is off the step", expected=f"a multiple of {step}")
    return int(count)


def format_decimal(value: int, *, step: Decimal) -> str:
    """Return a number of steps as a decimal string with the step's own decimals."""
    return f"{Decimal(value) * step:f}"


def round_half_up(numerator: int, denominator: int) -> int:
    """Return the quotient rounded to a whole number, away from zero at the half."""
    magnitude = (2 * abs(numerator) + denominator) // (2 * denominator)
    return magnitude if numerator >= 0 else -magnitude


def rate_of(amount: int, *, ppm: int) -> int:
    """Return a share of an amount, given in parts per million, rounded half up."""
    return round_half_up(amount * ppm, MILLION)


def largest_remainder(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Share a whole number in proportion to weights; what is left goes to the largest remainders.

    Equal remainders are decided by key. The shares sum to ``total``.
    """
    whole = sum(weights.values())
    exact = {key: divmod(total * weight, whole) for key, weight in weights.items()}
    shares = {key: quotient for key, (quotient, _) in exact.items()}
    missing = total - sum(shares.values())
    for key in sorted(exact, key=lambda each: (-exact[each][1], each))[:missing]:
        shares[key] += 1
    return shares
