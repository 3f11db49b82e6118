"""What years show: change on the year before, growth a year, and a trend where years suffice.

Mann-Kendall and Sen's slope take five years and more; from fewer no test is reported at all.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from statistics import NormalDist, median

from gep.accounts.account import Account
from gep.accounts.comparing import Comparison, compare
from gep.errors import AccountRefused

YEARS_MIN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The course of a total; ``slope`` is in its unit a year.

    Slope, statistic and p are None below five years. Growth a year is None where the first total
    is not above zero.
    """

    year_on_year: Mapping[int, float]
    growth_a_year: float | None
    slope: float | None
    statistic: int | None
    p_value: float | None


def course_of(accounts: Sequence[Account]) -> dict[int, Comparison]:
    """Return each year's comparison with the first one, by year: its total in constant prices.

    Raises:
        AccountRefused: a year twice, or fewer than two years.
    """
    ordered = sorted(accounts, key=lambda each: each.year)
    years = [each.year for each in ordered]
    if len(set(years)) < len(years):
        raise AccountRefused(code="year_doubled", field="accounts", expected="each year once")
    _refuse_few(len(years))
    return {each.year: compare(ordered[0], each) for each in ordered}


def trend_of(totals: Mapping[int, float]) -> Trend:
    """Return the trend of totals by year, all in constant prices of one year.

    Raises:
        AccountRefused: fewer than two years.
    """
    years = sorted(totals)
    _refuse_few(len(years))
    first, last = totals[years[0]], totals[years[-1]]
    has_test = len(years) >= YEARS_MIN
    statistic = _kendall([totals[year] for year in years]) if has_test else None
    return Trend(
        year_on_year={
            later: totals[later] / totals[earlier] - 1
            for earlier, later in pairwise(years)
            if later == earlier + 1 and totals[earlier] > 0
        },
        growth_a_year=(last / first) ** (1 / (years[-1] - years[0])) - 1
        if first > 0 and last > 0
        else None,
        slope=median((totals[b] - totals[a]) / (b - a) for a, b in combinations(years, 2))
        if has_test
        else None,
        statistic=statistic,
        p_value=None
        if statistic is None
        else _two_sided(statistic, [totals[year] for year in years]),
    )


def _refuse_few(years: int) -> None:
    if years < 2:  # noqa: PLR2004 - a change needs two
        raise AccountRefused(
            code="years_too_few", field="years", expected="two years or more", found=str(years)
        )


def _kendall(values: list[float]) -> int:
    return sum((later > earlier) - (later < earlier) for earlier, later in combinations(values, 2))


def _two_sided(statistic: int, values: list[float]) -> float:
    """Return p by the normal approximation with continuity and ties corrected."""
    count = len(values)
    ties = sum(t * (t - 1) * (2 * t + 5) for t in Counter(values).values())
    variance = (count * (count - 1) * (2 * count + 5) - ties) / 18
    if not variance or not statistic:
        return 1.0
    score = (abs(statistic) - 1) / math.sqrt(variance)
    return 2 * (1 - NormalDist().cdf(score))
