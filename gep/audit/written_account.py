"""An account of ours as somebody wrote it down: the document, whoever may have changed it since.

Beside what is audited of any printed account, a parameter is compared with its row in the set that
the account names, and a quantity that was stated with the input that states it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from gep.accounts.account import EXACT, QUANTITY_STEP, fen_of, yuan_of
from gep.accounts.making import GIVEN, STATED
from gep.audit.finding import Finding, Rule
from gep.audit.printed import TOTAL, Printed, PrintedAccount, PrintedLine, PrintedSum, Span
from gep.audit.rows import finding_at
from gep.audit.slips import slip_between
from gep.document import Place
from gep.registry.parameter_set import Parameter, rows_by_name
from gep.registry.service import Group
from gep.registry.shipped import parameter_sets
from gep.units import Yuan

# What tells a document of ours from a plan and from a paper's account.
KNOWN_BY = "subtotals_yuan"
LINES_MAX = 5_000


def written_of(document: Place) -> tuple[PrintedAccount, tuple[Finding, ...]]:
    """Return an account's document as it would be printed, and what only its own inputs show.

    Raises:
        Malformed: the place and what was expected there.
    """
    members = document.members()
    lines = [_Line(each) for each in _required(members, document, "lines").items(most=LINES_MAX)]
    counted = [each for each in lines if each.is_counted]
    groups = {
        group.value: tuple(each.id for each in counted if each.group is group)
        for group in Group
        if group is not Group.DISSERVICE
    }
    summed = _required(members, document, KNOWN_BY)
    subtotals = summed.members()
    sums = [
        PrintedSum(id=name, parts=parts, printed=_yuan(_required(subtotals, summed, name).number()))
        for name, parts in groups.items()
        if parts
    ]
    total = PrintedSum(
        id=TOTAL,
        parts=tuple(each.id for each in sums),
        printed=_yuan(_required(members, document, "total_yuan").number()),
        deducted_yuan=_required(members, document, "inflow_deduction_yuan").number(),
    )
    account = PrintedAccount(
        id=_required(members, document, "id").text(),
        unit_yuan=Decimal(1),
        lines=tuple(each.printed() for each in lines),
        sums=(*sums, total) if sums else (),
    )
    rows = _rows(members, document)
    return account, tuple(finding for each in lines for finding in _of_inputs(each, rows))


class _Line:
    """A line of the document, read."""

    def __init__(self, place: Place) -> None:
        found = place.members()
        self.id = _required(found, place, "id").text()
        self.service = _required(found, place, "service").text()
        self.group = _required(found, place, "group").choice(Group)
        self.is_counted = _required(found, place, "counted").truth()
        method = _required(found, place, "method").value
        self.is_stated, self.is_given = method == STATED, method == GIVEN
        self.unit = "" if _none(found, "unit") else found["unit"].text()
        self.quantity = None if _none(found, "quantity") else found["quantity"].number()
        self.price = None if _none(found, "price_yuan") else found["price_yuan"].number()
        self.value = _required(found, place, "value_yuan").number()
        self.used = list(_required(found, place, "used").items(most=LINES_MAX))

    def printed(self) -> PrintedLine:
        return PrintedLine(
            id=self.id,
            service=self.service,
            quantity=None
            if self.quantity is None
            else Printed(digits=self.quantity, unit=self.unit),
            price=None
            if self.price is None
            else Printed(digits=self.price, unit=f"yuan/{self.unit}"),
            value=_yuan(self.value),
        )


def _of_inputs(line: _Line, rows: Mapping[str, Parameter]) -> Iterator[Finding]:
    figures: list[Decimal] = []
    prices: list[Decimal] = []
    for place in line.used:
        used = place.members()
        name = _required(used, place, "name").text()
        unit = _required(used, place, "unit").text()
        value = _required(used, place, "value").number()
        if unit == (Yuan.symbol if line.is_given else line.unit):
            figures.append(value)
        if unit == f"yuan/{line.unit}":
            prices.append(value)
        row = rows.get(name)
        if row is None or _required(used, place, "overridden").truth():
            continue
        if value != row.value or unit != row.unit:
            yield finding_at(
                Rule.PARAMETER_DIFFERS,
                line.id,
                printed=Printed(digits=value, unit=unit),
                recomputed=row.value,
                detail=name,
            )
    if line.is_given and figures:
        yield from _of_given(line, figures[0])
    if line.is_stated and line.quantity is not None and figures:
        yield from _of_stated(line, line.quantity, figures)
    if line.price is not None and len(prices) == 1:
        yield from _of_priced(line, line.price, prices[0])


def _of_stated(line: _Line, quantity: Decimal, figures: Iterable[Decimal]) -> Iterator[Finding]:
    """Yield a stated quantity that none of the line's figures states."""
    stated = [EXACT.quantize(each, QUANTITY_STEP) for each in figures]
    if quantity in stated:
        return
    nearest = min(stated, key=lambda each: abs(each - quantity))
    printed = Printed(digits=quantity, unit=line.unit)
    span = Printed(digits=nearest, unit=line.unit).span
    worth = Decimal(0) if line.price is None else (nearest - quantity) * line.price
    yield finding_at(
        slip_between(printed, span, service=line.service) or Rule.QUANTITY_DIFFERS,
        line.id,
        printed=printed,
        recomputed=nearest,
        difference=worth if _follows(line, quantity) else Decimal(0),
        detail="quantity, stated by its input",
    )


