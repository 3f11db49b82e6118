"""Sheets put together as the document of a plan, each part with the cell that it came from.

A part that cannot be read is noted and left out, so that all others are read too; what refers to a
part that was left out is left out in silence.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from gep.accounts.plan import AreaKind, Worth
from gep.errors import Unknown
from gep.registry.shipped import parameter_set_of, services
from gep.tables.faults import Faults, Spot
from gep.tables.figures import input_of, missing, multiplied, number_at, unit_at
from gep.tables.layout import FIELDS, LAND_TEXTS, NEEDED_FIELDS, Field
from gep.tables.means import mean_of
from gep.tables.references import Names, keys_of, parameter_in
from gep.tables.rows import Row, Table, Written, rows_read
from gep.tables.spellings import scaled, truth_in
from gep.tables.steps import UNFIT, Step, Terms, UnfitTerm, Value, steps_of
from gep.tables.stocks import stocks_of

_WORTHS = {
    "使用价值": Worth.USE,
    "消费者剩余": Worth.SURPLUS,
    "非使用价值": Worth.NON_USE,
    **{each.value: each for each in Worth},
}
_KINDS = {
    "行政区域": AreaKind.REGION,
    "区域": AreaKind.REGION,
    "项目": AreaKind.PROJECT,
    "地块": AreaKind.PARCEL,
    **{each.value: each for each in AreaKind},
}
_NUMBERS = {"year", "price_year", "km2", "population", "gdp", "inflow", "resolution"}
# A county's area is written in other units too; exact multiples only.
_SQUARE_KILOMETRES = {"hm2": Decimal("0.01"), "m2": Decimal("0.000001")}
TERM_COLUMNS = {
    "quantity": ("quantity_unit", ""),
    "price": ("price_unit", "price_basis"),
}


@dataclass(slots=True, kw_only=True)
class Draft:
    """A plan as it was put together; ``origins`` are cells by path, from the document's top.

    ``refused`` are paths that lack because of what was noted already, and stocks of which a cell
    was noted are not whole.
    """

    document: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, Spot] = field(default_factory=dict)
    empty_inputs: dict[str, Spot] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    has_whole_stocks: bool = True

    @property
    def year(self) -> int | None:
        """The account's year, where it is a whole number."""
        text = str(self.document.get("year", ""))
        return int(text) if text.isascii() and text.isdigit() else None

    def spot(self, path: str) -> Spot:
        """Return the cell that a place of the document came from, or the nearest around it."""
        here = path.removeprefix("document.")
        while here not in self.origins and here:
            here = here[: max(here.rfind("."), here.rfind("["), 0)]
        return self.origins.get(here, Spot(sheet="-"))


def assembled(tables: Mapping[str, Table], faults: Faults) -> Draft:
    """Return the plan of some sheets, as far as it can be read."""
    draft = Draft()
    _take_fields(tables["area"], draft, faults)
    inputs, names = _inputs(tables["inputs"], draft, faults)
    steps = steps_of(tables["methods"], faults)
    named = {row.text("step") for row in tables["methods"].rows} - {""}
    land, empty_classes = _land(tables["land"], faults)
    terms = Terms(
        names=Names(inputs=names, steps=named, keys=_keys(draft)),
        steps=steps,
        land=land,
        empty_classes=empty_classes,
        inputs=inputs,
        empty=draft.empty_inputs,
        origins=draft.origins,
        faults=faults,
    )
    lines = _lines(tables["lines"], terms, draft)
    overrides = _overrides(tables["overrides"], draft, faults)
    draft.document["lines"] = lines
    if terms.inputs:
        draft.document["inputs"] = terms.inputs
    if overrides:
        draft.document["overrides"] = overrides
    stocks, draft.has_whole_stocks = stocks_of(tables["stocks"], draft.origins, faults)
    if stocks:
        draft.document["stocks"] = stocks
    _tell_unused(steps, terms, faults)
    return draft


def _keys(draft: Draft) -> frozenset[str] | None:
    try:
        return keys_of(parameter_set_of(str(draft.document.get("parameters"))))
    except Unknown:
        return None


def _tell_unused(steps: Mapping[str, Step], terms: Terms, faults: Faults) -> None:
    unused = [each for each in steps if each not in terms.used]
    if unused and not faults.error_count:
        expected = "a line or a step that refers to it"
        faults.warn(
            "steps_unused", steps[unused[0]].spot, expected=expected, found=", ".join(unused)
        )


