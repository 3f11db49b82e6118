"""Any constant rasters: every service's sums are those of the calls upon areas, to 1e-9.

Before anything is quantised, and whichever way a service takes. Rows that cells clip or refuse are
clipped or refused by the calls as well.
"""

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("rasterio", reason="rasterio is not installed (extra: raster)")

import numpy as np
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
            name: st.integers(low, high) if isinstance(low, int) else st.floats(low, high)
            for name, (low, high) in of.items()
        }
    )


@settings(deadline=None, max_examples=30)
@given(
    values=figures(WITHIN),
    classes=st.lists(figures(CLASS), min_size=7, max_size=7),
    stated=figures(SETTINGS),
    is_measured=st.booleans(),
    is_whole_slope=st.booleans(),
)
def test_constant_rasters_are_a_table(  # noqa: PLR0913 - a job has so many parts
    county: County,
    *,
    values: dict[str, float],
    classes: list[dict[str, float]],
    stated: dict[str, float],
    is_measured: bool,
    is_whole_slope: bool,
) -> None:
    left_out = {"et" if not is_measured else "", "ls" if not is_whole_slope else ""}

    def constant(job: dict[str, Any]) -> None:
        job["rasters"] = {
            "cover": {"path": "cover.tif"},
            **{name: {"value": each} for name, each in values.items() if name not in left_out},
        }
        job["services"], job["outputs"], job["settings"] = SERVICES, [], stated
        del job["account"]
        for each, row in zip(job["classes"], classes, strict=True):
            each |= row

    outcome = county.run(county.folder / "work", constant)

    expected = table(
        outcome, values, stated, is_measured=is_measured, is_whole_slope=is_whole_slope
    )
    scale = outcome.cells.sum() * outcome.grid.cell_hm2
    assert set(expected) == set(outcome.job.quantities)
    for name, found in expected.items():
        sums = sum(outcome.sum_of(name, number) for number in range(len(outcome.zones)))
        # A difference of large figures keeps the accuracy of these, not of what is left of them.
        least = 1e-9 * 10 * scale * values["rain"] if name.startswith("water") else 1e-9
        assert sums == pytest.approx(found, rel=1e-9, abs=min(least, 1e-3) * 1e-3), name


def table(
    outcome: Outcome,
    values: dict[str, float],
    stated: dict[str, float],
    *,
    is_measured: bool,
    is_whole_slope: bool,
) -> dict[str, float]:
    """Return every quantity by the calls that an account makes of areas of classes."""
    found = dict.fromkeys(outcome.job.quantities, 0.0)
    for kind, count in zip(outcome.job.classes, outcome.cells.sum(axis=0), strict=True):
        area = Amount(int(count) * outcome.grid.cell_hm2, Hectare)
        row = dict(kind.figures)
        et = Amount(values["et"], Millimetre) if is_measured else modelled(values, row, stated)
        for part in (
            water(values, row, et, area=area, share=stated["cooling_share"], stated=stated),
            soil(values, row, area, is_whole_slope=is_whole_slope),
            storms(values, row, area),
            growth(values, stated, area),
        ):
            for name, each in part.items():
                found[name] += each
    return found


def modelled(
    values: dict[str, float], row: dict[str, float], stated: dict[str, float]
) -> "Amount[Millimetre]":
    rain = Amount(values["rain"], Millimetre)
    reference = Amount(values["reference_et"], Millimetre)
    if not row["vegetated"]:
        given: Any = {"rain": rain, "reference": reference, "crop": row["crop"]}
        return call("R1.evapotranspiration_other", given)  # type: ignore[return-value]
    depth = min(row["root_mm"], values["soil_depth"])
    given = {
        "rain": rain,
        "potential": Amount(row["crop"] * values["reference_et"], Millimetre),
        "water_content": Amount(depth * values["available_water"], Millimetre),
        "season": stated["season"],
    }
    return call("R1.evapotranspiration", given)  # type: ignore[return-value]


