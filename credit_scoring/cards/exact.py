"""Decimal text as a whole number that keeps its place among a feature's edges, exactly.

A feature's edges have so many decimals; a value may have more. Its *key* is twice the value in
steps of the last decimal, rounded down, plus one if something was cut off. So keys order values as
they are: ``x < edge`` exactly if ``key < 2 * edge``, and ``x <= edge`` exactly if
``key < 2 * edge + 1``.
"""

import re

DECIMALS_MAX = 6
WHOLE_DIGITS_MAX = 12
WHOLE_LIMIT = 10**WHOLE_DIGITS_MAX
CUT_DIGITS_MAX = 18
MISSING_KEY = -(2**62)  # below every key: |key| <= 2 * 10^(12 + 6) + 1
EXPECTED = "a decimal number such as -1, 12 or 0.35: at most 12 digits, a point, 18 decimals"
_NUMBER = re.compile(r"(-?)([0-9]{1,12})(?:\.([0-9]{1,18}))?\Z", re.ASCII)
_match = _NUMBER.match
_TENS: tuple[int, ...] = tuple(10**decimals for decimals in range(DECIMALS_MAX + 1))


def key_of_text(text: str, *, decimals: int) -> int | None:
    """Return the key of a decimal text, ``None`` if it is none."""
    match = _match(text)
    if match is None:
        return None
    sign, whole, fraction = match.groups("")
    if len(fraction) <= decimals:  # nothing is cut off; the usual case, and half the time
        key = 2 * int(whole + fraction) * _TENS[decimals - len(fraction)]
        return -key if sign else key
    steps = int(whole + fraction[:decimals])
    cut = bool(fraction[decimals:].strip("0"))
    if not sign:
        return 2 * steps + cut
    return -2 * steps - cut  # rounding down goes one step further, and the cut adds one again


def key_of_integer(value: int, *, decimals: int) -> int | None:
    """Return the key of a whole number, ``None`` if it is out of bounds."""
    if not -WHOLE_LIMIT < value < WHOLE_LIMIT:
        return None
    return int(2 * value * 10**decimals)


def steps_of_text(text: str, *, decimals: int) -> int | None:
    """Return a decimal text as a whole number of steps, ``None`` if it is none of them."""
    key = key_of_text(text, decimals=decimals)
    return None if key is None or key % 2 else key // 2


def text_of_steps(steps: int, *, decimals: int) -> str:
    """Return a number of steps as a decimal text with all its decimals."""
    sign = "-" if steps < 0 else ""
    digits = str(abs(steps)).rjust(decimals + 1, "0")
    cut = len(digits) - decimals
    return sign + digits[:cut] + ("." + digits[cut:] if decimals else "")
