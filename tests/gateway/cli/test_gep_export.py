"""`./ecorights gep export` and `check` on files: what is written, refused, found."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gateway.cli.gep_export_pages import FAULTS
from gateway.cli.gep_group import app
from gateway.settings import CHECKOUT
from gep.exchange.checking import Fault
from gep.exchange.exporting import zipped
from tests.gep.exchange.exporting import boundaries, files_of

VALLEY = CHECKOUT / "docs" / "gep" / "valley-2026.json"


def told(*words: str) -> tuple[int, str]:
    shown = CliRunner().invoke(app, [*words])
    return shown.exit_code, shown.output


def answered(*words: str) -> tuple[int, dict[str, Any]]:
    shown = CliRunner().invoke(app, [*words, "--json"])
    return shown.exit_code, json.loads(shown.stdout.splitlines()[-1])


@pytest.mark.parametrize("form", ["geojson", "json-ld", "csv"])
def test_an_account_is_written_and_checked(tmp_path: Path, form: str) -> None:
    status, answer = answered("export", str(VALLEY), "--format", form, "--out", str(tmp_path))
    path = Path(answer["file"])

    assert (status, path.parent) == (0, tmp_path)
    assert answered("check", str(path), "--account", answer["account"])[0] == 0
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_of_csv_is_checked_and_a_changed_cell_named_in_chinese(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    told("export", str(VALLEY), "--format", "csv", "--out", str(archive), "--bom")
    for name, content in files_of(archive.read_bytes()).items():
        (tmp_path / name).write_bytes(content.replace(b"366315.79", b"366351.79"))

    status, output = told("check", str(tmp_path), "--lang", "zh")

    assert status == 1
    assert "cell_changed(单元格被改动) lines.csv position 3, value_yuan: 文件中 366351.79" in output
    assert "应为 366315.79, -36.00 元" in output


def test_what_was_written_before_stands_where_something_is_refused(tmp_path: Path) -> None:
    path, units = tmp_path / "a.geojson", tmp_path / "units.geojson"
    path.write_text("before")
    units.write_bytes(boundaries("440300"))
    where = ("--boundaries", str(units), "--out", str(path))

    status, answer = answered("export", str(VALLEY), "--format", "geojson", *where)

    assert (status, answer["error"]["code"]) == (2, "gep.boundary_missing")
    assert path.read_text() == "before"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("export", "none.json"), "gep.file_unreadable"),
        (("export", str(VALLEY), "--out", "none/none/a.jsonld"), "gep.file_unwritable"),
        (("check", str(VALLEY)), "gep.not_an_export"),
        (("check", str(VALLEY), "--account", "12"), "gep.wrong_type"),
    ],
)
def test_what_cannot_be_done_says_why(words: tuple[str, ...], code: str) -> None:
    status, answer = answered(*words)

    assert (status, answer["error"]["code"]) == (2, code)


def test_a_format_that_nobody_knows_is_refused() -> None:
    assert told("export", str(VALLEY), "--format", "pdf")[0] == 2


def test_every_fault_has_chinese_words() -> None:
    assert FAULTS.keys() == set(Fault)


@pytest.mark.parametrize("form", ["geojson", "json-ld", "csv"])
def test_an_export_is_audited_as_any_account(tmp_path: Path, form: str) -> None:
    told("export", str(VALLEY), "--format", form, "--out", str(tmp_path))
    (path,) = tmp_path.iterdir()
    clean = answered("audit", str(path))
    files = files_of(path.read_bytes()) if form == "csv" else {"": path.read_bytes()}
    files = {name: each.replace(b"366315.79", b"366351.79") for name, each in files.items()}
    path.write_bytes(zipped(files) if form == "csv" else files[""])

    status, answer = answered("audit", str(path))

    assert clean[1]["findings"] == []
    assert (status, answer["findings"][0]["rule"]) == (1, "swapped_digits")
    assert answer["findings"][0]["place"] == "so2"


def test_what_gep_account_prints_is_audited(tmp_path: Path) -> None:
    document = json.loads(told("account", str(VALLEY), "--json")[1].splitlines()[-1])
    document["lines"][0]["value_yuan"] = "37591692.23"
    path = tmp_path / "account.json"
    path.write_text(json.dumps(document), encoding="utf-8")

    status, answer = answered("audit", str(path))

    assert (status, answer["findings"][0]["rule"]) == (1, "power_of_ten")


def test_formats_turn_into_each_other_and_back(tmp_path: Path) -> None:
    units = tmp_path / "units.geojson"
    units.write_bytes(boundaries("331199"))
    first = tmp_path / "first.geojson"
    told(
        *("export", str(VALLEY), "--format", "geojson", "--out", str(first)),
        *("--boundaries", str(units)),
    )
    path = first
    for name, form in (("b.zip", "csv"), ("c.jsonld", "json-ld"), ("d.geojson", "geojson")):
        status, output = told("export", str(path), "--format", form, "--out", str(tmp_path / name))
        assert status == 0, output
        path = tmp_path / name

    assert path.read_bytes() == first.read_bytes()


def test_a_document_that_gep_account_printed_is_exported(tmp_path: Path) -> None:
    document = json.loads(told("account", str(VALLEY), "--json")[1].splitlines()[-1])
    path, changed = tmp_path / "account.json", tmp_path / "changed.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    changed.write_text(json.dumps(document | {"id": "other"}), encoding="utf-8")

    status, answer = answered("export", str(path), "--out", str(tmp_path))
    refused = answered("export", str(changed), "--out", str(tmp_path))

    assert (status, answer["account"]) == (0, document["hash"])
    assert (refused[0], refused[1]["error"]["code"]) == (2, "gep.hash_differs")


def test_an_export_that_was_changed_is_not_exported_again(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonld"
    told("export", str(VALLEY), "--out", str(path))
    path.write_bytes(path.read_bytes().replace(b"forty cores", b"forty coins"))

    status, answer = answered("export", str(path), "--format", "csv", "--out", str(tmp_path))

    assert (status, answer["error"]["code"]) == (2, "gep.export_unfit")
    assert answer["error"]["field"] == "overrides[0].reason"
