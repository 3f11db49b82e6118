"""Amounts that know their unit, for the type checker and while running.

Tonnes of carbon, of CO2, of oxygen and of anything else are four units that never meet without a
conversion by name. Units of one dimension are converted by ``to``. A price is yuan per unit; a
price of a shadow project says whether it is the whole capital or one year of it, and so does every
sum of money that it made.

1. An operation on unlike units is refused, never converted in silence.
2. Money made from capital prices is never added to money made from annualised ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, ClassVar, Generic, Self, TypeAlias, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from gep.errors import BasisMixed, UnitMismatch

Number: TypeAlias = float | NDArray[np.float64]


class PriceBasis(StrEnum):
    """What a shadow project's price stands for (价格口径)."""

    CAPITAL = "CAPITAL"
    ANNUALISED = "ANNUALISED"


class Unit:
    """A unit: its symbol, and how many of its dimension's own unit it is."""

    symbol: ClassVar[str]
    dimension: ClassVar[str]
    scale: ClassVar[float] = 1.0


U = TypeVar("U", bound=Unit)
V = TypeVar("V", bound=Unit)
W = TypeVar("W", bound=Unit)


@dataclass(frozen=True, slots=True)
class Amount(Generic[U]):
    """So much of a unit."""

    value: Number
    unit: type[U]

    def to(self, unit: type[V]) -> "Amount[V]":
        """Return the same amount in another unit of its dimension.

        Raises:
            UnitMismatch: the dimensions differ.
        """
        return Amount(self.value * _factor(self.unit, unit), unit)

    def __add__(self, other: "Amount[U]") -> "Amount[U]":
        _same(self.unit, other.unit)
        return Amount(self.value + other.value, self.unit)

    def __sub__(self, other: "Amount[U]") -> "Amount[U]":
        _same(self.unit, other.unit)
        return Amount(self.value - other.value, self.unit)

    @overload
    def __mul__(self, other: "Price[U]") -> "Money": ...
    @overload
    def __mul__(self, other: "Per[V, U]") -> "Amount[V]": ...
    @overload
    def __mul__(self, other: Number) -> "Amount[U]": ...
    def __mul__(self, other: "Price[U] | Per[V, U] | Number") -> "Amount[Any]":
        if isinstance(other, Price):
            _same(other.per, self.unit)
            return Money(self.value * other.value, basis=other.basis)
        if isinstance(other, Per):
            _same(other.per, self.unit)
            return Amount(self.value * other.value, other.of)
        return Amount(self.value * other, self.unit)

    @overload
    def __truediv__(self, other: "Per[U, V]") -> "Amount[V]": ...
    @overload
    def __truediv__(self, other: "Amount[V]") -> "Per[U, V]": ...
    @overload
    def __truediv__(self, other: Number) -> "Amount[U]": ...
    def __truediv__(self, other: "Per[U, V] | Amount[V] | Number") -> "Amount[Any] | Per[U, V]":
        if isinstance(other, Per):
            _same(other.of, self.unit)
            return Amount(self.value / other.value, other.per)
        if isinstance(other, Amount):
            return Per(self.value / other.value, self.unit, other.unit)
        return Amount(self.value / other, self.unit)


@dataclass(frozen=True, slots=True)
class Per(Generic[U, V]):
    """So much of one unit for each of another."""

    value: Number
    of: type[U]
    per: type[V]

    def to(self, of: type[U], per: type[W]) -> "Per[U, W]":
        """Return the same rate in other units of their dimensions.

        Raises:
            UnitMismatch: the dimensions differ.
        """
        return Per(self.value * _factor(self.of, of) / _factor(self.per, per), of, per)


class Yuan(Unit):
    """Yuan (CNY)."""

    symbol, dimension = "yuan", "money"


@dataclass(frozen=True, slots=True)
class Price(Per[Yuan, V], Generic[V]):
    """Yuan per unit, with its basis where it is a shadow project's."""

    of: type[Yuan] = field(default=Yuan, init=False)
    per: type[V]
    basis: PriceBasis | None = None

    def at(self, per: type[W]) -> "Price[W]":
        """Return the same price for another unit of the dimension.

        Raises:
            UnitMismatch: the dimensions differ.
        """
        return Price(self.value / _factor(self.per, per), per, self.basis)

    def __add__(self, other: "Price[V]") -> "Price[V]":
        _same(self.per, other.per)
        return Price(self.value + other.value, self.per, one_basis(self.basis, other.basis))

    def __mul__(self, factor: Number) -> Self:
        return replace(self, value=self.value * factor)


@dataclass(frozen=True, slots=True)
class ShadowPrice(Price[V], Generic[V]):
    """A price of a shadow project (影子工程), which always says its basis."""

    basis: PriceBasis = field(kw_only=True)

    def at(self, per: type[W]) -> "ShadowPrice[W]":
        """Return the same price for another unit of the dimension.

        Raises:
            UnitMismatch: the dimensions differ.
        """
        return ShadowPrice(self.value / _factor(self.per, per), per, basis=self.basis)


class Money(Amount[Yuan]):
    """Yuan, and the basis of the shadow prices in them, if there are any."""

    __slots__ = ("basis",)
    basis: PriceBasis | None

    def __init__(self, value: Number, *, basis: PriceBasis | None = None) -> None:
        super().__init__(value, Yuan)
        object.__setattr__(self, "basis", basis)

    def __add__(self, other: Amount[Yuan]) -> "Money":
        _same(self.unit, other.unit)
        return Money(self.value + other.value, basis=one_basis(self.basis, basis_of(other)))

    def __sub__(self, other: Amount[Yuan]) -> "Money":
        return self + Money(-other.value, basis=basis_of(other))

    def times(self, factor: Number) -> Self:
        """Return so many times the money, of the same basis."""
        return type(self)(self.value * factor, basis=self.basis)


def one_basis(first: PriceBasis | None, second: PriceBasis | None) -> PriceBasis | None:
    """Return the one basis of two.

    Raises:
        BasisMixed: they are both there and differ.
    """
    if first is None or second is None or first is second:
        return first or second
    raise BasisMixed


def basis_of(amount: Amount[Yuan]) -> PriceBasis | None:
    """Return the basis of an amount of yuan, which plain ones have not."""
    return amount.basis if isinstance(amount, Money) else None


def sum_of(amounts: Sequence[Amount[U]]) -> Amount[U]:
    """Add amounts of one unit, at least one."""
    first, *rest = amounts
    for each in rest:
        first = first + each
    return first


def _same(expected: type[Unit], found: type[Unit]) -> None:
    if expected is not found:
        raise UnitMismatch(expected=expected.symbol, found=found.symbol)


def _factor(of: type[Unit], to: type[Unit]) -> float:
    if of.dimension != to.dimension:
        raise UnitMismatch(expected=to.symbol, found=of.symbol)
    return of.scale / to.scale
