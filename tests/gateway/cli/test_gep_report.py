"""`./ecorights gep report`: files become a page or a print, or a named refusal and no file."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gateway.cli.gep_group import app
from gateway.settings import CHECKOUT
from gep.accounts.making import make_account
from gep.accounts.reading import read_plan

EXAMPLES = CHECKOUT / "docs" / "gep"
VALLEY, BASE = str(EXAMPLES / "valley-2026.json"), str(EXAMPLES / "valley-2025.json")


def told(*arguments: str) -> tuple[int, dict[str, Any]]:
    shown = CliRunner().invoke(app, ["report", *arguments, "--json"])
    return shown.exit_code, json.loads(shown.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    ("name", "begins"), [("r.html", b"<!doctype html>"), ("r.pdf", b"%PDF-1.4")]
)
def test_a_report_is_written_as_the_file_s_end_says(
    name: str, begins: bytes, tmp_path: Path
) -> None:
    out = tmp_path / name

    status, found = told(VALLEY, "--base", BASE, "--year", BASE, "--lang", "zh", "--out", str(out))

    assert status == 0
    assert out.read_bytes().startswith(begins)
    assert found["bytes"] == out.stat().st_size
    assert list(tmp_path.iterdir()) == [out]


def test_a_map_a_deflator_and_an_account_s_own_file_are_taken(tmp_path: Path) -> None:
    made = make_account(read_plan(Path(VALLEY).read_bytes()))
    account, out = tmp_path / "account.json", tmp_path / "r.html"
    account.write_text(json.dumps({"hash": made.hash, **made.document()}), encoding="utf-8")
    ring = [[119, 30], [119.1, 30], [119.1, 30.1], [119, 30.1], [119, 30]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    properties = {"id": "331199", "name": "the valley itself"}
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    zones = tmp_path / "zones.geojson"
    zones.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    given = ("--boundaries", str(zones), "--unit", VALLEY)

    status, found = told(
        str(account), *given, "--base", BASE, "--deflator", "material=1.02", "--out", str(out)
    )

    page = out.read_text(encoding="utf-8")
    assert (status, found["account"]) == (0, made.hash)
    assert "the valley itself" in page
    assert "deflated by a price index of 1.02" in page


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((VALLEY, "--out", "r.doc"), "gep.report_form_unknown"),
        (("nothing.json", "--out", "r.html"), "gep.file_unreadable"),
        ((BASE, "--base", VALLEY, "--out", "r.html"), "gep.years_reversed"),
        ((VALLEY, "--boundaries", VALLEY, "--out", "r.html"), "gep.wrong_type"),
        ((VALLEY, "--font", VALLEY, "--out", "r.pdf"), "gep.font_unreadable"),
        ((VALLEY, "--year", VALLEY, "--year", BASE, "--out", "none/r.html"), "gep.file_unwritable"),
    ],
)
def test_what_cannot_be_reported_is_refused_by_name_and_leaves_no_file(
    arguments: tuple[str, ...], code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    status, found = told(*arguments)

    assert (status, found["error"]["code"]) == (2, code)
    assert list(tmp_path.iterdir()) == []


def test_an_account_that_was_changed_is_refused(tmp_path: Path) -> None:
    made = make_account(read_plan(Path(VALLEY).read_bytes()))
    account = tmp_path / "account.json"
    changed = {**made.document(), "hash": "0" * 64}
    account.write_text(json.dumps(changed), encoding="utf-8")

    status, found = told(str(account), "--out", str(tmp_path / "r.html"))

    assert (status, found["error"]["code"]) == (2, "gep.account_hash_unfit")
