"""R3: flood regulation (洪水调蓄) by vegetation, lakes, reservoirs and marshes."""

from collections.abc import Sequence

import numpy as np

from gep.bounds import between, not_negative, share_of_one
from gep.errors import InputRefused
from gep.measures import CubicMetre, Hectare, Metre, Millimetre, SquareKilometre
from gep.services.columns import rows
from gep.services.water_conservation import volume_on
from gep.units import Amount, Money, Number, ShadowPrice

# Ganzi 2017: the usable share of a reservoir's total capacity, the depth that a marsh takes up.
RESERVOIR_SHARE = 0.35
MARSH_DEPTH_METRES = 0.3
# SCS curve number method: initial abstraction, and S in mm from the number.
INITIAL_ABSTRACTION = 0.2
CURVE_SCALE_MM, CURVE_OFFSET_MM = 25_400.0, 254.0
LAKE_UNIT_M3 = 1e4


def scs_runoff(
    *, rain: Amount[Millimetre], curve_number: Number, abstraction: Number = INITIAL_ABSTRACTION
) -> Amount[Millimetre]:
    """Return a storm's runoff by the curve number; 0 where the rain is all abstracted.

    It is never more than the rain, which rounding alone would make it where nothing is abstracted.
    """
    not_negative(rain=rain)
    share_of_one(abstraction=abstraction)
    between(1.0, 100.0, curve_number=curve_number)
    retention = CURVE_SCALE_MM / curve_number - CURVE_OFFSET_MM
    excess = np.maximum(rain.value - abstraction * retention, 0.0)
    below = rain.value + (1 - abstraction) * retention
    run = excess**2 / np.where(np.asarray(below) > 0, below, 1.0)
    return Amount(np.minimum(run, rain.value)[()], Millimetre)


def vegetation(
    *,
    rain: Amount[Millimetre] | Sequence[Amount[Millimetre]],
    runoff: Amount[Millimetre] | Sequence[Amount[Millimetre]],
    area: Amount[Hectare] | Sequence[Amount[Hectare]],
) -> Amount[CubicMetre]:
    """Return sum of area by (storm rain - storm runoff)."""
    total: Amount[CubicMetre] = Amount(0.0, CubicMetre)
    for fallen, run, ground in rows(rain=rain, runoff=runoff, area=area):
        not_negative(rain=fallen, runoff=run, area=ground)
        held = fallen - run
        not_negative(rain_less_runoff=held)
        total = total + volume_on(held, ground)
    return total


def lakes(
    *,
    area: Amount[SquareKilometre] | Sequence[Amount[SquareKilometre]],
    intercept: Number,
    exponent: Number,
    exchanges: Number = 1.0,
) -> Amount[CubicMetre]:
    """Return the regulating storage of lakes: sum of e^intercept area^exponent T, in 1e4 m3."""
    total: Amount[CubicMetre] = Amount(0.0, CubicMetre)
    not_negative(exchanges=exchanges)
    for (water,) in rows(area=area):
        not_negative(area=water)
        stored = np.exp(intercept) * water.value**exponent * exchanges
        total = total + Amount(stored * LAKE_UNIT_M3, CubicMetre)
    return total


def reservoirs(
    *, capacity: Amount[CubicMetre], share: Number = RESERVOIR_SHARE
) -> Amount[CubicMetre]:
    """Return the flood storage of reservoirs as a share of their total capacity."""
    not_negative(capacity=capacity)
    share_of_one(share=share)
    return capacity * share


def marshes(
    *,
    area: Amount[SquareKilometre],
    depth: Amount[Metre] = Amount(MARSH_DEPTH_METRES, Metre),  # noqa: B008 - it is immutable
) -> Amount[CubicMetre]:
    """Return the water that marshes take up: depth on area, in m3 (a paper prints 1e4 m3)."""
    not_negative(area=area, depth=depth)
    return Amount(area.value * SquareKilometre.scale * depth.value, CubicMetre)


def events(
    *, peaks: Sequence[Amount[CubicMetre]], starts: Sequence[Amount[CubicMetre]]
) -> Amount[CubicMetre]:
    """Return what floods were held: sum over events of storage at the peak less at the start.

    Raises:
        InputRefused: an event whose peak lies below its start, for it held nothing.
    """
    total: Amount[CubicMetre] = Amount(0.0, CubicMetre)
    for peak, start in rows(peaks=peaks, starts=starts):
        not_negative(peaks=peak, starts=start)
        if np.any(np.asarray(peak.value) < start.value):
            raise InputRefused(
                field="peaks", expected="a peak at or above its start", found=f"{peak.value:g}"
            )
        total = total + peak - start
    return total


def value(*, quantity: Amount[CubicMetre], price: ShadowPrice[CubicMetre]) -> Money:
    """Value held floods by the reservoir that would hold them."""
    return quantity * price
