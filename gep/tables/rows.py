"""Grids as rows: sheets found by name, columns by machine name or title, cells by both.

What cannot stand anywhere is noted here: missing sheets and columns, merged cells, formulas that
were never computed, cells with an error of their program, dates where figures belong.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gep.tables.faults import Faults, Spot
from gep.tables.grids import COLUMNS_MAX, ROWS_MAX, Cell, Grid, Kind, address
from gep.tables.layout import LISTS, SHEETS, Layout
from gep.tables.spellings import is_quoted, number_in, text_in

HEADER_ROWS_MAX = 6
# A file's name begins with its number, so that a folder shows the sheets in their order.
_ORDER = re.compile(r"[0-9]{1,2}[-_. ]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What stands in a cell: its text, without blanks around it, and where it stands."""

    text: str
    spot: Spot
    kind: Kind = Kind.TEXT
    is_quoted: bool = False

    @property
    def number(self) -> str | None:
        """The number that is written, if it is one."""
        if self.is_quoted or self.kind in {Kind.DATE, Kind.TRUTH}:
            return None
        return number_in(self.text)

    @property
    def is_percent(self) -> bool:
        """Whether it is written as a percentage, which is a plain number."""
        return self.kind is Kind.PERCENT or self.text.endswith(("%", "％"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row with something in it, its cells by column name; ``places`` are those of all columns."""

    number: int
    cells: Mapping[str, Written]
    places: Mapping[str, Spot]
    is_damaged: bool = False

    def text(self, name: str) -> str:
        """Return a cell's text, empty where nothing stands."""
        return self.cells[name].text if name in self.cells else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A sheet as it was understood."""

    layout: Layout
    title: str
    rows: tuple[Row, ...] = ()


def tables_of(grids: Iterable[Grid], faults: Faults) -> Mapping[str, Table]:
    """Return the sheets of a plan by code; every sheet is there, if only without rows."""
    found: dict[str, Table] = {}
    for grid in grids:
        layout = _layout_of(grid.name)
        spot = Spot(sheet=grid.name)
        if layout is None:
            if grid.name != LISTS and grid.rows:
                expected = "a sheet of the template"
                faults.warn("sheet_unknown", spot, expected=expected, found="not read")
            continue
        if not layout.is_read:
            continue
        if layout.code in found:
            faults.error("sheet_doubled", spot, expected=f"one sheet {layout.zh}", found="another")
            continue
        if grid.is_hidden and grid.rows:
            faults.warn("sheet_hidden", spot, expected="a visible sheet", found="hidden, but read")
        found[layout.code] = _table(grid, layout, faults)
    for layout in SHEETS:
        if layout.is_read and layout.code not in found:
            found[layout.code] = Table(layout=layout, title=layout.zh)
            if layout.is_needed:
                spot = Spot(sheet=layout.zh)
                expected = f"a sheet {layout.zh} or {layout.en}"
                faults.error("sheet_missing", spot, expected=expected, found="none")
    return found


def _layout_of(name: str) -> Layout | None:
    plain = _ORDER.sub("", name.strip().casefold())
    for layout in SHEETS:
        if plain in {layout.code, layout.zh, layout.en.casefold()}:
            return layout
    return None


def _table(grid: Grid, layout: Layout, faults: Faults) -> Table:
    header = _header(grid, layout)
    spot = Spot(sheet=grid.name)
    if header is None:
        if grid.rows or layout.is_needed:
            expected = f"a row with {', '.join(each.zh for each in layout.columns)}"
            faults.error("header_missing", spot, expected=expected, found="none")
        return Table(layout=layout, title=grid.name)
    row, names = header
    columns = _columns(grid, layout, (row, names), faults=faults)
    _refuse_merged(grid, row, faults)
    missing = [each for each in layout.columns if each.is_needed and each.name not in columns]
    for each in missing:
        place = Spot(sheet=grid.name, row=row, column=each.zh)
        faults.error("column_missing", place, expected=f"{each.zh} ({each.name})", found="none")
    if missing:
        return Table(layout=layout, title=grid.name)
    first = row + 1 + int(_is_names_row(grid.rows.get(row + 1, {}), layout))
    last = max(grid.rows, default=0)
    if last > ROWS_MAX:
        place = Spot(sheet=grid.name, row=last)
        faults.error("table_too_large", place, expected=f"at most {ROWS_MAX} rows", found=last)
        return Table(layout=layout, title=grid.name)
    numbers = [number for number in sorted(grid.rows) if number >= first]
    places = {name: (_title(grid, column, name), column) for name, column in columns.items()}
    rows = tuple(_row(grid, number, places, faults=faults) for number in numbers)
    return Table(
        layout=layout,
        title=grid.name,
        rows=tuple(each for each in rows if each.cells or each.is_damaged),
    )


def _header(grid: Grid, layout: Layout) -> tuple[int, dict[int, str]] | None:
    """Return the row that names the columns: of machine names where there is one, else titles."""
    by_title = {
        title.casefold(): each.name
        for each in layout.columns
        for title in (each.name, each.zh, each.en)
    }
    best: tuple[int, int, dict[int, str]] | None = None
    for number in sorted(grid.rows)[:HEADER_ROWS_MAX]:
        cells = grid.rows[number]
        is_names = _is_names_row(cells, layout)
        named = {
            column: by_title.get(cell.text.strip().casefold(), "") for column, cell in cells.items()
        }
        known = sum(bool(each) for each in named.values())
        weight = known + (len(by_title) if is_names else 0)
        if known > 1 and (best is None or weight > best[0]):
            best = weight, number, named
    return None if best is None else (best[1], best[2])


def _is_names_row(cells: Mapping[int, Cell], layout: Layout) -> bool:
    """Say whether a row is the hidden one: machine names, and nothing else."""
    names = {each.name for each in layout.columns}
    texts = [each.text.strip() for each in cells.values()]
    return len(texts) > 1 and sum(each in names for each in texts) * 2 > len(texts)


def _columns(
    grid: Grid, layout: Layout, header: tuple[int, dict[int, str]], *, faults: Faults
) -> dict[str, int]:
    row, names = header
    found: dict[str, int] = {}
    for column, name in sorted(names.items()):
        place = Spot(
            sheet=grid.name,
            row=row,
            column=grid.rows[row][column].text,
            cell=address(row, column),
        )
        if not name or column > COLUMNS_MAX:
            continue
        if name in found:
            faults.error("column_doubled", place, expected="each column once", found="it twice")
        else:
            found[name] = column
    for number in (each for each in sorted(grid.rows) if each <= row):
        for column, cell in grid.rows[number].items():
            if column not in found.values() and len(grid.rows[number]) > 1:
                place = Spot(
                    sheet=grid.name, row=number, column=cell.text, cell=address(number, column)
                )
                expected = f"one of {', '.join(each.zh for each in layout.columns)}"
                faults.warn("column_unknown", place, expected=expected, found="not read")
    return found


def _refuse_merged(grid: Grid, header: int, faults: Faults) -> None:
    """Note merged cells below the header: only the first of them has a value."""
    for area, first, last in grid.merged:
        if last > header:
            place = Spot(sheet=grid.name, row=first, cell=area)
            faults.error("cells_merged", place, expected="a value in each cell", found=area)


def _row(grid: Grid, number: int, columns: Mapping[str, tuple[str, int]], *, faults: Faults) -> Row:
    cells: dict[str, Written] = {}
    places: dict[str, Spot] = {}
    is_damaged = False
    for name, (title, column) in columns.items():
        place = Spot(
            sheet=grid.name,
            row=number,
            column=title,
            cell=address(number, column),
        )
        places[name] = place
        cell = grid.rows[number].get(column)
        if cell is None:
            continue
        if cell.kind is Kind.BROKEN:
            faults.error("cell_broken", place, expected="a value", found=cell.text)
            is_damaged = True
        elif cell.kind is Kind.UNCOMPUTED:
            expected = "a formula with its stored value: open, compute and save, or paste values"
            faults.error("formula_uncomputed", place, expected=expected, found=cell.text)
            is_damaged = True
        else:
            cells[name] = Written(
                text=text_in(cell.text),
                spot=place,
                kind=cell.kind,
                is_quoted=cell.kind is Kind.TEXT and is_quoted(cell.text),
            )
    return Row(number=number, cells=cells, places=places, is_damaged=is_damaged)


def _title(grid: Grid, column: int, name: str) -> str:
    """Return a column's title as its reader sees it above the cells."""
    cell = grid.rows[min(grid.rows)].get(column)
    return name if cell is None else cell.text


def rows_read(table: Table) -> Iterator[Row]:
    """Iterate the rows that are whole; those with a broken cell were noted already."""
    return (row for row in table.rows if not row.is_damaged)
