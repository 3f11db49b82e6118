"""Stocks of an area over years: from documents of stocks alone, or from accounts that have some."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from gep.accounts.reading import plan_of
from gep.accounts.stocks import Gap, Stock, changes_of, gaps_between, stocks_at
from gep.document import Place
from gep.errors import AccountRefused
from gep.registry.reading import year_of

YEARS_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class StockYear:
    """The natural resources of an area in a year."""

    area: str
    name: str
    year: int
    stocks: tuple[Stock, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GapFound:
    """A resource that does not open in a year where it closed in the year before."""

    year: int
    resource: str
    gap: Gap


@dataclass(frozen=True, slots=True, kw_only=True)
class StockCourse:
    """Years in their order, what does not follow, and years that could not be checked."""

    years: tuple[StockYear, ...]
    gaps: tuple[GapFound, ...]
    unchecked: tuple[int, ...]

    def document(self) -> dict[str, Any]:
        """Return the course as plain values; figures are texts."""
        first, last = self.years[0], self.years[-1]
        return {
            "area": first.area,
            "name": first.name,
            "years": [
                {"year": each.year, "stocks": [stock.document() for stock in each.stocks]}
                for each in self.years
            ],
            "changes": [each.document() for each in changes_of(first.stocks, last.stocks)],
            "gaps": [
                {"year": each.year, "resource": each.resource, "code": each.gap.value}
                for each in self.gaps
            ],
            "years_unchecked": list(self.unchecked),
        }


def stock_year_of(document: Place) -> StockYear:
    """Read a year's stocks: of a document that has nothing else, or of an account's plan.

    Raises:
        DomainError: it is malformed, a stock does not close, or an account has none.
    """
    if "lines" in document.members():
        plan = plan_of(document)
        if not plan.stocks:
            document.refuse("stocks_missing", "an account with stocks")
        return StockYear(area=plan.area.id, name=plan.area.name, year=plan.year, stocks=plan.stocks)
    found = document.fields("area year stocks", "note")
    area = found["area"].fields("id name", "km2 population gdp_yuan geometry_hash")
    stocks = stocks_at(found["stocks"])
    if not stocks:
        found["stocks"].refuse("stocks_missing", "one stock or more")
    return StockYear(
        area=area["id"].text(),
        name=area["name"].text(),
        year=year_of(found["year"]),
        stocks=stocks,
    )


def stock_course_of(years: Sequence[StockYear]) -> StockCourse:
    """Put years of one area in their order, and look whether each opens where the last closed.

    Raises:
        AccountRefused: other areas among them, a year twice, none or too many.
    """
    if not 1 <= len(years) <= YEARS_MAX:
        raise AccountRefused(
            code="too_many",
            field="years",
            expected=f"from 1 to {YEARS_MAX} years",
            found=str(len(years)),
        )
    ordered = sorted(years, key=lambda each: each.year)
    areas = {each.area for each in ordered}
    if len(areas) > 1:
        raise AccountRefused(
            code="areas_mixed", field="area", expected="one area", found=", ".join(sorted(areas))
        )
    if len({each.year for each in ordered}) < len(ordered):
        raise AccountRefused(code="year_doubled", field="year", expected="each year once")
    pairs = list(pairwise(ordered))
    return StockCourse(
        years=tuple(ordered),
        gaps=tuple(
            GapFound(year=later.year, resource=resource, gap=gap)
            for earlier, later in pairs
            if later.year == earlier.year + 1
            for gap, resource in gaps_between(earlier.stocks, later.stocks)
        ),
        unchecked=tuple(later.year for earlier, later in pairs if later.year > earlier.year + 1),
    )
