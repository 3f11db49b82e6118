"""Accounts of a venue at the command line, from a file to a citation that waits for a review."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from typer.testing import CliRunner

from gateway.cli.gep_group import app
from gateway.cli.served import KEY_VARIABLE
from gateway.database_server import DatabaseServer
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import secret_of, serving
from tests.gateway.api.test_documentation import listening
from tests.gateway.api.test_gep import named, plan
from tests.gep.exchange.exporting import boundaries as boundaries_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Terminal:
    """Runs commands as one person or another, against a served venue."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder

    async def say(self, actor: str, *words: str, status: int = 0) -> str:
        result = await asyncio.to_thread(
            CliRunner().invoke,
            app,
            [*words, "--url", self.url, "--as", actor],
            env={KEY_VARIABLE: secret_of(actor)},
        )
        assert result.exit_code == status, result.output
        return result.output

    async def publish(self, document: dict[str, Any], *more: str) -> str:
        """Bring an account through its course, as V-1, R-1 and R-2."""
        path = self.folder / f"{document['id']}.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        account = named(document)
        assert account in await self.say("V-1", "draft", str(path), *more)
        await self.say("R-1", "review", account, "--note", "sources seen")
        proposed = await self.say("R-1", "propose", account, "--decision", "2026/17", "--json")
        proposal = json.loads(proposed.splitlines()[-1])["proposal"]
        await self.say("R-2", "approve", proposal)
        await self.say("R-1", "publish", account)
        return account


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def terminal(
    cluster: DatabaseServer, furnished: Furnished, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Terminal]:
    async with serving(cluster, furnished) as house, listening(house) as url:
        yield Terminal(url, tmp_path_factory.mktemp("plans"))


async def test_an_account_goes_from_a_file_to_a_citation_that_waits(terminal: Terminal) -> None:
    old = await terminal.publish(plan(2023, "40000", "50"))
    cited = ("--party", "E01", "--reference", "LOAN/1")
    await terminal.say("E01-1", "cite", old, "--purpose", "loan", *cited)
    corrected = plan(2023, "39000", "50", id="yunxi-2023-b")
    new = await terminal.publish(corrected, "--supersedes", old)

    shown = await terminal.say("E01-1", "show", old)
    listed = await terminal.say("E01-1", "list", "--year", "2023")
    waiting = await terminal.say("E01-1", "citations", "--due")
    between = await terminal.say("E01-1", "between", old, new)

    assert "R8 carbon: 2000000.00 = 40000.000000 t_CO2 x 50" in shown
    assert "carbon 40000 t_CO2: inventory 2023" in shown
    assert "computed again from its plan: the same" in shown
    assert f"{old}  yunxi-2023  990101 2023 at prices of 2023  2000000.00 yuan" in listed
    assert waiting.splitlines()[0].endswith(f"review due, {new} counts")
    assert "R8 carbon: -50000.00 quantity, 0.00 price" in between
    await terminal.say("E01-1", "settle", old, *cited)
    assert await terminal.say("E01-1", "citations", "--due") == ""
    await terminal.say("E01-1", "settle", old, *cited, "--ended")
    assert "  ended" in await terminal.say("E01-1", "citations", "--account", old)


async def test_what_is_refused_ends_with_a_status_of_its_own(
    terminal: Terminal, tmp_path: Path
) -> None:
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(plan(2024, "1", "50", edition="ISO 9000")), encoding="utf-8")
    fine = tmp_path / "fine.json"
    fine.write_text(json.dumps(plan(2024, "1", "50")), encoding="utf-8")
    account = named(plan(2024, "1", "50"))

    await terminal.say("V-1", "draft", str(path), status=2)
    await terminal.say("E01-1", "draft", str(fine), status=1)
    await terminal.say("V-1", "draft", str(fine))
    await terminal.say("R-1", "review", account, "--returned", "no survey")
    await terminal.say("V-1", "draft", str(fine))
    await terminal.say("V-1", "withdraw", account)
    assert "withdrawn" in await terminal.say("V-1", "list", "--status", "withdrawn")


async def test_an_account_of_the_venue_is_exported_and_checked_alone(
    terminal: Terminal, tmp_path: Path
) -> None:
    account = await terminal.publish(plan(2019, "40000", "50"))
    boundaries = tmp_path / "units.geojson"
    boundaries.write_bytes(boundaries_of("990101"))

    for form, *more in (("csv",), ("geojson", "--boundaries", str(boundaries))):
        told = await terminal.say(
            *("E01-1", "export", account, "--format", form, "--out", str(tmp_path), *more)
        )
        written = told.splitlines()[-1].removeprefix("written ")
        checked = CliRunner().invoke(app, ["check", written, "--account", account])
        assert checked.exit_code == 0, checked.output
        assert "every cell agree to the fen" in checked.output
    missing = await terminal.say("E01-1", "export", "00" * 32, status=1)

    assert "gep.account_unknown" in missing
