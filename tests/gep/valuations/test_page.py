"""What the page on valuations prints is what its command says, and it names every warning."""

import re

import pytest
from typer.testing import CliRunner

from gateway.cli.gep import app
from gateway.demonstration.egret_wetland import valued
from gateway.settings import CHECKOUT
from gep.valuations.valuation import Caution

PAGE = (CHECKOUT / "docs" / "gep-valuations.md").read_text(encoding="utf-8")
PRINTED = re.findall(r"```sh\n\./ecorights gep ([^\n]+)\n```\n\n```text\n(.*?)```", PAGE, re.DOTALL)


def test_the_command_prints_what_the_page_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CHECKOUT)
    [(command, text)] = PRINTED

    assert CliRunner().invoke(app, command.split()).stdout == text


def test_the_page_names_every_warning_and_the_wetland_of_the_demonstration() -> None:
    named = set(re.findall(r"`([A-Za-z0-9_.]+)`", PAGE))

    assert {each.value for each in Caution} <= named
    assert valued().hash in PAGE
