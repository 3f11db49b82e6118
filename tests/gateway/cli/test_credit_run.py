"""`credit run` as an operator and a regulator type it: a run, a row, a snapshot, a check."""

import asyncio
import subprocess
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from gateway.database_server import DatabaseServer
from tests.gateway.api.archives import fact, report
from tests.gateway.api.house import DAY, House, secret_of, serving
from tests.gateway.api.running import done, employ, open_register, run
from tests.gateway.api.test_documentation import listening
from tests.gateway.cli.commands import ecorights, result_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(cluster: DatabaseServer, template_database: str) -> AsyncIterator[House]:
    async with serving(cluster, template_database) as house:
        await employ(house)
        await open_register(house)
        await report(house, fact("1"), fact("2", subject="P1", rule="P-LIVE-01"))
        async with listening(house) as url:
            house.names["url"] = url
            yield house


async def typed(house: House, *words: str, actor: str = "R-1") -> subprocess.CompletedProcess[str]:
    more = ("--url", house.names["url"])
    return await asyncio.to_thread(
        ecorights, "credit", "run", *words, *more, ECORIGHTS_KEY=secret_of(actor)
    )


async def check(
    house: House, cluster: DatabaseServer, *words: str
) -> subprocess.CompletedProcess[str]:
    database = house.writer._plan.dsn.rpartition("/")[2].partition("?")[0]
    venue = database.removeprefix("ecorights_").replace("_", "-")
    command = ("credit", "run", "check", *words, "--venue", venue)
    return await asyncio.to_thread(ecorights, *command, ECORIGHTS_DATABASE_URL=cluster.address)


async def work(house: House) -> None:
    """Do the first job that is asked for, as a worker would."""
    while not (found := await house.pool.fetchval("SELECT id FROM job")):  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    await done(house, {"job": str(found)})


async def test_a_run_is_started_shown_proved_and_designated(served: House) -> None:
    working = asyncio.create_task(work(served))

    started = await typed(served, "start", "--as-of", DAY, "--purpose", "price_list", "--json")
    await working
    shown, row, proposed = await asyncio.gather(
        typed(served, "show", "1"),
        typed(served, "row", "1", "P1", actor="P1-1"),
        typed(
            served,
            *("designate", "1", "--valid-from", DAY, "--valid-until", "2026-08-31"),
            *("--decision", "2026/31", "--as", "R-1"),
        ),
    )

    root = result_of(started)["value"]["root"]
    assert root[:16] in shown.stdout
    assert "champion" in shown.stdout
    assert f"proved: row 2 of 7 under {root}" in row.stdout, row.stderr
    assert proposed.stdout.startswith("proposal "), proposed.stderr
    assert "credit approve" in proposed.stdout


async def test_a_run_of_tomorrow_ends_with_1_and_says_why(served: House) -> None:
    refused = await typed(served, "start", "--as-of", "2026-03-18")

    assert refused.returncode == 1
    assert "credit.run_ahead" in refused.stderr


async def test_a_check_agrees_until_a_row_is_changed(
    served: House, cluster: DatabaseServer
) -> None:
    told = await run(served)

    good = await check(served, cluster, told["run"], "--rescore")
    await served.pool.execute(
        "UPDATE credit_run_row SET grade = 'AAA' WHERE number = 0 "
        "AND job = (SELECT job::uuid FROM credit_run WHERE number = $1)",
        int(told["run"]),
    )
    bad, unknown = await asyncio.gather(
        check(served, cluster, told["run"], "--json"), check(served, cluster, "99")
    )

    assert good.stdout == f"run {told['run']}: 7 rows, 7 subjects scored again: everything agrees\n"
    assert (bad.returncode, result_of(bad)["ok"]) == (1, False)
    assert "row 0: F1 was changed" in result_of(bad)["findings"][0]
    assert "there is no run 99" in unknown.stderr
