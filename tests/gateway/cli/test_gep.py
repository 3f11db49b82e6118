"""`./ecorights gep` at a terminal: published figures, accounts, audits, uncertainty."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gateway.cli.gep import app
from gateway.cli.gep_words import BREAKS, RULES, WARNINGS
from gateway.settings import CHECKOUT
from gep.accounts.account import WarningCode
from gep.accounts.comparing import Break
from gep.audit.finding import Rule
from tests.gateway.cli.commands import ecorights, result_of

EXAMPLES = CHECKOUT / "docs" / "gep"
VECTORS = CHECKOUT / "tests" / "gep" / "data" / "gep_vectors.json"


def changed(tmp_path: Path, change: dict[str, Any] | None = None, *, index: int = 0) -> Path:
    document = json.loads(VECTORS.read_bytes())
    document["vectors"][index] |= change or {}
    path = tmp_path / "vectors.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def told(*arguments: str) -> tuple[int, dict[str, Any]]:
    shown = CliRunner().invoke(app, [*arguments, "--json"])
    return shown.exit_code, json.loads(shown.stdout.splitlines()[-1])


def test_all_published_figures_pass_and_are_counted_apart() -> None:
    shown = ecorights("gep", "check-vectors", str(VECTORS), "--json")

    assert shown.returncode == 0, shown.stderr
    assert result_of(shown) == {"passed": 144, "failed": [], "by_engine": 132}


@pytest.mark.parametrize(
    "change",
    [
        {"expected": {"value": 3.6, "unit": "1e8 yuan/a"}},
        {"formula": "Q*P*s*1.01"},
        {"engine": {"call": "M.value", "args": {"quantity": "Q", "price": "P"}, "times": 2}},
        {"formula": "Q*P*s/(s-s)"},
        {"second_check": {"value": 3.5, "tolerance_abs": 0.001}},
    ],
    ids=["expected", "formula", "engine", "no result", "second check"],
)
def test_a_failed_figure_is_named_and_ends_with_one(tmp_path: Path, change: dict[str, Any]) -> None:
    path = str(changed(tmp_path, change))

    status, found = told("check-vectors", path)
    words = CliRunner().invoke(app, ["check-vectors", path])

    assert (status, words.exit_code) == (1, 1)
    assert found == {"passed": 143, "failed": ["GZ01"], "by_engine": 131}
    assert "GZ01: " in words.stdout
    assert "143 passed, 131 by the engine and 12 by their formula alone; 1 failed" in words.stdout


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        (None, "gep.file_unreadable", "vectors.json"),
        (b"{", "gep.not_json", "line 1, column 2"),
        (b"\xff", "gep.not_utf8", "byte 0"),
        (b"[]", "gep.wrong_type", "document"),
        (b"{}", "gep.key_missing", "document"),
        (b'{"vectors": 3}', "gep.wrong_type", "document.vectors"),
        (b'{"vectors": [{"id": "A"}]}', "gep.key_missing", "document.vectors[0]"),
        (b'{"vectors": [NaN]}', "gep.not_json", "document"),
    ],
)
def test_a_malformed_file_ends_with_two_and_a_named_error(
    tmp_path: Path, text: bytes | None, code: str, field: str
) -> None:
    path = tmp_path / "vectors.json"
    if text is not None:
        path.write_bytes(text)

    status, found = told("check-vectors", str(path))

    assert status == 2
    error = found["error"]
    assert (error["code"], error["field"].endswith(field)) == (code, True)
    assert error["expected"]


def example(tmp_path: Path, name: str, **changes: Any) -> str:
    document = json.loads((EXAMPLES / f"{name}.json").read_bytes()) | changes
    path = tmp_path / f"{name}.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return str(path)


def test_an_account_says_its_hash_its_sources_and_what_is_unchecked() -> None:
    status, found = told("account", str(EXAMPLES / "valley-2026.json"))

    assert status == 0
    assert len(found["hash"]) == 64
    assert found["total_yuan"] == "479314942.71"
    assert "oxygen.price" in found["unchecked"]
    assert found["price_basis"] == "CAPITAL"
    assert {"name", "value", "unit", "source", "mark", "overridden"} == set(
        found["lines"][0]["used"][0]
    )


def test_a_refused_account_ends_with_two_and_a_named_error(tmp_path: Path) -> None:
    path = example(tmp_path, "valley-2026", inflow_deduction=None)

    status, found = told("account", path)

    assert (status, found["ok"]) == (2, False)
    assert found["error"]["code"] == "gep.inflow_unstated"
    assert found["error"]["field"] == "inflow_deduction"


def test_an_audit_with_errors_ends_with_one_and_says_what_they_are_worth(tmp_path: Path) -> None:
    path = example(tmp_path, "ganzi-2010-printed", total={"printed": "7474.92"})

    status, found = told("audit", path)
    words = CliRunner().invoke(app, ["audit", path])

    assert (status, words.exit_code) == (1, 1)
    (error,) = [each for each in found["findings"] if each["is_error"]]
    assert (error["rule"], error["place"], error["detail"]) == (
        "missing_addend",
        "total",
        "culture",
    )
    assert error["difference_yuan"] == "7067000000.00"
    assert found["corrected_total_yuan"] == "754559000000.00"
    assert "corrected total 754,559.0000 million yuan" in words.stdout


def test_uncertainty_is_repeatable_and_says_what_is_unchecked() -> None:
    path = str(EXAMPLES / "valley-2026.json")

    first, second = (told("uncertainty", path, "--draws", "200", "--seed", "7") for _ in range(2))

    assert first == second
    assert float(first[1]["p10_yuan"]) < float(first[1]["p50_yuan"]) < float(first[1]["p90_yuan"])
    assert len(first[1]["drivers"]) == 5
    assert "oxygen.price" in first[1]["unchecked"]
    assert told("uncertainty", path, "--draws", "1")[1]["error"]["code"] == (
        "gep.draws_out_of_range"
    )


def test_two_years_are_compared_with_a_deflator() -> None:
    paths = [str(EXAMPLES / f"valley-{year}.json") for year in (2025, 2026)]

    status, found = told("compare", *paths, "--deflator", "material=1.02")

    assert (status, found["has_declined"], found["breaks"]) == (0, True, [])
    effects = float(found["quantity_effect_yuan"]) + float(found["price_effect_yuan"])
    change = float(found["current_total_yuan"]) - float(found["base_total_yuan"])
    assert effects == pytest.approx(change, abs=1e-6)
    assert told("compare", *reversed(paths))[1]["error"]["code"] == "gep.years_reversed"
    assert told("compare", *paths, "--deflator", "wine=2")[1]["error"]["field"] == "--deflator"


def test_years_have_a_course_and_from_five_on_a_trend(tmp_path: Path) -> None:
    document = json.loads((EXAMPLES / "valley-2026.json").read_bytes())
    paths = []
    for year in range(2026, 2031):
        document["year"] = year
        document["inputs"]["timber"]["value"] = str(4900 + 100 * (year - 2026))
        paths.append(tmp_path / f"{year}.json")
        paths[-1].write_text(json.dumps(document), encoding="utf-8")

    status, found = told("trend", *map(str, reversed(paths)))
    _, short = told("trend", *map(str, paths[:4]))
    words = CliRunner().invoke(app, ["trend", *map(str, paths)]).stdout
    fewer = CliRunner().invoke(app, ["trend", *map(str, paths[:2]), "--lang", "zh"]).stdout

    assert (status, found["statistic"], short["statistic"]) == (0, 10, None)
    # Ours: 100 m3 more timber a year at 655 yuan.
    assert found["slope_yuan"] == pytest.approx(65_500)
    assert [each["year"] for each in found["years"]] == [*range(2026, 2031)]
    assert "Sen's slope a year 0.0655, Mann-Kendall S 10, p 0.0275" in words
    assert "不足五年" in fewer
    assert told("trend", str(paths[0]), str(paths[0]))[1]["error"]["code"] == "gep.year_doubled"
    assert told("trend", str(paths[0]))[1]["error"]["code"] == "gep.years_too_few"


def test_a_project_keeps_its_two_values_apart(tmp_path: Path) -> None:
    _, found = told("project", str(EXAMPLES / "wetland-project.json"))
    status, refused = told("project", example(tmp_path, "wetland-project", right_years=10))

    assert (found["vep_gain_yuan"], found["vep_market_yuan"]) == ("52315079.97", "62279857.10")
    assert (status, refused["error"]["code"]) == (2, "gep.beyond_the_right")


def test_editions_say_what_is_not_known() -> None:
    _, found = told("editions")
    national, *_ = found["editions"]

    assert (national["id"], national["inflow"]) == ("GB/T 46869-2025", "stated")
    assert national["indicators"] is None
    assert CliRunner().invoke(app, ["editions"]).stdout.count("\n") == len(found["editions"])


def test_parameters_are_shown_with_their_hash() -> None:
    _, found = told("parameters", "ganzi-2010")
    status, refused = told("parameters", "none")

    (shown,) = found["parameter_sets"]
    assert (shown["version"], shown["extends"]["version"]) == ("ganzi-2010", "reference-0.1")
    assert len(shown["hash"]) == 64
    assert (status, refused["error"]["code"]) == (2, "gep.parameter_set_unknown")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("account", "valley-2026.json"), ("水源涵养", "调节服务", "参数未与原文核对")),
        (("audit", "ganzi-2010-printed.json"), ("净化量取排放量", "0 处错误, 5 处说明")),
        (("uncertainty", "valley-2026.json"), ("次抽样", "秩相关")),
    ],
)
def test_pages_speak_chinese(arguments: tuple[str, str], words: tuple[str, ...]) -> None:
    command, name = arguments
    shown = CliRunner().invoke(app, [command, str(EXAMPLES / name), "--lang", "zh"])

    assert shown.exit_code == 0
    assert [each for each in words if each not in shown.stdout] == []


def test_every_code_has_words_in_chinese() -> None:
    assert set(WARNINGS) == {*WarningCode}
    assert set(RULES) == {*Rule}
    assert set(BREAKS) == {*Break}


def test_without_rasterio_a_job_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("county", "geotiff", "results", "running", "tile", "zonal_account"):
        monkeypatch.delitem(sys.modules, f"gep.raster.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "rasterio", None)

    status, found = told("demo", "--folder", str(tmp_path / "demo"))

    assert (status, found["error"]["code"]) == (2, "gep.raster_library_missing")
    assert "pip install 'rasterio" in found["error"]["expected"]
    assert not (tmp_path / "demo").exists()


def test_the_demonstration_goes_from_rasters_to_an_account(tmp_path: Path) -> None:
    pytest.importorskip("rasterio", reason="rasterio is not installed (extra: raster)")

    status, found = told("demo", "--folder", str(tmp_path))
    again, same = told("raster", str(tmp_path / "county.json"), "--out", str(tmp_path / "out"))

    assert (status, again) == (0, 0)
    assert found["zones"][0]["id"] == "north-west"
    assert float(found["total_yuan"]) > 0
    assert {Path(each).name for each in found["files"]} == {
        *("run.json", "zones.geojson", "zones.gpkg", "account.json", "plan.json"),
        *("water_conserved.tif", "soil_retained.tif"),
    }
    assert {**same, "files": None} == {**found, "files": None}


def test_a_job_that_is_malformed_ends_with_two_before_a_raster_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "job.json"
    path.write_text("{}", encoding="utf-8")

    status, found = told("raster", str(path))

    assert (status, found["error"]["code"]) == (2, "gep.key_missing")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    pytest.importorskip("rasterio", reason="rasterio is not installed (extra: raster)")
    (tmp_path / "file").write_bytes(b"")

    status, found = told("demo", "--folder", str(tmp_path / "file" / "demo"))

    assert (status, found["error"]["code"]) == (2, "gep.file_unwritable")
