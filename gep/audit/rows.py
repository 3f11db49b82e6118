"""The audit of single rows: quantity from its factors, value from quantity and price, and so on.

A quantity and its price may be for other units of one dimension, ``t`` and ``yuan/kg``, and C for
CO2: what is printed then has the conversion in it, or lacks it, and that is the finding.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from gep.audit.finding import Finding, Rule
from gep.audit.printed import Printed, PrintedLine, Span
from gep.audit.printed_units import conversion, unit_of_product
from gep.audit.slips import CARBON_A_DIOXIDE, slip_between

EXACTLY_ONE = Span(low=Decimal(1), high=Decimal(1))
# Values of fewer digits agree by chance, where rows have nothing else and not one name.
DIGITS_TELLING = 3
CARBON = {("t_CO2", "t_C"): CARBON_A_DIOXIDE, ("t_C", "t_CO2"): 1 / CARBON_A_DIOXIDE}


def findings_of(line: PrintedLine) -> Iterator[Finding]:
    """Yield what is found of one row; a slip is not reported again where it was carried on."""
    quantity = list(_of_quantity(line))
    yield from quantity
    yield from _of_emission(line)
    yield from _of_price(line)
    if not quantity:
        yield from _of_value(line)


def doubled(lines: Iterable[PrintedLine]) -> Iterator[Finding]:
    """Yield the rows of one service that have the same figures as one before."""
    seen: dict[object, str] = {}
    for line in lines:
        if line.value is None or not line.value.digits:
            continue
        is_bare = line.quantity is None and not line.factors
        is_short = is_bare and len(line.value.digits.as_tuple().digits) < DIGITS_TELLING
        if is_short and not line.name:
            continue
        name = line.name if is_short else ""
        key = (line.service, name, line.factors, line.quantity, line.price, line.value)
        first = seen.setdefault(key, line.id)
        if first != line.id:
            yield found(
                Rule.DOUBLED_LINE,
                line,
                printed=line.value,
                recomputed=Decimal(0),
                difference=-line.value.value,
                detail=first,
            )


def found(
    rule: Rule,
    line: PrintedLine,
    *,
    printed: Printed,
    recomputed: Decimal,
    difference: Decimal | None = None,
    detail: str = "",
) -> Finding:
    """Return a finding of a row."""
    return finding_at(
        rule, line.id, printed=printed, recomputed=recomputed, difference=difference, detail=detail
    )


def finding_at(
    rule: Rule,
    place: str,
    *,
    printed: Printed,
    recomputed: Decimal,
    difference: Decimal | None = None,
    detail: str = "",
) -> Finding:
    """Return a finding of any place."""
    return Finding(
        rule=rule,
        place=place,
        printed=printed.value,
        recomputed=recomputed,
        unit=printed.unit,
        difference_yuan=difference,
        detail=detail,
    )


def middle(span: Span) -> Decimal:
    """Return the middle of a span."""
    return (span.low + span.high) / 2


def _of_quantity(line: PrintedLine) -> Iterator[Finding]:
    if not line.factors or line.quantity is None:
        return
    raw = _product(line.factors)
    unit = unit_of_product([each.unit for each in line.factors])
    ratio = Decimal(1) if unit is None else unit[1] * (_between(unit[0], line.quantity.unit) or 1)
    product = raw.scaled(ratio)
    if product.meets(line.quantity.span):
        return
    rule, detail = slip_between(line.quantity, product, service=line.service), ""
    if unit is not None and (unit[0], line.quantity.unit) in CARBON:
        rule = Rule.CARBON_FOR_DIOXIDE if raw.meets(line.quantity.span) else rule
    difference = _worth(line, product)
    if rule is None:
        rule, detail = _factor_slip(line, line.quantity, ratio)
        # Then the factor is misprinted, and the quantity is right.
        difference = difference if rule is None else Decimal(0)
    yield found(
        rule or Rule.QUANTITY_DIFFERS,
        line,
        printed=line.quantity,
        recomputed=middle(product),
        difference=difference,
        detail=detail,
    )


def _factor_slip(line: PrintedLine, quantity: Printed, ratio: Decimal) -> tuple[Rule | None, str]:
    for number, factor in enumerate(line.factors):
        others = _product((*line.factors[:number], *line.factors[number + 1 :])).scaled(ratio)
        needed = quantity.span.over(others)
        slip = None if needed is None else slip_between(factor, needed, service="")
        if slip is not None:
            return slip, f"factor {number + 1}, {factor.value.normalize():f} {factor.unit}"
    return None, ""


def _product(factors: Iterable[Printed]) -> Span:
    product = EXACTLY_ONE
    for factor in factors:
        product = product.times(factor.span)
    return product


def _between(unit: str, other: str) -> Decimal | None:
    """Return what turns figures in one unit into figures in another; None if nothing does."""
    return Decimal(1) if unit == other else CARBON.get((unit, other)) or conversion(unit, other)


def _ratio(line: PrintedLine) -> Decimal | None:
    """Return what turns a quantity into the unit that its price is for; None if nothing does."""
    if line.quantity is None or line.price is None:
        return None
    of, _, per = line.price.unit.partition("/")
    return _between(line.quantity.unit, per) if of == "yuan" else None


def _worth(line: PrintedLine, quantity: Span) -> Decimal | None:
    """Return what the line's value changes by with the quantity that it should have."""
    ratio = _ratio(line)
    if line.price is None or line.quantity is None:
        return None
    factor = line.price.value / line.carrier_share * (ratio or 1)
    right = middle(quantity) * factor
    if line.value is None:
        return right - line.quantity.value * factor
    follows = line.quantity.span.scaled(factor).meets(line.value.span) if factor else False
    return right - line.value.value if follows else Decimal(0)


