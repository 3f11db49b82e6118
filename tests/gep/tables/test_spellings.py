"""Numbers, units and texts as people write them in cells."""

from decimal import Decimal

import pytest

from gep.errors import UnitMismatch
from gep.tables.spellings import cell_text, number_in, text_in, unit_in


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1390", "1390"),
        ("12.60", "12.60"),
        ("1,390", "1390"),
        ("1,234,567.5", "1234567.5"),
        ("1390.5", "1390.5"),
        ("\uff11\uff0c\uff13\uff19\uff10", "1390"),
        ("\uff19\uff15\uff05", "0.95"),
        (" 1 390 ", "1390"),
        ("−12", "-12"),
        ("+7.1", "7.1"),
        ("95%", "0.95"),
        ("12.5%", "0.125"),
        ("1E+3", "1E+3"),
        ("007", "7"),
    ],
)
def test_a_number_is_understood(written: str, meant: str) -> None:
    assert number_in(written) == meant


@pytest.mark.parametrize(
    "written", ["1,39", "1.390,5", "12,3456", "forest", "", "1-2", "NaN", "0x1"]
)
def test_what_could_mean_two_things_is_no_number(written: str) -> None:
    assert number_in(written) is None


@pytest.mark.parametrize(
    ("written", "symbol", "scale"),
    [
        ("万m³", "m3", "10000"),
        ("亿立方米", "m3", "100000000"),
        ("亩", "mu", "1"),
        ("万亩", "mu", "10000"),
        ("hm²", "hm2", "1"),
        ("公顷", "hm2", "1"),
        ("km²", "km2", "1"),
        ("㎡", "m2", "1"),
        ("吨CO2", "t_CO2", "1"),
        ("t CO₂", "t_CO2", "1"),
        ("万吨二氧化碳", "t_CO2", "10000"),
        ("tC", "t_C", "1"),
        ("吨碳", "t_C", "1"),
        ("吨", "t", "1"),
        ("万元", "yuan", "10000"),
        ("元/吨", "yuan/t", "1"),
        ("元/tCO2", "yuan/t_CO2", "1"),
        ("万元/km2", "yuan/km2", "10000"),
        ("t/(hm²·a)", "t/hm2", "1"),
        ("kg/hm2·年", "kg/hm2", "1"),
        ("万m3/a", "m3", "10000"),
        ("千瓦时", "kWh", "1"),
        ("千米", "km", "1"),
        ("万人次", "visit", "10000"),
        ("%", "1", "0.01"),
        ("1", "1", "1"),
    ],
)
def test_a_unit_is_understood(written: str, symbol: str, scale: str) -> None:
    found = unit_in(written)

    assert (found.symbol, found.scale) == (symbol, Decimal(scale))


@pytest.mark.parametrize("written", ["tCO2e", "吨标煤", "元/万吨", "T", "cubic", "万", "t/", "/t"])
def test_another_unit_is_refused(written: str) -> None:
    with pytest.raises(UnitMismatch):
        unit_in(written)


@pytest.mark.parametrize(
    "text", ["forest", "=1+1", "@cmd", "+8", " edge ", '"', '"x"', "a\nb", "\x07", "-5", "'t"]
)
def test_a_text_comes_back_and_never_begins_as_a_formula(text: str) -> None:
    held = cell_text(text)

    assert text_in(held) == text
    assert held == text or held.startswith('"')
    assert not held.startswith(("=", "@"))
