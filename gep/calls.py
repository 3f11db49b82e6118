"""The engine's public calls by name: what the formulas of accounts and vectors may use.

A call is a function of ``gep.services``; its arguments and their units are read from its signature,
so that the table cannot say anything else than the function. ``call`` takes figures with units and
refuses others; ``call_with_numbers`` takes bare numbers in the function's own units, which is how
published examples are written.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType, UnionType
from typing import Any, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np

from gep.errors import InputRefused, UnitMismatch, Unknown
from gep.measures import AsSold, Figure, number_of, symbol_of
from gep.services import (
    carbon_and_oxygen,
    climate,
    coast,
    culture,
    degradation,
    evapotranspiration,
    flood,
    habitat,
    present_value,
    pricing,
    products,
    purification,
    sand_fixation,
    soil_loss,
    soil_retention,
    totals,
    water_conservation,
)
from gep.units import Amount, Number, Per, Price, PriceBasis, ShadowPrice

Given: TypeAlias = "Figure | list[Figure]"

CALLS: Mapping[str, Callable[..., Figure]] = MappingProxyType(
    {
        "M.part": products.part,
        "M.value": products.value,
        "R1.runoff": water_conservation.storm_runoff,
        "R1.evapotranspiration": evapotranspiration.of_plants,
        "R1.evapotranspiration_other": evapotranspiration.of_other_cover,
        "R1.balance": water_conservation.water_balance,
        "R1.clipped": water_conservation.clipped,
        "R1.supply": water_conservation.alternative_supply,
        "R1.value": water_conservation.value,
        "R1.supply_value": water_conservation.supply_value,
        "R2.retained": soil_retention.retained,
        "R2.siltation_volume": soil_retention.siltation_volume,
        "R2.siltation": soil_retention.siltation,
        "R2.nutrients": soil_retention.nutrients,
        "R2.nutrients_value": soil_retention.nutrients_value,
        "R2.land_saved": soil_retention.land_saved,
        "R2.land_value": soil_retention.land_value,
        "rusle.erosivity": soil_loss.erosivity,
        "rusle.erodibility_epic": soil_loss.erodibility_epic,
        "rusle.erodibility": soil_loss.erodibility,
        "rusle.slope": soil_loss.slope_factor,
        "rusle.slope_invest": soil_loss.slope_factor_invest,
        "rusle.length": soil_loss.length_factor,
        "rusle.cropland_cover": soil_loss.cropland_cover,
        "R3.scs_runoff": flood.scs_runoff,
        "R3.vegetation": flood.vegetation,
        "R3.lakes": flood.lakes,
        "R3.reservoirs": flood.reservoirs,
        "R3.marshes": flood.marshes,
        "R3.events": flood.events,
        "R3.value": flood.value,
        "R4.fixed": sand_fixation.fixed,
        "R4.area": sand_fixation.area,
        "R4.value": sand_fixation.value,
        "R5.value": coast.value,
        "R6.capacity": purification.air_capacity,
        "R6.used": purification.used,
        "R6.value": purification.air_value,
        "R7.capacity": purification.water_capacity,
        "R7.used": purification.used,
        "R7.value": purification.water_value,
        "R8.fixation": carbon_and_oxygen.fixation,
        "R8.net_production": carbon_and_oxygen.net_production,
        "R8.net_production_by_ratio": carbon_and_oxygen.net_production_by_ratio,
        "R8.rates": carbon_and_oxygen.by_rates,
        "R8.carbon_dioxide": carbon_and_oxygen.carbon_dioxide,
        "R8.carbon": carbon_and_oxygen.carbon,
        "R8.value": carbon_and_oxygen.value,
        "R8.value_c": carbon_and_oxygen.carbon_value,
        "R9.release": carbon_and_oxygen.release,
        "R9.oxygen": carbon_and_oxygen.oxygen,
        "R9.value": carbon_and_oxygen.oxygen_value,
        "R10.vegetation": climate.vegetation,
        "R10.evapotranspiration": climate.evapotranspiration,
        "R10.water_surface": climate.water_surface,
        "R10.transpiration": climate.transpiration,
        "R10.evaporation": climate.evaporation,
        "R10.value": climate.value,
        "R11.ions": habitat.ions,
        "R11.counted": habitat.counted_ions,
        "R11.value": habitat.ions_value,
        "R12.value": habitat.pests_value,
        "R13.barrier": habitat.barrier_value,
        "R13.value": habitat.noise_value,
        "R14.class_price": habitat.class_price,
        "R14.value": habitat.diversity_value,
        "R14.protection": habitat.protection_value,
        "C1.time_cost": culture.time_cost,
        "C1.visit_price": culture.visit_price,
        "C1.travel_cost": culture.travel_cost,
        "C1.of_income": culture.of_income,
        "C2.value": culture.leisure_value,
        "C3.premium": culture.premium,
        "C3.value": culture.premium_value,
        "cvm.payers": culture.payers,
        "cvm.non_use_price": culture.non_use_price,
        "cvm.non_use": culture.non_use,
        "D.value": degradation.value,
        "price.from_tariff": pricing.from_tariff,
        "price.sum": pricing.together,
        "price.of_carrier": pricing.of_carrier,
        "price.annualised": pricing.annualised,
        "deflate.cpi": pricing.deflated,
        "table.amount": totals.amount,
        "total.sum": totals.total,
        "total.product": totals.product,
        "index.per_area": totals.per_area,
        "index.ratio": totals.ratio,
        "index.growth": totals.growth,
        "npv.annuity_due": present_value.annuity_due,
        "npv.annuity": present_value.annuity,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One argument of a call: what it is, in which units, whether a list, whether it may lack.

    ``kind`` is Amount, Per, Price, ShadowPrice, float, int or bool; a unit that is None is any.
    """

    name: str
    kind: type
    units: tuple[Any, ...]
    is_single: bool
    is_list: bool
    is_optional: bool
    takes_arrays: bool

    def bare(self, value: float) -> Any:
        """Return a bare number as this argument's figure, in its own units."""
        units = tuple(AsSold if unit is None else unit for unit in self.units)
        if self.kind is ShadowPrice:
            return ShadowPrice(value, *units, basis=PriceBasis.CAPITAL)
        return self._plain(value) if not units else self.kind(value, *units)

    def accept(self, figure: Any) -> Any:
        """Return a figure in this argument's units.

        Raises:
            UnitMismatch: it is another kind of figure, or of another dimension.
        """
        if not self.units:
            return self._plain(figure)
        try:
            if self.kind is Amount and isinstance(figure, Amount):
                (unit,) = self.units
                return figure if unit in {None, figure.unit} else figure.to(unit)
            if issubclass(self.kind, Price) and isinstance(figure, self.kind):
                (unit,) = self.units
                return figure if unit in {None, figure.per} else figure.at(unit)
            if self.kind is Per and isinstance(figure, Per):
                of, per = self.units
                return figure.to(of or figure.of, per or figure.per)
        except UnitMismatch as error:
            raise self._mismatch(figure) from error
        raise self._mismatch(figure)

    def _plain(self, figure: Any) -> Any:
        if isinstance(figure, Amount | Per):
            raise self._mismatch(figure)
        if isinstance(figure, np.ndarray) and not self.takes_arrays:
            raise InputRefused(field=self.name, expected="a single figure", found="an array")
        if self.kind is int and not isinstance(figure, bool) and figure == int(figure):
            return int(figure)
        if self.kind is bool and figure in {0, 1}:
            return bool(figure)
        if self.kind is float and not isinstance(figure, bool):
            return figure
        raise InputRefused(field=self.name, expected=self.wanted, found=str(figure))

    @property
    def wanted(self) -> str:
        """What is expected here, in words."""
        if not self.units:
            return {int: "a whole number", bool: "true or false"}.get(self.kind, "a plain number")
        symbols = "/".join("any unit" if unit is None else unit.symbol for unit in self.units)
        if self.kind is ShadowPrice:
            return f"yuan/{symbols} with its price basis"
        return f"yuan/{symbols}" if self.kind is Price else symbols

    def _mismatch(self, figure: Figure) -> UnitMismatch:
        return UnitMismatch(field=self.name, expected=self.wanted, found=symbol_of(figure))