def _of_given(line: _Line, given: Decimal) -> Iterator[Finding]:
    """Yield a value that is not the one which was given."""
    right = yuan_of(fen_of(given))
    if right == line.value:
        return
    yield finding_at(
        slip_between(_yuan(line.value), _yuan(right).span, service=line.service)
        or Rule.VALUE_DIFFERS,
        line.id,
        printed=_yuan(line.value),
        recomputed=right,
        difference=right - line.value,
        detail="value, given by its source",
    )


def _of_priced(line: _Line, price: Decimal, given: Decimal) -> Iterator[Finding]:
    """Yield a price that was changed: the value is that of the price among the line's figures."""
    if price == given or line.quantity is None or _follows(line, line.quantity):
        return
    if fen_of(EXACT.multiply(line.quantity, given)) != fen_of(line.value):
        return
    unit = f"yuan/{line.unit}"
    printed, span = Printed(digits=price, unit=unit), Span(low=given, high=given)
    yield finding_at(
        slip_between(printed, span, service="") or Rule.PARAMETER_DIFFERS,
        line.id,
        printed=printed,
        recomputed=given,
        difference=Decimal(0),
        detail="price, stated by its input",
    )


def _follows(line: _Line, quantity: Decimal) -> bool:
    """Say whether the line's value is that of a quantity, to the fen."""
    if line.price is None:
        return False
    return fen_of(EXACT.multiply(quantity, line.price)) == fen_of(line.value)


def _rows(members: Mapping[str, Place], document: Place) -> Mapping[str, Parameter]:
    """Return the rows of the set that the account names; none where we have another one."""
    known = parameter_sets().get(_required(members, document, "parameter_set").text())
    year = _required(members, document, "year").whole(1900, 2500)
    if known is None or known.hash != _required(members, document, "parameter_set_hash").value:
        return {}
    return rows_by_name(known, on=date(year, 12, 31))


def _none(members: Mapping[str, Place], name: str) -> bool:
    return name not in members or members[name].value is None


def _required(members: Mapping[str, Place], place: Place, name: str) -> Place:
    if name not in members:
        Place(None, f"{place.path}.{name}").refuse("key_missing", f"the key {name}")
    return members[name]


def _yuan(value: Decimal) -> Printed:
    return Printed(digits=value, unit="yuan")
