"""An account at five-year mean weather (气象五年均值): rain, evapotranspiration, days of cooling.

R1, R3 and R10 swing with rain and heat, so that a dry year looks like a loss of ecosystems. The
account itself stays as it is: what is here is a second figure beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from gep.accounts.account import Account, yuan_of
from gep.accounts.comparing import Comparison, compare
from gep.accounts.making import make_account
from gep.accounts.plan import Plan
from gep.errors import AccountRefused
from kernel.money import Fen

SWINGING = frozenset({"R1", "R3", "R10"})
# What a basin can hold does not depend on the rain of a year.
STEADY = frozenset({"R3.lakes", "R3.reservoirs", "R3.marshes"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanInput:
    """An input and the mean that stood in for it."""

    name: str
    unit: str
    own: Decimal
    mean: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """One line in its own year's weather and at the mean."""

    line: str
    service: str
    own: Fen
    mean: Fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """An account, and what it would be at mean weather.

    ``as_observed`` are lines that swing with weather and use no figure with a mean.
    """

    own: Account
    mean: Account
    inputs: tuple[MeanInput, ...]
    swings: tuple[Swing, ...]
    as_observed: tuple[str, ...]

    @property
    def difference(self) -> Fen:
        """What the year's own weather added to the total, or took from it."""
        return Fen(self.own.total - self.mean.total)

    def document(self) -> dict[str, Any]:
        """Return both figures as plain values without numbers."""
        return {
            "account": self.own.hash,
            "id": self.own.id,
            "year": self.own.year,
            "inputs": [
                {
                    "name": each.name,
                    "unit": each.unit,
                    "own": f"{each.own:f}",
                    "mean_5y": f"{each.mean:f}",
                }
                for each in self.inputs
            ],
            "lines": [
                {
                    "line": each.line,
                    "service": each.service,
                    "own_yuan": str(yuan_of(each.own)),
                    "mean_yuan": str(yuan_of(each.mean)),
                }
                for each in self.swings
            ],
            "total_yuan": str(yuan_of(self.own.total)),
            "mean_total_yuan": str(yuan_of(self.mean.total)),
            "difference_yuan": str(yuan_of(self.difference)),
            "as_observed": list(self.as_observed),
        }


def has_means(plan: Plan) -> bool:
    """Say whether any input has a five-year mean."""
    return any(each.mean_5y is not None for each in plan.inputs.values())


def weather_of(plan: Plan) -> Weather:
    """Make an account in its own year's weather and at the five-year mean.

    Raises:
        AccountRefused: no input has a mean, or the account itself is refused.
        InputRefused: a mean is nothing that its formula can take.
    """
    means = {name: each for name, each in plan.inputs.items() if each.mean_5y is not None}
    if not means:
        raise AccountRefused(
            code="mean_missing", field="inputs", expected="mean_5y beside rain, heat or days"
        )
    inputs = {
        name: replace(each, value=each.mean_5y, low=None, high=None)
        for name, each in means.items()
        if each.mean_5y is not None
    }
    own = make_account(plan)
    mean = make_account(replace(plan, inputs={**plan.inputs, **inputs}))
    at_mean = {line.id: line for line in mean.lines}
    return Weather(
        own=own,
        mean=mean,
        inputs=tuple(
            MeanInput(
                name=name,
                unit=each.unit,
                own=each.value,
                mean=inputs[name].value,
            )
            for name, each in means.items()
        ),
        swings=tuple(
            Swing(line=line.id, service=line.service, own=line.value, mean=at_mean[line.id].value)
            for line in own.counted()
            if any(used.name in means for used in line.used)
        ),
        as_observed=tuple(
            line.id
            for line in own.counted()
            if line.service in SWINGING
            and line.method not in STEADY
            and not any(used.name in means for used in line.used)
        ),
    )


def compared_at_mean(base: Weather, current: Weather) -> Comparison:
    """Compare two years, each at the mean of the five years that end with it.

    Raises:
        AccountRefused: the later one is of an earlier year.
    """
    return compare(base.mean, current.mean)


def in_order(found: Sequence[Weather]) -> tuple[Weather, ...]:
    """Return years in their order.

    Raises:
        AccountRefused: a year twice.
    """
    years = [each.own.year for each in found]
    if len(set(years)) < len(years):
        raise AccountRefused(code="year_doubled", field="accounts", expected="each year once")
    return tuple(sorted(found, key=lambda each: each.own.year))
