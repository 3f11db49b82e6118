"""Any constant rasters: every service's sums are those of the calls upon areas, to 1e-9.

Before anything is quantised, and whichever way a service takes. Rows that cells clip or refuse are
clipped or refused by the calls as well.
"""

from typing import Any

import pytest

pytest.importorskip("rasterio", reason="rasterio is not installed (extra: raster)")

from hypothesis import given, settings
from hypothesis import strategies as st

from gep.calls import call
from gep.measures import CubicMetre, Hectare, Metre, Millimetre, Tonne, TonneCO2, TonneO2
from gep.raster.running import Outcome
from gep.units import Amount, Per
from tests.gep.raster.counties import County

SERVICES = ["water_yield", "R1", "R2", "R3", "R8", "R9", "R10"]
WITHIN = {
    "rain": (1.0, 4_000.0),
    "et": (0.0, 3_000.0),
    "reference_et": (0.0, 3_000.0),
    "available_water": (0.0, 1.0),
    "soil_depth": (0.0, 5_000.0),
    "storm_rain": (0.0, 900.0),
    "erosivity": (0.0, 30_000.0),
    "erodibility": (0.0, 0.2),
    "ls": (0.0, 200.0),
    "slope": (0.0, 90.0),
    "slope_length": (0.0, 500.0),
    "npp": (0.0, 40.0),
}
CLASS = {
    "vegetated": (0, 1),
    "crop": (0.0, 2.0),
    "root_mm": (0.0, 5_000.0),
    "runoff": (0.0, 1.0),
    "cover_factor": (0.0, 1.0),
    "practice": (0.0, 1.0),
    "curve_number": (1.0, 100.0),
}
SETTINGS = {
    "season": (1.0, 30.0),
    "heat": (2_200.0, 2_600.0),
    "efficiency": (1.0, 6.0),
    "carbon_factor": (0.5, 3.0),
    "oxygen_factor": (0.5, 3.0),
    "cooling_share": (0.0, 1.0),
}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    return County(tmp_path_factory.mktemp("county"), width=45, height=40)


def figures(of: dict[str, Any]) -> "st.SearchStrategy[dict[str, float]]":
    return st.fixed_dictionaries(
        {
            name: st.integers(low, high) if isinstance(low, int) else decimals(low, high)
            for name, (low, high) in of.items()
        }
    )


def decimals(low: float, high: float) -> "st.SearchStrategy[float]":
    """Return figures as a document may state them, which has no 1e-280."""
    return st.floats(low, high).map(lambda each: round(each, 9))


@settings(deadline=None, max_examples=30)
@given(
    values=figures(WITHIN),
    classes=st.lists(figures(CLASS), min_size=7, max_size=7),
    stated=figures(SETTINGS),
    is_measured=st.booleans(),
    is_whole_slope=st.booleans(),
)
def test_constant_rasters_are_a_table(
    county: County,
    *,
    values: dict[str, float],
    classes: list[dict[str, float]],
    stated: dict[str, float],
    is_measured: bool,
    is_whole_slope: bool,
) -> None:
    left_out = {
        name for name, is_given in (("et", is_measured), ("ls", is_whole_slope)) if not is_given
    }

    def constant(job: dict[str, Any]) -> None:
        job["rasters"] = {
            "cover": {"path": "cover.tif"},
            **{name: {"value": each} for name, each in values.items() if name not in left_out},
        }
        job["services"], job["outputs"], job["settings"] = SERVICES, [], stated
        del job["account"]
        for each, row in zip(job["classes"], classes, strict=True):
            each.update(row)

    outcome = county.run(county.folder / "work", constant)

    expected, sizes = table(outcome, values, stated, left_out)
    assert set(expected) == set(outcome.job.quantities)
    for name, found in expected.items():
        sums = sum(outcome.sum_of(name, number) for number in range(len(outcome.zones)))
        # What is left of two figures is as good as these, not as itself.
        least = 1e-12 * sizes.get(name.split("_")[0], 0.0)
        assert sums == pytest.approx(found, rel=1e-9, abs=least), name


