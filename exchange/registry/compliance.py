"""Compliance status from recorded facts alone.

Per year: an obligation is covered when what was surrendered for its year reaches what was verified.
Cumulative (as in the EU system): when everything surrendered from the first year on reaches
everything verified until then. The EU's published codes are a view: C where nothing was verified,
else A or B by the cumulative sums. A year that is excluded is excused and adds nothing; corrected
codes (a trailing *) and closures are the authority's own and no rule covers them.
"""

from collections.abc import Sequence

from exchange.registry.commands import ComplianceMode, VerifiedStatus
from exchange.registry.state import COVERED, EXCUSED, SHORT, Obligation


def status_of(history: Sequence[Obligation], *, year: int, mode: str, first_year: int) -> str:
    """Return the status of a year, given a party's obligations of one right."""
    own = next((each for each in history if each.year == year), None)
    if own is not None and own.verified_status == VerifiedStatus.EXCLUDED:
        return EXCUSED
    if own is None or own.verified is None:
        return SHORT
    if mode == ComplianceMode.PER_YEAR:
        return COVERED if own.surrendered >= own.verified else SHORT
    verified, surrendered = _sums(history, first_year=first_year, year=year)
    return COVERED if surrendered >= verified else SHORT


def eu_code(history: Sequence[Obligation], *, year: int, first_year: int) -> str:
    """Return the EU view of a year: A, B or C."""
    own = next((each for each in history if each.year == year), None)
    if own is None or own.verified is None:
        return "C"
    verified, surrendered = _sums(history, first_year=first_year, year=year)
    return "A" if surrendered >= verified else "B"


def _sums(history: Sequence[Obligation], *, first_year: int, year: int) -> tuple[int, int]:
    counted = [each for each in history if first_year <= each.year <= year]
    return sum(each.verified or 0 for each in counted), sum(each.surrendered for each in counted)
