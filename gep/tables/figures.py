"""Figures in cells: a number with its unit, basis, range and source, as an input of the plan.

A multiple in the unit (万, 亿, %) becomes part of the number, and the reader is told; a percentage
is a plain number; a date is no number.
"""

from collections.abc import Mapping
from typing import Any

from gep.errors import UnitMismatch
from gep.measures import PLAIN
from gep.tables.faults import Faults, Spot
from gep.tables.grids import Kind
from gep.tables.rows import Row, Written
from gep.tables.spellings import Spelt, scaled, unit_in
from gep.units import PriceBasis

_BASES = {
    "capital": PriceBasis.CAPITAL,
    "按工程造价": PriceBasis.CAPITAL,
    "工程造价": PriceBasis.CAPITAL,
    "造价": PriceBasis.CAPITAL,
    "annualised": PriceBasis.ANNUALISED,
    "annualized": PriceBasis.ANNUALISED,
    "按年化价格": PriceBasis.ANNUALISED,
    "年化价格": PriceBasis.ANNUALISED,
    "年化": PriceBasis.ANNUALISED,
}


def number_at(written: Written, faults: Faults) -> str | None:
    """Return a cell's number; note what is none, and how one was read that is written loosely."""
    if written.kind is Kind.DATE:
        expected = "a number: format the cell as a number, and type it again"
        faults.error("number_is_date", written.spot, expected=expected, found=written.text)
        return None
    number = written.number
    if number is None:
        faults.error("number_unread", written.spot, expected="a number", found=written.text)
    elif written.kind is Kind.TEXT and number != written.text:
        expected = f"{number}, as it was read"
        faults.warn("number_reread", written.spot, expected=expected, found=written.text)
    return number


def unit_at(written: Written, faults: Faults) -> Spelt | None:
    """Return a cell's unit; note one that nobody knows."""
    try:
        return unit_in(written.text)
    except UnitMismatch as error:
        faults.error(
            "unit_unknown", written.spot, expected=error.expected or "a unit", found=written.text
        )
        return None


def multiplied(number: str, unit: Spelt, value: Written, *, faults: Faults) -> str | None:
    """Return a number in the unit as we write it; a percentage has no other unit than 1."""
    if value.is_percent:
        if unit.symbol == PLAIN:
            return number
        expected = f"a number of {unit.symbol}: format the cell as a number"
        faults.error("percent_unfit", value.spot, expected=expected, found=f"{value.text}, percent")
        return None
    if unit.scale != 1:
        told = scaled(number, unit.scale)
        expected = f"{told} {unit.symbol}, as it was read"
        faults.warn("unit_scaled", value.spot, expected=expected, found=f"{number} x {unit.scale}")
        return told
    return number


def basis_at(written: Written, faults: Faults) -> str | None:
    """Return a cell's price basis; note another word."""
    found = _BASES.get(written.text.strip().lower())
    if found is None:
        expected = f"one of {', '.join(PriceBasis)}"
        faults.error("unknown_value", written.spot, expected=expected, found=written.text)
        return None
    return found.value


def missing(row: Row, names: tuple[str, ...], faults: Faults) -> bool:
    """Note the cells of a row that must not be empty; say whether there are any."""
    empty = [name for name in names if not row.text(name)]
    for name in empty:
        spot = row.places.get(name) or Spot(sheet=_sheet(row), row=row.number, column=name)
        faults.error("cell_missing", spot, expected="a value", found="an empty cell")
    return bool(empty)


def input_of(row: Row, faults: Faults) -> tuple[dict[str, Any] | None, Mapping[str, Spot]]:
    """Return a row of the input sheet as an input of the plan, with the place of each key."""
    spots = {name: row.places[name] for name in row.places if name not in {"name", "note"}}
    if missing(row, ("value", "unit", "source"), faults):
        return None, spots
    before = faults.error_count
    unit = unit_at(row.cells["unit"], faults)
    found: dict[str, Any] = {"source": row.text("source")}
    for name in ("value", "low", "high"):
        if name in row.cells:
            number = number_at(row.cells[name], faults)
            if number is not None and unit is not None:
                found[name] = multiplied(number, unit, row.cells[name], faults=faults)
    if "basis" in row.cells:
        found["basis"] = basis_at(row.cells["basis"], faults)
    if unit is None or faults.error_count > before:
        return None, spots
    return found | {"unit": unit.symbol}, spots


def _sheet(row: Row) -> str:
    return next((each.sheet for each in row.places.values()), "")
