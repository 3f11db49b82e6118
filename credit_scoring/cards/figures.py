"""The figures of a card's file as numbers; each is refused with its place where it is none."""

import re
from decimal import Decimal

from credit_scoring.cards.errors import CardUnreadable

_COUNT = re.compile(r"(0|[1-9][0-9]{0,11})\Z", re.ASCII)
_INTEGER = re.compile(r"(0|-?[1-9][0-9]{0,11})\Z", re.ASCII)
_FIGURE = re.compile(r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?\Z", re.ASCII)


def count_of(text: str, *, field: str) -> int:
    """Return a whole number from 0.

    Raises:
        CardUnreadable: it is none.
    """
    if _COUNT.match(text) is None:
        raise _none(text, field, "a whole number from 0, at most 12 digits")
    return int(text)


def integer_of(text: str, *, field: str) -> int:
    """Return a whole number.

    Raises:
        CardUnreadable: it is none.
    """
    if _INTEGER.match(text) is None:
        raise _none(text, field, "a whole number, at most 12 digits")
    return int(text)


def figure_of(text: str, *, field: str) -> Decimal:
    """Return a figure such as a coefficient.

    Raises:
        CardUnreadable: it is none.
    """
    if _FIGURE.match(text) is None:
        raise _none(text, field, "a decimal number, at most 12 digits, a point, 6 decimals")
    return Decimal(text)


def _none(text: str, field: str, expected: str) -> CardUnreadable:
    return CardUnreadable(f"{field}: {text[:64]!r}", field=field, expected=expected)
