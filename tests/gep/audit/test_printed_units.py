"""Units as Chinese papers print them, and what they are of ours."""

from decimal import Decimal

import pytest

from gep.audit.printed_units import conversion, unit_of_product, unit_printed


@pytest.mark.parametrize(
    ("text", "unit", "times"),
    [
        ("万吨", "t", 10**4),
        ("亿立方米", "m3", 10**8),
        ("亿m³", "m3", 10**8),
        ("万元", "yuan", 10**4),
        ("万亿元", "yuan", 10**12),
        ("万千瓦时", "kWh", 10**4),
        ("千克", "kg", 1),
        ("千吨", "t", 1000),
        ("万t/a", "t", 10**4),
        ("元/吨", "yuan/t", 1),
        ("元/千克", "yuan/kg", 1),
        ("万元/公顷·a", "yuan/hm2", 10**4),
        ("元/(t·a)", "yuan/t", 1),
        ("万吨CO₂", "t_CO2", 10**4),
        ("吨碳", "t_C", 1),
        ("万人次", "visit", 10**4),
        ("%", "1", Decimal("0.01")),
        ("t_CO2/t", "t_CO2/t", 1),
        # What nobody knows stays as it is printed.
        ("箱", "箱", 1),
        ("元/箱", "元/箱", 1),
    ],
)
def test_a_printed_unit_is_a_multiple_of_ours(text: str, unit: str, times: Decimal | int) -> None:
    assert unit_printed(text) == (unit, Decimal(times))


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        (["t", "t/t"], ("t", 1)),
        (["t", "kg/t"], ("kg", 1)),
        (["km2", "t/hm2"], ("t", 100)),
        # One millimetre on one hectare is 10 cubic metres.
        (["mm", "hm2"], ("m3", 10)),
        (["t", "t_CO2/t"], ("t_CO2", 1)),
        (["t/hm2", "kg/t"], None),
        (["1", "m3"], ("m3", 1)),
        (["箱", "m3"], None),
    ],
)
def test_a_product_has_the_unit_of_its_factors(
    units: list[str], expected: tuple[str, int] | None
) -> None:
    found = unit_of_product(units)

    assert found == (None if expected is None else (expected[0], Decimal(expected[1])))


def test_only_units_of_one_dimension_are_converted() -> None:
    assert conversion("t", "kg") == 1000
    assert conversion("t_C", "t_CO2") is None
    assert conversion("箱", "kg") is None
