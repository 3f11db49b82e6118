"""Latin hypercubes: figures drawn from triangles, and how their ranks go with a result's.

A figure is drawn once from each of as many equal slices as there are draws, in an order of its own.
"""

import numpy as np
from numpy.typing import NDArray

Draws = NDArray[np.float64]


def triangular(
    low: float, mode: float, high: float, *, draws: int, random: np.random.Generator
) -> Draws:
    """Return draws from the triangle over low, mode and high, low below high."""
    shares = (random.permutation(draws) + random.random(draws)) / draws
    width, rise = high - low, (mode - low) / (high - low)
    rising = low + np.sqrt(shares * width * (mode - low))
    falling = high - np.sqrt((1 - shares) * width * (high - mode))
    return np.where(shares < rise, rising, falling)


def ranks(values: Draws) -> Draws:
    """Return the rank of each value; of equal ones the first comes first."""
    return np.argsort(np.argsort(values, kind="stable"), kind="stable").astype(np.float64)


def rank_correlation(one: Draws, other: Draws) -> float:
    """Return the correlation of the ranks of two series of draws."""
    return float(np.corrcoef(ranks(one), ranks(other))[0, 1])
