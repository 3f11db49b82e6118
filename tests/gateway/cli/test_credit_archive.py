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
