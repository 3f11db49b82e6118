"""Unlike units never meet, a shadow price keeps its basis, conversions go by name."""

import pytest

from gep.calls import call, call_with_numbers
from gep.errors import BasisMixed, InputRefused, UnitMismatch, Unknown
from gep.measures import (
    CubicMetre,
    Hectare,
    Kilogram,
    SquareKilometre,
    Tonne,
    TonneC,
    TonneCO2,
    figure_of,
    number_of,
    symbol_of,
)
from gep.services.carbon_and_oxygen import carbon, carbon_dioxide, value
from gep.services.pricing import annualised
from gep.units import Amount, Money, Per, Price, PriceBasis, ShadowPrice, Yuan

CAPITAL = ShadowPrice(6.11, CubicMetre, basis=PriceBasis.CAPITAL)
ANNUALISED = ShadowPrice(0.2, CubicMetre, basis=PriceBasis.ANNUALISED)
WATER = Amount(100.0, CubicMetre)


def test_tonnes_of_carbon_are_no_tonnes_of_carbon_dioxide() -> None:
    with pytest.raises(UnitMismatch, match="expected t_CO2, found t_C"):
        value(quantity=Amount(1.0, TonneC), price=Price(380.0, TonneCO2))  # type: ignore[arg-type]  # the refusal is the test
    with pytest.raises(UnitMismatch):
        Amount(1.0, TonneC) + Amount(1.0, TonneCO2)  # type: ignore[arg-type]  # the same
    with pytest.raises(UnitMismatch):
        Amount(1.0, TonneC).to(TonneCO2)


def test_carbon_and_its_dioxide_are_twelve_to_fortyfour() -> None:
    assert carbon_dioxide(quantity=Amount(12.0, TonneC)) == Amount(44.0, TonneCO2)
    assert carbon(quantity=Amount(44.0, TonneCO2)) == Amount(12.0, TonneC)


def test_a_sum_keeps_the_basis_of_its_prices() -> None:
    both = WATER * CAPITAL + Money(5.0)

    assert (both.value, both.basis) == (616.0, PriceBasis.CAPITAL)
    assert (Money(5.0) - WATER * ANNUALISED).basis is PriceBasis.ANNUALISED
    with pytest.raises(BasisMixed):
        WATER * CAPITAL + WATER * ANNUALISED


def test_a_shadow_project_takes_no_price_without_a_basis() -> None:
    with pytest.raises(UnitMismatch, match="yuan/m3 with its price basis"):
        call("R1.value", {"quantity": WATER, "price": Price(6.11, CubicMetre)})


def test_only_a_capital_price_is_made_annual() -> None:
    operation = Price(0.05, CubicMetre)

    yearly = annualised(capital=CAPITAL, depreciation=0.02, operation=operation)

    assert yearly.basis is PriceBasis.ANNUALISED
    assert yearly.value == pytest.approx(0.1722)
    with pytest.raises(InputRefused, match="CAPITAL"):
        annualised(capital=ANNUALISED, depreciation=0.02, operation=operation)


@pytest.mark.parametrize(
    ("given", "unit", "expected"),
    [
        (Amount(1.0, SquareKilometre), Hectare, 100.0),
        (Amount(2500.0, Kilogram), Tonne, 2.5),
    ],
)
def test_units_of_one_dimension_are_converted(
    given: Amount[SquareKilometre], unit: type[Hectare], expected: float
) -> None:
    assert given.to(unit).value == pytest.approx(expected, rel=1e-15)


def test_rates_and_prices_are_converted_by_call() -> None:
    dust = Per(10_110.0, Kilogram, Hectare)

    taken = call("R6.capacity", {"rate": dust, "area": Amount(1.0, SquareKilometre)})
    priced = call("R6.value", {"quantity": Amount(2.0, Tonne), "price": Price(0.23, Kilogram)})

    assert symbol_of(taken) == "t"
    assert number_of(taken) == pytest.approx(1011.0)
    assert number_of(priced) == pytest.approx(460.0)


@pytest.mark.parametrize(
    "symbol", ["t", "t_C", "yuan", "yuan/m3", "t/hm2", "t_CO2/t", "kWh/m3", "1"]
)
def test_what_is_written_beside_a_figure_reads_back(symbol: str) -> None:
    assert symbol_of(figure_of(3.0, symbol)) == symbol


@pytest.mark.parametrize("symbol", ["tons", "t C", "yuan/", "", "t/ha"])
def test_an_unknown_unit_is_refused(symbol: str) -> None:
    with pytest.raises(UnitMismatch):
        figure_of(1.0, symbol)


def test_a_basis_stands_beside_prices_alone() -> None:
    assert figure_of(6.11, "yuan/m3", PriceBasis.CAPITAL) == CAPITAL
    with pytest.raises(UnitMismatch, match="a price"):
        figure_of(6.11, "m3", PriceBasis.CAPITAL)


@pytest.mark.parametrize(
    ("name", "given", "field"),
    [
        ("R1.balance", {"rain": -1, "runoff": 0, "evapotranspiration": 0, "area": 1}, "rain"),
        ("R1.runoff", {"rain": 1, "coefficient": 1.1}, "coefficient"),
        ("R1.runoff", {"rain": float("nan"), "coefficient": 0.1}, "rain"),
        ("R2.siltation", {"soil": 1, "density": 0, "price": 1}, "density"),
        ("R3.events", {"peaks": [1, 2], "starts": [0]}, "starts"),
        ("R3.events", {"peaks": [1], "starts": [2]}, "peaks"),
        ("R3.vegetation", {"rain": 10, "runoff": 20, "area": 1}, "rain_less_runoff"),
        ("R4.fixed", {"potential": 1, "actual": 2}, "actual"),
        ("R8.carbon_dioxide", {"quantity": -1}, "quantity"),
        ("R14.class_price", {"index": 1, "prices": [1, 2]}, "prices"),
        ("rusle.erosivity", {"rain": 10, "month": 13}, "month"),
        ("rusle.erosivity", {"rain": 10, "month": 1.5}, "month"),
        ("rusle.erodibility_epic", {"sand": 100, "silt": 0, "clay": 0, "carbon": 1}, "silt"),
        ("index.ratio", {"part": 1, "whole": 0}, "whole"),
        ("npv.annuity_due", {"flow": 1, "rate": 0.1, "years": 0}, "years"),
        ("total.sum", {"values": []}, "values"),
        ("M.value", {"quantity": 1}, "M.value.price"),
        ("M.value", {"quantity": 1, "price": 1, "cost": 1}, "M.value.cost"),
        ("R1.runoff", {"rain": [1], "coefficient": 0.1}, "rain"),
    ],
)
def test_a_figure_that_a_formula_cannot_take_is_refused_by_name(
    name: str, given: dict[str, float | list[float]], field: str
) -> None:
    with pytest.raises(InputRefused) as refused:
        call_with_numbers(name, given)

    assert refused.value.field == field
    assert refused.value.expected


def test_an_unknown_call_is_refused() -> None:
    with pytest.raises(Unknown) as refused:
        call("R1.guess", {})

    assert refused.value.code == "gep.call_unknown"


def test_money_is_an_amount_of_yuan() -> None:
    assert Money(3.0).unit is Yuan
    assert Money(3.0).times(2.0) == Money(6.0)
