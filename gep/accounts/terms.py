"""The terms of an account's lines: inputs, parameters, plain numbers and calls upon them.

Evaluating a term leaves behind what it used, each figure with its unit and source, so that every
yuan opens down to area, coefficient and source. For uncertainty a figure may be an array of draws.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from gep.calls import Given, call
from gep.errors import Unknown
from gep.measures import Figure, figure_of
from gep.registry.edition import Mark
from gep.registry.parameter_set import Dims, Override, Parameters
from gep.units import Number, PriceBasis


@dataclass(frozen=True, slots=True, kw_only=True)
class InputTerm:
    """An input of the account, by its name."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterTerm:
    """A row of the parameter set, by its key and dimensions."""

    key: str
    dims: Dims


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainTerm:
    """A number without a unit, written in the line."""

    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTerm:
    """A call of the engine upon other terms."""

    name: str
    arguments: "Mapping[str, Term | tuple[Term, ...]]"


Term: TypeAlias = InputTerm | ParameterTerm | PlainTerm | CallTerm


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A figure that the account brings: a value with unit and source, and its range if doubted.

    ``mean_5y`` is the figure of mean weather, of the five years that end with the account's.
    """

    name: str
    value: Decimal
    unit: str
    source: str
    basis: PriceBasis | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    mean_5y: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """A figure that a line was made of: an input, or a parameter with what stands in for it.

    ``mark`` is None for an input. A value that was overridden is not doubted: it has no range.
    """

    name: str
    value: Decimal
    unit: str
    source: str
    mark: Mark | None = None
    override: Override | None = None
    price_year: int | None = None
    low: Decimal | None = None
    high: Decimal | None = None


class Figures:
    """Where terms find their figures; ``drawn`` has arrays that stand in for some, by name."""

    def __init__(
        self,
        inputs: Mapping[str, Input],
        parameters: Parameters,
        drawn: Mapping[str, Number] | None = None,
    ) -> None:
        self._inputs = inputs
        self._parameters = parameters
        self._drawn = {} if drawn is None else drawn
        self.used: dict[str, Used] = {}

    def evaluate(self, term: Term) -> Figure:
        """Return a term's figure, and remember what it was made of.

        Raises:
            Unknown: an input, a parameter or a call that is not there.
            InputRefused, UnitMismatch: a figure that a call cannot take.
        """
        match term:
            case PlainTerm():
                return float(term.value)
            case InputTerm():
                return self._input(term.name)
            case ParameterTerm():
                return self._parameter(term)
        return call(term.name, self.arguments(term))

    def arguments(self, term: CallTerm) -> dict[str, Given]:
        """Return the figures of a call's arguments."""
        return {
            name: [self.evaluate(each) for each in inner]
            if isinstance(inner, tuple)
            else self.evaluate(inner)
            for name, inner in term.arguments.items()
        }

    def _input(self, name: str) -> Figure:
        found = self._inputs.get(name)
        if found is None:
            raise Unknown(what="input", name=name)
        self.used[name] = Used(
            name=name,
            value=found.value,
            unit=found.unit,
            source=found.source,
            low=found.low,
            high=found.high,
        )
        return figure_of(self._drawn.get(name, float(found.value)), found.unit, found.basis)

    def _parameter(self, term: ParameterTerm) -> Figure:
        row, override = self._parameters.find(term.key, term.dims)
        value = row.value if override is None else override.value
        self.used[row.name] = Used(
            name=row.name,
            value=value,
            unit=row.unit,
            source=row.source if override is None else override.source,
            mark=row.mark if override is None else Mark.PROPOSAL,
            override=override,
            price_year=row.price_year,
            low=row.low if override is None else None,
            high=row.high if override is None else None,
        )
        return figure_of(self._drawn.get(row.name, float(value)), row.unit, row.basis)
