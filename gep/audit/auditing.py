"""The audit: every line from its inputs, every sum from its parts, one finding for one cause.

Figures agree where some number is rounded to what is printed on both sides. A line's quantity is
compared with the product of its factors, its value with quantity by price; a slip in one is not
reported again where it was carried on. Sums are compared with what was printed of their parts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from gep.audit.finding import Finding, Rule
from gep.audit.printed import (
    TOTAL,
    Printed,
    PrintedAccount,
    PrintedLine,
    PrintedSum,
    Span,
    values_of,
)
from gep.audit.slips import CARBON_A_DIOXIDE, slip_between

NOTHING = Span(low=Decimal(0), high=Decimal(0))
EXACTLY_ONE = Span(low=Decimal(1), high=Decimal(1))
# A part explains a gap of its own size; a gap of rounding beside a small part is none.
PART_NEAR = Decimal("0.05")
CARBON_PRICES = {
    ("t_CO2", "yuan/t_C"): CARBON_A_DIOXIDE,
    ("t_C", "yuan/t_CO2"): 1 / CARBON_A_DIOXIDE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """An account's findings, in the order of its lines and sums.

    ``settled`` are the places of findings that the sum above them did not follow: the printed sum
    is that of the right figure.
    """

    account: str
    findings: tuple[Finding, ...]
    settled: frozenset[str]
    printed_total_yuan: Decimal | None

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that are errors."""
        return tuple(each for each in self.findings if each.is_error)

    @property
    def corrected_total_yuan(self) -> Decimal | None:
        """The printed total with the difference of every error that went into it."""
        if self.printed_total_yuan is None:
            return None
        carried = (each for each in self.errors if each.place not in self.settled)
        return self.printed_total_yuan + sum(map(_change, carried), Decimal(0))


def audit(account: PrintedAccount) -> Audit:
    """Audit a printed account."""
    findings = [finding for line in account.lines for finding in _of_line(line)]
    findings.extend(_doubled(account.lines))
    values = dict(values_of(account))
    settled: set[str] = set()
    for each in account.sums:
        found, mended = _of_sum(each, values, changes=_changes(findings))
        findings.extend(found)
        settled |= mended
    total = next((each for each in account.sums if each.id == TOTAL), None)
    return Audit(
        account=account.id,
        findings=tuple(findings),
        settled=frozenset(settled),
        printed_total_yuan=None if total is None else total.printed.value,
    )


def _change(finding: Finding) -> Decimal:
    return finding.difference_yuan or Decimal(0)


def _changes(findings: Iterable[Finding]) -> dict[str, Decimal]:
    """Return by how much each place would change, where its errors change it."""
    found: dict[str, Decimal] = {}
    for each in findings:
        if each.is_error and _change(each):
            found[each.place] = found.get(each.place, Decimal(0)) + _change(each)
    return found


def _of_line(line: PrintedLine) -> Iterator[Finding]:
    quantity = list(_of_quantity(line))
    yield from quantity
    yield from _of_emission(line)
    yield from _of_price(line)
    if not quantity:
        yield from _of_value(line)


def _of_quantity(line: PrintedLine) -> Iterator[Finding]:
    if not line.factors or line.quantity is None:
        return
    product = EXACTLY_ONE
    for factor in line.factors:
        product = product.times(factor.span)
    if product.meets(line.quantity.span):
        return
    slip = slip_between(line.quantity, product, service=line.service)
    yield _found(
        slip or Rule.QUANTITY_DIFFERS,
        line,
        printed=line.quantity,
        recomputed=_middle(product),
        difference=_worth(line, product),
    )


def _worth(line: PrintedLine, quantity: Span) -> Decimal | None:
    """Return what the line's value changes by with the quantity that it should have."""
    if line.price is None or line.quantity is None:
        return None
    right = _middle(quantity) * line.price.value / line.carrier_share
    if line.value is None:
        return right - line.quantity.value * line.price.value / line.carrier_share
    follows = _valued(line.quantity.span, line.price, line.carrier_share).meets(line.value.span)
    return right - line.value.value if follows else Decimal(0)


def _of_value(line: PrintedLine) -> Iterator[Finding]:
    if line.value is None or line.quantity is None or line.price is None:
        return
    ratio = CARBON_PRICES.get((line.quantity.unit, line.price.unit))
    if ratio is None and line.price.unit != f"yuan/{line.quantity.unit}":
        yield _found(
            Rule.UNIT_DIFFERS,
            line,
            printed=line.value,
            recomputed=line.value.value,
            detail=f"{line.quantity.unit} at {line.price.unit}",
        )
        return
    computed = _valued(line.quantity.span, line.price, line.carrier_share).scaled(
        Decimal(1) if ratio is None else ratio
    )
    if computed.meets(line.value.span):
        return
    slip = slip_between(line.value, computed, service=line.service)
    difference = _middle(computed) - line.value.value
    if slip is None and line.price.value:
        # Not the value then: the quantity may have slipped after the value was computed.
        needed = line.value.span.scaled(line.carrier_share / line.price.value)
        slip = slip_between(line.quantity, needed, service=line.service)
        difference = difference if slip is None else Decimal(0)
    yield _found(
        Rule.CARBON_FOR_DIOXIDE if ratio is not None else slip or Rule.VALUE_DIFFERS,
        line,
        printed=line.value,
        recomputed=_middle(computed),
        difference=difference,
    )


