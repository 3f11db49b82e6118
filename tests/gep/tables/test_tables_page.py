"""What the page on tables shows is what the commands print, and it names what is refused."""

import re
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.api.catalogue.gep_tables import MESSAGES
from gateway.cli.gep_group import app
from gateway.settings import CHECKOUT
from tests.gep.tables.sheets import valley

PAGE = (CHECKOUT / "docs" / "gep-tables.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\./ecorights gep (template [^\n]+)$", PAGE, re.MULTILINE)
# Told by warnings that name what they are, and by files that are not there.
UNTOLD = {"column_unfit", "field_unknown", "step_cycle", "step_mixed", "steps_unused", "line_empty"}
UNTOLD |= {"value_per_class", "file_exists", "file_unreadable", "file_unwritable"}


def test_the_page_shows_what_a_dry_run_prints(tmp_path: Path) -> None:
    book = valley()
    book.put("inputs", "timber", value="4.900,5")
    book.put("inputs", "methane", value=date(2026, 1, 1))
    book.put("inputs", "growth", unit="tC/hm2")
    book.put("inputs", "rain", value=-1390, low=None, high=None)
    book.put("inputs", "visits", value=19.5, low=15.6, high=22.4249, unit="万人次")
    book.put("lines", "visits", price="spent")
    book.put("overrides", 3, value=121)
    path = tmp_path / "valley.xlsx"
    path.write_bytes(book.content())

    told = CliRunner().invoke(app, ["read", str(path), "--dry-run", "--lang", "zh"])

    (shown,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    assert told.stdout == shown


@pytest.mark.parametrize("command", COMMANDS)
def test_every_template_of_the_page_is_written(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").symlink_to(CHECKOUT / "docs")
    words = re.findall(r'"([^"]+)"|(\S+)', command)

    written = CliRunner().invoke(app, [quoted or plain for quoted, plain in words])

    assert written.exit_code == 0, written.output
    assert len(COMMANDS) == 4


def test_the_page_names_every_refusal() -> None:
    named = set(re.findall(r"`([a-z_0-9]+)`", PAGE))

    assert {code.removeprefix("gep.") for code in MESSAGES} - UNTOLD <= named
