"""A workbook as grids: every sheet's cells, with what a reader must know of each.

Formulas count by the value that their program stored; a formula without one is told. Numbers are
taken as a spreadsheet shows them, to 15 digits. Dates, merged cells and hidden sheets are kept as
what they are: whether they may stand there is the reader's to say.
"""

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from gep.tables.grids import CELLS_MAX, SHEETS_MAX, UNPACKED_BYTES_MAX, Cell, Grid, Kind
from gep.tables.spellings import decimal_text
from kernel.workbook import WorkbookRefused, guarded_workbook, opened_workbook

_ENTITIES = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_CELL = re.compile(rb"<(?:[A-Za-z0-9]+:)?c[ />]")
_FORMULA = re.compile(rb"<(?:[A-Za-z0-9]+:)?f[ />]")


def grids_of_workbook(content: bytes) -> tuple[Grid, ...]:
    """Return a workbook's sheets.

    Raises:
        WorkbookRefused: it is damaged, unpacks to too much, has too many cells or sheets.
    """
    with guarded_workbook(content, unpacked_max=UNPACKED_BYTES_MAX):
        has_formulas = _checked(content)
        values = opened_workbook(content, data_only=True)
        formulas = opened_workbook(content) if has_formulas else None
        if len(values.worksheets) > SHEETS_MAX:
            found = str(len(values.worksheets))
            raise WorkbookRefused(expected=f"at most {SHEETS_MAX} sheets", found=found)
        return tuple(
            _grid(sheet, None if formulas is None else formulas[sheet.title])
            for sheet in values.worksheets
        )


def number_shown(value: float) -> str:
    """Return a number as a spreadsheet shows it: to 15 digits, without an exponent."""
    return str(value) if isinstance(value, int) else decimal_text(Decimal(f"{value:.15g}"))


def _checked(content: bytes) -> bool:
    """Refuse entities and too many cells; say whether there are formulas."""
    cells, has_formulas = 0, False
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for each in archive.infolist():
            if not each.filename.lower().endswith((".xml", ".rels")):
                continue
            part = archive.read(each)
            if _ENTITIES.search(part) is not None:
                raise WorkbookRefused(expected="XML without entities", found=each.filename)
            cells += len(_CELL.findall(part))
            has_formulas = has_formulas or _FORMULA.search(part) is not None
    if cells > CELLS_MAX:
        raise WorkbookRefused(expected=f"at most {CELLS_MAX} cells", found=str(cells))
    return has_formulas


def _grid(sheet: Any, formulas: Any) -> Grid:
    grid = Grid(
        name=sheet.title,
        is_hidden=sheet.sheet_state != "visible",
        merged=tuple(
            (each.coord, each.min_row, each.max_row) for each in sheet.merged_cells.ranges
        ),
    )
    # Only cells that are there: a sheet with a format down to its last row has a million others.
    for (row, column), cell in sorted(sheet._cells.items()):  # noqa: SLF001
        found = _cell(cell)
        if found is None and formulas is not None:
            formula = formulas._cells.get((row, column))  # noqa: SLF001
            if formula is not None and formula.data_type == "f":
                found = Cell(kind=Kind.UNCOMPUTED, text=_formula_text(formula.value))
        if found is not None:
            grid.put(row, column, found)
    return grid


def _formula_text(formula: object) -> str:
    return formula if isinstance(formula, str) else str(getattr(formula, "text", "a formula"))


def _cell(cell: Any) -> Cell | None:
    value = cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if cell.data_type == "e":
        return Cell(kind=Kind.BROKEN, text=str(value))
    if isinstance(value, bool):
        return Cell(kind=Kind.TRUTH, text="true" if value else "false")
    if isinstance(value, int | float):
        is_percent = "%" in str(cell.number_format)
        return Cell(kind=Kind.PERCENT if is_percent else Kind.NUMBER, text=number_shown(value))
    if isinstance(value, datetime | date | time | timedelta):
        return Cell(kind=Kind.DATE, text=str(value))
    return Cell(kind=Kind.TEXT, text=str(value))