def _of_price(line: PrintedLine) -> Iterator[Finding]:
    if not line.prices:
        return
    price = line.price
    if price is not None:
        if price.value not in line.prices:
            nearest = min(line.prices, key=lambda each: abs(each - price.value))
            yield _found(Rule.PRICE_IN_NO_TABLE, line, printed=price, recomputed=nearest)
    elif line.quantity is not None and line.value is not None:
        priced = [line.quantity.span.scaled(each) for each in line.prices]
        if not any(each.meets(line.value.span) for each in priced):
            worth = line.value.value
            nearest_span = min(priced, key=lambda each: abs(_middle(each) - worth))
            unit = worth / line.quantity.value if line.quantity.value else Decimal(0)
            yield _found(
                Rule.UNIT_VALUE_NOT_A_CLASS_PRICE,
                line,
                printed=line.value,
                recomputed=_middle(nearest_span),
                difference=_middle(nearest_span) - worth,
                detail=f"{unit:.2f} yuan/{line.quantity.unit}",
            )


def _of_emission(line: PrintedLine) -> Iterator[Finding]:
    if line.emission is None or line.quantity is None:
        return
    if line.quantity.span.low > line.emission.span.high:
        yield _found(
            Rule.ABOVE_EMISSION,
            line,
            printed=line.quantity,
            recomputed=line.emission.value,
            difference=_worth(line, line.emission.span),
        )
    elif line.quantity.value == line.emission.value:
        yield _found(
            Rule.PURIFICATION_EQUALS_EMISSION,
            line,
            printed=line.quantity,
            recomputed=line.emission.value,
        )


def _doubled(lines: Iterable[PrintedLine]) -> Iterator[Finding]:
    seen: dict[object, str] = {}
    for line in lines:
        if line.value is None or not line.value.digits:
            continue
        key = (line.service, line.factors, line.quantity, line.price, line.value)
        first = seen.setdefault(key, line.id)
        if first != line.id:
            yield _found(
                Rule.DOUBLED_LINE,
                line,
                printed=line.value,
                recomputed=Decimal(0),
                difference=-line.value.value,
                detail=first,
            )


def _of_sum(
    each: PrintedSum, values: Mapping[str, Printed], *, changes: Mapping[str, Decimal]
) -> tuple[list[Finding], set[str]]:
    """Return a sum's findings, and the parts whose errors it did not follow."""
    parts = {part: values[part] for part in each.parts if part in values}
    whole = _added(part.span for part in parts.values())
    if len(parts) < len(each.parts) or whole.meets(each.printed.span):
        return [], set()
    wrong = {part for part in parts if part in changes}
    mended = sum((changes[part] for part in wrong), Decimal(0))
    if mended and whole.plus(Span(low=mended, high=mended)).meets(each.printed.span):
        return [], wrong
    return [_gap_of(each, parts, whole)], set()


def _gap_of(each: PrintedSum, parts: Mapping[str, Printed], whole: Span) -> Finding:
    """Return what explains a sum that its parts do not add up to."""
    printed, found = each.printed, _middle(whole)
    gap = abs(found - printed.value)
    for part, value in parts.items():
        if not value.value or abs(gap - value.value) > PART_NEAR * value.value:
            continue
        for rule, span, sign in (
            (Rule.MISSING_ADDEND, whole.less(value.span), 1),
            (Rule.ADDEND_TWICE, whole.plus(value.span), -1),
        ):
            if span.meets(printed.span):
                return _of(
                    rule,
                    each.id,
                    printed=printed,
                    recomputed=found,
                    difference=sign * value.value,
                    detail=part,
                )
    return _of(
        slip_between(printed, whole, service="") or Rule.SUM_DIFFERS,
        each.id,
        printed=printed,
        recomputed=found,
        difference=found - printed.value,
    )


def _added(spans: Iterable[Span]) -> Span:
    total = NOTHING
    for span in spans:
        total = total.plus(span)
    return total


def _valued(quantity: Span, price: Printed, carrier_share: Decimal) -> Span:
    return quantity.times(price.span).scaled(1 / carrier_share)


def _middle(span: Span) -> Decimal:
    return (span.low + span.high) / 2


def _found(
    rule: Rule,
    line: PrintedLine,
    *,
    printed: Printed,
    recomputed: Decimal,
    difference: Decimal | None = None,
    detail: str = "",
) -> Finding:
    return _of(
        rule, line.id, printed=printed, recomputed=recomputed, difference=difference, detail=detail
    )


def _of(
    rule: Rule,
    place: str,
    *,
    printed: Printed,
    recomputed: Decimal,
    difference: Decimal | None = None,
    detail: str = "",
) -> Finding:
    return Finding(
        rule=rule,
        place=place,
        printed=printed.value,
        recomputed=recomputed,
        unit=printed.unit,
        difference_yuan=difference,
        detail=detail,
    )
