"""Score a million rows by the tables that score one: the same cuts, the same integers.

A column of numbers is int64 in steps of its feature's last decimal, with a mask for missing; or
int64 keys, which are exact for texts with more decimals. A column of categories is the list of its
categories with an index into it for each row. A float is refused: what it once was is not known.

Rows are taken in slices that stay in the cache. Each slice counts for each key how many cuts are
not above it, which is what ``bisect_right`` gives for one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from credit_scoring.cards.card import Card, Table, Value
from credit_scoring.cards.errors import ColumnUnusable, FeatureAbsent, FeatureUnknown
from credit_scoring.cards.exact import MISSING_KEY, WHOLE_LIMIT
from credit_scoring.cards.scoring import REASONS_MAX

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
SLICE = 16_384
NO_CATEGORY = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Numbers as whole steps of the feature's last decimal; ``missing`` marks what is not known."""

    steps: Integers
    missing: Mask | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Numbers as keys of ``credit_scoring.cards.exact``; missing ones are ``MISSING_KEY``."""

    keys: Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """Categories as indexes into their list; -1 is missing."""

    categories: Sequence[str]
    codes: Integers


Column = Steps | Keys | Coded


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Scores in steps of points; ``rows[i, j]`` is the row of the table of feature j."""

    scores: Integers
    rows: Numbers


def column_of(table: Table, values: Sequence[Value]) -> Column:
    """Return a column of single values, each read as the scoring of one row reads it.

    Raises:
        ValueUnreadable: a value is none of its feature.
    """
    known: dict[Value, int] = {}
    if table.kind == "number":
        for value in set(values):
            absent = value is None or value == ""
            known[value] = MISSING_KEY if absent else table.key_of(value)
        return Keys(keys=np.array([known[value] for value in values], dtype=np.int64))
    categories: list[str] = []
    for value in set(values):
        if table.row_of(value) == table.missing or not isinstance(value, str):
            known[value] = NO_CATEGORY
        else:
            known[value] = len(categories)
            categories.append(value)
    codes = np.array([known[value] for value in values], dtype=np.int64)
    return Coded(categories=categories, codes=codes)


def score_batch(card: Card, columns: Mapping[str, Column]) -> Batch:
    """Score all rows of columns by feature.

    Raises:
        FeatureUnknown: the card has no such feature.
        FeatureAbsent: a feature has no column.
        ColumnUnusable: a column has another type, length or range.
    """
    count = _count(card, columns)
    worth = [(columns[table.name], _Lookup.of(table, columns[table.name])) for table in card.tables]
    scores = np.zeros(count, dtype=np.int64)
    rows = np.empty((count, len(worth)), dtype=np.uint8, order="F")
    for part in _slices(count):
        total = scores[part]
        for index, (column, lookup) in enumerate(worth):
            found = lookup.between(column, part)
            total += lookup.points[found]
            rows[part, index] = lookup.rows[found]
    return Batch(scores=scores, rows=rows)


def reasons_of(card: Card, batch: Batch) -> npt.NDArray[np.int8]:
    """Return each row's features that lost points, as ``scoring.explain`` does; -1 is none."""
    count, width = batch.rows.shape
    shown = min(REASONS_MAX, width)
    found = np.full((count, REASONS_MAX), -1, dtype=np.int8)
    lost = [
        np.array([table.best - row.points for row in table.rows], dtype=np.int64)
        for table in card.tables
    ]
    for part in _slices(count):
        # The more was lost the smaller; at equal loss the earlier feature is smaller.
        order = np.empty((part.stop - part.start, width), dtype=np.int64)
        for index, each in enumerate(lost):
            order[:, index] = index - width * each[batch.rows[part, index]]
        first = np.sort(np.partition(order, shown - 1, axis=1)[:, :shown], axis=1)
        # What lost nothing has its own index, which is not below 0.
        found[part, :shown] = np.where(first < 0, first % width, -1)
    return found


@dataclass(frozen=True, slots=True)
class _Lookup:
    """A feature's table as arrays: cuts, then rows and points by the number of cuts passed."""

    cuts: tuple[int, ...]
    rows: Numbers
    points: Integers

    @classmethod
    def of(cls, table: Table, column: Column) -> "_Lookup":
        between: Sequence[int] = table.row_between
        if isinstance(column, Coded):
            # The last one is found by the index -1.
            between = [*(table.row_of(each) for each in column.categories), table.missing]
        return cls(
            table.cuts,
            np.array(between, dtype=np.uint8),
            np.array([table.rows[row].points for row in between], dtype=np.int64),
        )

    def between(self, column: Column, part: slice) -> Any:
        """Return indexes into ``rows`` and ``points`` for a slice of the column."""
        match column:
            case Coded(codes=codes):
                return codes[part]
            case Keys(keys=keys):
                keys = keys[part]
            case Steps(steps=steps, missing=missing):
                keys = steps[part] << 1
                if missing is not None:
                    keys[missing[part]] = MISSING_KEY
        found = np.zeros(len(keys), dtype=np.uint8)
        for cut in self.cuts:
            found += keys >= cut
        return found


def _slices(count: int) -> Iterator[slice]:
    for start in range(0, count, SLICE):
        yield slice(start, min(start + SLICE, count))


def _count(card: Card, columns: Mapping[str, Column]) -> int:
    """Return how many rows the columns have, after looking at each of them."""
    known = {table.name for table in card.tables}
    for name in columns:
        if name not in known:
            expected = ", ".join(table.name for table in card.tables)
            raise FeatureUnknown(f"no feature {name[:64]!r}", field=name[:64], expected=expected)
    counts = []
    for table in card.tables:
        column = columns.get(table.name)
        if column is None:
            raise FeatureAbsent(f"{table.name} is absent", field=table.name, expected="a column")
        counts.append(_length(table, column))
        if counts[-1] != counts[0]:
            expected = f"{counts[0]} rows, as {card.tables[0].name}"
            raise ColumnUnusable(f"{counts[-1]} rows", field=table.name, expected=expected)
    return counts[0]


def _length(table: Table, column: Column) -> int:
    if (table.kind == "category") != isinstance(column, Coded):
        raise ColumnUnusable("another kind", field=table.name, expected=f"a {table.kind} column")
    match column:
        case Coded(categories=categories, codes=values):
            low, high = NO_CATEGORY, len(categories) - 1
        case Keys(keys=values):
            low, high = MISSING_KEY, 2 * WHOLE_LIMIT * 10**table.decimals
        case Steps(steps=values, missing=missing):
            high = WHOLE_LIMIT * 10**table.decimals
            low = -high
            if missing is not None and (missing.dtype != np.bool_ or missing.shape != values.shape):
                expected = "a truth value for each number"
                raise ColumnUnusable("another mask", field=table.name, expected=expected)
    if values.dtype != np.int64 or values.ndim != 1:
        found = f"{values.dtype}, {values.ndim} dimensions"
        raise ColumnUnusable(found, field=table.name, expected="int64, one dimension")
    if len(values) and not low <= int(values.min()) <= int(values.max()) <= high:
        expected = f"{low} to {high}"
        raise ColumnUnusable("a value out of range", field=table.name, expected=expected)
    return len(values)
