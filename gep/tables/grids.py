"""Sheets as they were found: cells with their place, before anybody knows what they mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

ROWS_MAX = 5_000
COLUMNS_MAX = 60
FILE_BYTES_MAX = 4 << 20
UNPACKED_BYTES_MAX = 16 << 20
CELLS_MAX = 100_000
SHEETS_MAX = 40
TEXT_LENGTH_MAX = 32_767  # what a cell of a workbook holds


class Kind(StrEnum):
    """What a cell holds, as far as its reader must know."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"
    TRUTH = "truth"
    BROKEN = "broken"
    UNCOMPUTED = "uncomputed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell that is not empty: its text; a number is written as a spreadsheet shows it."""

    kind: Kind
    text: str


@dataclass(slots=True, kw_only=True)
class Grid:
    """A sheet: cells by row and column from 1; ``merged`` are areas such as ``B3:B5``."""

    name: str
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    is_hidden: bool = False
    merged: tuple[tuple[str, int, int], ...] = ()

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Put a cell in its place."""
        self.rows.setdefault(row, {})[column] = cell


def address(row: int, column: int) -> str:
    """Return the address of a cell, such as ``C5``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


Grids = Mapping[str, Grid]