def call(name: str, given: Mapping[str, Given]) -> Figure:
    """Run a call on figures with units.

    Raises:
        Unknown: no call has the name.
        InputRefused, UnitMismatch: an argument lacks, is too much, or is of another unit.
    """
    return _run(name, given, Argument.accept)


def call_with_numbers(name: str, given: Mapping[str, float | list[float]]) -> Number:
    """Run a call on bare numbers in the units of its arguments, and return the bare result.

    Raises:
        Unknown: no call has the name.
        InputRefused: an argument lacks, is too much, or outside its range.
    """
    return number_of(_run(name, given, Argument.bare))


@cache
def arguments_of(name: str) -> Mapping[str, Argument]:
    """Return the arguments of a call, read from its signature.

    Raises:
        Unknown: no call has the name.
    """
    function = CALLS.get(name)
    if function is None:
        raise Unknown(what="call", name=name)
    hints = get_type_hints(function)
    return MappingProxyType(
        {
            each.name: _argument(each.name, hints[each.name], each.default is not each.empty)
            for each in inspect.signature(function).parameters.values()
        }
    )


def _run(name: str, given: Mapping[str, Any], read: Callable[[Argument, Any], Any]) -> Figure:
    arguments = arguments_of(name)
    for key in given:
        if key not in arguments:
            expected = f"one of {', '.join(arguments)}"
            raise InputRefused(field=f"{name}.{key}", expected=expected, found=key)
    taken = {}
    for key, argument in arguments.items():
        if key not in given:
            if not argument.is_optional:
                raise InputRefused(field=f"{name}.{key}", expected=argument.wanted, found="none")
            continue
        taken[key] = _taken(argument, given[key], read)
    # What overflows is no figure, and whoever takes the result refuses it.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        return CALLS[name](**taken)


def _taken(argument: Argument, value: Any, read: Callable[[Argument, Any], Any]) -> Any:
    if isinstance(value, list | tuple):
        if not argument.is_list:
            raise InputRefused(field=argument.name, expected="a single figure", found="a list")
        return [read(argument, each) for each in value]
    if not argument.is_single:
        return [read(argument, value)]
    return read(argument, value)


def _argument(name: str, hint: Any, is_optional: bool) -> Argument:  # noqa: FBT001 - one caller
    parts = get_args(hint) if get_origin(hint) in {UnionType, Union} else (hint,)
    singles = [each for each in parts if not _is_list(each) and each is not _ARRAY]
    (single, *_) = singles or get_args(parts[0])
    kind = get_origin(single) or single
    units = tuple(
        None if isinstance(unit, TypeVar) else unit
        for unit in get_args(single)
        if isinstance(kind, type) and issubclass(kind, Amount | Per)
    )
    return Argument(
        name=name,
        kind=kind,
        units=units,
        is_single=bool(singles),
        is_list=any(_is_list(each) for each in parts),
        is_optional=is_optional,
        takes_arrays=_ARRAY in parts,
    )


def _is_list(hint: Any) -> bool:
    origin = get_origin(hint)
    return isinstance(origin, type) and origin.__name__ == "Sequence"


_ARRAY = get_args(Number)[1]