def _of_value(line: PrintedLine) -> Iterator[Finding]:
    if line.value is None or line.quantity is None or line.price is None:
        return
    ratio = _ratio(line)
    units = f"{line.quantity.unit} at {line.price.unit}"
    if ratio is None:
        yield found(
            Rule.UNIT_DIFFERS,
            line,
            printed=line.value,
            recomputed=line.value.value,
            detail=units,
        )
        return
    plain = line.quantity.span.times(line.price.span).scaled(1 / line.carrier_share)
    computed = plain.scaled(ratio)
    if computed.meets(line.value.span):
        return
    difference = middle(computed) - line.value.value
    if ratio != 1 and plain.meets(line.value.span):
        rule, detail = _unconverted(line), units
    else:
        rule, detail, is_carried = _slip_of_value(line, computed, ratio)
        difference = difference if is_carried else Decimal(0)
    yield found(
        rule,
        line,
        printed=line.value,
        recomputed=middle(computed),
        difference=difference,
        detail=detail,
    )


def _unconverted(line: PrintedLine) -> Rule:
    """Say what it is to have left a conversion out."""
    ratio = _ratio(line) or Decimal(1)
    if line.quantity is not None and line.price is not None:
        per = line.price.unit.partition("/")[2]
        if (line.quantity.unit, per) in CARBON:
            return Rule.CARBON_FOR_DIOXIDE
    is_power = ratio.normalize().as_tuple().digits == (1,)
    return Rule.POWER_OF_TEN if is_power else Rule.UNIT_DIFFERS


def _slip_of_value(line: PrintedLine, computed: Span, ratio: Decimal) -> tuple[Rule, str, bool]:
    """Return the slip, where it is, and whether the value has it; else it is beside the value.

    A quantity or a price may have slipped after the value was computed.
    """
    value, quantity, price = line.value, line.quantity, line.price
    assert value is not None, "the caller has looked"
    assert quantity is not None, "the caller has looked"
    assert price is not None, "the caller has looked"
    slip = slip_between(value, computed, service=line.service)
    if slip is not None:
        return slip, "", True
    share = line.carrier_share / ratio
    for figure, other, name in ((quantity, price, "quantity"), (price, quantity, "price")):
        needed = value.span.scaled(share).over(other.span)
        service = line.service if name == "quantity" else ""
        slip = None if needed is None else slip_between(figure, needed, service=service)
        if slip is not None:
            return slip, f"{name} {figure.value.normalize():f} {figure.unit}", False
    return Rule.VALUE_DIFFERS, "", True


def _of_price(line: PrintedLine) -> Iterator[Finding]:
    if not line.prices:
        return
    price = line.price
    if price is not None:
        if price.value not in line.prices:
            nearest = min(line.prices, key=lambda each: abs(each - price.value))
            yield found(Rule.PRICE_IN_NO_TABLE, line, printed=price, recomputed=nearest)
    elif line.quantity is not None and line.value is not None:
        priced = [line.quantity.span.scaled(each) for each in line.prices]
        if not any(each.meets(line.value.span) for each in priced):
            worth = line.value.value
            nearest_span = min(priced, key=lambda each: abs(middle(each) - worth))
            unit = worth / line.quantity.value if line.quantity.value else Decimal(0)
            yield found(
                Rule.UNIT_VALUE_NOT_A_CLASS_PRICE,
                line,
                printed=line.value,
                recomputed=middle(nearest_span),
                difference=middle(nearest_span) - worth,
                detail=f"{unit:.2f} yuan/{line.quantity.unit}",
            )


def _of_emission(line: PrintedLine) -> Iterator[Finding]:
    if line.emission is None or line.quantity is None:
        return
    emitted = line.emission.span.scaled(
        _between(line.emission.unit, line.quantity.unit) or Decimal(1)
    )
    if line.quantity.span.low > emitted.high:
        yield found(
            Rule.ABOVE_EMISSION,
            line,
            printed=line.quantity,
            recomputed=middle(emitted),
            difference=_worth(line, emitted),
        )
    elif line.quantity.value == middle(emitted):
        yield found(
            Rule.PURIFICATION_EQUALS_EMISSION,
            line,
            printed=line.quantity,
            recomputed=middle(emitted),
        )
