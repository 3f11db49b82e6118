"""The import is a user of the service: whole years, cut off and gone on with, then checked."""

import os
from pathlib import Path

import pytest

from gateway.settings import CHECKOUT
from tests.gateway.cli.commands import ecorights, result_of
from tests.gateway.imports.eu_ets.tiny_files import COMPLIANCE, write_files


def test_years_can_be_imported_in_parts_and_traced(tmp_path: Path) -> None:
    folder, home = tmp_path / "files", str(tmp_path / "home")
    folder.mkdir()
    write_files(folder)
    command = ["import", "eu-ets", str(folder), "--from", "2013", "--json"]

    first = result_of(ecorights(*command, "--to", "2013", ECORIGHTS_HOME=home))
    both = result_of(ecorights(*command, "--to", "2014", ECORIGHTS_HOME=home))
    fresh = result_of(ecorights(*command, "--to", "2014", "--fresh", ECORIGHTS_HOME=home))

    assert first["ok"]
    assert both["ok"]
    assert first["accounts"] == 5
    assert both["entries"] > first["entries"]
    same = ("entries", "orders", "agreement", "disagreements", "conserved")
    assert {name: both[name] for name in same} == {name: fresh[name] for name in same}
    assert fresh["agreement"] == 1.0
    assert fresh["widest_price_miss_percent"] <= 10
    traced = result_of(
        ecorights("trace", "EUA", "--venue", "eu-ets", "--json", ECORIGHTS_HOME=home)
    )
    assert traced["ok"]
    assert traced["surrendered_lots"] == sum(int(row.split(",")[5] or 0) for row in COMPLIANCE)
    assert len(traced["issues"]) == 2
    held = sum(issue["circulating_lots"] for issue in traced["issues"])
    assert held == traced["issued_lots"] - traced["surrendered_lots"] > 0


def test_a_folder_without_the_files_is_told_before_anything_is_done(tmp_path: Path) -> None:
    home = str(tmp_path / "home")

    shown = ecorights("import", "eu-ets", str(tmp_path), "--json", ECORIGHTS_HOME=home)

    assert shown.returncode == 1
    assert result_of(shown)["ok"] is False
    assert ".csv.gz is missing" in shown.stderr


@pytest.mark.heavy
def test_seven_real_years(tmp_path: Path) -> None:
    shared = Path(os.environ.get("ECORIGHTS_SHARED", CHECKOUT.parent / "shared"))
    folder = shared / "data" / "eu_ets"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there; set ECORIGHTS_SHARED to the shared folder")

    shown = ecorights(
        *("import", "eu-ets", str(folder), "--from", "2013", "--to", "2019", "--fresh", "--json"),
        ECORIGHTS_HOME=str(tmp_path),
    )

    result = result_of(shown)
    assert result["ok"], shown.stderr
    assert result["accounts"] == 2_650
    assert (result["compared"], result["agreement"] >= 0.98) == (13_526, True)
    assert "unexplained" not in result["disagreements"]
    assert result["widest_price_miss_percent"] <= 10
    assert result["conserved"]
    assert result["verified"]
    assert result["replayed"]
    assert result["peak_rss_mb"] < 1_536
