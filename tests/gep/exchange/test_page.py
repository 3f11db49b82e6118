"""What the page on exports prints is what its commands say, and it names every fault and table."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli.gep_group import app
from gateway.settings import CHECKOUT
from gep.exchange.checking import Fault
from gep.exchange.tables import TABLES

PAGE = (CHECKOUT / "docs" / "gep-exports.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\./ecorights gep ([^\n]+)$", PAGE, re.MULTILINE)


def test_every_command_of_the_page_runs_and_prints_what_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "docs").symlink_to(CHECKOUT / "docs")
    monkeypatch.chdir(tmp_path)
    outputs = []
    for command in COMMANDS:
        shown = CliRunner().invoke(app, command.split())
        assert shown.exit_code == 0, (command, shown.output)
        outputs.append(shown.stdout)

    (printed,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    assert outputs[3] == printed
    assert len(COMMANDS) == 6


def test_the_page_names_every_fault_and_table() -> None:
    named = set(re.findall(r"`([a-z0-9_.-]+)`", PAGE))

    assert {*Fault, *(each.name for each in TABLES)} <= named
