"""Facts on the command line: a file tried and recorded, what the archive holds, and its score."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from credit_scoring.archive.fact_file import HEADER
from gateway.database_server import DatabaseServer
from tests.gateway.api.archives import EVIDENCE
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import House, secret_of, serving
from tests.gateway.api.test_documentation import listening
from tests.gateway.cli.commands import ecorights, result_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(cluster: DatabaseServer, archives: Furnished) -> AsyncIterator[House]:
    async with serving(cluster, archives) as house, listening(house) as url:
        house.names["url"] = url
        yield house


async def run(house: House, *words: str, actor: str = "D1-1") -> subprocess.CompletedProcess[str]:
    more = ("--url", house.names["url"])
    return await asyncio.to_thread(
        ecorights, "credit", "archive", *words, *more, ECORIGHTS_KEY=secret_of(actor)
    )


def file_of(folder: Path, *lines: str) -> str:
    path = folder / "facts.csv"
    path.write_text("\n".join((",".join(HEADER), *lines, "")), encoding="utf-8")
    return str(path)


async def test_a_file_is_tried_recorded_read_and_scored(served: House, tmp_path: Path) -> None:
    good = f"F1,E-COMP-01,2026-03-02,2,,2026/1,{EVIDENCE}"
    bad = f"F1,E-COMP-99,2026-03-02,1,,2026/2,{EVIDENCE}"

    tried = await run(served, "upload", file_of(tmp_path, good, bad), "--dry-run")
    refused = await run(served, "upload", file_of(tmp_path, good, bad))
    recorded = await run(served, "upload", file_of(tmp_path, good), "--json")
    facts = await run(served, "facts", "F1", actor="F1-1")
    score = await run(served, "score", "F1", "--as-of", "2026-03-16", actor="F1-1")
    objections = await run(served, "objections", actor="F1-1")
    stranger = await run(served, "score", "F1", actor="E01-1")

    assert tried.returncode == 1
    assert "2 lines tried, 1 bad" in tried.stdout
    assert "line 3, rule: credit.rule_unknown" in tried.stdout
    assert refused.returncode == 1
    assert "credit.rule_unknown" in refused.stderr
    assert (result_of(recorded)["ok"], result_of(recorded)["lines"]) == (True, 1)
    assert "2026-03-02  E-COMP-01 x2  D1/2026/1" in facts.stdout
    assert score.returncode == 0, score.stderr
    assert "F1: " in score.stdout
    assert "E-COMP-01  active" in score.stdout
    assert "0 objections" in objections.stdout
    assert stranger.returncode == 1


async def test_a_file_of_another_kind_is_not_sent(served: House, tmp_path: Path) -> None:
    path = tmp_path / "facts.txt"
    path.write_text("", encoding="utf-8")

    asked = await run(served, "upload", str(path))

    assert asked.returncode == 1
    assert ".csv or .xlsx" in asked.stderr


async def test_a_batch_is_signed_sent_and_checked(served: House, tmp_path: Path) -> None:
    facts = file_of(tmp_path, f"F1,E-COMP-01,2026-03-02,1,,2026/9,{EVIDENCE}")
    key, batch = str(tmp_path / "key"), str(tmp_path / "batch.json")
    words = ("--key-file", key, "--key", "a", "--source", "D1", "--batch", "7", "--venue", "test")

    made = await _alone("make-key", key)
    public = made.stdout.strip()
    registering = ("register-key", "D1", "a", public, "--decision", "2026/3")
    proposed = await run(served, *registering, "--json", actor="R-1")
    approval = {"proposal": result_of(proposed)["proposal"]}
    await served.do("/proposals/approvals", approval, "R-2")
    signed = await _alone("sign", facts, batch, *words)
    sent = await run(served, "send", batch)
    again = await run(served, "send", batch)
    fetched = str(tmp_path / "fetched.json")
    shown = await run(served, "batch", "D1", "7", fetched)
    listed = await run(served, "intakes")
    dropped = await run(served, "drop-intake", "99")
    good = await _alone("check", fetched, "--public-key", public)
    bad = await _alone("check", batch, "--public-key", "7c" * 32)

    assert "batch 7: 1 facts" in signed.stdout
    assert "1 facts recorded in" in sent.stdout
    assert "credit.batch_doubled" in again.stderr
    assert public in shown.stdout
    assert (good.returncode, bad.returncode) == (0, 1)
    assert "0 intakes" in listed.stdout
    assert "credit.intake_unknown" in dropped.stderr


async def test_a_large_file_waits_for_a_worker(served: House, tmp_path: Path) -> None:
    facts = file_of(tmp_path, f"F1,E-COMP-01,2026-03-02,1,,2026/10,{EVIDENCE}")

    asked = await run(served, "intake", facts, "--seconds", "0", "--json")

    assert (asked.returncode, result_of(asked)["state"]) == (1, "queued")


async def test_a_table_of_consequences_is_drafted_adopted_and_applied(
    served: House, tmp_path: Path
) -> None:
    path = tmp_path / "table.json"
    drafted = await asyncio.to_thread(
        ecorights, "credit", "consequence-tables", "draft", "2019-a", "2019-01-01"
    )
    path.write_text(drafted.stdout, encoding="utf-8")

    async def tables(*words: str, actor: str) -> subprocess.CompletedProcess[str]:
        more = ("--url", served.names["url"])
        command = ("credit", "consequence-tables", *words, *more)
        return await asyncio.to_thread(ecorights, *command, ECORIGHTS_KEY=secret_of(actor))

    proposing = ("propose", str(path), "--decision", "2026/6", "--json")
    proposed = result_of(await tables(*proposing, actor="R-1"))
    await served.do("/proposals/approvals", {"proposal": proposed["proposal"]}, "R-2")
    listed = await tables("list", actor="R-1")
    applying = await tables("applies", "F1", actor="F1-1")
    schemes = await run(served, "schemes", "F1", "--figure", "CQ.score=83", actor="F1-1")

    assert "2019-a  from 2019-01-01" in listed.stdout
    assert "in force" in listed.stdout
    assert "F1 on 2026-03-16, table 2019-a: 0 apply" in applying.stdout
    assert "is off: " in applying.stdout
    assert "CQ 重庆: 83 " in schemes.stdout
    assert "off, missing: " in schemes.stdout


async def _alone(*words: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(ecorights, "credit", "archive", *words)
