"""Stocks of natural resources as rows: a resource with opening and closing, and a row a cause.

A row without a resource goes on with the one above, as rows of a step do.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gep.tables.faults import Faults, Spot
from gep.tables.figures import missing, multiplied, number_at, unit_at
from gep.tables.layout import Language
from gep.tables.rows import Row, Table, rows_read
from gep.tables.spellings import Spelt

CHANGES: Mapping[str, tuple[str, str]] = {
    "additions": ("增加", "addition"),
    "reductions": ("减少", "reduction"),
}
_NAMED = {word: name for name, words in CHANGES.items() for word in (*words, name, words[0][0])}
HEAD = ("resource", "unit", "opening", "closing", "source")
CAUSE = ("change", "cause", "quantity")


def stocks_of(
    table: Table, origins: dict[str, Spot], faults: Faults
) -> tuple[list[dict[str, Any]], bool]:
    """Return the stocks that can be read, and whether all of them can."""
    before = faults.error_count
    found: list[dict[str, Any]] = []
    seen: set[str] = set()
    head: _Head | None = None
    for row in rows_read(table):
        name = row.text("resource")
        if name and (head is None or name != head.row.text("resource")):
            if name in seen:
                expected = "all rows of a resource together"
                faults.error("doubled_id", row.places["resource"], expected=expected, found=name)
            seen.add(name)
            head = _head(row, found, origins=origins, faults=faults)
        elif head is None:
            missing(row, ("resource",), faults)
            continue
        else:
            _refuse_mixed(head.row, row, faults)
        if head.stock is not None and set(CAUSE) & set(row.cells):
            _add(head, row, origins=origins, faults=faults)
    return found, faults.error_count == before


def stock_rows(stocks: list[Mapping[str, Any]], lang: Language) -> Iterator[dict[str, str]]:
    """Yield the rows of stocks that a plan has."""
    for stock in stocks:
        head = {name: stock[name] for name in HEAD}
        changes = [
            {"change": words[0 if lang is Language.ZH else 1], **each}
            for name, words in CHANGES.items()
            for each in stock.get(name, ())
        ]
        first, *rest = changes or [{}]
        yield head | first
        yield from ({"resource": stock["resource"]} | each for each in rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """The first row of a resource, and its stock; none where a cell of the row is empty."""

    row: Row
    path: str
    unit: Spelt | None = None
    stock: dict[str, Any] | None = None


def _head(
    row: Row, found: list[dict[str, Any]], *, origins: dict[str, Spot], faults: Faults
) -> _Head:
    path = f"stocks[{len(found)}]"
    if missing(row, HEAD, faults):
        return _Head(row=row, path=path)
    unit = unit_at(row.cells["unit"], faults)
    origins |= {f"{path}.{name}": row.places[name] for name in HEAD}
    origins |= {f"{path}.{name}": row.places["quantity"] for name in CHANGES}
    origins[path] = row.places["resource"]
    stock: dict[str, Any] = {
        "resource": row.text("resource"),
        "unit": "" if unit is None else unit.symbol,
        "opening": _figure(row, "opening", unit, faults=faults),
        "additions": [],
        "reductions": [],
        "closing": _figure(row, "closing", unit, faults=faults),
        "source": row.text("source"),
    }
    found.append(stock)
    return _Head(row=row, path=path, unit=unit, stock=stock)


def _refuse_mixed(head: Row, row: Row, faults: Faults) -> None:
    """Note what a further row says of the resource otherwise than its first one."""
    for name in HEAD:
        if row.text(name) not in {"", head.text(name)}:
            expected = f"{head.text(name) or 'an empty cell'}, as in row {head.number}"
            faults.error("stock_mixed", row.places[name], expected=expected, found=row.text(name))


def _add(head: _Head, row: Row, *, origins: dict[str, Spot], faults: Faults) -> None:
    if missing(row, CAUSE, faults) or head.stock is None:
        return
    name = _NAMED.get(row.text("change").casefold())
    if name is None:
        expected = "增加 or 减少, addition or reduction"
        found = row.text("change")
        faults.error("unknown_value", row.places["change"], expected=expected, found=found)
        return
    inner = f"{head.path}.{name}[{len(head.stock[name])}]"
    origins |= {inner: row.places["cause"], f"{inner}.cause": row.places["cause"]}
    origins[f"{inner}.quantity"] = row.places["quantity"]
    quantity = _figure(row, "quantity", head.unit, faults=faults)
    head.stock[name].append({"cause": row.text("cause"), "quantity": quantity})


def _figure(row: Row, name: str, unit: Spelt | None, *, faults: Faults) -> str | None:
    number = number_at(row.cells[name], faults)
    if number is None or unit is None:
        return None
    return multiplied(number, unit, row.cells[name], faults=faults)
