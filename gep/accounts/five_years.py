"""A figure of weather over five years (五年均值): stated as a mean, or year by year."""

from collections.abc import Mapping
from decimal import Decimal

from gep.document import Place
from gep.units import Yuan

YEARS = 5


def five_years_at(place: Place, *, of: Mapping[str, Place], year: int) -> Decimal:
    """Read the five-year mean of an input: ``value``, or ``years`` that end with the account's.

    The mean of five decimals is a decimal, so nothing is rounded.

    Raises:
        Malformed: a price, other years than the five, another figure of the account's own year.
    """
    found = place.fields("source", "value years")
    found["source"].text()
    if of["unit"].text().startswith(Yuan.symbol):
        place.refuse("mean_unfit", "a figure of weather, not a price")
    if ("value" in found) is ("years" in found):
        place.refuse("mean_unfit", "either value or years")
    if "value" in found:
        return found["value"].number()
    members = found["years"].members()
    wanted = [str(each) for each in range(year - YEARS + 1, year + 1)]
    if sorted(members) != wanted:
        found["years"].refuse("mean_unfit", f"the years {', '.join(wanted)}")
    figures = {name: each.number() for name, each in members.items()}
    own = of["value"].number()
    if figures[str(year)] != own:
        members[str(year)].refuse("mean_unfit", f"{own}, the input's own figure")
    return sum(figures.values(), Decimal(0)) / YEARS
