"""A plan that was put together, judged: all that its reader and the engine refuse, at its cells.

Fields, inputs, overrides and lines are each read and computed alone, so that one fault does not
hide another; the account of all of them is made only when none is left.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, TypeVar

from gep.accounts.account import Account
from gep.accounts.making import FIGURE_MAX, make_account, unfit_lines
from gep.accounts.plan import Plan, PlannedLine, Profile
from gep.accounts.reading import (
    area_at,
    deduction_at,
    edition_at,
    input_at,
    land_cover_at,
    line_at,
    override_at,
    parameter_set_at,
    plan_of,
)
from gep.accounts.stocks import stock_at
from gep.accounts.terms import CallTerm, Figures, Input, InputTerm, ParameterTerm, Term
from gep.calls import call
from gep.document import Place
from gep.errors import AccountRefused, BasisMixed, InputRefused, Malformed, UnitMismatch, Unknown
from gep.measures import Figure, symbol_of
from gep.registry.edition import Edition, Inflow
from gep.registry.parameter_set import Override, Parameters, ParameterSet, overridden
from gep.registry.reading import year_of
from gep.tables.assembling import Draft
from gep.tables.faults import Faults, Spot
from gep.tables.steps import UNFIT
from gep.units import Amount, Price, PriceBasis, one_basis
from kernel.errors import DomainError

Read = TypeVar("Read")
TOP = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """The parts of a plan that could be read."""

    edition: Edition | None
    parameters: ParameterSet | None
    year: int | None
    inputs: Mapping[str, Input]
    overrides: tuple[Override, ...]
    lines: tuple[tuple[str, PlannedLine], ...]


def judged(draft: Draft, faults: Faults) -> tuple[Plan, Account] | None:
    """Return the plan and its account; None where something was refused, which is noted."""
    parts = _parts(draft, faults)
    if parts.parameters is not None and parts.year is not None:
        on = date(parts.year, 12, 31)
        parameters = _overridden(parts, parts.parameters, on, draft=draft, faults=faults)
        basis: PriceBasis | None = None
        for path, line in parts.lines:
            judge = _Line(draft, faults, inputs=parts.inputs, parameters=parameters)
            basis = judge.judge(path, line, basis=basis)
    if parts.edition is not None:
        _refuse_unstated_inflow(parts.edition, draft, faults)
        _refuse_unfit_lines(parts, parts.edition, draft, faults=faults)
    if faults.error_count:
        return None
    if not draft.document["lines"]:
        spot = Spot(sheet=draft.spot("lines").sheet)
        faults.error("cell_missing", spot, expected="at least one line", found="none")
        return None
    return _whole(draft, faults)


def _whole(draft: Draft, faults: Faults) -> tuple[Plan, Account] | None:
    try:
        plan = plan_of(Place(draft.document))
    except Malformed as error:
        faults.malformed(error, draft.spot(error.field or ""))
        return None
    try:
        return plan, make_account(plan)
    except DomainError as error:
        _refuse_account(error, draft, faults)
    return None


def _refuse_account(error: DomainError, draft: Draft, faults: Faults) -> None:
    spot, found = _account_spot(draft, error), error.data.get("found", "")
    faults.error(error.code, spot, expected=error.expected or "", found=found)


def _refuse_unfit_lines(parts: _Judged, edition: Edition, draft: Draft, *, faults: Faults) -> None:
    """Note the lines that fit no account; what an unread term stands for is not known."""
    known = (
        replace(line, quantity=None) if line.quantity == InputTerm(name=UNFIT) else line
        for _, line in parts.lines
    )
    for error in unfit_lines(known, edition):
        _refuse_account(error, draft, faults)


def _account_spot(draft: Draft, error: DomainError) -> Spot:
    """Return the cell of what the engine refuses of an account: it names lines by their id."""
    field = error.field or ""
    for index, line in enumerate(draft.document["lines"]):
        if field == f"lines.{line['id']}" or field.startswith(f"lines.{line['id']}."):
            inner = field.removeprefix(f"lines.{line['id']}")
            return draft.spot(f"lines[{index}]{inner}")
    return draft.spot(field)


def _parts(draft: Draft, faults: Faults) -> _Judged:
    document = draft.document

    def read(name: str, how: Callable[[Place], Read]) -> Read | None:
        if name not in document:
            return None
        return _tried(Place(document[name], f"{TOP}.{name}"), how, draft=draft, faults=faults)

    year = read("year", year_of)
    read("id", Place.text)
    read("price_year", year_of)
    read("profile", lambda place: place.choice(Profile))
    read("area", area_at)
    read("land_cover", land_cover_at)
    read("inflow_deduction", deduction_at)
    edition = None if year is None else read("edition", lambda place: edition_at(place, year))
    parameters = read("parameters", parameter_set_at)
    inputs = _inputs(draft, faults, year=year)
    for index, each in enumerate(document.get("stocks", ()) if draft.has_whole_stocks else ()):
        _tried(_at(each, f"stocks[{index}]"), stock_at, draft=draft, faults=faults)
    return _Judged(
        edition=edition,
        parameters=parameters,
        year=year,
        inputs=inputs,
        overrides=tuple(
            found
            for index, each in enumerate(document.get("overrides", ()))
            if (
                found := _tried(
                    _at(each, f"overrides[{index}]"), override_at, draft=draft, faults=faults
                )
            )
        ),
        lines=_lines(draft, faults),
    )


def _at(value: Any, path: str) -> Place:
    return Place(value, f"{TOP}.{path}")


def _tried(
    place: Place, how: Callable[[Place], Read], *, draft: Draft, faults: Faults
) -> Read | None:
    try:
        return how(place)
    except Malformed as error:
        path = error.field or place.path
        if path.removeprefix(f"{TOP}.") not in draft.refused:
            faults.malformed(error, draft.spot(path))
    return None


def _inputs(draft: Draft, faults: Faults, *, year: int | None) -> Mapping[str, Input]:
    """Return the inputs that can be read; without a year nobody can judge their means."""
    found = {}
    read = partial(input_at, year=0 if year is None else year)
    for name, value in draft.document.get("inputs", {}).items():
        kept = value if year is not None else {**value, "mean_5y": None}
        place = _at(kept, f"inputs.{name}")
        each = _tried(place, partial(read, name), draft=draft, faults=faults)
        if each is not None:
            found[name] = each
    return found


def _lines(draft: Draft, faults: Faults) -> tuple[tuple[str, PlannedLine], ...]:
    """Return the lines that can be read."""
    known = {**draft.document.get("inputs", {}), UNFIT: {}}
    found = []
    for index, value in enumerate(draft.document["lines"]):
        path = f"lines[{index}]"
        line = _tried(
            _at(value, path), lambda place: line_at(place, known), draft=draft, faults=faults
        )
        if line is not None:
            found.append((path, line))
    return tuple(found)


def _overridden(
    parts: _Judged, parameters: ParameterSet, on: date, *, draft: Draft, faults: Faults
) -> Parameters:
    """Return the parameters with the overrides that they take, each tried beside those before."""
    taken: list[Override] = []
    for index, each in enumerate(parts.overrides):
        try:
            overridden(parameters, [*taken, each], on=on)
            taken.append(each)
        except DomainError as error:
            key = {"gep.parameter_unknown": "key", "gep.override_unit": "unit"}
            spot = draft.spot(f"overrides[{index}].{key.get(error.code, 'value')}")
            found = error.data.get("found", "")
            faults.error(error.code, spot, expected=error.expected or "", found=found)
    return overridden(parameters, taken, on=on)


def _refuse_unstated_inflow(edition: Edition, draft: Draft, faults: Faults) -> None:
    if edition.inflow is Inflow.STATED and "inflow_deduction" not in draft.document:
        spot = draft.spot("inflow_deduction.yuan")
        expected = f"a stated figure, 0 allowed, under {edition.id}"
        faults.error("inflow_unstated", spot, expected=expected, found="an empty cell")


class _Refused(Exception):
    """A term was refused; why was noted."""


class _Line:
    """Computes a line term by term, so that what is refused is known by its place."""

    def __init__(
        self, draft: Draft, faults: Faults, *, inputs: Mapping[str, Input], parameters: Parameters
    ) -> None:
        self._draft = draft
        self._faults = faults
        self._inputs = inputs
        self._figures = Figures(inputs, parameters)
        self._parameters = parameters

    def judge(self, path: str, line: PlannedLine, *, basis: PriceBasis | None) -> PriceBasis | None:
        """Note what the engine refuses of a line, also beside the price basis of those before.

        Returns the basis of the lines so far.
        """
        figures: dict[str, Figure] = {}
        for name, term in (("quantity", line.quantity), ("price", line.price)):
            if term is not None:
                try:
                    figures[name] = self._figure(term, f"{path}.{name}")
                except _Refused:
                    continue
        if len(figures) > 1:
            self._pair(path, figures["quantity"], figures["price"])
        price = figures.get("price")
        try:
            return one_basis(basis, price.basis if isinstance(price, Price) else None)
        except BasisMixed as error:
            self._note(error.code, f"{path}.price", (error.expected or "", "both"))
        return basis

    def _pair(self, path: str, quantity: Figure, price: Figure) -> None:
        if not isinstance(quantity, Amount):
            self._note("unit_mismatch", f"{path}.quantity", ("a quantity", symbol_of(quantity)))
        elif not isinstance(price, Price):
            self._note("unit_mismatch", f"{path}.price", ("a price", symbol_of(price)))
        elif price.per is not quantity.unit:
            expected = f"yuan/{symbol_of(quantity)}"
            self._note("unit_mismatch", f"{path}.price", (expected, symbol_of(price)))
        for name, figure in (("quantity", quantity), ("price", price)):
            number = float(figure.value if hasattr(figure, "value") else figure)
            if not 0 <= number <= FIGURE_MAX:
                expected = f"0 or more, to {FIGURE_MAX:g}"
                self._note(f"{name}_out_of_range", f"{path}.{name}", (expected, f"{number:g}"))

    def _figure(self, term: Term, path: str) -> Figure:
        if isinstance(term, CallTerm):
            return self._called(term, path)
        if isinstance(term, InputTerm) and term.name not in self._inputs:
            raise _Refused
        try:
            return self._figures.evaluate(term)
        except Unknown as error:
            expected = error.expected or ""
            if isinstance(term, ParameterTerm):
                expected = self._rows_of(term.key) or expected
            self._note(error.code, path, (expected, error.data.get("found", "")))
        raise _Refused

    def _called(self, term: CallTerm, path: str) -> Figure:
        given: dict[str, Any] = {}
        is_whole = True
        for name, inner in term.arguments.items():
            place = f"{path}.args.{name}"
            try:
                if isinstance(inner, tuple):
                    given[name] = [
                        self._figure(each, f"{place}[{index}]") for index, each in enumerate(inner)
                    ]
                else:
                    given[name] = self._figure(inner, place)
            except _Refused:
                is_whole = False
        if not is_whole:
            raise _Refused
        try:
            return call(term.name, given)
        except (InputRefused, UnitMismatch) as error:
            self._refused(term, path, error)
        except AccountRefused as error:
            self._note(error.code, path, (error.expected or "", error.data.get("found", "")))
        except BasisMixed as error:
            self._note(error.code, path, (error.expected or "", "both"))
        raise _Refused

    def _refused(self, term: CallTerm, path: str, error: DomainError) -> None:
        """Note a refused argument at the value that it takes, and where that is referred to."""
        name = (error.field or "").rpartition(".")[2]
        inner = term.arguments.get(name)
        place = f"{path}.args.{name}" if inner is not None else f"{path}.call"
        spot, also = self._draft.spot(place), ""
        if isinstance(inner, tuple) and inner:
            place, inner = self._item(term, name, inner, place=place)
            spot = self._draft.spot(place)
        if isinstance(inner, InputTerm):
            source = self._draft.spot(f"inputs.{inner.name}.value")
            other = spot.shown if isinstance(error, InputRefused) else source.shown
            spot = source if isinstance(error, InputRefused) else spot
            also = "" if other == spot.shown else other
        elif isinstance(inner, CallTerm) and isinstance(error, UnitMismatch):
            also = self._innermost(inner, error.data.get("found", ""))
        found = error.data.get("found", "")
        self._faults.error(
            error.code, spot, expected=f"{name}: {error.expected}", found=found, also=also
        )

    def _innermost(self, term: CallTerm, symbol: str) -> str:
        """Return the cell of the only input within a step that has the unit which does not fit."""
        waiting: list[Term] = [term]
        names: set[str] = set()
        while waiting:
            match waiting.pop():
                case CallTerm(arguments=arguments):
                    for each in arguments.values():
                        waiting.extend(each if isinstance(each, tuple) else (each,))
                case InputTerm(name=name) if name in self._inputs:
                    names |= {name} if self._inputs[name].unit == symbol else set()
        return self._draft.spot(f"inputs.{names.pop()}.unit").shown if len(names) == 1 else ""

    def _item(
        self, term: CallTerm, name: str, items: tuple[Term, ...], *, place: str
    ) -> tuple[str, Term]:
        """Return the item of a list that is refused: the first that is, when it stands alone."""
        for index, each in enumerate(items):
            alone = {
                key: value[index] if isinstance(value, tuple) and len(value) > index else value
                for key, value in term.arguments.items()
            }
            try:
                call(term.name, {key: self._plain(value) for key, value in alone.items()})
            except DomainError as error:
                if (error.field or "").rpartition(".")[2] == name:
                    return f"{place}[{index}]", each
        return f"{place}[0]", items[0]

    def _plain(self, term: Term | tuple[Term, ...]) -> Any:
        if isinstance(term, tuple):
            return [self._figures.evaluate(each) for each in term]
        return self._figures.evaluate(term)

    def _rows_of(self, key: str) -> str:
        names = [each.name for each in self._parameters.set.named(key, on=self._parameters.on)]
        return f"one of {', '.join(names)}" if names else ""

    def _note(self, code: str, path: str, words: tuple[str, str]) -> None:
        expected, found = words
        self._faults.error(code, self._draft.spot(path), expected=expected, found=found)
