"""Sorting by several whole-number keys, and what is read off a sorted column.

Keys whose ranges fit into 63 bits together are packed into one number and sorted as one, several
times faster than one sort for each key; wider ones are sorted one after the other. No two rows are
equal in all keys wherever the order matters, so both ways give the same.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from credit_scoring.batch.compiled import Flags, Whole

Key = npt.NDArray[Any]
BITS = 63


def order_by(*keys: Key) -> Whole:
    """Return the order of rows by the first key, then the second, and so on; all ascending."""
    if not len(keys[0]):
        return np.zeros(0, np.int64)
    ranges = [(int(key.min()), int(key.max())) for key in keys]
    widths = [(high - low).bit_length() for low, high in ranges]
    if sum(widths) > BITS:
        return np.lexsort(keys[::-1])
    packed = np.zeros(len(keys[0]), np.int64)
    for key, (low, _), width in zip(keys, ranges, widths, strict=True):
        packed <<= width
        packed |= key.astype(np.int64) - low
    return np.argsort(packed)


def starts_of_runs(ordered: Key) -> Flags:
    """Return which rows begin a run of equal values."""
    starts = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=starts[1:])
    return starts


def place_in_run(ordered: Key) -> Whole:
    """Return each row's place within its run of equal values, from 0."""
    rows = np.arange(len(ordered))
    first = np.where(starts_of_runs(ordered), rows, 0)
    found: Whole = rows - np.maximum.accumulate(first)
    return found


def sum_before(sizes: Whole, ordered: Key) -> Whole:
    """Return the sum of what stands before each row within its run of equal values."""
    before = np.cumsum(sizes) - sizes
    found: Whole = before - before[np.arange(len(ordered)) - place_in_run(ordered)]
    return found
