"""An account as it was printed: figures with their last digit, and what they should be made of.

A printed figure stands for every number that would be rounded to it; a coefficient, a share and a
price are what they are. Money is in the unit that the account prints, quantities in theirs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from gep.audit.printed_units import unit_printed
from gep.document import Place, read_document
from gep.measures import PLAIN

LINES_MAX = 5_000
HALF = Decimal("0.5")
TOTAL = "total"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """All numbers from low to high, both above or at zero."""

    low: Decimal
    high: Decimal

    def meets(self, other: "Span") -> bool:
        """Say whether some number lies in both."""
        return self.low <= other.high and other.low <= self.high

    def times(self, other: "Span") -> "Span":
        """Return the products of numbers from both."""
        return Span(low=self.low * other.low, high=self.high * other.high)

    def scaled(self, factor: Decimal) -> "Span":
        """Return the numbers times a factor above zero."""
        return Span(low=self.low * factor, high=self.high * factor)

    def over(self, other: "Span") -> "Span | None":
        """Return the quotients of numbers from both; None where the other may be 0."""
        if other.low <= 0:
            return None
        return Span(low=self.low / other.high, high=self.high / other.low)

    def plus(self, other: "Span") -> "Span":
        """Return the sums of numbers from both."""
        return Span(low=self.low + other.low, high=self.high + other.high)

    def less(self, other: "Span") -> "Span":
        """Return the differences of numbers from both."""
        return Span(low=self.low - other.high, high=self.high - other.low)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A figure as printed, in a multiple of its unit: 1.36 times 1e8 m3."""

    digits: Decimal
    unit: str = PLAIN
    times: Decimal = Decimal(1)

    @property
    def value(self) -> Decimal:
        """The figure in its unit."""
        return self.digits * self.times

    @property
    def span(self) -> Span:
        """All that would be rounded to the figure; a rate, a share or a price is itself."""
        if self.unit == PLAIN or "/" in self.unit:
            return Span(low=self.value, high=self.value)
        return self.rounded

    @property
    def rounded(self) -> Span:
        """All that would be rounded to the figure, whatever its unit."""
        half = self.digits.as_tuple().exponent
        assert isinstance(half, int), "the reader refuses what is not finite"
        step = Decimal(1).scaleb(half) * HALF * self.times
        return Span(low=max(self.value - step, Decimal(0)), high=self.value + step)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLine:
    """One row: what its quantity is the product of, quantity, price, what divides, value.

    ``carrier_share`` divides (a nutrient's share of its fertiliser); ``prices`` are the only ones
    that the row can have; ``emission`` is what a purified pollutant's quantity is capped at.
    """

    id: str
    service: str
    name: str = ""
    factors: tuple[Printed, ...] = ()
    quantity: Printed | None = None
    price: Printed | None = None
    carrier_share: Decimal = Decimal(1)
    value: Printed | None = None
    prices: tuple[Decimal, ...] = ()
    emission: Printed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedSum:
    """A printed subtotal, or the total, and the rows and subtotals that it should add up.

    ``deducted_yuan`` is taken from them: what came from outside the area.
    """

    id: str
    parts: tuple[str, ...]
    printed: Printed
    deducted_yuan: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedRatio:
    """A printed share of a sum (``by`` is its name), or a value for each of a figure."""

    id: str
    of: str
    by: "str | Printed"
    printed: Printed


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedAccount:
    """A printed account; ``unit_yuan`` is how many yuan one of its money is."""

    id: str
    unit_yuan: Decimal
    lines: tuple[PrintedLine, ...]
    sums: tuple[PrintedSum, ...]
    ratios: tuple[PrintedRatio, ...] = ()


def read_printed(text: bytes) -> PrintedAccount:
    """Read a printed account.

    Raises:
        Malformed: the place and what was expected there.
    """
    return printed_from(read_document(text))


def printed_from(document: Place) -> PrintedAccount:
    """Read a printed account from a document that was opened.

    Raises:
        Malformed: the place and what was expected there.
    """
    found = document.fields("id unit_yuan lines", "subtotals total indices note source")
    unit = _unit_yuan(found["unit_yuan"])
    lines = found["lines"].unique(lambda each: _line(each, unit), lambda each: each.id)
    if len(lines) > LINES_MAX:
        found["lines"].refuse("too_many", f"at most {LINES_MAX} lines")
    sums = (
        found["subtotals"].unique(lambda each: _sum(each, unit), lambda each: each.id)
        if ("subtotals" in found)
        else []
    )
    known = {each.id for each in lines}
    for each in sums:
        _known(found["subtotals"], each, known)
        known.add(each.id)
    if "total" in found:
        total = _total(found["total"], unit, lines, sums=sums)
        _known(found["total"], total, known)
        sums.append(total)
    known.update(each.id for each in sums)
    return PrintedAccount(
        id=found["id"].text(),
        unit_yuan=unit,
        lines=tuple(lines),
        sums=tuple(sums),
        ratios=(*_shares(found, known), *_indices(found.get("indices"), known)),
    )


