"""Stocks of natural resources (自然资源资产): opening, what was added and taken, closing.

1. A stock closes: opening + additions - reductions = closing, exactly.
2. A stock of the next year opens where the earlier one closed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum
from typing import Any

from gep.document import Place
from gep.errors import AccountRefused
from gep.registry.reading import unit_text

# Sums of figures from 1e-60 to 1e18 stay exact.
EXACT = Context(prec=120)
STOCK_MAX = 1e18
RESOURCES_MAX, CAUSES_MAX = 100, 30


class Gap(StrEnum):
    """Why a later year's stock does not follow an earlier one's."""

    OPENS_ELSEWHERE = "opens_elsewhere"
    OTHER_UNIT = "other_unit"
    RESOURCE_APPEARED = "resource_appeared"
    RESOURCE_DISAPPEARED = "resource_disappeared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """One resource over a year, in its unit; additions and reductions by cause, none negative."""

    resource: str
    unit: str
    opening: Decimal
    additions: Mapping[str, Decimal]
    reductions: Mapping[str, Decimal]
    closing: Decimal
    source: str = ""

    @property
    def added(self) -> Decimal:
        """All additions."""
        return _sum(self.additions.values())

    @property
    def taken(self) -> Decimal:
        """All reductions."""
        return _sum(self.reductions.values())

    @property
    def explained(self) -> Decimal:
        """What opening, additions and reductions leave at the end of the year."""
        return EXACT.subtract(EXACT.add(self.opening, self.added), self.taken)

    @property
    def unexplained(self) -> Decimal:
        """What the closing stock has beyond opening, additions and reductions."""
        return EXACT.subtract(self.closing, self.explained)

    def document(self) -> dict[str, Any]:
        """Return the stock as plain values without numbers."""
        return {
            "resource": self.resource,
            "unit": self.unit,
            "opening": f"{self.opening:f}",
            "additions": _listed(self.additions),
            "reductions": _listed(self.reductions),
            "closing": f"{self.closing:f}",
            "source": self.source,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class StockChange:
    """One resource in two years: what stood at the end of either, None where it is not told."""

    resource: str
    unit: str
    base: Decimal | None
    current: Decimal | None

    @property
    def change(self) -> Decimal | None:
        """The change from one closing stock to the other."""
        if self.base is None or self.current is None:
            return None
        return EXACT.subtract(self.current, self.base)

    def document(self) -> dict[str, Any]:
        """Return the change as plain values without numbers."""
        return {
            "resource": self.resource,
            "unit": self.unit,
            "base": _text(self.base),
            "current": _text(self.current),
            "change": _text(self.change),
        }


def stocks_at(place: Place) -> tuple[Stock, ...]:
    """Read stocks that close, each resource once.

    Raises:
        Malformed: the place and what was expected there.
    """
    if isinstance(place.value, list) and len(place.value) > RESOURCES_MAX:
        place.refuse("too_many", f"at most {RESOURCES_MAX} resources")
    return tuple(place.unique(stock_at, lambda each: each.resource))


def gaps_between(earlier: Iterable[Stock], later: Iterable[Stock]) -> tuple[tuple[Gap, str], ...]:
    """Return where the stocks of the next year do not follow, by resource."""
    before = {each.resource: each for each in earlier}
    after = {each.resource: each for each in later}
    found = []
    for name in dict.fromkeys((*before, *after)):
        if name not in after:
            found.append((Gap.RESOURCE_DISAPPEARED, name))
        elif name not in before:
            found.append((Gap.RESOURCE_APPEARED, name))
        elif before[name].unit != after[name].unit:
            found.append((Gap.OTHER_UNIT, name))
        elif before[name].closing != after[name].opening:
            found.append((Gap.OPENS_ELSEWHERE, name))
    return tuple(found)


def changes_of(earlier: Iterable[Stock], later: Iterable[Stock]) -> tuple[StockChange, ...]:
    """Return each resource's closing stocks; in another unit it is another stock."""
    before = {(each.resource, each.unit): each.closing for each in earlier}
    after = {(each.resource, each.unit): each.closing for each in later}
    return tuple(
        StockChange(
            resource=resource,
            unit=unit,
            base=before.get((resource, unit)),
            current=after.get((resource, unit)),
        )
        for resource, unit in dict.fromkeys((*before, *after))
    )


def checked(stock: Stock) -> Stock:
    """Return a stock that closes.

    Raises:
        AccountRefused: a negative figure, or a closing stock that its changes do not explain.
    """
    figures = {"opening": stock.opening, "closing": stock.closing}
    figures |= {f"additions.{cause}": each for cause, each in stock.additions.items()}
    figures |= {f"reductions.{cause}": each for cause, each in stock.reductions.items()}
    for name, figure in figures.items():
        if not figure.is_finite() or figure < 0:
            raise AccountRefused(
                code="stock_negative",
                field=f"{stock.resource}.{name}",
                expected="0 or more",
                found=str(figure),
            )
    if stock.unexplained:
        raise AccountRefused(
            code="stock_does_not_close",
            field=f"{stock.resource}.closing",
            expected=f"{stock.explained:f}",
            found=f"{stock.closing:f}",
        )
    return stock


def follows(earlier: Stock, later: Stock) -> Stock:
    """Return a later year's stock that opens where the earlier one closed.

    Raises:
        AccountRefused: another resource or unit, or another opening.
    """
    same = (earlier.resource, earlier.unit) == (later.resource, later.unit)
    if not same or earlier.closing != later.opening:
        raise AccountRefused(
            code="stock_does_not_follow",
            field=f"{later.resource}.opening",
            expected=f"{earlier.closing} {earlier.unit} of {earlier.resource}",
            found=f"{later.opening} {later.unit}",
        )
    return later


def stock_at(place: Place) -> Stock:
    """Read one stock that closes.

    Raises:
        Malformed: the place and what was expected there.
    """
    found = place.fields("resource unit opening closing source", "additions reductions")
    stock = Stock(
        resource=found["resource"].text(),
        unit=unit_text(found["unit"]),
        opening=found["opening"].between(0, STOCK_MAX),
        additions=_causes(found.get("additions")),
        reductions=_causes(found.get("reductions")),
        closing=found["closing"].between(0, STOCK_MAX),
        source=found["source"].text(),
    )
    if stock.explained != stock.closing:
        found["closing"].refuse("stock_does_not_close", f"{stock.explained:f}, by its causes")
    return stock


def _causes(place: Place | None) -> dict[str, Decimal]:
    if place is None:
        return {}
    if isinstance(place.value, list) and len(place.value) > CAUSES_MAX:
        place.refuse("too_many", f"at most {CAUSES_MAX} causes")
    return dict(place.unique(_cause, lambda each: each[0]))


def _cause(place: Place) -> tuple[str, Decimal]:
    found = place.fields("cause quantity")
    return found["cause"].text(), found["quantity"].between(0, STOCK_MAX)


def _listed(causes: Mapping[str, Decimal]) -> list[dict[str, str]]:
    """Return causes as rows, for keys of a canonical document are ours, never a user's."""
    return [{"cause": cause, "quantity": f"{each:f}"} for cause, each in causes.items()]


def _sum(figures: Iterable[Decimal]) -> Decimal:
    total = Decimal(0)
    for each in figures:
        total = EXACT.add(total, each)
    return total


def _text(figure: Decimal | None) -> str | None:
    return None if figure is None else f"{figure:f}"
