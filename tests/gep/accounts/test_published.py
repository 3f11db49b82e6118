"""Published accounts and totals, computed again: gep.md 5.1 and 5.2."""

from decimal import Decimal

import pytest

from gep.accounts.account import WarningCode, yuan_of
from gep.accounts.indices import display_difference, grouped, in_million, indices_of
from gep.registry.service import Group
from gep.units import PriceBasis
from tests.gep.accounts.planning import account, example

HUNDRED_MILLION = Decimal(10**8)


def given(service: str, yuan: str, name: str = "") -> dict[str, str]:
    return {"id": name or service, "service": service, "given_yuan": yuan, "source": "printed"}


def test_ganzi_comes_out_as_it_was_published() -> None:
    ganzi = example("ganzi-2010")

    total = yuan_of(ganzi.total) / HUNDRED_MILLION
    assert float(total) == pytest.approx(7545.59, rel=0.0005)
    assert float(total) == pytest.approx(7548.922, abs=0.0005)
    assert float(ganzi.subtotals[Group.MATERIAL]) / 1e10 == pytest.approx(632.64, rel=0.0005)
    assert float(ganzi.subtotals[Group.REGULATING]) / 1e10 == pytest.approx(6842.28, rel=0.0005)
    assert float(ganzi.subtotals[Group.CULTURAL]) / 1e10 == pytest.approx(70.67, rel=0.0005)
    assert ganzi.price_basis is PriceBasis.CAPITAL
    assert sum(line.method == "given" for line in ganzi.lines) == 3
    codes = {each.code for each in ganzi.warnings}
    assert codes == {WarningCode.GIVEN_LINES, WarningCode.OXYGEN_AND_CARBON_DIFFER}


@pytest.mark.parametrize(
    ("include_non_use", "total", "per_hectare"),
    [("on", 35.546, 226_000), ("off", 34.563, 219_800)],
)
def test_baiyangdian_comes_out_with_and_without_non_use(
    include_non_use: str, total: float, per_hectare: float
) -> None:
    made = example("baiyangdian-2011", include_non_use=include_non_use == "on")

    assert made.total / 1e10 == pytest.approx(total, rel=0.0005)
    assert float(indices_of(made).per_km2_yuan) / 100 == pytest.approx(per_hectare, rel=0.0005)


def test_zhangdu_lake_prints_its_two_figures() -> None:
    area = {"id": "420117", "name": "涨渡湖", "km2": "77.77481357740184"}
    made = account(area=area, lines=[given("R1", "2318568300")])

    assert in_million(yuan_of(made.total)) == "2,318.5683"
    assert in_million(indices_of(made).per_km2_yuan) == "29.8113"


def test_ninghai_converts_what_does_not_regulate() -> None:
    area = {"id": "330226", "name": "宁海", "km2": "1843", "gdp_yuan": "60240669856.45933"}
    made = account(
        area=area, lines=[given("R1", "67059000000"), given("M1", "58844000000", "the rest")]
    )
    found = indices_of(made)

    assert yuan_of(made.total) == Decimal("125903000000.00")
    assert yuan_of(found.conversion) == Decimal("58844000000.00")
    assert found.regulating_share is not None
    assert float(found.regulating_share) == pytest.approx(0.5326, abs=0.00005)
    assert found.gep_to_gdp is not None
    assert float(found.gep_to_gdp) == pytest.approx(2.09, abs=0.005)


def test_shenzhen_adds_up_exactly() -> None:
    made = account(
        lines=[
            given("M1", "2355000000"),
            given("R10", "48824000000"),
            given("R1", "11719000000"),
            given("R2", "9409000000"),
            given("C2", "41939000000"),
            given("C3", "10975000000"),
            given("C1", "5161000000"),
        ]
    )
    found = indices_of(made)

    assert yuan_of(made.subtotals[Group.REGULATING]) == Decimal(69_952_000_000)
    assert yuan_of(made.subtotals[Group.CULTURAL]) == Decimal(58_075_000_000)
    assert yuan_of(made.total) == Decimal(130_382_000_000)
    assert found.regulating_share is not None
    assert float(found.regulating_share) == pytest.approx(0.537, abs=0.0005)
    assert display_difference(made) == 0


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("52946045.400000", "52,946,045.4"),
        ("0.000001", "0.000001"),
        ("0", "0"),
        ("5.8185E-18", "5.8185e-18"),
        ("107752787887500000000000.000000", "1.077527878875e+23"),
    ],
)
def test_figures_beyond_sense_are_shown_by_powers_of_ten(value: str, shown: str) -> None:
    assert grouped(Decimal(value)) == shown