def _take_fields(table: Table, draft: Draft, faults: Faults) -> None:
    known = {word.casefold(): each for each in FIELDS for word in (each.name, each.zh, each.en)}
    # A title that two fields share in a language is told apart by the machine's name alone.
    known |= {each.name: each for each in FIELDS}
    given: dict[str, Row] = {}
    for row in rows_read(table):
        name = row.text("field") or row.text("label")
        found = known.get(name.casefold())
        spot = row.places.get("field") or Spot(sheet=table.title, row=row.number)
        if found is None:
            expected = f"one of {', '.join(each.name for each in FIELDS)}"
            faults.error("field_unknown", spot, expected=expected, found=name or "an empty cell")
        elif found.name in given:
            faults.error("doubled_id", spot, expected="each field once", found=name)
        else:
            given[found.name] = row
    for each in FIELDS:
        row_of = given.get(each.name)
        path = ".".join(each.path)
        if row_of is not None and "value" in row_of.places:
            draft.origins[path] = row_of.places["value"]
            draft.origins.setdefault(each.path[0], row_of.places["value"])
        if row_of is None or "value" not in row_of.cells:
            if each.name in NEEDED_FIELDS and (row_of is not None or table.rows):
                spot = draft.origins.get(path, Spot(sheet=table.title, column=each.zh))
                expected = f"{each.zh} ({each.en})"
                faults.error("cell_missing", spot, expected=expected, found="an empty cell")
                draft.refused.add(path)
            continue
        value = _field_value(each, row_of, faults)
        if value is None:
            draft.refused.add(path)
        else:
            _put(draft.document, each.path, value)


def _put(document: dict[str, Any], path: tuple[str, ...], value: object) -> None:
    *outer, last = path
    for name in outer:
        document = document.setdefault(name, {})
    document[last] = value


def _field_value(each: Field, row: Row, faults: Faults) -> object:
    written = row.cells["value"]
    if each.name == "include_non_use":
        truth = truth_in(written.text)
        if truth is None:
            faults.error("unknown_value", written.spot, expected="是 or 否", found=written.text)
        return truth
    if each.name == "area_kind":
        kind = _KINDS.get(written.text.casefold())
        return written.text if kind is None else kind.value
    if each.name not in _NUMBERS:
        return written.text
    if each.name.endswith("year") and written.text.endswith("年"):
        return written.text.removesuffix("年").strip()
    number = number_at(written, faults)
    if number is None or not each.unit or not row.text("unit"):
        return number
    unit = unit_at(row.cells["unit"], faults)
    if unit is None:
        return None
    ratio = Decimal(1)
    if unit.symbol != each.unit:
        ratio = _SQUARE_KILOMETRES.get(unit.symbol, ratio) if each.name == "km2" else ratio
        if ratio == 1:
            spot = row.cells["unit"].spot
            faults.error("unit_mismatch", spot, expected=each.unit, found=unit.symbol)
            return None
    told = multiplied(number, unit, written, faults=faults)
    return None if told is None else scaled(told, ratio)


def _inputs(
    table: Table, draft: Draft, faults: Faults
) -> tuple[dict[str, dict[str, Any]], set[str]]:
    """Return the inputs that can be read, and the names of all."""
    found: dict[str, dict[str, Any]] = {}
    names = {row.text("name") for row in table.rows if row.is_damaged} - {""}
    for row in rows_read(table):
        if set(row.cells) <= {"name", "unit", "source", "note"} and "value" in row.places:
            # A row of a template that nobody filled: who refers to it is told so.
            if row.text("name"):
                names.add(row.text("name"))
                draft.empty_inputs[row.text("name")] = row.places["value"]
            continue
        if missing(row, ("name",), faults):
            continue
        name = row.text("name")
        if name in names:
            spot = row.places["name"]
            faults.error("doubled_id", spot, expected="each input once", found=name)
            continue
        names.add(name)
        value, spots = input_of(row, faults)
        draft.origins |= {f"inputs.{name}.{key}": spot for key, spot in spots.items()}
        draft.origins[f"inputs.{name}"] = row.places["name"]
        mean, places = mean_of(row, value or {}, year=draft.year, faults=faults)
        draft.origins |= {f"inputs.{name}.mean_5y{key}": spot for key, spot in places.items()}
        if value is not None:
            found[name] = value if mean is None else value | {"mean_5y": mean}
    return found, names


def _land(table: Table, faults: Faults) -> tuple[Mapping[str, Row], set[str]]:
    """Return the land classes that are filled, and the names of those that are not."""
    found: dict[str, Row] = {}
    empty = {row.text("class") for row in table.rows if row.is_damaged}
    for row in rows_read(table):
        if set(row.cells) <= {"class", "unit", "note", *LAND_TEXTS}:
            empty.add(row.text("class"))
            continue
        if missing(row, ("class", "source"), faults):
            continue
        name = row.text("class")
        if name in found:
            spot = row.places["class"]
            faults.error("doubled_id", spot, expected="each class once", found=name)
            continue
        found[name] = row
    return found, empty


