"""A plan as rows of sheets: what a person would have written, so that reading it gives the plan.

Every call becomes a step, named after where it stands; a name that could mean something else gets
the word that says what it means.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from gep.accounts.reading import plan_of
from gep.document import Place
from gep.errors import Malformed
from gep.registry.parameter_set import Dims
from gep.registry.shipped import services
from gep.tables.grids import CELLS_MAX, COLUMNS_MAX, ROWS_MAX
from gep.tables.layout import FIELDS, SHEETS, Field, Language
from gep.tables.means import SOURCE, mean_cells
from gep.tables.references import (
    InputName,
    Names,
    ParameterName,
    Reference,
    StepName,
    keys_of,
    parameter_text,
)
from gep.tables.spellings import fits_a_cell, number_in
from gep.tables.steps import MANY
from gep.tables.stocks import stock_rows

PLAIN = "1"


class NumberText(str):
    """A text that is a number, which a workbook holds as one."""

    __slots__ = ()


Cells = Mapping[str, str]
Filled = dict[str, list[dict[str, str]]]


def filled_from(document: Place, lang: Language) -> Filled:
    """Return the sheets of a plan.

    Raises:
        Malformed: it is no plan, or has a text that no cell holds.
    """
    plan = plan_of(document)
    value = _exact(document.value)
    pages = empty_pages()
    pages["area"] = area_rows(value, lang)
    inputs = value.get("inputs", {})
    writer = _Writer(names=Names(inputs=set(inputs), keys=keys_of(plan.parameters)), lang=lang)
    pages["inputs"] = [_input_row(name, each, year=plan.year) for name, each in inputs.items()]
    pages["lines"] = [writer.line(each) for each in value["lines"]]
    pages["methods"] = writer.rows
    pages["overrides"] = [_override_row(each) for each in value.get("overrides", ())]
    pages["stocks"] = [_numbers_as_such(each) for each in stock_rows(value.get("stocks", []), lang)]
    _refuse_what_no_sheet_holds(pages)
    return pages


def empty_pages() -> Filled:
    """Return the sheets that are read, without rows."""
    return {each.code: [] for each in SHEETS if each.is_read}


def area_rows(value: Mapping[str, Any], lang: Language) -> list[dict[str, str]]:
    """Return the rows of the area sheet, with what a plan has of them."""
    return [_field_row(each, _at(value, each.path), lang) for each in FIELDS]


def service_label(code: str, lang: Language) -> str:
    """Return a service as the lists show it: its code and its name."""
    service = services()[code]
    return f"{code} {service.zh if lang is Language.ZH else service.en}"


def _exact(value: Any) -> Any:
    """Return a document without what is null, numbers as texts that know that they are numbers."""
    if isinstance(value, dict):
        return {key: _exact(each) for key, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_exact(each) for each in value]
    return NumberText(value) if isinstance(value, Decimal) else value


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _field_row(each: Field, value: object, lang: Language) -> dict[str, str]:
    zh = lang is Language.ZH
    row = {
        "field": each.name,
        "label": each.zh if zh else each.en,
        "unit": each.unit,
        "help": each.help_zh if zh else each.help_en,
    }
    if isinstance(value, bool):
        row["value"] = "true" if value else "false"
    elif value is not None:
        is_text = each.name in {"id", "area_id", "area_name", "edition", "parameters", "note"}
        row["value"] = str(value) if is_text else _number_or_text(str(value))
    return row


def _number_or_text(text: str) -> str:
    return NumberText(text) if number_in(text) == text else text


def _numbers_as_such(row: Mapping[str, str]) -> dict[str, str]:
    numbers = ("opening", "quantity", "closing")
    return dict(row) | {name: NumberText(row[name]) for name in numbers if name in row}


def _input_row(name: str, value: Mapping[str, Any], *, year: int) -> dict[str, str]:
    row = {key: value[key] for key in ("unit", "basis", "source") if key in value}
    row |= {key: NumberText(value[key]) for key in ("value", "low", "high") if key in value}
    if "mean_5y" in value:
        cells = mean_cells(value["mean_5y"], year)
        row |= {key: NumberText(each) for key, each in cells.items() if key != SOURCE}
        row[SOURCE] = cells[SOURCE]
    return {"name": name} | row


def _override_row(value: Mapping[str, Any]) -> dict[str, str]:
    texts = {key: value[key] for key in ("unit", "author", "reason", "source")}
    name = parameter_text(value["key"], _dims(value))
    return {"parameter": name, "value": NumberText(value["value"])} | texts


def _dims(value: Mapping[str, Any]) -> Dims:
    return tuple(sorted(value.get("dims", {}).items()))


@dataclass(slots=True, kw_only=True)
class _Writer:
    """Writes lines, and the steps that they are made of."""

    names: Names
    lang: Language
    rows: list[dict[str, str]] = field(default_factory=list)
    steps: set[str] = field(default_factory=set)

    def line(self, value: Mapping[str, Any]) -> dict[str, str]:
        """Return the row of a line."""
        row = {"id": value["id"], "service": service_label(value["service"], self.lang)}
        row |= {key: value[key] for key in ("name", "place", "worth", "source") if key in value}
        if "given_yuan" in value:
            row |= {"given": NumberText(value["given_yuan"]), "given_unit": "yuan"}
        for name in ("quantity", "price"):
            if name in value:
                unit = f"{name}_unit"
                row |= self._term(value[name], f"{value['id']}.{name}", column=name, unit=unit)
        return row

    def _term(self, term: Any, owner: str, *, column: str, unit: str) -> dict[str, str]:
        if isinstance(term, bool):
            return {column: NumberText(str(int(term))), unit: PLAIN}
        is_input = isinstance(term, str) and term in self.names.inputs
        is_number = isinstance(term, NumberText)
        if is_number or (isinstance(term, str) and not is_input):
            return {column: NumberText(term), unit: PLAIN}
        if isinstance(term, str):
            return {column: self._named(term, "input", InputName)}
        if "parameter" in term:
            return {column: self._parameter(term)}
        return {column: self._named(self._step(term, owner), "step", StepName)}

    def _named(self, name: str, word: str, kind: Callable[[str], Reference]) -> str:
        names = Names(inputs=self.names.inputs, steps=self.steps, keys=self.names.keys)
        is_plain = number_in(name) is None and names.meant_by(name) == kind(name)
        return name if is_plain else f"{word}:{name}"

    def _parameter(self, term: Mapping[str, Any]) -> str:
        text = parameter_text(term["parameter"], _dims(term))
        meant = ParameterName(term["parameter"], _dims(term))
        # Steps that are written later may have the name of a parameter, so that all are known here.
        names = Names(inputs=self.names.inputs, steps=self.steps, keys=self.names.keys)
        is_plain = number_in(text) is None and names.meant_by(text) == meant
        return text if is_plain else f"parameter:{text}"

    def _step(self, term: Mapping[str, Any], owner: str) -> str:
        name = self._free(owner)
        self.steps.add(name)
        rows: list[dict[str, str]] = []
        head = {"step": name, "method": term["call"]}
        place = len(self.rows)
        self.rows.append(head)
        for argument, value in term["args"].items():
            items = value if isinstance(value, list) else [value]
            many = MANY if isinstance(value, list) and len(items) < 2 else ""  # noqa: PLR2004  else it shows
            if not items:
                rows.append({"argument": f"{argument}{MANY}"})
            for index, each in enumerate(items):
                inner = f"{owner}.{argument}" + (f".{index + 1}" if len(items) > 1 else "")
                cells = self._term(each, inner, column="value", unit="unit")
                rows.append({"argument": f"{argument}{many}"} | cells)
        whole = [{"step": name} | each for each in rows] or [{}]
        self.rows[place : place + 1] = [head | whole[0], *whole[1:]]
        return name

    def _free(self, owner: str) -> str:
        """Return a name for a step that nothing else has, and that is no parameter's key."""
        taken = {*self.names.inputs, *self.steps, *(self.names.keys or ())}
        name, count = owner, 1
        while name in taken:
            count += 1
            name = f"{owner}-{count}"
        return name


def _refuse_what_no_sheet_holds(pages: Filled) -> None:
    cells = 0
    for code, rows in pages.items():
        cells += sum(len(row) for row in rows)
        if len(rows) > ROWS_MAX - COLUMNS_MAX or cells > CELLS_MAX // 2:
            raise _unfit(code, f"at most {ROWS_MAX - COLUMNS_MAX} rows", str(len(rows)))
        for row in rows:
            for text in row.values():
                if not fits_a_cell(text):
                    raise _unfit(code, "texts that a cell holds", f"{len(text)} characters")


def _unfit(field_name: str, expected: str, found: str) -> Malformed:
    return Malformed(code="table_too_large", field=field_name, expected=expected, found=found)
