"""What the page on GEP prints is what its commands say, and it names every rule and call."""

import re

import pytest
from typer.testing import CliRunner

from gateway.cli.gep import app
from gateway.settings import CHECKOUT
from gep.accounts.account import WarningCode
from gep.audit.finding import Rule
from gep.calls import CALLS
from gep.registry.shipped import services

PAGE = (CHECKOUT / "docs" / "gep.md").read_text(encoding="utf-8")
PRINTED = re.findall(r"```sh\n\./ecorights gep ([^\n]+)\n```\n\n```text\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = re.findall(r"^\./ecorights gep ([^\n]+)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("command", "text"), PRINTED, ids=lambda each: each[:20])
def test_a_command_prints_what_the_page_shows(
    command: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(CHECKOUT)

    assert CliRunner().invoke(app, command.split()).stdout == text


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_page_runs(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CHECKOUT)

    assert CliRunner().invoke(app, command.split()).exit_code == 0


def test_the_page_names_every_rule_warning_and_method() -> None:
    named = set(re.findall(r"`([A-Za-z0-9_.]+)`", PAGE))
    methods = {method for each in services().values() for method in each.methods}

    assert len(PRINTED) == 5
    assert {*Rule, *WarningCode} <= named
    assert methods - {"cvm.payers", "R11.ions", "R10.transpiration", "R10.evaporation"} <= named
    assert {name for name in named if re.match(r"([MRC]\d*|rusle|price)\.", name)} <= CALLS.keys()
