"""The ranges that formulas can take; a figure outside is refused by name, also one in an array."""

import numpy as np

from gep.errors import InputRefused
from gep.units import Amount, Number, Per


def not_negative(**figures: "Amount | Per | Number") -> None:  # type: ignore[type-arg]  # any unit
    """Refuse a figure below zero, or one that is no number.

    Raises:
        InputRefused: the first such figure, by its name.
    """
    for name, figure in figures.items():
        _within(name, _number(figure), low=0.0, high=np.inf, expected="0 or more")


def positive(**figures: "Amount | Per | Number") -> None:  # type: ignore[type-arg]  # any unit
    """Refuse a figure that is not above zero.

    Raises:
        InputRefused: the first such figure, by its name.
    """
    for name, figure in figures.items():
        _within(
            name, _number(figure), low=np.nextafter(0.0, 1.0), high=np.inf, expected="more than 0"
        )


def share_of_one(**figures: Number) -> None:
    """Refuse a share that is not from 0 to 1.

    Raises:
        InputRefused: the first such figure, by its name.
    """
    for name, figure in figures.items():
        _within(name, figure, low=0.0, high=1.0, expected="from 0 to 1")


def between(low: float, high: float, **figures: Number) -> None:
    """Refuse a figure outside its range.

    Raises:
        InputRefused: the first such figure, by its name.
    """
    for name, figure in figures.items():
        _within(name, figure, low=low, high=high, expected=f"from {low:g} to {high:g}")


def _number(figure: "Amount | Per | Number") -> Number:  # type: ignore[type-arg]  # any unit
    return figure.value if isinstance(figure, Amount | Per) else figure


def _within(name: str, value: Number, *, low: float, high: float, expected: str) -> None:
    inside = np.isfinite(value) & (np.asarray(value) >= low) & (np.asarray(value) <= high)
    if not np.all(inside):
        found = np.extract(~inside, value)[0]
        raise InputRefused(field=name, expected=expected, found=f"{found:g}")
