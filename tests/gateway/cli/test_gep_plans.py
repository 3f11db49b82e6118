"""Every command that takes a plan takes the tables of one, and answers the same."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from gateway.cli.gep_group import app
from tests.gep.shipped import EXAMPLES, shipped_account

RIVER, EARLIER = EXAMPLES / "river-2026.json", EXAMPLES / "river-2025.json"
HASH = shipped_account("river-2026").hash


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments])


def tables(folder: Path, plan: Path, ending: str) -> Path:
    path = folder / f"{plan.stem}{ending}"
    csv = [] if ending == ".xlsx" else ["--csv"]
    assert run("template", path, "--from", plan, *csv).exit_code == 0
    return path


def in_order(answer: str) -> Any:
    """Return an answer; inputs of years stand in the order of the plan, which has none."""
    found = json.loads(answer)
    for year in found.get("years", ()):
        year.get("inputs", []).sort(key=lambda each: each["name"])
    return found


@pytest.mark.parametrize("ending", [".xlsx", ".zip", "-csv"])
def test_tables_stand_wherever_a_plan_does(tmp_path: Path, ending: str) -> None:
    later, earlier = tables(tmp_path, RIVER, ending), tables(tmp_path, EARLIER, ending)
    commands: list[list[str | Path]] = [
        ["account", RIVER],
        ["audit", RIVER],
        ["uncertainty", RIVER, "--draws", "100"],
        ["compare", EARLIER, RIVER],
        ["trend", EARLIER, RIVER],
        ["sensitivity", RIVER],
        ["weather", EARLIER, RIVER],
        ["stocks", EARLIER, RIVER],
        ["indices", RIVER],
        ["contribution", RIVER, "--since", EARLIER],
    ]
    other: dict[str | Path, Path] = {RIVER: later, EARLIER: earlier}

    for command in commands:
        by_json = run(*command, "--json")
        by_tables = run(*(other.get(each, each) for each in command), "--json")
        assert by_tables.exit_code == by_json.exit_code
        assert in_order(by_tables.stdout) == in_order(by_json.stdout)


def test_tables_are_exported_and_reported(tmp_path: Path) -> None:
    book, csv = tables(tmp_path, RIVER, ".xlsx"), tables(tmp_path, RIVER, ".zip")
    made = {each: tmp_path / f"{each.name}.out.zip" for each in (book, csv, RIVER)}

    for source, out in made.items():
        assert run("export", source, "--format", "csv", "--out", out).exit_code == 0
        assert run("check", out, "--account", HASH).exit_code == 0
    report = run("report", book, "--base", csv, "--out", tmp_path / "river.html", "--json")

    assert len({each.read_bytes() for each in made.values()}) == 1
    assert json.loads(report.stdout)["account"] == HASH


def test_tables_become_other_tables(tmp_path: Path) -> None:
    book, again = tables(tmp_path, RIVER, ".xlsx"), tmp_path / "again.zip"

    written = run("template", again, "--from", book, "--csv", "--lang", "en")

    assert written.exit_code == 0
    assert json.loads(run("account", again, "--json").stdout)["hash"] == HASH


def test_an_export_is_told_from_tables(tmp_path: Path) -> None:
    import zipfile

    out, folder = tmp_path / "river.zip", tmp_path / "river"
    run("export", RIVER, "--format", "csv", "--out", out)
    with zipfile.ZipFile(out) as archive:
        archive.extractall(folder)

    for path in (out, folder):
        assert run("audit", path).exit_code == 0
        again = run("export", path, "--out", tmp_path / "again.jsonld", "--json")
        assert json.loads(again.stdout)["account"] == HASH


def test_the_first_error_of_tables_is_named(tmp_path: Path) -> None:
    folder = tables(tmp_path, RIVER, "-csv")
    inputs = next(folder.glob("*-inputs.csv"))
    inputs.write_bytes(inputs.read_bytes().replace(b",1280,mm,", b",12.80.1,mm,"))

    out = str(tmp_path / "x.html")
    for command in (["account"], ["audit"], ["export"], ["report", "--out", out]):
        told = run(command[0], folder, *command[1:], "--json")
        error = json.loads(told.stdout)["error"]
        assert (told.exit_code, error["code"]) == (2, "gep.number_unread")
        assert error["field"] == f"{inputs.stem}!B3"
    assert not (tmp_path / "x.html").exists()
