"""R6 and R7: purification of air (空气净化) and of water (水质净化).

Ecosystems can take up so much of a pollutant; where less was emitted, the emission is what counts.
"""

from collections.abc import Sequence

import numpy as np

from gep.bounds import not_negative
from gep.measures import Hectare, SquareKilometre, Tonne
from gep.services.columns import rows
from gep.units import Amount, Money, Per, Price

FREE: Price[Tonne] = Price(0.0, Tonne)


def air_capacity(
    *,
    rate: Per[Tonne, Hectare] | Sequence[Per[Tonne, Hectare]],
    area: Amount[Hectare] | Sequence[Amount[Hectare]],
) -> Amount[Tonne]:
    """Return the capacity of one pollutant: sum of rate by area."""
    total: Amount[Tonne] = Amount(0.0, Tonne)
    for taken, ground in rows(rate=rate, area=area):
        not_negative(rate=taken, area=ground)
        total = total + ground * taken
    return total


def water_capacity(
    *,
    rate: Per[Tonne, SquareKilometre] | Sequence[Per[Tonne, SquareKilometre]],
    area: Amount[SquareKilometre] | Sequence[Amount[SquareKilometre]],
) -> Amount[Tonne]:
    """Return the capacity of wetlands for one pollutant: sum of rate by area."""
    total: Amount[Tonne] = Amount(0.0, Tonne)
    for taken, water in rows(rate=rate, area=area):
        not_negative(rate=taken, area=water)
        total = total + water * taken
    return total


def used(*, capacity: Amount[Tonne], emission: Amount[Tonne]) -> Amount[Tonne]:
    """Return what was purified: the capacity, and never more than was emitted."""
    not_negative(capacity=capacity, emission=emission)
    return Amount(np.minimum(capacity.value, emission.value), Tonne)


def air_value(
    *, quantity: Amount[Tonne], price: Price[Tonne], running_cost: Price[Tonne] = FREE
) -> Money:
    """Value a pollutant taken from the air by its treatment: investment and running cost."""
    return quantity * (price + running_cost)


def water_value(*, quantity: Amount[Tonne], price: Price[Tonne]) -> Money:
    """Value a pollutant taken from water by its treatment."""
    return quantity * price
