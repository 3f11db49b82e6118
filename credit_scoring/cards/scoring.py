"""Score one row and explain it: points of each feature, what was lost to its best bin, reasons.

Reasons are the features that lost points, most first, at equal loss in the order of the card, at
most four. They name the row that the value fell into, so no text can fail to fit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from credit_scoring.cards.card import Card, RowOfTable, Table, Value
from credit_scoring.cards.errors import FeatureAbsent, FeatureUnknown

REASONS_MAX = 4


class Line(NamedTuple):
    """What one feature gave: its value, the row that it fell into, and what that lost.

    A tuple, for a frozen dataclass takes five times as long to make, twenty times a score.
    """

    table: Table
    made: RowOfTable
    value: Value

    @property
    def feature(self) -> str:
        """The name of the feature."""
        return self.table.name

    @property
    def row(self) -> str:
        """What falls into the row."""
        return self.made.text

    @property
    def kind(self) -> str:
        """Whether it is a bin, or for special, missing or unseen values."""
        return self.made.kind

    @property
    def points(self) -> int:
        """The points of the row."""
        return self.made.points

    @property
    def best(self) -> int:
        """The points of the feature's best bin."""
        return self.table.best

    @property
    def lost(self) -> int:
        """Points below the feature's best bin, never less than 0."""
        return self.table.best - self.made.points


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A score with all that made it; ``score`` is the sum of the lines' points."""

    score: int
    lines: tuple[Line, ...]
    reasons: tuple[Line, ...]


def rows_of(card: Card, values: Mapping[str, Value]) -> list[int]:
    """Return the number of the row of each feature, in the order of the card.

    Raises:
        FeatureUnknown: the card has no such feature.
        FeatureAbsent: a feature is not there; one that is not known is an explicit ``None``.
        ValueUnreadable: a value is none of its feature.
    """
    if len(values) != len(card.tables) or not all(table.name in values for table in card.tables):
        _refuse_names(card, values)
    return [table.row_of(values[table.name]) for table in card.tables]


def explain(card: Card, rows: Sequence[int], values: Sequence[Value]) -> Explained:
    """Return the explanation of a row of the card's tables, however it was found."""
    lines = tuple(
        [
            Line(table, table.rows[number], value)
            for table, number, value in zip(card.tables, rows, values, strict=True)
        ]
    )
    losses = sorted([line for line in lines if line.lost], key=_lost, reverse=True)
    score = sum([line.made.points for line in lines])
    return Explained(score=score, lines=lines, reasons=tuple(losses[:REASONS_MAX]))


def score(card: Card, values: Mapping[str, Value]) -> Explained:
    """Score one row of decimal texts, whole numbers and categories, and explain it.

    Raises:
        RowRefused: see ``rows_of``.
    """
    rows = rows_of(card, values)
    return explain(card, rows, [values[table.name] for table in card.tables])


def _lost(line: Line) -> int:
    return line.table.best - line.made.points


def _refuse_names(card: Card, values: Mapping[str, Value]) -> None:
    known = [table.name for table in card.tables]
    for name in values:
        if name not in known:
            expected = ", ".join(known)
            raise FeatureUnknown(f"no feature {name[:64]!r}", field=name[:64], expected=expected)
    for name in known:
        if name not in values:
            expected = "a value, or null where it is not known"
            raise FeatureAbsent(f"{name} is not there", field=name, expected=expected)
