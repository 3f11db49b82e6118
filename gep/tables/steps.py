"""Steps and land classes as terms of the plan: a row of a step is one argument, or one item of it.

A step that takes a column of the land sheet where its method takes a list is computed over all its
classes at once; where the method takes a single figure the step is computed for each class, and who
refers to it gets one figure a class.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from gep.calls import CALLS, Argument, arguments_of
from gep.measures import PLAIN
from gep.tables.faults import Faults, Spot
from gep.tables.figures import basis_at, missing, multiplied, number_at, unit_at
from gep.tables.grids import Kind
from gep.tables.layout import LAND_TEXTS, LAND_UNITS
from gep.tables.references import InputName, LandColumn, Names, ParameterName, Reference, StepName
from gep.tables.rows import Row, Table, Written, rows_read
from gep.tables.spellings import Spelt, truth_in

TERMS_MAX = 20_000
PROPOSED_MAX = 20
DEPTH_MAX = 10
MANY = "[]"
# Stands where a term could not be made, so that what is around it is judged all the same.
UNFIT = "\x00"
AREA = "area"


@dataclass(slots=True, kw_only=True)
class Step:
    """A step: its method, the land classes it is for (all where none is named), its arguments."""

    name: str
    method: str
    classes: tuple[str, ...] | None
    spot: Spot
    arguments: dict[str, list[Row]] = field(default_factory=dict)
    lists: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What a term is made of: its cell and those beside it; an input of it is named ``owner``."""

    written: Written
    row: Row
    unit: str
    basis: str
    owner: str
    argument: Argument | None


class UnfitTerm(Exception):
    """A term that cannot be made; why was noted, so that no plan comes of it."""


