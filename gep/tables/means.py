"""Five-year means of inputs in their row: the mean itself, or a figure for each of the years.

The columns of years stand for those before the account's own, so that a template fits any year; the
own year's figure is the input's value where its column is empty.
"""

from collections.abc import Mapping
from typing import Any

from gep.accounts.five_years import YEARS
from gep.tables.faults import Faults, Spot
from gep.tables.figures import missing, multiplied, number_at, unit_at
from gep.tables.rows import Row

MEAN, SOURCE, OWN_YEAR = "mean_5y", "mean_source", "year_0"
YEAR_COLUMNS = tuple(f"year_{before}" for before in range(YEARS - 1, -1, -1))
COLUMNS = frozenset({MEAN, SOURCE, *YEAR_COLUMNS})


def mean_of(
    row: Row, value: Mapping[str, Any], *, year: int | None, faults: Faults
) -> tuple[dict[str, Any] | None, Mapping[str, Spot]]:
    """Return an input's mean as the plan has it, with the place of each key; None for no mean.

    Where the account's year is not known nobody can say which years the columns are, and who wrote
    no year was told so.
    """
    if not COLUMNS & set(row.cells) or year is None:
        return None, {}
    has_years = bool(set(YEAR_COLUMNS) & set(row.cells))
    wanted = [each for each in YEAR_COLUMNS if each != OWN_YEAR] if has_years else [MEAN]
    if missing(row, (*wanted, SOURCE), faults):
        return None, {}
    figures = {name: _figure(row, name, faults) for name in COLUMNS - {SOURCE} if name in row.cells}
    figures.setdefault(OWN_YEAR, value.get("value"))
    if None in figures.values():
        return None, {}
    spots = {"": row.places[MEAN if MEAN in figures else wanted[0]], ".source": row.places[SOURCE]}
    found: dict[str, Any] = {"source": row.text(SOURCE)}
    if MEAN in figures:
        found["value"] = figures[MEAN]
        spots[".value"] = row.places[MEAN]
    if has_years:
        named = {each: str(year - int(each.removeprefix("year_"))) for each in YEAR_COLUMNS}
        found["years"] = {name: figures[column] for column, name in named.items()}
        spots[".years"] = row.places[wanted[0]]
        spots |= {f".years.{name}": row.places[column] for column, name in named.items()}
    return found, spots


def mean_cells(mean: Mapping[str, Any], year: int) -> dict[str, str]:
    """Return the cells of a mean that a plan has."""
    cells = {SOURCE: mean["source"]}
    if "value" in mean:
        cells[MEAN] = mean["value"]
    years = mean.get("years", {})
    named = {each: str(year - int(each.removeprefix("year_"))) for each in YEAR_COLUMNS}
    return cells | {column: years[name] for column, name in named.items() if name in years}


def _figure(row: Row, name: str, faults: Faults) -> str | None:
    number = number_at(row.cells[name], faults)
    unit = unit_at(row.cells["unit"], faults)
    if number is None or unit is None:
        return None
    return multiplied(number, unit, row.cells[name], faults=faults)
