"""A job's document is read strictly: each mistake has its place, its code and what was expected."""

import json
from pathlib import Path
from typing import Any

import pytest

from gep.errors import Malformed
from gep.raster.job_file import read_job
from kernel.errors import DomainError

FOLDER = Path("maps")
ROW = {"parameter": "runoff.coefficient", "dims": {"cover": "wetland"}}
OVERRIDE = {
    "key": "climate.efficiency",
    "value": "3.2",
    "unit": "1",
    "author": "A. Analyst",
    "reason": "measured",
    "source": "made up",
}


def document(**changes: Any) -> bytes:
    job: dict[str, Any] = {
        "id": "small",
        "year": 2026,
        "parameters": "zhejiang-0.1",
        "rasters": {
            "cover": {"path": "cover.tif"},
            "rain": {"path": "rain.tif"},
            "et": {"value": 700},
        },
        "zones": "zones.geojson",
        "services": ["R1", "R10"],
        "classes": [{"code": 1, "name": "forest", "runoff": ROW, "vegetated": True}],
    }
    return json.dumps(job | changes).encode()


def test_a_job_finds_paths_beside_it_and_figures_in_their_rows() -> None:
    job = read_job(document(), FOLDER)

    assert job.rasters["rain"].path == FOLDER / "rain.tif"
    assert job.rasters["et"].value == 700
    assert job.needed == ("cover", "rain", "et")
    assert job.classes[0].figures == {"runoff": 0.0, "vegetated": 1.0}
    assert (job.settings.heat, job.settings.efficiency) == (2450, 3.0)
    assert job.unchecked == ("runoff.coefficient[cover=wetland]",)
    assert job.ways["R1"].method == "R1.balance, ET of a raster"


COVER = {"path": "cover.tif"}
RAIN = {"path": "rain.tif"}
CLASS = {"code": 1, "name": "forest", "runoff": 0.1, "vegetated": True}