def _lines(table: Table, terms: Terms, draft: Draft) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    seen: set[str] = set()
    for row in rows_read(table):
        if not {"quantity", "price", "given"} & set(row.cells):
            spot = row.places.get("quantity") or Spot(sheet=table.title, row=row.number)
            expected = "quantity and price, or a given value"
            found = row.text("id") or row.text("service")
            terms.faults.warn("line_empty", spot, expected=expected, found=f"{found}: left out")
            continue
        if missing(row, ("id", "service"), terms.faults):
            continue
        if row.text("id") in seen:
            spot = row.places["id"]
            expected = "each line's number once"
            terms.faults.error("doubled_id", spot, expected=expected, found=row.text("id"))
            continue
        seen.add(row.text("id"))
        lines.append(_line(row, terms, draft, path=f"lines[{len(lines)}]"))
    return lines


def _line(row: Row, terms: Terms, draft: Draft, *, path: str) -> dict[str, Any]:
    faults = terms.faults
    line: dict[str, Any] = {"id": row.text("id"), "service": _service(row.text("service"))}
    named = {name: spot for name, spot in row.places.items() if name != "note"}
    draft.origins |= {f"{path}.{name}": spot for name, spot in named.items()}
    draft.origins[path] = row.places["id"]
    draft.origins[f"{path}.given_yuan"] = row.places.get("given", row.places["id"])
    if row.text("name"):
        line["name"] = row.text("name")
    if row.text("place"):
        line["place"] = row.text("place")
    if row.text("worth"):
        worth = _WORTHS.get(row.text("worth"))
        line["worth"] = row.text("worth") if worth is None else worth.value
    for name, (unit, basis) in TERM_COLUMNS.items():
        if name in row.cells:
            value = Value(
                written=row.cells[name],
                row=row,
                unit=unit,
                basis=basis,
                owner=f"{row.text('id')}.{name}",
                argument=None,
            )
            try:
                line[name] = terms.term(value, f"{path}.{name}")
            except UnfitTerm:
                line[name] = UNFIT
    if "given" in row.cells:
        line["given_yuan"] = _given(row, row.cells["given"], faults) or "0"
    if row.text("source"):
        line["source"] = row.text("source")
    return line


def _given(row: Row, written: Written, faults: Faults) -> str | None:
    """Return a value in yuan; without a unit beside it nobody knows whether it is 1e4 yuan."""
    number = number_at(written, faults)
    if number is None or missing(row, ("given_unit",), faults):
        return None
    unit = unit_at(row.cells["given_unit"], faults)
    if unit is None:
        return None
    if unit.symbol != "yuan":
        spot = row.cells["given_unit"].spot
        faults.error("unit_mismatch", spot, expected="yuan, 万元 or 亿元", found=unit.symbol)
        return None
    return multiplied(number, unit, written, faults=faults)


def _service(text: str) -> str:
    """Return the code of a service: the text's first word, or the service of that name."""
    known = services()
    first = text.split(maxsplit=1)[0]
    if first in known:
        return first
    plain = text.strip().casefold()
    for each in known.values():
        if plain in {each.zh, each.en.casefold()}:
            return each.code
    return text


def _overrides(table: Table, draft: Draft, faults: Faults) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for row in rows_read(table):
        needed = ("parameter", "value", "unit", "author", "reason", "source")
        if missing(row, needed, faults):
            continue
        path = f"overrides[{len(found)}]"
        name = parameter_in(row.text("parameter"))
        if name is None or name.holes:
            spot = row.places["parameter"]
            expected = "a parameter's row, such as soil.density or air.rate[cover=mixed]"
            faults.error("parameter_unknown", spot, expected=expected, found=row.text("parameter"))
            continue
        number = number_at(row.cells["value"], faults)
        unit = unit_at(row.cells["unit"], faults)
        if number is None or unit is None:
            continue
        told = multiplied(number, unit, row.cells["value"], faults=faults)
        if told is None:
            continue
        draft.origins |= {f"{path}.{key}": spot for key, spot in row.places.items()}
        draft.origins |= {path: row.places["value"], f"{path}.key": row.places["parameter"]}
        override = {key: row.text(key) for key in ("author", "reason", "source")}
        override |= {"key": name.key, "value": told, "unit": unit.symbol}
        found.append(override | ({"dims": dict(name.dims)} if name.dims else {}))
    return found
