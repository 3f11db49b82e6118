"""The commands of the page on reports run as they stand, and print what it shows."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli.gep_group import app
from gateway.settings import CHECKOUT

PAGE = (CHECKOUT / "docs" / "gep-report.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\./ecorights gep (report docs/[^\n]+)$", PAGE, re.MULTILINE)
PRINTED = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_runs_and_says_which_account(
    command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "docs").symlink_to(CHECKOUT / "docs")
    monkeypatch.chdir(tmp_path)

    shown = CliRunner().invoke(app, command.split())

    assert shown.exit_code == 0, shown.output
    assert shown.stdout == PRINTED[0].replace("valley.html", command.rpartition(" ")[2])


def test_the_page_has_commands() -> None:
    assert len(COMMANDS) == 2
