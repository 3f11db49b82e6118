"""A card ready to score with: one table for each feature, the same for one row and for a million.

A number finds its row through its *key* (``credit_scoring.cards.exact``): ``cuts`` are sorted, and
between two of them every key belongs to one row. Missing values have a key below every number,
special values are intervals of one key, and what is outside all bins is unseen, so one look-up
answers for all kinds of row. A category finds its row by name.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from credit_scoring.cards.errors import ValueUnreadable
from credit_scoring.cards.exact import EXPECTED, key_of_integer, key_of_text, text_of_steps
from credit_scoring.cards.form import CardForm, Kind

Value = str | int | None
CATEGORY_LENGTH_MAX = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class RowOfTable:
    """One row of a feature: what falls into it, its points, and how many loans of the fit did."""

    kind: str
    text: str
    points: int
    loans: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One feature: the way from a value to a row, and the rows.

    ``row_between[i]`` is the row of keys from ``cuts[i - 1]`` up to and without ``cuts[i]``.
    """

    name: str
    title: str
    title_zh: str
    unit: str
    kind: Kind
    decimals: int
    cuts: tuple[int, ...]
    row_between: tuple[int, ...]
    row_of_category: Mapping[str, int]
    missing: int
    unseen: int
    rows: tuple[RowOfTable, ...]
    best: int

    def row_of(self, value: Value) -> int:
        """Return the number of a value's row; ``None`` and empty text are missing.

        Raises:
            ValueUnreadable: a number's text is none, or the value is of another type.
        """
        if value is None or value == "":
            return self.missing
        if self.kind == "category":
            if isinstance(value, str) and len(value) <= CATEGORY_LENGTH_MAX:
                return self.row_of_category.get(value, self.unseen)
            raise self._unreadable(value, f"text of at most {CATEGORY_LENGTH_MAX} characters")
        return self.row_between[bisect_right(self.cuts, self.key_of(value))]

    def key_of(self, value: Value) -> int:
        """Return the key of a number.

        Raises:
            ValueUnreadable: it is none.
        """
        key = None
        if isinstance(value, str):
            key = key_of_text(value, decimals=self.decimals)
        elif isinstance(value, int) and not isinstance(value, bool):
            key = key_of_integer(value, decimals=self.decimals)
        if key is None:
            raise self._unreadable(value, EXPECTED)
        return key

    def _unreadable(self, value: object, expected: str) -> ValueUnreadable:
        shown = repr(value)[:CATEGORY_LENGTH_MAX]
        return ValueUnreadable(
            f"{self.name}: {shown} cannot be scored", field=self.name, expected=expected
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Scores from ``low`` up to the next band's, and the holdout's loans among them."""

    low: int
    good: int
    bad: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A checked card: its tables in their order, its bands, and the file that it came from."""

    form: CardForm
    point_decimals: int
    tables: tuple[Table, ...]
    bands: tuple[Band, ...]

    @property
    def label(self) -> str:
        """Name, version and the beginning of the hash, for titles."""
        return f"{self.form.name} {self.form.version} ({self.form.hash[:12]})"

    def points_text(self, points: int) -> str:
        """Return points, or a score, as a decimal text."""
        return text_of_steps(points, decimals=self.point_decimals)
