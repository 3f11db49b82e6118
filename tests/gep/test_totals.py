"""Published totals: what follows from their printed figures does, and only that is asked."""

import json
from pathlib import Path
from typing import Any

import pytest

from gep.calls import call_with_numbers

FILE = Path(__file__).parent / "data" / "gep_vectors.json"
TOTALS: dict[str, Any] = {each["id"]: each for each in json.loads(FILE.read_bytes())["totals"]}


def ratio(part: float, whole: float) -> float:
    return float(call_with_numbers("index.ratio", {"part": part, "whole": whole}))


def row(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return TOTALS[name], TOTALS[name].get("derived", {})


@pytest.mark.parametrize("name", ["T01", "T02"])
def test_the_lakes_of_wuhan_have_the_area_that_their_figures_imply(name: str) -> None:
    printed, derived = row(name)

    per_km2 = call_with_numbers(
        "index.per_area", {"value": printed["gep_1e4_yuan"], "area": derived["area_km2"]}
    )
    assert per_km2 == pytest.approx(printed["per_km2_1e4_yuan"], rel=1e-9)


def test_the_services_of_wuhan_add_up() -> None:
    printed, derived = row("T04")
    values = [printed[f"{name}_1e8"] for name in ("forest", "wetland", "green")]

    assert call_with_numbers("total.sum", {"values": values}) == pytest.approx(
        derived["sum_1e8"], rel=1e-9
    )


def test_ninghai_grew_from_what_its_growth_implies() -> None:
    printed, derived = row("T05")
    grown = call_with_numbers(
        "index.growth", {"first": derived["gep_2011_1e8"], "last": printed["gep_1e8"]}
    )

    assert grown * 100 == pytest.approx(printed["growth_since_2011_pct"], rel=1e-9)
    assert ratio(printed["gep_1e8"], derived["gdp_2018_1e8"]) == pytest.approx(
        printed["gep_over_gdp"], rel=1e-9
    )
    assert ratio(printed["regulating_1e8"], printed["gep_1e8"]) == pytest.approx(
        0.5326, abs=0.00005
    )


def test_lishui_is_worth_so_much_a_square_kilometre() -> None:
    printed, derived = row("T06")
    area = printed["natural_ecosystem_area_km2"]

    per_km2 = call_with_numbers("index.per_area", {"value": printed["gep_1e8"] * 1e4, "area": area})
    assert per_km2 == pytest.approx(derived["per_km2_1e4_yuan"], rel=1e-9)


@pytest.mark.parametrize(("name", "scale"), [("T08", "1e12"), ("T09", "1e9")])
def test_gep_to_gdp_gives_the_gdp_that_is_derived(name: str, scale: str) -> None:
    printed, derived = row(name)

    assert ratio(printed[f"gep_{scale}"], derived[f"gdp_{scale}"]) == pytest.approx(
        printed["ggi"], rel=1e-9
    )


@pytest.mark.parametrize(
    ("name", "part", "whole", "expected", "half_a_digit"),
    [
        ("T08", "regulating_1e12", "gep_1e12", 0.730, 0.0005),
        ("T10", "climate_1e9", "gep_1e9", 0.4934, 0.00005),
        ("T11", "regulating_1e8", "gep_1e8", 0.537, 0.0005),
        ("T11", "climate_1e8", "gep_1e8", 0.374, 0.0005),
        ("T15", "gep_2019_1e12", "gdp_2019_1e12", 2.6, 0.05),
    ],
)
def test_a_printed_share_recomputes_to_its_last_digit(
    name: str, part: str, whole: str, expected: float, half_a_digit: float
) -> None:
    printed, _ = row(name)

    assert ratio(printed[part], printed[whole]) == pytest.approx(expected, abs=half_a_digit)


def test_the_growth_of_inner_mongolia_comes_from_figures_that_were_not_printed() -> None:
    printed, _ = row("T15")
    years = {"first": printed["gep_2015_1e12"], "last": printed["gep_2019_1e12"]}
    grown = call_with_numbers("index.growth", years)

    assert grown * 100 == pytest.approx(13.71, abs=0.005)
    assert grown * 100 == pytest.approx(printed["growth_pct"], rel=0.005)
