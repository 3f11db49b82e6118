"""Stocks of natural resources (自然资源资产): opening, what was added and taken, closing."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from gep.errors import AccountRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """One resource over a year, in its unit; additions and reductions by cause, none negative."""

    resource: str
    unit: str
    opening: Decimal
    additions: Mapping[str, Decimal]
    reductions: Mapping[str, Decimal]
    closing: Decimal

    @property
    def unexplained(self) -> Decimal:
        """What the closing stock has beyond opening, additions and reductions."""
        explained = self.opening + sum(self.additions.values()) - sum(self.reductions.values())
        return self.closing - explained


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
            expected=str(stock.closing - stock.unexplained),
            found=str(stock.closing),
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
