"""The arithmetic of an account that may be tampered with: lines, sums to the fen, stocks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gep.accounts.account import EXACT, fen_of, yuan_of
from gep.document import Place
from gep.errors import Malformed
from gep.registry.service import Group

NOT_A_NUMBER, VALUE_DIFFERS, SUM_DIFFERS = "not_a_number", "value_differs", "sum_differs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Miscount:
    """A figure that is not what it should be, in yuan."""

    fault: str
    place: str
    printed: str
    expected: str
    difference_yuan: Decimal | None = None


class _Figures:
    """Reads figures, and keeps what is none."""

    def __init__(self) -> None:
        self.found: list[Miscount] = []

    def read(self, text: Any, place: str) -> Decimal | None:
        try:
            return Place(text, place).number()
        except Malformed:
            fault = Miscount(fault=NOT_A_NUMBER, place=place, printed=str(text), expected="")
            self.found.append(fault)
            return None

    def compare(self, fault: str, text: Any, place: str, *, computed: int) -> None:
        printed = self.read(text, place)
        if printed is None or fen_of(printed) == computed:
            return
        self.found.append(
            Miscount(
                fault=fault,
                place=place,
                printed=f"{printed:f}",
                expected=f"{yuan_of(computed):f}",
                difference_yuan=yuan_of(computed) - printed,
            )
        )


def recounted(tree: Mapping[str, Any]) -> tuple[Miscount, ...]:
    """Return every value that is not quantity by price, and every sum that is not of its lines."""
    figures = _Figures()
    lines = list(_objects(tree.get("lines")))
    for line in lines:
        _recount_line(figures, line)
    values = {
        str(line.get("id")): figures.read(line.get("value_yuan"), f"line {line.get('id')}")
        for line in lines
    }
    if None not in values.values():
        fen = {name: fen_of(value) for name, value in values.items() if value is not None}
        for place, text, computed in _sums(tree, lines, fen, figures=figures):
            figures.compare(SUM_DIFFERS, text, place, computed=computed)
    for stock in _objects(tree.get("stocks")):
        _recount_stock(figures, stock)
    return tuple(dict.fromkeys(figures.found))


def _recount_line(figures: _Figures, line: Mapping[str, Any]) -> None:
    place = f"line {line.get('id')}"
    if line.get("quantity") is None or line.get("price_yuan") is None:
        return
    quantity = figures.read(line["quantity"], f"{place}, quantity")
    price = figures.read(line["price_yuan"], f"{place}, price_yuan")
    if quantity is not None and price is not None:
        computed = fen_of(EXACT.multiply(quantity, price))
        figures.compare(VALUE_DIFFERS, line.get("value_yuan"), place, computed=computed)


def _recount_stock(figures: _Figures, stock: Mapping[str, Any]) -> None:
    """Note a closing stock that is not opening, additions and reductions; it is no money."""
    place = f"stock {stock.get('resource')}"
    explained = figures.read(stock.get("opening"), f"{place}, opening")
    closing = figures.read(stock.get("closing"), f"{place}, closing")
    for name, add in (("additions", EXACT.add), ("reductions", EXACT.subtract)):
        for each in _objects(stock.get(name)):
            change = figures.read(each.get("quantity"), f"{place}, {name}, {each.get('cause')}")
            explained = None if change is None or explained is None else add(explained, change)
    if explained is not None and closing is not None and explained != closing:
        fault = Miscount(
            fault=SUM_DIFFERS,
            place=f"{place}, closing",
            printed=f"{closing:f}",
            expected=f"{explained:f}",
        )
        figures.found.append(fault)


def _sums(
    tree: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
    fen: Mapping[str, int],
    *,
    figures: _Figures,
) -> Iterator[tuple[str, Any, int]]:
    def of(*, counted: bool, groups: set[str]) -> int:
        return sum(
            fen[str(line.get("id"))]
            for line in lines
            if str(line.get("group")) in groups and line.get("counted") is counted
        )

    services = {group.value for group in Group if group is not Group.DISSERVICE}
    subtotals = tree.get("subtotals_yuan")
    for group in sorted(services):
        said = subtotals.get(group) if isinstance(subtotals, Mapping) else None
        yield f"subtotals_yuan.{group}", said, of(counted=True, groups={group})
    inflow = figures.read(tree.get("inflow_deduction_yuan"), "inflow_deduction_yuan")
    if inflow is None:
        return
    total = of(counted=True, groups=services) - fen_of(inflow)
    disservices = of(counted=False, groups={Group.DISSERVICE.value})
    yield "total_yuan", tree.get("total_yuan"), total
    yield "disservices_yuan", tree.get("disservices_yuan"), disservices
    yield "net_of_disservices_yuan", tree.get("net_of_disservices_yuan"), total - disservices
    yield "left_out_yuan", tree.get("left_out_yuan"), of(counted=False, groups=services)


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    for each in value if isinstance(value, list) else ():
        if isinstance(each, Mapping):
            yield each
