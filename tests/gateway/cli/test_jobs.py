"""Jobs on the command line: asked for, listed, cancelled, and what is refused, in words."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

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


async def run(house: House, *words: str, actor: str = "X-1") -> subprocess.CompletedProcess[str]:
    more = ("--url", house.names["url"])
    return await asyncio.to_thread(ecorights, "jobs", *words, *more, ECORIGHTS_KEY=secret_of(actor))


def names_in(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


async def test_a_job_is_asked_for_listed_waited_for_and_cancelled(
    served: House, tmp_path: Path
) -> None:
    asked = result_of(await run(served, "ask", "audit_bundle", '{"scope": "everything"}', "--json"))
    job = asked["job"]
    listed = await run(served, "list", "--state", "queued")
    waited = await run(served, "wait", job, "--seconds", "0")
    early = await run(served, "download", job, str(tmp_path / "b.zip"))
    stranger = await run(served, "show", job, actor="E01-1")
    cancelled = await run(served, "cancel", job)
    shown = result_of(await run(served, "show", job, "--json"))

    assert (asked["ok"], asked["state"], asked["worker"]) == (True, "queued", "none")
    assert f"{job}  audit_bundle  X-1  queued  0/0\n1 jobs\n" in listed.stdout
    assert waited.returncode == 1
    assert "worker none" in waited.stdout
    assert early.returncode == stranger.returncode == 1
    assert "[work.not_done]" in early.stderr
    assert names_in(tmp_path) == []
    assert "[work.job_unknown]" in stranger.stderr
    assert f"{job}  audit_bundle  X-1  cancelled" in cancelled.stdout
    assert shown["state"] == "cancelled"


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ('{"scope": ', "the parameters are no JSON"),
        ('{"scope": "all"}', "audit.scope_unfit"),
        ('{"scop": "everything"}', "field parameters.scope"),
    ],
)
async def test_what_is_wrong_with_a_job_is_told_in_words(
    served: House, parameters: str, words: str
) -> None:
    refused = await run(served, "ask", "audit_bundle", parameters)

    assert refused.returncode == 1
    assert words in refused.stderr