def _unit_yuan(place: Place) -> Decimal:
    """Read what one of the printed money is: yuan, or words such as ``亿元``."""
    if isinstance(place.value, str):
        unit, times = unit_printed(place.value)
        if unit == "yuan":
            return times
    return place.between(1e-6, 1e15)


def _shares(found: dict[str, Place], known: set[str]) -> Iterator[PrintedRatio]:
    """Yield the shares that are printed beside rows and sums: of the total, or of ``share_of``."""
    for name in ("lines", "subtotals"):
        for place in found[name].items() if name in found else ():
            row = place.members()
            if row.get("share") is None or row["share"].value is None:
                continue
            of = row["share_of"].text() if "share_of" in row else TOTAL
            if of not in known:
                row["share"].refuse("part_unknown", f"a share of a sum, not of {of}")
            each = row["id"].text()
            yield PrintedRatio(id=each, of=each, by=of, printed=_figure(row["share"]))


def _indices(place: Place | None, known: set[str]) -> Iterator[PrintedRatio]:
    for each in () if place is None else place.items(most=LINES_MAX):
        found = each.fields("id by printed", "of")
        of = found["of"].text() if "of" in found else TOTAL
        if of not in known or found["id"].text() in known:
            each.refuse("part_unknown", "an id of its own, of a line or a sum")
        yield PrintedRatio(
            id=found["id"].text(),
            of=of,
            by=_figure(found["by"]),
            printed=_figure(found["printed"]),
        )


def _known(place: Place, each: PrintedSum, known: set[str]) -> None:
    if each.id in known:
        place.refuse("doubled_id", f"another name than {each.id}")
    for part in each.parts:
        if part not in known:
            place.refuse("part_unknown", f"a line or an earlier subtotal, not {part}")


def _line(place: Place, unit: Decimal) -> PrintedLine:
    found = place.fields(
        "id service",
        "name factors quantity price carrier_share value prices emission share share_of",
    )
    share = found["carrier_share"].between(1e-9, 1) if "carrier_share" in found else Decimal(1)
    return PrintedLine(
        id=found["id"].text(),
        service=found["service"].text(),
        name=found["name"].text() if "name" in found else "",
        factors=tuple(_figure(each) for each in found["factors"].items())
        if "factors" in found
        else (),
        quantity=_figure(found["quantity"]) if "quantity" in found else None,
        price=_figure(found["price"]) if "price" in found else None,
        carrier_share=share,
        value=_money(found["value"], unit) if "value" in found else None,
        prices=tuple(each.between(0, 1e18) for each in found["prices"].items())
        if "prices" in found
        else (),
        emission=_figure(found["emission"]) if "emission" in found else None,
    )


def _figure(place: Place) -> Printed:
    found = place.fields("value unit", "times")
    unit, multiple = unit_printed(found["unit"].text())
    times = found["times"].between(1e-30, 1e30) if "times" in found else Decimal(1)
    return Printed(digits=found["value"].between(0, 1e30), unit=unit, times=times * multiple)


def _money(place: Place, unit: Decimal) -> Printed:
    return Printed(digits=place.between(0, 1e30), unit="yuan", times=unit)


def _sum(place: Place, unit: Decimal) -> PrintedSum:
    found = place.fields("id parts printed", "name share share_of")
    return PrintedSum(
        id=found["id"].text(),
        parts=tuple(each.text() for each in found["parts"].items(most=LINES_MAX)),
        printed=_money(found["printed"], unit),
    )


def _total(
    place: Place, unit: Decimal, lines: list[PrintedLine], *, sums: list[PrintedSum]
) -> PrintedSum:
    """Read the total: of the parts that are named, else of what stands in no other sum."""
    found = place.fields("printed", "parts")
    taken = {part for each in sums for part in each.parts}
    free = [
        name
        for name in (*(each.id for each in lines), *(each.id for each in sums))
        if name not in taken
    ]
    named = [each.text() for each in found["parts"].items()] if "parts" in found else free
    return PrintedSum(id=TOTAL, parts=tuple(named), printed=_money(found["printed"], unit))


def values_of(account: PrintedAccount) -> Iterator[tuple[str, Printed]]:
    """Yield what sums add up: the value of each line that has one, and each subtotal."""
    for line in account.lines:
        if line.value is not None:
            yield line.id, line.value
    for each in account.sums:
        yield each.id, each.printed
