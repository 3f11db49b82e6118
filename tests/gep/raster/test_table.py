"""A table of areas by rates and rasters of the same rates give the same sums."""

from typing import Any

import pytest

pytest.importorskip("rasterio", reason="rasterio is not installed (extra: raster)")

from gep.calls import call
from gep.measures import CubicMetre, Hectare, Metre, Millimetre, Tonne, TonneCO2, TonneO2
from gep.raster.running import Outcome
from gep.units import Amount, Per
from tests.gep.raster.counties import County

VALUES = {
    "rain": 1_390.0,
    "et": 720.0,
    "storm_rain": 140.0,
    "erosivity": 5_200.0,
    "erodibility": 0.031,
    "slope": 7.0,
    "slope_length": 90.0,
    "npp": 5.1,
}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    county = County(tmp_path_factory.mktemp("county"), width=70, height=60)

    def constant(job: dict[str, Any]) -> None:
        job["rasters"] = {
            "cover": {"path": "cover.tif"},
            **{name: {"value": value} for name, value in VALUES.items()},
        }
        job["outputs"] = []
        del job["account"]
        job["classes"][3]["runoff"] = 0.99  # more than the rain leaves: a negative balance

    return county.run(county.folder / "work", constant)


def table(outcome: Outcome) -> tuple[list[Any], dict[str, list[Any]]]:
    """Return areas and figures by class over all zones, as an account would list them."""
    areas = [Amount(int(n) * outcome.grid.cell_hm2, Hectare) for n in outcome.cells.sum(axis=0)]
    names = outcome.job.classes[0].figures
    return areas, {name: [each.figures[name] for each in outcome.job.classes] for name in names}


def total(outcome: Outcome, quantity: str) -> Any:
    sums = sum(outcome.sum_of(quantity, number) for number in range(len(outcome.zones)))
    return pytest.approx(sums, rel=1e-9)


def test_water_of_classes_is_that_of_cells(outcome: Outcome) -> None:
    areas, figures = table(outcome)
    rain = Amount(VALUES["rain"], Millimetre)
    runoff = [call("R1.runoff", {"rain": rain, "coefficient": each}) for each in figures["runoff"]]
    given: Any = {
        "rain": rain,
        "runoff": runoff,
        "evapotranspiration": Amount(VALUES["et"], Millimetre),
        "area": areas,
    }

    assert call("R1.balance", given) == Amount(total(outcome, "water_conserved"), CubicMetre)
    assert call("R1.clipped", given) == Amount(total(outcome, "water_clipped"), CubicMetre)
    assert sum(outcome.sum_of("water_clipped", number) for number in range(4)) > 0


def test_soil_of_classes_is_that_of_cells(outcome: Outcome) -> None:
    areas, figures = table(outcome)
    degrees = VALUES["slope"]
    length = Amount(VALUES["slope_length"], Metre)
    slope: Any = call("rusle.slope", {"degrees": degrees})
    longer: Any = call("rusle.length", {"length": length, "degrees": degrees})
    given: Any = {
        "erosivity": VALUES["erosivity"],
        "erodibility": VALUES["erodibility"],
        "slope": slope * longer,
        "cover": figures["cover_factor"],
        "practice": figures["practice"],
        "area": areas,
    }

    assert call("R2.retained", given) == Amount(total(outcome, "soil_retained"), Tonne)


def test_storms_of_classes_are_those_of_cells(outcome: Outcome) -> None:
    areas, figures = table(outcome)
    rain = Amount(VALUES["storm_rain"], Millimetre)
    runoff: Any = [
        call("R3.scs_runoff", {"rain": rain, "curve_number": each})
        for each in figures["curve_number"]
    ]
    held = call("R3.vegetation", {"rain": rain, "runoff": runoff, "area": areas})

    assert held == Amount(total(outcome, "storm_water_held"), CubicMetre)


def test_growth_and_cooling_of_classes_are_those_of_cells(outcome: Outcome) -> None:
    areas, figures = table(outcome)
    settings = outcome.job.settings
    hectares = sum(each.value for each in areas)
    grown = Amount(VALUES["npp"] * hectares, Tonne)
    green = sum(
        area.value for area, is_green in zip(areas, figures["vegetated"], strict=True) if is_green
    )
    water = Amount(VALUES["et"] * green * 10 * settings.cooling_share, CubicMetre)
    fixed = call("R8.fixation", {"dry_matter": grown, "factor": Per(1.63, TonneCO2, Tonne)})
    released = call("R9.release", {"dry_matter": grown, "factor": Per(1.19, TonneO2, Tonne)})
    cooled: Any = call(
        "R10.evapotranspiration", {"water": water, "heat": 2450.0, "efficiency": 3.0}
    )

    assert fixed == Amount(total(outcome, "carbon_dioxide"), TonneCO2)
    assert released == Amount(total(outcome, "oxygen"), TonneO2)
    assert cooled.value == total(outcome, "cooling")
