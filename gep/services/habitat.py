"""R11 to R14: negative air ions, pest control, noise reduction, biodiversity.

负氧离子, 病虫害控制, 噪声削减, 物种保育.
"""

from collections.abc import Sequence

import numpy as np

from gep.bounds import not_negative, positive
from gep.errors import InputRefused
from gep.measures import Decibel, Hectare, Ion, Kilometre, Metre, SquareKilometre
from gep.units import Amount, Money, Number, Price

# Ions of a year: 1e4 m2/hm2 by 1e6 cm3/m3 by 525,600 min/a (GB/T 38582).
IONS_A_YEAR = 5.256e15
IONS_COUNTED_FROM = 600.0
SHANNON_EDGES = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)


def ions(
    *, density: Number, area: Amount[Hectare], height: Amount[Metre], lifetime: Number
) -> Amount[Ion]:
    """Return the ions of a year; ``density`` in ions/cm3, ``lifetime`` in minutes."""
    not_negative(density=density, area=area, height=height)
    positive(lifetime=lifetime)
    return Amount(IONS_A_YEAR * density * area.value * height.value / lifetime, Ion)


def counted_ions(
    *,
    density: Number,
    area: Amount[Hectare],
    height: Amount[Metre],
    lifetime: Number,
    counted_from: Number = IONS_COUNTED_FROM,
) -> Amount[Ion]:
    """Return the ions above the density that is good for health; none at or below it."""
    not_negative(density=density, counted_from=counted_from)
    above = np.maximum(density - counted_from, 0.0)
    return ions(density=above, area=area, height=height, lifetime=lifetime)


def ions_value(*, quantity: Amount[Ion], price: Price[Ion]) -> Money:
    """Value counted ions by what it costs to make them."""
    return quantity * price


def pests_value(*, quantity: Amount[Hectare], price: Price[Hectare]) -> Money:
    """Value stands that healed by themselves by what treating them costs."""
    return quantity * price


def barrier_value(*, length: Amount[Kilometre], price: Price[Kilometre]) -> Money:
    """Value a green belt by the noise barrier that it replaces."""
    not_negative(length=length)
    return length * price


def noise_value(*, reduction: Amount[Decibel], price: Price[Decibel]) -> Money:
    """Value a reduction of noise at a price per decibel."""
    not_negative(reduction=reduction)
    return reduction * price


def class_price(*, index: float, prices: Sequence[Price[Hectare]]) -> Price[Hectare]:
    """Return the price of a Shannon-Wiener index: below 1, 1 to 2, ..., 6 and above.

    Raises:
        InputRefused: not one price for each of the seven classes.
    """
    not_negative(index=index)
    if len(prices) != len(SHANNON_EDGES) + 1:
        expected = f"{len(SHANNON_EDGES) + 1} prices, the lowest class first"
        raise InputRefused(field="prices", expected=expected, found=str(len(prices)))
    return prices[sum(index >= edge for edge in SHANNON_EDGES)]


def diversity_value(*, quantity: Amount[Hectare], price: Price[Hectare]) -> Money:
    """Value a habitat at its class price."""
    return quantity * price


def protection_value(*, quantity: Amount[SquareKilometre], price: Price[SquareKilometre]) -> Money:
    """Value a habitat by what protecting it costs."""
    return quantity * price