def table(
    outcome: Outcome, values: dict[str, float], stated: dict[str, float], left_out: set[str]
) -> tuple[dict[str, float], dict[str, float]]:
    """Return every quantity by the calls that an account makes of areas of classes.

    Beside them the rain and the soil of bare ground, of which some quantities are what is left.
    """
    found = dict.fromkeys(outcome.job.quantities, 0.0)
    sizes = {"water": 0.0, "soil": 0.0}
    for kind, count in zip(outcome.job.classes, outcome.cells.sum(axis=0), strict=True):
        hectares = int(count) * outcome.grid.cell_hm2
        area = Amount(hectares, Hectare)
        row = dict(kind.figures)
        risen = modelled(values, row, stated) if "et" in left_out else values["et"]
        bare, kept = soil(values, row, area, left_out)
        parts = {
            **water(values, row, area, risen=risen),
            **cooling(row, area, risen=risen, stated=stated),
            **storms(values, row, area),
            **growth(values, stated, area),
            "soil_retained": kept,
            "soil_lost": bare - kept,
        }
        for name, each in parts.items():
            found[name] += each
        sizes["water"] += values["rain"] * hectares * 10
        sizes["soil"] += bare
    return found, sizes


def modelled(values: dict[str, float], row: dict[str, float], stated: dict[str, float]) -> float:
    rain = Amount(values["rain"], Millimetre)
    if not row["vegetated"]:
        other = {
            "rain": rain,
            "reference": Amount(values["reference_et"], Millimetre),
            "crop": row["crop"],
        }
        return value("R1.evapotranspiration_other", **other)
    depth = min(row["root_mm"], values["soil_depth"])
    return value(
        "R1.evapotranspiration",
        rain=rain,
        potential=Amount(row["crop"] * values["reference_et"], Millimetre),
        water_content=Amount(depth * values["available_water"], Millimetre),
        season=stated["season"],
    )


def water(
    values: dict[str, float], row: dict[str, float], area: Amount[Hectare], *, risen: float
) -> dict[str, float]:
    rain = Amount(values["rain"], Millimetre)
    given = {
        "rain": rain,
        "runoff": Amount(value("R1.runoff", rain=rain, coefficient=row["runoff"]), Millimetre),
        "evapotranspiration": Amount(risen, Millimetre),
        "area": area,
    }
    return {
        "water_conserved": value("R1.balance", **given),
        "water_clipped": value("R1.clipped", **given),
        "water_yield": (values["rain"] - risen) * float(area.value) * 10,
    }


def cooling(
    row: dict[str, float], area: Amount[Hectare], *, risen: float, stated: dict[str, float]
) -> dict[str, float]:
    share = row["vegetated"] * stated["cooling_share"]
    volume = Amount(risen * share * area.value * 10, CubicMetre)
    cooled = value(
        "R10.evapotranspiration",
        water=volume,
        heat=stated["heat"],
        efficiency=stated["efficiency"],
    )
    return {"evapotranspired": float(volume.value), "cooling": cooled}


def soil(
    values: dict[str, float], row: dict[str, float], area: Amount[Hectare], left_out: set[str]
) -> tuple[float, float]:
    relief = values["ls"]
    if "ls" in left_out:
        length = Amount(values["slope_length"], Metre)
        relief = value("rusle.slope", degrees=values["slope"])
        relief *= value("rusle.length", length=length, degrees=values["slope"])
    given = {
        "erosivity": values["erosivity"],
        "erodibility": values["erodibility"],
        "slope": relief,
        "area": area,
    }
    bare = value("R2.retained", **given, cover=0.0, practice=1.0)
    kept = value("R2.retained", **given, cover=row["cover_factor"], practice=row["practice"])
    return bare, kept


def storms(
    values: dict[str, float], row: dict[str, float], area: Amount[Hectare]
) -> dict[str, float]:
    rain = Amount(values["storm_rain"], Millimetre)
    run = value("R3.scs_runoff", rain=rain, curve_number=row["curve_number"])
    held = value("R3.vegetation", rain=rain, runoff=Amount(run, Millimetre), area=area)
    return {"storm_water_held": held, "storm_runoff": run * float(area.value) * 10}


def growth(
    values: dict[str, float], stated: dict[str, float], area: Amount[Hectare]
) -> dict[str, float]:
    grown = Amount(values["npp"] * area.value, Tonne)
    fixed = Per(stated["carbon_factor"], TonneCO2, Tonne)
    released = Per(stated["oxygen_factor"], TonneO2, Tonne)
    return {
        "carbon_dioxide": value("R8.fixation", dry_matter=grown, factor=fixed),
        "oxygen": value("R9.release", dry_matter=grown, factor=released),
    }


def value(name: str, **arguments: Any) -> float:
    found: Any = call(name, arguments)
    return float(found.value if isinstance(found, Amount) else found)