@dataclass(slots=True, kw_only=True)
class Terms:
    """Makes terms, notes what is wrong with them, and remembers where each came from.

    ``inputs`` are those of the plan, and grow by the figures that stand in lines, steps and land
    classes; ``origins`` are the cells by their path in the plan.
    """

    names: Names
    steps: Mapping[str, Step]
    land: Mapping[str, Row]
    empty_classes: Collection[str]
    inputs: dict[str, dict[str, Any]]
    empty: Mapping[str, Spot]
    origins: dict[str, Spot]
    faults: Faults
    used: set[str] = field(default_factory=set)
    for_each: dict[str, bool] = field(default_factory=dict)
    count: int = 0

    def term(self, value: Value, path: str) -> Any:
        """Return a single term.

        Raises:
            UnfitTerm: it is none, or one for each land class.
        """
        if self._is_many(self._meant(value)):
            expected = "one figure: add the classes up by a method, such as total.sum"
            spot = value.written.spot
            self.faults.error("value_per_class", spot, expected=expected, found=value.written.text)
            raise UnfitTerm
        return self._one(value, path, land=None, depth=0)

    def _meant(self, value: Value) -> Reference | None:
        """Return what a cell refers to; None where it is a number."""
        written = value.written
        if _truth(value) is not None or written.number is not None:
            return None
        if written.kind is not Kind.TEXT:
            return None
        found = self.names.meant_by(written.text)
        if found is not None:
            return found
        expected = "a number, or the name of an input, a step or a parameter"
        if self.faults.error_count < PROPOSED_MAX:
            names = [*self.names.inputs, *self.names.steps, *(self.names.keys or ())]
            close = get_close_matches(written.text, names, n=1)
            expected += f": {close[0]}?" if close else ""
        self.faults.error("name_unknown", written.spot, expected=expected, found=written.text)
        raise UnfitTerm

    def _is_many(self, meant: Reference | None) -> bool:
        match meant:
            case LandColumn():
                return True
            case ParameterName(holes=holes):
                return bool(holes)
            case StepName(name=name):
                return name in self.steps and self._is_for_each(self.steps[name])
        return False

    def _is_for_each(self, step: Step) -> bool:
        """Say whether a step is computed for each class: a single argument is of the classes."""
        if step.name not in self.for_each:
            self.for_each[step.name] = False  # what refers to itself is refused where it is made
            known = arguments_of(step.method)
            self.for_each[step.name] = any(
                not known[name].is_list and self._is_many(self._quietly(row))
                for name, rows in step.arguments.items()
                for row in rows
                if "value" in row.cells
            )
        return self.for_each[step.name]

    def _quietly(self, row: Row) -> Reference | None:
        written = row.cells["value"]
        return None if written.number is not None else self.names.meant_by(written.text)

    def _one(self, value: Value, path: str, *, land: Row | None, depth: int) -> Any:
        self.count += 1
        if self.count > TERMS_MAX:
            expected = f"at most {TERMS_MAX} terms in all"
            self.faults.error("too_many", value.written.spot, expected=expected, found="more")
            raise UnfitTerm
        self.origins[path] = value.written.spot
        match self._meant(value):
            case None:
                return self._number(value)
            case InputName(name=name):
                return self._input(name)
            case ParameterName() as row:
                return self._parameter(row, value, path, land=land)
            case LandColumn(name=name):
                return self._of_class(name, value, path, land=land)
            case StepName(name=name):
                step = self.steps.get(name)
                if step is None:
                    raise UnfitTerm
                within = land if self._is_for_each(step) else None
                return self._call(step, path, land=within, depth=depth + 1)

    def _input(self, name: str) -> str:
        if name in self.empty:
            spot, expected = self.empty[name], "a value: a line is made of it"
            self.faults.error("cell_missing", spot, expected=expected, found="an empty cell")
        return name if name in self.inputs else UNFIT

    def _call(self, step: Step, path: str, *, land: Row | None, depth: int) -> dict[str, Any]:
        if depth > DEPTH_MAX:
            expected = f"steps at most {DEPTH_MAX} deep, none within itself"
            self.faults.error("step_cycle", step.spot, expected=expected, found=step.name)
            raise UnfitTerm
        self.used.add(step.name)
        self.origins[f"{path}.call"] = step.spot
        arguments: dict[str, Any] = {}
        for name in step.arguments:
            inner = f"{path}.args.{name}"
            try:
                arguments[name] = self._argument(step, name, inner, land=land, depth=depth)
            except UnfitTerm:
                arguments[name] = UNFIT
        return {"call": step.method, "args": arguments}

    def _argument(self, step: Step, name: str, path: str, *, land: Row | None, depth: int) -> Any:
        rows = [row for row in step.arguments[name] if "value" in row.cells]
        if not rows and name not in step.lists:
            missing(step.arguments[name][0], ("value",), self.faults)
            raise UnfitTerm
        values = [self._value(step, name, row, place=place) for place, row in enumerate(rows)]
        if rows:
            self.origins[path] = values[0].written.spot
        many = [self._is_many(self._meant(each)) for each in values]
        is_list = name in step.lists or len(rows) > 1 or (land is None and any(many))
        if not is_list:
            return self._one(values[0], path, land=land, depth=depth)
        wanted: list[tuple[Value, Row | None]] = []
        for value, is_many in zip(values, many, strict=True):
            if is_many and land is None:
                wanted += [(value, each) for each in self._classes(step)]
            else:
                wanted.append((value, land))
        return [
            self._one(value, f"{path}[{place}]", land=each, depth=depth)
            for place, (value, each) in enumerate(wanted)
        ]

    def _value(self, step: Step, name: str, row: Row, *, place: int) -> Value:
        rows = len(step.arguments[name])
        owner = f"{step.name}.{name}" + (f".{place + 1}" if rows > 1 else "")
        return Value(
            written=row.cells["value"],
            row=row,
            unit="unit",
            basis="basis",
            owner=owner,
            argument=arguments_of(step.method)[name],
        )

    def _classes(self, step: Step) -> Sequence[Row]:
        """Return the classes of a step; those that a template names and nobody filled are none."""
        wanted = list(self.land) if step.classes is None else step.classes
        unknown = [each for each in wanted if each not in {*self.land, *self.empty_classes}]
        found = [self.land[each] for each in wanted if each in self.land]
        if unknown or not found:
            expected = f"classes of the land sheet with an area: {', '.join(self.land)}"
            told = ", ".join(unknown) or "none of the step"
            self.faults.error("class_unknown", step.spot, expected=expected, found=told)
            raise UnfitTerm
        return found

    def _number(self, value: Value) -> str | Decimal:
        written, row = value.written, value.row
        argument = value.argument
        truth = _truth(value)
        if truth is not None:
            return Decimal(truth)
        number = number_at(written, self.faults)
        if number is None:
            raise UnfitTerm
        wants_unit = argument is None or bool(argument.units)
        if not row.text(value.unit):
            if wants_unit and not written.is_percent:
                expected = "the unit of the number" if argument is None else argument.wanted
                spot = row.places.get(value.unit, written.spot)
                self.faults.error("unit_missing", spot, expected=expected, found="an empty cell")
                raise UnfitTerm
            unit: Spelt | None = Spelt(symbol=PLAIN)
        else:
            unit = unit_at(row.cells[value.unit], self.faults)
        told = None if unit is None else multiplied(number, unit, written, faults=self.faults)
        if unit is None or told is None:
            raise UnfitTerm
        if unit.symbol == PLAIN and not row.text("source"):
            return Decimal(told)
        return self._made(value, told, unit.symbol)

    def _made(self, value: Value, number: str, symbol: str) -> str:
        """Make an input of a figure that stands in a line, a step or a land class."""
        row = value.row
        if missing(row, ("source",), self.faults):
            raise UnfitTerm
        found = {"value": number, "unit": symbol, "source": row.text("source")}
        if value.basis and value.basis in row.cells:
            basis = basis_at(row.cells[value.basis], self.faults)
            if basis is None:
                raise UnfitTerm
            found["basis"] = basis
        self._take(value.owner, found, value)
        return value.owner

    def _take(self, name: str, found: dict[str, Any], value: Value) -> None:
        spots = {"value": value.written.spot, "source": value.row.places.get("source")}
        spots |= {"unit": value.row.places.get(value.unit), "basis": spots["value"]}
        if self.inputs.setdefault(name, found) != found:
            expected = f"no other input named {name}"
            self.faults.error("doubled_id", value.written.spot, expected=expected, found=name)
            raise UnfitTerm
        for key, spot in spots.items():
            self.origins.setdefault(f"inputs.{name}.{key}", spot or value.written.spot)

    def _parameter(
        self, name: ParameterName, value: Value, path: str, *, land: Row | None
    ) -> dict[str, Any]:
        dims = dict(name.dims)
        for dimension, column in name.holes:
            if land is None or column not in LAND_TEXTS:
                expected = f"one of {', '.join(LAND_TEXTS)} in braces"
                spot = value.written.spot
                self.faults.error("column_unfit", spot, expected=expected, found=column)
                raise UnfitTerm
            if missing(land, (column,), self.faults):
                raise UnfitTerm
            dims[dimension] = land.text(column)
            self.origins[path] = land.cells[column].spot
        return {"parameter": name.key} | ({"dims": dims} if dims else {})

    def _of_class(self, column: str, value: Value, path: str, *, land: Row | None) -> Any:
        if land is None or (column != AREA and column not in LAND_UNITS):
            expected = f"land: and one of {', '.join((AREA, *LAND_UNITS))}"
            self.faults.error("column_unfit", value.written.spot, expected=expected, found=column)
            raise UnfitTerm
        if missing(land, (column,), self.faults):
            raise UnfitTerm
        self.origins[path] = land.cells[column].spot
        inside = Value(
            written=land.cells[column],
            row=land,
            unit="unit" if column == AREA else "",
            basis="",
            owner=f"{land.text('class')}.{column}",
            argument=None,
        )
        meant = self._meant(inside)
        if meant is not None:
            if isinstance(meant, LandColumn | StepName):
                expected = "a number, an input or a parameter"
                spot = inside.written.spot
                self.faults.error(
                    "column_unfit", spot, expected=expected, found=inside.written.text
                )
                raise UnfitTerm
            return self._one(inside, path, land=None, depth=0)
        if column == AREA:
            return self._number(inside)
        number = number_at(inside.written, self.faults)
        if number is None:
            raise UnfitTerm
        return self._made(inside, number, LAND_UNITS[column])


