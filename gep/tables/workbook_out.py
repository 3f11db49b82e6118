"""Sheets as a workbook, always the same bytes: titles, hidden names, lists to choose from."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from gep.tables.csv_out import archive_of
from gep.tables.filling import Filled, NumberText
from gep.tables.layout import (
    FIELDS,
    FIRST_ROW,
    LISTS,
    NAME_ROW,
    SHEETS,
    TITLE_ROW,
    Column,
    Language,
    Layout,
)
from gep.tables.spellings import cell_text
from gep.tables.workbook_in import number_shown

Choices = Mapping[str, Sequence[str]]
FILLABLE_ROWS = 500
DIGITS_MAX = 15
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_HEADER_COLOUR, _HELP_COLOUR = "DDE8DC", "666666"


def workbook_of(pages: Filled, choices: Choices, lang: Language) -> bytes:
    """Return the workbook of some sheets; ``choices`` are the lists that columns name."""
    import openpyxl  # type: ignore[import-untyped]

    book = openpyxl.Workbook()
    book.remove(book.active)
    for layout in SHEETS:
        if layout.code in pages:
            sheet = book.create_sheet(layout.title(lang))
            _fill(sheet, layout, pages[layout.code], lang=lang)
    places = _add_lists(book, choices)
    for layout in SHEETS:
        if layout.is_read and layout.code in pages:
            _restrict(book[layout.title(lang)], layout, places, rows=len(pages[layout.code]))
    book.properties.creator = "EcoRights"
    book.properties.created = _EPOCH.replace(tzinfo=None)
    out = io.BytesIO()
    book.save(out)
    return _timeless(out.getvalue())


def _fill(sheet: Any, layout: Layout, rows: Sequence[Mapping[str, str]], *, lang: Language) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill  # type: ignore[import-untyped]
    from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

    fill = PatternFill("solid", start_color=_HEADER_COLOUR)
    for number, column in enumerate(layout.columns, start=1):
        title = sheet.cell(TITLE_ROW, number, column.title(lang))
        title.font, title.fill = Font(bold=True), fill
        title.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(number)].width = column.width
        if layout.is_read:
            name = sheet.cell(NAME_ROW, number, column.name)
            name.font = Font(color=_HELP_COLOUR, size=8)
    if layout.is_read:
        sheet.row_dimensions[NAME_ROW].hidden = True
        sheet.freeze_panes = sheet.cell(FIRST_ROW, 2)
    if layout.code == "area":
        sheet.column_dimensions["A"].hidden = True
    first = FIRST_ROW if layout.is_read else TITLE_ROW + 1
    for place, row in enumerate(rows, start=first):
        for number, column in enumerate(layout.columns, start=1):
            if row.get(column.name):
                _put(sheet.cell(place, number), row[column.name])


def _put(cell: Any, text: str) -> None:
    number = _number(text) if isinstance(text, NumberText) else None
    if number is not None:
        cell.value = number
        return
    cell.value = text if isinstance(text, NumberText) else cell_text(text)
    # A text that begins as a formula would become one; ours are quoted, and none is.
    cell.data_type = "s"


def _number(text: str) -> int | float | None:
    """Return a number that a workbook gives back as it was written; None where it would not."""
    if text.lstrip("-").isdigit():
        return int(text) if len(text) <= DIGITS_MAX and str(int(text)) == text else None
    value = float(text)
    return value if number_shown(value) == text else None


def _add_lists(book: Any, choices: Choices) -> dict[str, str]:
    """Write the lists on a hidden sheet, and return where each stands."""
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(LISTS)
    sheet.sheet_state = "hidden"
    places = {}
    for number, (name, items) in enumerate(sorted(choices.items()), start=1):
        sheet.cell(1, number, name)
        for place, item in enumerate(items, start=2):
            _put(sheet.cell(place, number), item)
        if items:
            letter = get_column_letter(number)
            places[name] = f"{LISTS}!${letter}$2:${letter}${len(items) + 1}"
    return places


def _restrict(sheet: Any, layout: Layout, places: Mapping[str, str], *, rows: int) -> None:
    from openpyxl.utils import get_column_letter

    last = FIRST_ROW + max(rows + FILLABLE_ROWS // 2, FILLABLE_ROWS)
    for number, column in enumerate(layout.columns, start=1):
        if column.choices in places:
            letter = get_column_letter(number)
            area = f"{letter}{FIRST_ROW}:{letter}{last}"
            _add_choice(sheet, places[column.choices], area=area, column=column)
    if layout.code == "area":
        letter = get_column_letter([each.name for each in layout.columns].index("value") + 1)
        for row, each in enumerate(FIELDS, start=FIRST_ROW):
            if each.choices in places:
                _add_choice(sheet, places[each.choices], area=f"{letter}{row}", column=None)


def _add_choice(sheet: Any, place: str, *, area: str, column: Column | None) -> None:
    from openpyxl.worksheet.datavalidation import (  # type: ignore[import-untyped]
        DataValidation,
    )

    is_strict = column is not None and column.is_strict
    validation = DataValidation(
        type="list", formula1=f"={place}", allow_blank=True, showErrorMessage=is_strict
    )
    validation.add(area)
    sheet.add_data_validation(validation)


def _timeless(content: bytes) -> bytes:
    """Return a workbook without the time at which it was made."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {each.filename: archive.read(each) for each in archive.infolist()}
    core = "docProps/core.xml"
    stamp = _EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    parts[core] = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", parts[core])
    return archive_of(parts)
