"""Sums, shares, intensities and growth of accounts; the inflow deduction of GB/T 46869-2025."""

from collections.abc import Sequence

import numpy as np

from gep.bounds import not_negative, positive
from gep.errors import InputRefused
from gep.measures import Hectare, SquareKilometre
from gep.units import Amount, Money, Number, Per, Price, U, Yuan, sum_of

VALUES_MAX = 100_000


def total(*, values: Sequence[Amount[U]]) -> Amount[U]:
    """Add amounts of one unit.

    Raises:
        InputRefused: none, or too many.
    """
    if not 1 <= len(values) <= VALUES_MAX:
        raise InputRefused(
            field="values", expected=f"from 1 to {VALUES_MAX} amounts", found=str(len(values))
        )
    return sum_of(values)


def product(
    *,
    material: Amount[Yuan],
    regulating: Amount[Yuan],
    cultural: Amount[Yuan],
    inflow_deduction: Amount[Yuan],
) -> Money:
    """Return GEP: the three groups less the products that came from outside the area."""
    not_negative(inflow_deduction=inflow_deduction)
    return Money(0.0) + material + regulating + cultural - inflow_deduction


def amount(*, rate: Per[U, Hectare], area: Amount[Hectare]) -> Amount[U]:
    """Return rate by area, the cell of a table."""
    not_negative(area=area)
    return area * rate


def per_area(*, value: Amount[Yuan], area: Amount[SquareKilometre]) -> Price[SquareKilometre]:
    """Return yuan per square kilometre."""
    positive(area=area)
    return Price(value.value / area.value, SquareKilometre)


def ratio(*, part: Amount[U], whole: Amount[U]) -> Number:
    """Return a share, or GEP to GDP."""
    if np.any(np.asarray(whole.value) == 0):
        raise InputRefused(field="whole", expected="other than 0", found="0")
    return (part / whole).value


def growth(*, first: Amount[U], last: Amount[U]) -> Number:
    """Return growth since the first: last / first - 1."""
    positive(first=first)
    return (last / first).value - 1