def _truth(value: Value) -> bool | None:
    """Return what a cell says where an argument wants true or false."""
    if value.argument is None or value.argument.kind is not bool:
        return None
    return truth_in(value.written.text)


def steps_of(table: Table, faults: Faults) -> Mapping[str, Step]:
    """Return the steps of the methods' sheet; a row without a step's name goes on with the last."""
    found: dict[str, Step] = {}
    step: Step | None = None
    for row in rows_read(table):
        name = row.text("step")
        if name and (step is None or name != step.name):
            step = _begun(row, found, faults)
            if step is not None:
                found[name] = step
        elif not name and step is None:
            missing(row, ("step",), faults)
        if step is not None:
            _add(step, row, faults)
    return found


def _begun(row: Row, found: Mapping[str, Step], faults: Faults) -> Step | None:
    name = row.text("step")
    if name in found:
        expected = "all rows of a step together"
        faults.error("doubled_id", row.places["step"], expected=expected, found=name)
        return None
    if missing(row, ("method",), faults):
        return None
    method = row.text("method").split()[0]
    if method not in CALLS:
        close = get_close_matches(method, CALLS, n=3)
        expected = f"a call of the engine: {', '.join(close) or 'see the sheet of calls'}"
        faults.error("call_unknown", row.places["method"], expected=expected, found=method)
        return None
    classes = row.text("classes").replace("\uff0c", ",").replace("\u3001", ",")
    chosen = tuple(each.strip() for each in classes.split(",") if each.strip())
    return Step(name=name, method=method, classes=chosen or None, spot=row.places["step"])


def _add(step: Step, row: Row, faults: Faults) -> None:
    written = row.text("argument")
    method = row.text("method")
    if method and method.split()[0] != step.method:
        expected = f"{step.method}, or an empty cell"
        faults.error("step_mixed", row.places["method"], expected=expected, found=method)
    if not written:
        if "value" in row.cells:
            missing(row, ("argument",), faults)
        return
    name = written.removesuffix(MANY)
    known = arguments_of(step.method)
    if name not in known:
        expected = f"one of {', '.join(known)}"
        faults.error("argument_unknown", row.places["argument"], expected=expected, found=name)
        return
    is_list = written.endswith(MANY)
    if not is_list and "value" not in row.cells:
        if not known[name].is_optional:
            step.arguments.setdefault(name, []).append(row)
        return
    if is_list:
        step.lists.add(name)
    step.arguments.setdefault(name, []).append(row)
