"""An account of ours as it would be printed, so that the audit can look at it as at any other."""

from datetime import date
from decimal import Decimal

from gep.accounts.account import Account, yuan_of
from gep.accounts.making import parameters_of
from gep.accounts.plan import Plan
from gep.accounts.terms import CallTerm, Figures
from gep.audit.printed import TOTAL, Printed, PrintedAccount, PrintedLine, PrintedSum
from gep.measures import number_of
from gep.registry.service import Group

CLASS_PRICES = {"R14": "habitat.class_price"}


def printed_of(account: Account, plan: Plan) -> PrintedAccount:
    """Return what an account prints of its counted lines, their groups and the total.

    A purified quantity brings the emission that it was capped at; a habitat without a price of the
    class table is looked at as one that should have one.
    """
    groups = {
        group.value: tuple(line.id for line in account.counted() if line.group is group)
        for group in Group
    }
    sums = [
        PrintedSum(id=name, parts=parts, printed=_yuan(account.subtotals[Group(name)]))
        for name, parts in groups.items()
        if parts
    ]
    total = PrintedSum(
        id=TOTAL,
        parts=tuple(each.id for each in sums),
        printed=_yuan(account.total),
        deducted_yuan=yuan_of(account.deduction),
    )
    return PrintedAccount(
        id=account.id,
        unit_yuan=Decimal(1),
        lines=_lines(account, plan),
        sums=(*sums, total) if sums else (),
    )


def _lines(account: Account, plan: Plan) -> tuple[PrintedLine, ...]:
    on = date(plan.year, 12, 31)
    figures = Figures(plan.inputs, parameters_of(plan))
    planned = {line.id: line for line in plan.lines}
    return tuple(
        PrintedLine(
            id=line.id,
            service=line.service,
            quantity=None
            if line.quantity is None
            else Printed(digits=line.quantity, unit=line.unit or ""),
            price=None
            if line.price is None
            else Printed(digits=line.price, unit=f"yuan/{line.unit}"),
            value=_yuan(line.value),
            prices=tuple(
                row.value
                for row in plan.parameters.named(CLASS_PRICES.get(line.service, ""), on=on)
                if row.unit == f"yuan/{line.unit}"
            ),
            emission=_emission(planned[line.id].quantity, figures, unit=line.unit or ""),
        )
        for line in account.counted()
    )


def _emission(term: object, figures: Figures, *, unit: str) -> Printed | None:
    if not isinstance(term, CallTerm) or "emission" not in term.arguments:
        return None
    emitted = term.arguments["emission"]
    if isinstance(emitted, tuple):
        return None
    figure = figures.evaluate(emitted)
    return Printed(digits=Decimal(repr(float(number_of(figure)))), unit=unit)


def _yuan(fen: int) -> Printed:
    return Printed(digits=yuan_of(fen), unit="yuan")
