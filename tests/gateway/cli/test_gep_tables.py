"""`./ecorights gep template` and `gep read`: written whole or not at all, every error at once."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gateway.cli.gep_group import app
from gateway.cli.gep_tables import document_at
from gateway.settings import CHECKOUT
from gep.accounts.making import make_account
from gep.accounts.reading import plan_of, read_plan
from gep.errors import Malformed
from tests.gep.tables.sheets import valley

PLAN = CHECKOUT / "docs" / "gep" / "valley-2026.json"
HASH = make_account(read_plan(PLAN.read_bytes())).hash


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments])


def spoilt(tmp_path: Path) -> Path:
    book = valley()
    book.put("inputs", "timber", value="many", unit="bushel")
    path = tmp_path / "spoilt.xlsx"
    path.write_bytes(book.content())
    return path


@pytest.mark.parametrize("name", ["book.xlsx", "files.zip", "folder"])
def test_a_plan_goes_to_sheets_and_comes_back(tmp_path: Path, name: str) -> None:
    sheets, plan = tmp_path / name, tmp_path / "plan.json"
    csv = [] if name.endswith("xlsx") else ["--csv"]

    written = run("template", sheets, "--from", PLAN, *csv)
    read = run("read", sheets, "--out", plan)

    assert (written.exit_code, read.exit_code) == (0, 0), read.output
    assert read.stdout.splitlines()[-1] == f"written {plan}"
    assert make_account(read_plan(plan.read_bytes())).hash == HASH


def test_a_dry_run_tells_the_account_and_writes_nothing(tmp_path: Path) -> None:
    sheets = tmp_path / "book.xlsx"
    run("template", sheets, "--from", PLAN, "--lang", "en")

    told = run("read", sheets, "--dry-run", "--lang", "zh")

    assert told.exit_code == 0
    assert HASH in told.stdout
    assert "479.3149" in told.stdout
    assert [each.name for each in tmp_path.iterdir()] == ["book.xlsx"]


def test_every_error_is_told_and_nothing_written(tmp_path: Path) -> None:
    path = spoilt(tmp_path)

    words, chinese = run("read", path), run("read", path, "--lang", "zh")
    as_json = run("read", path, "--json")

    assert (words.exit_code, as_json.exit_code) == (2, 2)
    assert "输入!B18" in words.stdout
    assert "2 errors, 0 warnings" in words.stdout
    assert "2 处错误" in chinese.stdout
    found = json.loads(as_json.stdout.splitlines()[-1])
    assert (found["ok"], found["valid"], found["error_count"]) == (False, False, 2)
    assert [each["code"] for each in found["errors"]] == ["gep.number_unread", "gep.unit_unknown"]
    assert [each.name for each in tmp_path.iterdir()] == ["spoilt.xlsx"]


def test_another_file_is_not_written_over(tmp_path: Path) -> None:
    sheets = tmp_path / "book.xlsx"
    run("template", sheets)
    before = sheets.read_bytes()

    again, other = run("template", sheets), run("template", sheets, "--from", PLAN)
    forced = run("template", sheets, "--from", PLAN, "--force")

    assert (again.exit_code, other.exit_code, forced.exit_code) == (0, 2, 0)
    assert "gep.file_exists" in other.stderr
    assert sheets.read_bytes() != before


def test_what_cannot_be_read_or_written_is_named(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("x")

    assert "gep.file_unreadable" in run("read", tmp_path / "none.xlsx").stderr
    assert "gep.file_unwritable" in run("template", in_the_way / "book.xlsx").stderr
    assert "gep.edition_unknown" in run("template", tmp_path / "b.xlsx", "--edition", "x").stderr


def test_a_draft_takes_a_workbook_and_refuses_one_with_errors(tmp_path: Path) -> None:
    sheets = tmp_path / "book.xlsx"
    run("template", sheets, "--from", PLAN)

    assert make_account(plan_of(document_at(sheets))).hash == HASH
    assert make_account(plan_of(document_at(PLAN))).hash == HASH
    with pytest.raises(Malformed, match=r"输入!B18.*lists all 2") as refused:
        document_at(spoilt(tmp_path))
    assert refused.value.code == "gep.number_unread"
