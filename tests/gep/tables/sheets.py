"""What tests of tables share: plans that are there, sheets filled in, and what they come to."""

import io
from typing import Any

import openpyxl  # type: ignore[import-untyped]

from gep.document import Place
from gep.tables.layout import NAME_ROW, SHEETS, Language
from gep.tables.reading import Outcome, read_file
from gep.tables.template import pages_from, workbook
from tests.gep.shipped import shipped_plans


def example(name: str) -> Place:
    return shipped_plans()[name]


class Book:
    """A workbook that a test fills as a person would: sheets by code, cells by column name."""

    def __init__(self, content: bytes, lang: Language = Language.ZH) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(content))
        self._titles = {each.code: each.title(lang) for each in SHEETS}

    def sheet(self, code: str) -> Any:
        return self.book[self._titles[code]]

    def cell(self, code: str, row: int, column: str) -> Any:
        names = [each.value for each in self.sheet(code)[NAME_ROW]]
        return self.sheet(code).cell(row, names.index(column) + 1)

    def row_of(self, code: str, first: str) -> int:
        """Return the row whose first cell has a text."""
        rows = self.sheet(code).iter_rows(min_row=NAME_ROW + 1)
        return next(int(each[0].row) for each in rows if each[0].value == first)

    def put(self, code: str, first: str | int, **values: Any) -> None:
        row = first if isinstance(first, int) else self.row_of(code, first)
        for column, value in values.items():
            self.cell(code, row, column).value = value

    def content(self) -> bytes:
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()

    def read(self) -> Outcome:
        return read_file(self.content(), "book")


def valley() -> Book:
    """Return the sheets of the valley's account of 2026."""
    return Book(workbook(pages_from(example("valley-2026"), Language.ZH), Language.ZH))


def errors(outcome: Outcome) -> dict[str, str]:
    """Return the code of each error, by its cell."""
    return {each.spot.shown: each.code.removeprefix("gep.") for each in outcome.errors}


def warnings(outcome: Outcome) -> dict[str, str]:
    return {each.spot.shown: each.code.removeprefix("gep.") for each in outcome.warnings}
