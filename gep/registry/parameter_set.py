"""Parameter sets (参数集): factors and prices with region, year, source and mark, and overrides.

1. A set is immutable and named by its version and by the hash of its canonical rows.
2. A set may extend another one: a row of its own comes first.
3. An override never edits a row. It stands beside it with author, reason and source, and what would
   have been without it can always be asked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from gep.errors import AccountRefused, Unknown
from gep.measures import PLAIN, Figure, figure_of
from gep.registry.edition import Mark
from gep.units import PriceBasis

Dims: TypeAlias = tuple[tuple[str, str], ...]
OVERRIDE_FACTOR_MAX = 100  # our proposal: beyond it a unit was mistaken


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One row: a value and its unit, where it holds, and how we know it.

    ``low`` and ``high`` are the range it is doubted in; both None where it is not.
    """

    key: str
    dims: Dims
    value: Decimal
    unit: str
    mark: Mark
    source: str
    low: Decimal | None = None
    high: Decimal | None = None
    price_year: int | None = None
    basis: PriceBasis | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""

    @property
    def name(self) -> str:
        """The key with its dimensions, as it is shown: ``air.rate[cover=mixed]``."""
        inside = ", ".join(f"{name}={value}" for name, value in self.dims)
        return f"{self.key}[{inside}]" if inside else self.key

    @property
    def figure(self) -> Figure:
        """The value with its unit."""
        return figure_of(float(self.value), self.unit, self.basis)

    def holds_on(self, day: date) -> bool:
        """Say whether the row holds on a day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterSet:
    """A versioned set of rows, and the set that it extends."""

    version: str
    standard: str
    region: str
    base_year: int
    title: str
    rows: Mapping[tuple[str, Dims], tuple[Parameter, ...]]
    extends: "ParameterSet | None" = None
    hash: str = ""

    def find(self, key: str, dims: Dims = (), *, on: date) -> Parameter:
        """Return the row that holds on a day, the set's own before those it extends.

        Raises:
            Unknown: there is none.
        """
        here: ParameterSet | None = self
        while here is not None:
            for row in here.rows.get((key, dims), ()):
                if row.holds_on(on):
                    return row
            here = here.extends
        shown = Parameter(
            key=key, dims=dims, value=Decimal(0), unit=PLAIN, mark=Mark.PROPOSAL, source="-"
        )
        raise Unknown(what="parameter", name=shown.name)

    def named(self, key: str, *, on: date) -> tuple[Parameter, ...]:
        """Return the rows of a key, by their dimensions, that hold on a day: a table of classes."""
        found: dict[Dims, Parameter] = {}
        here: ParameterSet | None = self
        while here is not None:
            for (name, dims), rows in here.rows.items():
                holding = [row for row in rows if name == key and row.holds_on(on)]
                for row in holding:
                    found.setdefault(dims, row)
            here = here.extends
        return tuple(row for _, row in sorted(found.items()))

    @property
    def unchecked(self) -> int:
        """How many rows, of the set and of those it extends, were not read in their document."""
        below = 0 if self.extends is None else self.extends.unchecked
        return below + sum(row.mark is Mark.UNCHECKED for row in self.all_rows())

    def all_rows(self) -> tuple[Parameter, ...]:
        """Return the set's own rows, in the order of their names."""
        return tuple(
            row for _, rows in sorted(self.rows.items(), key=lambda each: each[0]) for row in rows
        )


def rows_by_name(parameter_set: ParameterSet, *, on: date) -> dict[str, Parameter]:
    """Return the rows that hold on a day by name, the set's own before those it extends."""
    found: dict[str, Parameter] = {}
    here: ParameterSet | None = parameter_set
    while here is not None:
        for row in here.all_rows():
            if row.holds_on(on):
                found.setdefault(row.name, row)
        here = here.extends
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A value that stands in for a row's, with who put it there and why."""

    key: str
    dims: Dims
    value: Decimal
    unit: str
    author: str
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class Parameters:
    """A set as one account uses it: with its overrides, on one day."""

    set: ParameterSet
    on: date
    overrides: Mapping[tuple[str, Dims], Override] = field(default_factory=dict)

    def find(self, key: str, dims: Dims = ()) -> tuple[Parameter, Override | None]:
        """Return the row of a key, and the override that stands in for it.

        Raises:
            Unknown: no such row.
        """
        return self.set.find(key, dims, on=self.on), self.overrides.get((key, dims))

    def value(self, key: str, dims: Dims = ()) -> Decimal:
        """Return the value that counts: the override's, else the row's.

        Raises:
            Unknown: no such row.
        """
        row, override = self.find(key, dims)
        return row.value if override is None else override.value


def overridden(
    parameter_set: ParameterSet, overrides: Iterable[Override], *, on: date
) -> Parameters:
    """Return a set with overrides beside its rows.

    Raises:
        Unknown: an override of a row that is not there.
        AccountRefused: two for one row, another unit, or a value that is absurd: a share outside 0
            to 1, a sign that changed, or further than a hundredfold from the row.
    """
    found: dict[tuple[str, Dims], Override] = {}
    for override in overrides:
        row = parameter_set.find(override.key, override.dims, on=on)
        place = f"overrides.{row.name}"
        if (override.key, override.dims) in found:
            raise AccountRefused(code="override_doubled", field=place, expected="one override")
        if override.unit != row.unit:
            raise AccountRefused(
                code="override_unit", field=place, expected=row.unit, found=override.unit
            )
        expected = _absurd(override.value, row)
        if expected:
            raise AccountRefused(
                code="override_absurd", field=place, expected=expected, found=str(override.value)
            )
        found[override.key, override.dims] = override
    return Parameters(parameter_set, on, found)


def _absurd(value: Decimal, row: Parameter) -> str:
    """Say what would not be absurd; nothing where the value is not."""
    if row.unit == PLAIN and 0 <= row.value <= 1 and not 0 <= value <= 1:
        return "from 0 to 1"
    if row.value and not 1 <= OVERRIDE_FACTOR_MAX * value / row.value <= OVERRIDE_FACTOR_MAX**2:
        low, high = sorted((row.value / OVERRIDE_FACTOR_MAX, row.value * OVERRIDE_FACTOR_MAX))
        return f"from {low:g} to {high:g}"
    return ""
