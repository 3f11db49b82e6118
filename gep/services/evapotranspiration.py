"""Actual evapotranspiration by the water-yield formula of InVEST, where no measured one is at hand.

For land with plants a Budyko curve on rain and potential evapotranspiration, for other covers the
crop's demand, and never more than the rain. The account names the method where it was picked.
"""

import numpy as np

from gep.bounds import not_negative, positive
from gep.measures import Millimetre
from gep.units import Amount, Number

SHAPE_LEAST, SHAPE_MOST = 1.25, 5.0


def of_plants(
    *,
    rain: Amount[Millimetre],
    potential: Amount[Millimetre],
    water_content: Amount[Millimetre],
    season: Number,
) -> Amount[Millimetre]:
    """Return AET: P (1 + PET/P - (1 + (PET/P)^w)^(1/w)), w = Z AWC/P + 1.25, at most 5.

    ``season`` is Z, about a fifth of the rain events of a year; ``water_content`` AWC. The share of
    the rain is held from 0 to 1, which rounding leaves where there is hardly any rain.
    """
    positive(rain=rain, season=season)
    not_negative(potential=potential, water_content=water_content)
    dryness = potential.value / rain.value
    shape = np.minimum(season * water_content.value / rain.value + SHAPE_LEAST, SHAPE_MOST)
    share = 1 + dryness - (1 + dryness**shape) ** (1 / shape)
    return Amount(rain.value * np.minimum(np.maximum(share, 0.0), 1.0), Millimetre)


def of_other_cover(
    *, rain: Amount[Millimetre], reference: Amount[Millimetre], crop: Number
) -> Amount[Millimetre]:
    """Return AET of water, built land and bare ground: min(Kc ET0, P)."""
    not_negative(rain=rain, reference=reference, crop=crop)
    return Amount(np.minimum(crop * reference.value, rain.value), Millimetre)
