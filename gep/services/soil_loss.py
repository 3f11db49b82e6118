"""The factors of soil loss (RUSLE): rain, soil, slope and cover.

Angles are in degrees, lengths in metres. Coefficients are those of the Chinese adaptation; where
the text of a norm was not read, docs/gep.md says so.
"""

from collections.abc import Sequence

import numpy as np

from gep.bounds import between, not_negative, share_of_one
from gep.errors import InputRefused
from gep.measures import Metre, Millimetre
from gep.services.columns import rows
from gep.units import Amount, Number

WARM_MONTHS = range(5, 10)
WARM, COLD, EXPONENT = 0.3937, 0.3101, 1.7265
GENTLE_DEGREES, STEEP_DEGREES, FLAT_DEGREES = 5.14, 10.20, 28.81
STEEPEST = 9.5988
INVEST_STEEP_SHARE = 0.09
UNIT_PLOT_METRES = 22.13


def erosivity(*, rain: Amount[Millimetre] | Sequence[Amount[Millimetre]], month: int) -> Number:
    """Return R of one half-month from the rain of its erosive days."""
    if isinstance(month, bool) or month not in range(1, 13):
        raise InputRefused(field="month", expected="a month from 1 to 12", found=str(month))
    coefficient = WARM if month in WARM_MONTHS else COLD
    total: Number = 0.0
    for (fallen,) in rows(rain=rain):
        not_negative(rain=fallen)
        total += fallen.value**EXPONENT
    return coefficient * total


def erodibility_epic(*, sand: Number, silt: Number, clay: Number, carbon: Number) -> Number:
    """Return K of EPIC; the four in percent of the soil, ``carbon`` organic carbon."""
    between(0.0, 100.0, sand=sand, silt=silt, clay=clay, carbon=carbon)
    between(0.0, 100.0 + 1e-6, sand_silt_and_clay=sand + silt + clay)
    if np.any(np.asarray(silt + clay) <= 0):
        raise InputRefused(field="silt", expected="silt or clay above 0", found="none of them")
    coarse = 1 - sand / 100
    return (
        (0.2 + 0.3 * np.exp(-0.0256 * sand * (1 - silt / 100)))
        * (silt / (clay + silt)) ** 0.3
        * (1 - 0.25 * carbon / (carbon + np.exp(3.72 - 2.95 * carbon)))
        * (1 - 0.7 * coarse / (coarse + np.exp(-5.51 + 22.9 * coarse)))
    )


def erodibility(*, epic: Number) -> Number:
    """Return K corrected for Chinese soils, in t hm2 h/(hm2 MJ mm); negative ones count 0."""
    not_negative(epic=epic)
    return np.maximum((-0.01383 + 0.51575 * epic) * 0.1317, 0.0)


def slope_factor(*, degrees: Number) -> Number:
    """Return S by four classes of slope."""
    between(0.0, 90.0, degrees=degrees)
    sine = np.sin(np.radians(degrees))
    return np.where(
        np.asarray(degrees) < GENTLE_DEGREES,
        10.8 * sine + 0.03,
        np.where(
            np.asarray(degrees) < STEEP_DEGREES,
            16.8 * sine - 0.5,
            np.where(np.asarray(degrees) < FLAT_DEGREES, 21.91 * sine - 0.96, STEEPEST),
        ),
    )[()]


def slope_factor_invest(*, degrees: Number) -> Number:
    """Return S by the two classes of InVEST, below and from 9 % of slope."""
    between(0.0, 90.0, degrees=degrees)
    angle = np.radians(degrees)
    return np.where(
        np.tan(angle) < INVEST_STEEP_SHARE, 10.8 * np.sin(angle) + 0.03, 16.8 * np.sin(angle) - 0.5
    )[()]


def length_factor(*, length: Amount[Metre], degrees: Number) -> Number:
    """Return L of a slope length in metres."""
    not_negative(length=length)
    between(0.0, 90.0, degrees=degrees)
    sine = np.sin(np.radians(degrees))
    rill = (sine / 0.0896) / (3 * sine**0.8 + 0.56)
    return (length.value / UNIT_PLOT_METRES) ** (rill / (1 + rill))


def cropland_cover(*, covered: Number) -> Number:
    """Return C of dry cropland from the covered share, within 0 and 1."""
    share_of_one(covered=covered)
    with np.errstate(divide="ignore"):
        return np.clip(0.221 - 0.595 * np.log10(covered), 0.0, 1.0)
