"""R1: water conservation (水源涵养).

Rain that neither runs off in the storm nor evaporates, HJ 1173-2021 A.1; or, of a lake, what went
in less what went out. A negative balance is no service: it counts 0 and is reported as clipped.
"""

from collections.abc import Sequence

import numpy as np

from gep.bounds import not_negative, share_of_one
from gep.measures import CubicMetre, Hectare, Millimetre
from gep.services.columns import rows
from gep.units import Amount, Money, Number, Price, ShadowPrice

CUBIC_METRES_A_MILLIMETRE_HECTARE = 10.0


def volume_on(depth: Amount[Millimetre], area: Amount[Hectare]) -> Amount[CubicMetre]:
    """Return the volume of a depth of water on an area: 1 mm on 1 hm2 is 10 m3."""
    return Amount(depth.value * area.value * CUBIC_METRES_A_MILLIMETRE_HECTARE, CubicMetre)


def storm_runoff(*, rain: Amount[Millimetre], coefficient: Number) -> Amount[Millimetre]:
    """Return the storm runoff as a share of the rain, by land cover."""
    not_negative(rain=rain)
    share_of_one(coefficient=coefficient)
    return rain * coefficient


def water_balance(
    *,
    rain: Amount[Millimetre] | Sequence[Amount[Millimetre]],
    runoff: Amount[Millimetre] | Sequence[Amount[Millimetre]],
    evapotranspiration: Amount[Millimetre] | Sequence[Amount[Millimetre]],
    area: Amount[Hectare] | Sequence[Amount[Hectare]],
) -> Amount[CubicMetre]:
    """Return sum of area by (rain - storm runoff - evapotranspiration); negative rows count 0."""
    balances = _balances(rain=rain, runoff=runoff, evapotranspiration=evapotranspiration, area=area)
    return Amount(sum(np.maximum(each, 0.0) for each in balances), CubicMetre)


def clipped(
    *,
    rain: Amount[Millimetre] | Sequence[Amount[Millimetre]],
    runoff: Amount[Millimetre] | Sequence[Amount[Millimetre]],
    evapotranspiration: Amount[Millimetre] | Sequence[Amount[Millimetre]],
    area: Amount[Hectare] | Sequence[Amount[Hectare]],
) -> Amount[CubicMetre]:
    """Return what ``water_balance`` left out: the volume of negative rows, as a positive figure."""
    balances = _balances(rain=rain, runoff=runoff, evapotranspiration=evapotranspiration, area=area)
    return Amount(sum(np.maximum(-each, 0.0) for each in balances), CubicMetre)


def _balances(
    *,
    rain: Amount[Millimetre] | Sequence[Amount[Millimetre]],
    runoff: Amount[Millimetre] | Sequence[Amount[Millimetre]],
    evapotranspiration: Amount[Millimetre] | Sequence[Amount[Millimetre]],
    area: Amount[Hectare] | Sequence[Amount[Hectare]],
) -> list[Number]:
    found: list[Number] = []
    for fallen, run, risen, ground in rows(
        rain=rain, runoff=runoff, evapotranspiration=evapotranspiration, area=area
    ):
        not_negative(rain=fallen, runoff=run, evapotranspiration=risen, area=ground)
        found.append(volume_on(fallen - run - risen, ground).value)
    return found


def alternative_supply(
    *,
    inflow: Amount[CubicMetre],
    rain: Amount[CubicMetre],
    outflow: Amount[CubicMetre],
    evaporation: Amount[CubicMetre],
    storage_change: Amount[CubicMetre],
) -> Amount[CubicMetre]:
    """Return what a lake supplied underground and to users, by its own balance.

    A rise of storage is positive. The result may be negative: then the lake took.
    """
    not_negative(inflow=inflow, rain=rain, outflow=outflow, evaporation=evaporation)
    return inflow + rain - outflow - evaporation - storage_change


def value(*, quantity: Amount[CubicMetre], price: ShadowPrice[CubicMetre]) -> Money:
    """Value water by the reservoir that would hold it, at a capital or an annualised price."""
    return quantity * price


def supply_value(*, quantity: Amount[CubicMetre], price: Price[CubicMetre]) -> Money:
    """Value water of the alternative-supply method by the price of water."""
    return quantity * price
