"""From a plan to an account: each line computed, quantised once, and what is doubtful said.

Quantities are computed as floats and stored as decimals; the value is the stored quantity by the
price, rounded half up to the fen. What must not be counted twice is refused.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from gep.accounts.account import (
    EXACT,
    Account,
    LineItem,
    Warned,
    WarningCode,
    fen_of,
    quantised,
    stored_price,
    sum_of_lines,
)
from gep.accounts.doubting import warnings_of
from gep.accounts.plan import Plan, PlannedLine, Profile, Worth
from gep.accounts.terms import CallTerm, Figures, InputTerm, Used
from gep.errors import AccountRefused, UnitMismatch, at_line
from gep.measures import Figure, number_of, symbol_of
from gep.registry.edition import Edition, Inflow
from gep.registry.parameter_set import Parameters, overridden
from gep.registry.service import Group
from gep.units import Amount, Money, Number, Price, PriceBasis, Yuan, one_basis
from kernel.money import Fen

FIGURE_MAX = 1e40
GIVEN, STATED = "given", "stated"
CLIPPING = {"R1.balance": "R1.clipped"}
VEGETATION_COOLING = ("R10.vegetation", "R10.evapotranspiration")
NO_EXCHANGE_VALUE = {"R9"}


def make_account(plan: Plan) -> Account:
    """Make the account of a plan.

    Raises:
        AccountRefused: the inflow deduction is not stated where the edition wants it, a service is
            no line of the edition, something would be counted twice, an override is absurd.
        BasisMixed: capital and annualised prices in one account.
        InputRefused, UnitMismatch, Unknown: a line's figures do not fit.
    """
    _refuse_unfit(plan)
    parameters = parameters_of(plan)
    lines, clipped = _lines(plan, parameters)
    basis: PriceBasis | None = None
    for line in lines:
        with at_line(line.id):
            basis = one_basis(basis, line.basis)
    bare = lines if not plan.overrides else _lines(plan, replace(parameters, overrides={}))[0]
    deduction = Fen(0) if plan.inflow is None else fen_of(plan.inflow.yuan)
    account = Account(
        id=plan.id,
        area=plan.area,
        year=plan.year,
        price_year=plan.price_year,
        edition=plan.edition.id,
        edition_hash=plan.edition.hash,
        product_zh=plan.edition.product_zh,
        profile=plan.profile,
        parameter_set=plan.parameters.version,
        parameter_set_hash=plan.parameters.hash,
        parameter_set_unchecked=plan.parameters.unchecked,
        price_basis=basis,
        land_cover=plan.land_cover,
        lines=lines,
        deduction=deduction,
        overrides=plan.overrides,
        total_without_overrides=Fen(
            sum_of_lines(each for each in bare if each.is_counted) - deduction
        ),
        warnings=(),
        stocks=plan.stocks,
    )
    return replace(account, warnings=(*clipped, *warnings_of(account, plan.edition, parameters)))


def parameters_of(plan: Plan) -> Parameters:
    """Return a plan's parameters with its overrides, as they hold at the end of its year.

    Raises:
        AccountRefused, Unknown: an override that is absurd, doubled, or of no row.
    """
    return overridden(plan.parameters, plan.overrides, on=date(plan.year, 12, 31))


def value_of(line: PlannedLine, figures: Figures) -> tuple[Figure, Number]:
    """Return a line's quantity and its value in yuan, unrounded; draws give arrays.

    Raises:
        UnitMismatch: the quantity is no amount, or the price is not for its unit.
        InputRefused, BasisMixed, Unknown: what its terms refuse, with the line in the field.
    """
    if line.given_yuan is not None:
        given = Money(float(line.given_yuan))
        return given, given.value
    if line.quantity is None or line.price is None:
        raise AccountRefused(code="line_incomplete", field=line.id, expected="quantity and price")
    with at_line(line.id):
        quantity, price = figures.evaluate(line.quantity), figures.evaluate(line.price)
        if not isinstance(quantity, Amount) or not isinstance(price, Price):
            expected, found = "a quantity and a price", f"{symbol_of(quantity)}, {symbol_of(price)}"
            raise UnitMismatch(field="quantity", expected=expected, found=found)
        try:
            return quantity, (quantity * price).value
        except UnitMismatch as error:
            expected, found = f"yuan/{symbol_of(quantity)}", symbol_of(price)
            raise UnitMismatch(field="price", expected=expected, found=found) from error


def is_counted(line: PlannedLine, plan: Plan) -> bool:
    """Say whether a line is summed: no disservice, non-use only if asked, SEEA EA by exchange."""
    if line.service.group is Group.DISSERVICE:
        return False
    if plan.profile is Profile.SEEA_EA:
        return line.worth is Worth.USE and line.service.code not in NO_EXCHANGE_VALUE
    return line.worth is not Worth.NON_USE or plan.include_non_use


def _lines(plan: Plan, parameters: Parameters) -> tuple[tuple[LineItem, ...], tuple[Warned, ...]]:
    made: list[LineItem] = []
    clipped: list[Warned] = []
    for line in plan.lines:
        figures = Figures(plan.inputs, parameters)
        made.append(_line(line, figures, counted=is_counted(line, plan)))
        clipped.extend(_clipped(line, figures))
    return tuple(made), tuple(clipped)


def _line(line: PlannedLine, figures: Figures, *, counted: bool) -> LineItem:
    item = LineItem(
        id=line.id,
        service=line.service.code,
        group=line.service.group,
        name=line.name,
        place=line.place,
        worth=line.worth,
        method=GIVEN if line.given_yuan is not None else _method(line),
        quantity=None,
        unit=None,
        price=None,
        basis=None,
        value=fen_of(line.given_yuan or Decimal(0)),
        is_counted=counted,
        used=(),
    )
    if line.given_yuan is not None:
        given = Used(name=line.id, value=line.given_yuan, unit=Yuan.symbol, source=line.source)
        return replace(item, used=(given,))
    quantity, _ = value_of(line, figures)
    price = figures.evaluate(line.price) if line.price is not None else 0.0
    stored = quantised(_bounded(line, "quantity", number_of(quantity)))
    unit_price = stored_price(_bounded(line, "price", number_of(price)))
    return replace(
        item,
        quantity=stored,
        unit=symbol_of(quantity),
        price=unit_price,
        basis=price.basis if isinstance(price, Price) else None,
        value=fen_of(EXACT.multiply(stored, unit_price)),
        used=tuple(figures.used[name] for name in sorted(figures.used)),
    )


def _bounded(line: PlannedLine, name: str, figure: Number) -> float:
    """Return a figure that can be stored; a formula may have none, or one beyond all sense."""
    if not 0 <= float(figure) <= FIGURE_MAX:
        raise AccountRefused(
            code=f"{name}_out_of_range",
            field=f"lines.{line.id}.{name}",
            expected=f"0 or more, to {FIGURE_MAX:g}",
            found=f"{float(figure):g}",
        )
    return float(figure)


def _method(line: PlannedLine) -> str:
    return line.quantity.name if isinstance(line.quantity, CallTerm) else STATED


def _clipped(line: PlannedLine, figures: Figures) -> Iterator[Warned]:
    if isinstance(line.quantity, CallTerm) and line.quantity.name in CLIPPING:
        call = CallTerm(name=CLIPPING[line.quantity.name], arguments=line.quantity.arguments)
        volume = quantised(float(number_of(figures.evaluate(call))))
        if volume:
            yield Warned(code=WarningCode.CLIPPED, place=line.id, figure=volume)


def unfit_lines(lines: Iterable[PlannedLine], edition: Edition) -> Iterator[AccountRefused]:
    """Yield why lines must not stand in an account: not of the edition, or counted twice."""
    listed = tuple(lines)
    for line in listed:
        if edition.indicators is not None and line.service.group is not Group.DISSERVICE:
            yield from _other_line(line, edition)
    yield from _double(listed)


def _refuse_unfit(plan: Plan) -> None:
    edition = plan.edition
    if edition.inflow is Inflow.STATED and plan.inflow is None:
        raise AccountRefused(
            code="inflow_unstated",
            field="inflow_deduction",
            expected=f"a stated figure, 0 allowed, under {edition.id}",
        )
    for refused in unfit_lines(plan.lines, edition):
        raise refused


def _other_line(line: PlannedLine, edition: Edition) -> Iterator[AccountRefused]:
    indicator = (edition.indicators or {}).get(line.service.code)
    if indicator is None:
        yield AccountRefused(
            code="service_not_in_edition",
            field=f"lines.{line.id}",
            expected=f"a service of {edition.id}",
            found=line.service.code,
        )
        return
    is_called = isinstance(line.quantity, CallTerm)
    if is_called and indicator.methods is not None and _method(line) not in indicator.methods:
        yield AccountRefused(
            code="method_not_in_edition",
            field=f"lines.{line.id}",
            expected=f"one of {', '.join(indicator.methods)} under {edition.id}",
            found=_method(line),
        )


def _double(lines: Iterable[PlannedLine]) -> Iterator[AccountRefused]:
    """Yield both cooling methods on one place, and one volume as supply and as conservation."""
    cooling: dict[str, str] = {}
    volumes: dict[str, str] = {}
    for line in lines:
        method = _method(line)
        if method in VEGETATION_COOLING and cooling.setdefault(line.place, method) != method:
            yield _twice(line, "one method of cooling by vegetation on one place")
        if isinstance(line.quantity, InputTerm) and line.service.code in {"M2", "R1"}:
            name = line.quantity.name
            if volumes.setdefault(name, line.service.code) != line.service.code:
                yield _twice(line, "water as product or as service, not as both")


def _twice(line: PlannedLine, expected: str) -> AccountRefused:
    return AccountRefused(code="double_counted", field=f"lines.{line.id}", expected=expected)
