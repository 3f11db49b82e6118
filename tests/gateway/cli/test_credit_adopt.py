"""`credit adopt` and `approve`: two persons let a rule set count in a served venue."""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from gateway.api.rule_set_examples import DOCUMENT
from gateway.database_server import DatabaseServer
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import House, secret_of, serving
from tests.gateway.api.test_documentation import listening
from tests.gateway.cli.commands import ecorights, result_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(cluster: DatabaseServer, furnished: Furnished) -> AsyncIterator[House]:
    async with serving(cluster, furnished) as house, listening(house) as url:
        house.names["url"] = url
        yield house


async def run(house: House, actor: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = ("credit", *words, "--as", actor, "--url", house.names["url"])
    return await asyncio.to_thread(ecorights, *command, ECORIGHTS_KEY=secret_of(actor))


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.json"
    # As `rule-sets --json` prints it, with what stands beside the set.
    path.write_text(json.dumps({"ok": True, "hash": "0" * 64, **DOCUMENT}), encoding="utf-8")
    return path


@pytest.fixture
def malformed(tmp_path: Path) -> Path:
    path = tmp_path / "malformed.json"
    path.write_text(json.dumps(DOCUMENT | {"grace_days": "soon"}), encoding="utf-8")
    return path


async def test_two_persons_adopt_a_file(served: House, draft: Path) -> None:
    proposed = await run(served, "R-1", "adopt", str(draft), "--decision", "2026/17", "--json")
    number = result_of(proposed)["proposal"]
    alone = await run(served, "R-1", "approve", number, "--json")
    tried = await run(served, "R-2", "approve", number, "--dry-run", "--json")
    before = (await served.get("/credit/rule-sets", "R-1")).json()["rule_sets"]
    approved = await run(served, "R-2", "approve", number)

    [adopted] = (await served.get("/credit/rule-sets", "R-1")).json()["rule_sets"]
    assert result_of(alone)["code"] == "ledger.checker_is_maker"
    assert result_of(tried)["outcome"] == "dry_run"
    assert before == []
    assert f"rule_set_hash {adopted['rule_set_hash']}" in approved.stdout
    assert adopted["rule_set_hash"] == result_of(proposed)["rule_set_hash"]


async def test_a_malformed_file_is_not_sent(served: House, malformed: Path) -> None:
    before = await served.head()

    refused = await run(served, "R-1", "adopt", str(malformed), "--decision", "1", "--json")

    assert (refused.returncode, await served.head()) == (2, before)
    assert result_of(refused)["error"]["field"] == "grace_days"
