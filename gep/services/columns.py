"""Columns of arguments, read row by row: a single figure holds for every row."""

from collections.abc import Iterator
from typing import Any

from gep.errors import InputRefused

ROWS_MAX = 100_000


def rows(**columns: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of columns; without a list there is one row.

    Raises:
        InputRefused: lists of unlike lengths, an empty one, or more rows than we sum.
    """
    lengths = {
        name: len(column) for name, column in columns.items() if isinstance(column, list | tuple)
    }
    count = next(iter(lengths.values()), 1)
    for name, length in lengths.items():
        if length != count or not 1 <= length <= ROWS_MAX:
            expected = f"{count} values, as in the other lists, from 1 to {ROWS_MAX}"
            raise InputRefused(field=name, expected=expected, found=str(length))
    filled = [column if name in lengths else (column,) * count for name, column in columns.items()]
    return zip(*filled, strict=True)
