"""Draws that depend on nothing but a seed and what is drawn: the same on every machine.

A draw is the SplitMix64 finaliser (Steele, Lea, Flood 2014) of a counter; a library's generator may
change its stream between versions.
"""

import numpy as np
import numpy.typing as npt

from credit_scoring.batch.compiled import Whole

Bits = npt.NDArray[np.uint64]
_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


class Draws:
    """Draws for the subjects of one kind; every call of ``below`` is a column of its own."""

    def __init__(self, seed: int, *, stream: int) -> None:
        self._columns = 0
        self._key = _mixed(np.array([seed], np.uint64) * _STEP + np.uint64(stream))

    def below(self, bound: int, subjects: Whole) -> Whole:
        """Draw a whole number from 0 up to ``bound`` for each of some subjects."""
        self._columns += 1
        counter = (subjects.astype(np.uint64) << np.uint64(20)) + np.uint64(self._columns)
        bits = _mixed(self._key + counter * _STEP)
        found: Whole = (bits >> np.uint64(33)).astype(np.int64) * bound >> 31
        return found


def _mixed(bits: Bits) -> Bits:
    bits = (bits ^ (bits >> np.uint64(30))) * _FIRST
    bits = (bits ^ (bits >> np.uint64(27))) * _SECOND
    return bits ^ (bits >> np.uint64(31))
