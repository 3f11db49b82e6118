"""What the page on analysis prints is what its commands say, and its codes have messages."""

import re

import pytest
from typer.testing import CliRunner

from gateway.api.catalogue.gep_analysis import MESSAGES
from gateway.api.gep_analysis_examples import ASKED, READ
from gateway.cli.gep_group import app
from gateway.settings import CHECKOUT

PAGE = (CHECKOUT / "docs" / "gep-analysis.md").read_text(encoding="utf-8")
PRINTED = re.findall(r"```sh\n\./ecorights gep ([^\n]+)\n```\n\n```text\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(("command", "text"), PRINTED, ids=lambda each: each[:24])
def test_a_command_prints_what_the_page_shows(
    command: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(CHECKOUT)

    assert CliRunner().invoke(app, command.split()).stdout == text


def test_the_page_names_known_codes_and_every_route() -> None:
    codes = set(re.findall(r"`(gep\.[a-z_]+)`", PAGE))

    assert len(PRINTED) == 5
    assert codes <= MESSAGES.keys()
    for path in (*READ, *ASKED):
        assert path.rsplit("/", 1)[-1] in PAGE