@pytest.mark.parametrize(
    ("changes", "code", "place"),
    [
        ({"rasters": {"rain": RAIN}}, "raster_missing", "rasters"),
        ({"rasters": {"cover": COVER, "rain": RAIN}}, "raster_missing", "rasters"),
        ({"rasters": {"cover": COVER, "snow": RAIN}}, "raster_unknown", "rasters.snow"),
        ({"rasters": {"cover": {"value": 1}}}, "unknown_key", "rasters.cover.value"),
        (
            {"rasters": {"cover": COVER | {"resample": "bilinear"}}},
            "unknown_value",
            "rasters.cover.resample",
        ),
        (
            {"rasters": {"cover": COVER, "rain": {"value": -1}}},
            "out_of_range",
            "rasters.rain.value",
        ),
        ({"services": []}, "wrong_type", "services"),
        ({"services": ["R1", "R1"]}, "doubled_id", "services[1]"),
        ({"services": ["R4"]}, "service_unknown", "services[0]"),
        ({"classes": []}, "wrong_type", "classes"),
        ({"classes": [CLASS, CLASS]}, "doubled_id", "classes[1]"),
        (
            {"classes": [{"code": 1, "name": "x", "runoff": 0}]},
            "key_missing",
            "classes[0].vegetated",
        ),
        ({"classes": [CLASS | {"runoff": 1.1}]}, "out_of_range", "classes[0].runoff"),
        (
            {"classes": [CLASS | {"runoff": {"parameter": "no.such"}}]},
            "parameter_unknown",
            "classes[0].runoff.parameter",
        ),
        ({"outputs": ["gold"]}, "unknown_value", "outputs"),
        ({"account": {"id": "x", "lines": []}}, "unknown_key", "account.id"),
        ({"account": {"area": {"km2": 1}, "lines": []}}, "unknown_key", "account.area.km2"),
        ({"overrides": [OVERRIDE]}, "override_in_raster", "settings.efficiency"),
        ({"grid": {"crs": "auto", "cell_m": 0}}, "out_of_range", "grid.cell_m"),
        ({"grid": {"crs": "/etc/x.prj", "cell_m": 9}}, "projection_unknown", "grid.crs"),
        ({"grid": {"crs": "http://x/y", "cell_m": 9}}, "projection_unknown", "grid.crs"),
        ({"parameters": "none"}, "parameter_set_unknown", "parameters"),
        ({"planet": "Mars"}, "unknown_key", "planet"),
        (
            {"rasters": {"cover": COVER, "rain": RAIN | {"scale": 1e12}, "et": {"value": 700}}},
            "out_of_range",
            "rasters.rain.scale",
        ),
        (
            {"rasters": {"cover": COVER, "rain": RAIN | {"scale": 0}, "et": {"value": 700}}},
            "out_of_range",
            "rasters.rain.scale",
        ),
        (
            {"rasters": {"cover": COVER, "rain": {"value": 1e9}, "et": {"value": 700}}},
            "out_of_range",
            "rasters.rain.value",
        ),
        ({"settings": {"season": 0}}, "out_of_range", "settings.season"),
        ({"settings": {"efficiency": 0}}, "out_of_range", "settings.efficiency"),
        ({"settings": {"heat": 2.45}}, "out_of_range", "settings.heat"),
        ({"settings": {"cooling_share": 1.5}}, "out_of_range", "settings.cooling_share"),
        ({"settings": {"slope_length_max": 1e6}}, "out_of_range", "settings.slope_length_max"),
        ({"classes": [CLASS | {"curve_number": 900}]}, "out_of_range", "classes[0].curve_number"),
        ({"classes": [CLASS | {"crop": -1}]}, "out_of_range", "classes[0].crop"),
        ({"classes": [CLASS | {"code": 1.5}]}, "wrong_type", "classes[0].code"),
        ({"missing_share_max": 1.01}, "out_of_range", "missing_share_max"),
        ({"zones": {"layer": "x"}}, "key_missing", "zones.path"),
        ({"zones": {"path": "x", "key": "id"}}, "unknown_key", "zones.key"),
    ],
)
def test_a_mistake_is_named_with_its_place(changes: dict[str, Any], code: str, place: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_job(document(**changes), FOLDER)

    assert (refused.value.code, refused.value.field) == (f"gep.{code}", f"document.{place}")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_no_json(number: str) -> None:
    text = document(settings={"season": 7}).replace(b": 7", f": {number}".encode())

    with pytest.raises(Malformed) as refused:
        read_job(text, FOLDER)

    assert refused.value.code == "gep.not_json"


def test_an_absurd_override_is_refused() -> None:
    override = OVERRIDE | {"key": "soil.density", "unit": "t/m3", "value": "1e9"}

    with pytest.raises(DomainError) as refused:
        read_job(document(overrides=[override]), FOLDER)

    assert refused.value.code == "gep.override_absurd"


def test_zones_may_name_a_layer_and_the_column_of_ids() -> None:
    job = read_job(document(zones={"path": "a.gpkg", "layer": "towns", "id": "code"}), FOLDER)

    assert (job.zones, job.zones_layer, job.zones_id) == (FOLDER / "a.gpkg", "towns", "code")


def test_the_way_of_slope_and_its_length_is_named() -> None:
    soil = {name: {"value": 0.5} for name in ("erosivity", "erodibility")}
    classes = [CLASS | {"cover_factor": 0.1, "practice": 1}]

    def method(**relief: Any) -> str | None:
        rasters = {"cover": COVER, **soil, **relief}
        return read_job(
            document(rasters=rasters, services=["R2"], classes=classes), FOLDER
        ).ls_method

    ground = {"path": "elevation.tif"}
    assert method(ls={"value": 1}) == "ls_raster"
    assert method(elevation=ground) == "d8_flow_length"
    assert method(elevation=ground, slope_length={"value": 90}) == "slope_length_number"
    assert method(slope={"value": 9}, slope_length=ground) == "slope_length_raster"
    assert read_job(document(), FOLDER).ls_method is None


def test_modelled_evapotranspiration_wants_its_season() -> None:
    rasters = {
        name: {"path": f"{name}.tif"}
        for name in ("cover", "rain", "reference_et", "available_water")
    }
    classes = [CLASS | {"crop": 1, "root_mm": 1000}]

    with pytest.raises(Malformed) as refused:
        read_job(document(rasters=rasters, classes=classes), FOLDER)

    assert refused.value.code == "gep.key_missing"
    assert "season" in str(refused.value.expected)
