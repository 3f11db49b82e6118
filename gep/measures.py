"""The units that ecosystem accounts are kept in, and units read from text.

``t``, ``t_C``, ``t_CO2`` and ``t_O2`` are four dimensions. ``figure_of`` reads what stands
beside a figure in a document: ``m3``, ``yuan/m3``, ``t/hm2``, or ``1`` for a share.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from gep.errors import UnitMismatch
from gep.units import Amount, Number, Per, Price, PriceBasis, ShadowPrice, Unit, Yuan

Figure: TypeAlias = "Amount[Any] | Per[Any, Any] | Number"
PLAIN = "1"


class Tonne(Unit):
    """Tonne of what is neither carbon, CO2 nor oxygen."""

    symbol, dimension = "t", "mass"


class Kilogram(Unit):
    """Kilogram of the same."""

    symbol, dimension, scale = "kg", "mass", 0.001


class TonneC(Unit):
    """Tonne of carbon."""

    symbol, dimension = "t_C", "carbon"


class TonneCO2(Unit):
    """Tonne of carbon dioxide."""

    symbol, dimension = "t_CO2", "carbon dioxide"


class TonneO2(Unit):
    """Tonne of oxygen."""

    symbol, dimension = "t_O2", "oxygen"


class CubicMetre(Unit):
    """Cubic metre; of water, a tonne."""

    symbol, dimension = "m3", "volume"


class KilowattHour(Unit):
    """Kilowatt-hour."""

    symbol, dimension = "kWh", "energy"


class SquareMetre(Unit):
    """Square metre."""

    symbol, dimension = "m2", "area"


class Hectare(Unit):
    """Hectare (公顷), written hm2."""

    symbol, dimension, scale = "hm2", "area", 1e4


class SquareKilometre(Unit):
    """Square kilometre."""

    symbol, dimension, scale = "km2", "area", 1e6


class Mu(Unit):
    """Mu (亩), 1500 to the square kilometre."""

    symbol, dimension, scale = "mu", "area", 1e6 / 1500


class Millimetre(Unit):
    """Millimetre of water; one on a hectare is 10 m3."""

    symbol, dimension, scale = "mm", "length", 0.001


class Metre(Unit):
    """Metre."""

    symbol, dimension = "m", "length"


class Kilometre(Unit):
    """Kilometre."""

    symbol, dimension, scale = "km", "length", 1e3


class Ion(Unit):
    """Negative air ion."""

    symbol, dimension = "ion", "ions"


class Decibel(Unit):
    """Decibel of noise taken away."""

    symbol, dimension = "dB", "noise"


class Visit(Unit):
    """One visit of one person."""

    symbol, dimension = "visit", "visits"


class Person(Unit):
    """Person."""

    symbol, dimension = "person", "persons"


class PersonHour(Unit):
    """An hour of one person."""

    symbol, dimension = "person_hour", "leisure"


class Piece(Unit):
    """Piece, head, culm: what is counted."""

    symbol, dimension = "pcs", "pieces"


class PollutionEquivalent(Unit):
    """Pollution equivalent (污染当量) of the Environmental Protection Tax Law."""

    symbol, dimension = "equivalent", "pollution equivalents"


class AsSold(Unit):
    """Whatever unit a price is for, where a formula holds for every one."""

    symbol, dimension = "as_sold", "as sold"


UNITS: Mapping[str, type[Unit]] = MappingProxyType(
    {
        unit.symbol: unit
        for unit in (
            *(Yuan, Tonne, Kilogram, TonneC, TonneCO2, TonneO2, CubicMetre, KilowattHour),
            *(SquareMetre, Hectare, SquareKilometre, Mu, Millimetre, Metre, Kilometre, Ion),
            *(Decibel, Visit, Person, PersonHour, Piece, PollutionEquivalent, AsSold),
        )
    }
)


def unit_of(symbol: str) -> type[Unit]:
    """Return the unit of a symbol.

    Raises:
        UnitMismatch: no unit has it.
    """
    unit = UNITS.get(symbol)
    if unit is None:
        raise UnitMismatch(expected=f"one of {', '.join(UNITS)}", found=symbol)
    return unit


def figure_of(value: Number, symbol: str, basis: PriceBasis | None = None) -> Figure:
    """Return a figure with the unit that is written beside it.

    Raises:
        UnitMismatch: no such unit, or a basis on what is no price.
    """
    of, has_per, per = symbol.partition("/")
    if has_per and of == Yuan.symbol:
        priced = unit_of(per)
        return Price(value, priced) if basis is None else ShadowPrice(value, priced, basis=basis)
    if basis is not None:
        raise UnitMismatch(expected="a price, for it has a basis", found=symbol)
    if symbol == PLAIN:
        return value
    return Per(value, unit_of(of), unit_of(per)) if has_per else Amount(value, unit_of(of))


def symbol_of(figure: Figure) -> str:
    """Return the unit of a figure as it is written beside one."""
    if isinstance(figure, Amount):
        unit: type[Unit] = figure.unit
        return unit.symbol
    if isinstance(figure, Per):
        return f"{figure.of.symbol}/{figure.per.symbol}"
    return PLAIN


def number_of(figure: Figure) -> Number:
    """Return a figure's number alone."""
    return figure.value if isinstance(figure, Amount | Per) else figure
