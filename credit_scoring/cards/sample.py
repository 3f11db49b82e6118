"""Loans with features and outcomes, and what is said of a feature before a fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from credit_scoring.cards.card import Value
from credit_scoring.cards.form import CardForm, FeatureForm, Kind, NumberBin, SpecialRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A feature to fit: its words, and for a number its decimals and its finite domain.

    ``low`` and ``high`` both belong to the domain. ``special`` gives values that are words, with
    their meaning. ``rising`` says whether more is better, so that its bins are monotone;
    ``None`` leaves the direction to the fit, which keeps to one all the same.
    """

    name: str
    title: str
    title_zh: str
    unit: str = ""
    kind: Kind = "number"
    decimals: int = 0
    low: str = "0"
    high: str = "0"
    rising: bool | None = None
    special: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Loans by column; ``bad`` is the outcome of each."""

    variables: tuple[Variable, ...]
    columns: Mapping[str, Sequence[Value]]
    bad: Sequence[bool]

    def part(self, chosen: slice) -> "Sample":
        """Return some of the loans."""
        return Sample(
            variables=self.variables,
            columns={name: column[chosen] for name, column in self.columns.items()},
            bad=self.bad[chosen],
        )


def variables_of(form: CardForm) -> tuple[Variable, ...]:
    """Return the features of a card as something to fit again, their trends left to the fit."""
    return tuple(_variable(feature) for feature in form.features)


def _variable(feature: FeatureForm) -> Variable:
    bins = [row for row in feature.rows if isinstance(row, NumberBin)]
    special = {
        value: row.meaning
        for row in feature.rows
        if isinstance(row, SpecialRow)
        for value in row.values
    }
    return Variable(
        name=feature.name,
        title=feature.title,
        title_zh=feature.title_zh,
        unit=feature.unit,
        kind=feature.kind,
        decimals=int(feature.decimals),
        low=bins[0].low if bins else "0",
        high=bins[-1].high if bins else "0",
        special=special,
    )
