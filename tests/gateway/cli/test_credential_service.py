"""`credit credential served`: a score becomes a credential of a served venue, and is taken back."""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from gateway.database_server import DatabaseServer
from tests.gateway.api.house import DAY, House, secret_of, serving
from tests.gateway.api.test_documentation import listening
from tests.gateway.cli.commands import ecorights, result_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

SCORE: dict[str, Any] = {
    "kind": "village",
    "as_of": "2026-01-01",
    "grade": "AAA",
    "colour": "green",
    "rated": True,
    "complete": True,
    "rule_set_version": "0.1-draft",
    "rule_set_hash": "1f" * 32,
    "records_hash": "2e" * 32,
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(cluster: DatabaseServer, template_database: str) -> AsyncIterator[House]:
    async with serving(cluster, template_database) as house:
        await house.do("/clock", {"to": f"{DAY}T10:00:00Z"})
        base = "https://credit.example/v1/credential-status"
        await house.do("/credentials/issuers", {"issuer": house.issuer, "base": base})
        async with listening(house) as url:
            house.names["url"] = url
            yield house


async def run(house: House, *words: str) -> subprocess.CompletedProcess[str]:
    command = ("credit", "credential", "served", *words, "--url", house.names["url"])
    return await asyncio.to_thread(ecorights, *command, ECORIGHTS_KEY=secret_of("X-1"))


async def test_a_score_is_issued_listed_and_revoked(served: House, tmp_path: Path) -> None:
    score, out = tmp_path / "score.json", tmp_path / "credential.json"
    # As `credit archive score --json` prints it; `credit score` names the kind otherwise.
    archived = {"ok": True, "party": "V1", "subject_kind": SCORE["kind"], **SCORE}
    del archived["kind"]
    score.write_text(json.dumps(archived), encoding="utf-8")
    words = ("--subject", "zhuwu", "--until", "2026-12-31T16:00:00Z", "--out", str(out))

    issued = await run(served, "issue", str(score), *words, "--json")
    held = json.loads(out.read_text(encoding="utf-8"))
    revoked = await run(served, "revoke", held["id"], "--reason", "grade_changed")
    again = await run(served, "revoke", held["id"], "--reason", "grade_changed", "--json")
    listed = await run(served, "list", "--subject", "zhuwu")

    assert issued.returncode == 0, issued.stderr
    assert result_of(issued)["id"] == held["id"]
    assert held["credentialSubject"]["grade"] == "AAA"
    assert "revoked in entry" in revoked.stdout
    assert (again.returncode, result_of(again)["code"]) == (1, "credentials.status_unfit")
    assert ": revoked\n1 credentials" in listed.stdout


async def test_a_score_that_nothing_rates_is_not_sent(served: House, tmp_path: Path) -> None:
    score = tmp_path / "score.json"
    score.write_text(json.dumps(SCORE | {"rated": False}), encoding="utf-8")
    before = await served.head()

    words = ("--subject", "z", "--until", "2026-12-31T16:00:00Z", "--out", str(tmp_path / "c"))
    refused = await run(served, "issue", str(score), *words)

    assert (refused.returncode, await served.head()) == (2, before)
    assert "grade_not_issuable" in refused.stderr
