"""A file on the command line: the result in words and as JSON, bad lines, and the tasks."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from gateway.database_server import DatabaseServer
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import DAY, House, secret_of, serving
from tests.gateway.api.test_documentation import listening
from tests.gateway.cli.commands import ecorights, result_of

pytestmark = pytest.mark.asyncio(loop_scope="module")
HEADER = "record,account,currency,direction,amount,reference,value_date"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(cluster: DatabaseServer, furnished: Furnished) -> AsyncIterator[House]:
    async with serving(cluster, furnished) as house, listening(house) as url:
        house.names["url"] = url
        yield house


async def run(house: House, *words: str, actor: str = "X-1") -> subprocess.CompletedProcess[str]:
    more = ("--url", house.names["url"])
    return await asyncio.to_thread(
        ecorights, "reconcile", *words, *more, ECORIGHTS_KEY=secret_of(actor)
    )


def of_file(path: Path, *more: str) -> tuple[str, ...]:
    return (str(path), "--kind", "bank", "--counterparty", "B", "--day", DAY, *more)


async def test_a_file_is_tried_recorded_and_its_tasks_are_listed(
    served: House, tmp_path: Path
) -> None:
    path = tmp_path / "b.csv"
    account = served.accounts["E01"]
    path.write_text(f"{HEADER}\nmovement,{account},CNY,in,9.00,R-9,{DAY}\n", encoding="utf-8")

    tried = await run(served, *of_file(path, "--dry-run"))
    recorded = await run(served, *of_file(path, "--json"), actor="B-1")
    again = await run(served, *of_file(path, "--json"))
    listed = await run(served, "tasks", "--state", "open", "--json")
    words = await run(served, "tasks", "--counterparty", "B")

    assert tried.returncode == 0, tried.stderr
    assert "1 lines, 0 matched, 3 differ (0 left out)" in tried.stdout
    assert f"missing_here CNY  there {account} 9.00 R-9 line 2" in tried.stdout
    answer = result_of(recorded)
    assert (answer["ok"], answer["outcome"], answer["opened"]) == (True, "applied", 3)
    assert result_of(again)["outcome"] == "recorded_before"
    tasks = result_of(listed)["tasks"]
    assert {each["task"] for each in answer["found"]} <= {each["task"] for each in tasks}
    assert "5 tasks" in words.stdout
    assert "assigned B-1 due" in words.stdout


async def test_bad_lines_are_printed_each_with_its_place(served: House, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(f"{HEADER}\nmovement,x,CNY,in,9.00,R-9,{DAY}\nx\n", encoding="utf-8")

    shown = await run(served, *of_file(path))
    as_json = await run(served, *of_file(path, "--json"))

    assert shown.returncode == as_json.returncode == 1
    assert "line 2, account: expected an account number, at most 12 digits" in shown.stderr
    assert "line 3, fields: expected 7, found '1'" in shown.stderr
    assert result_of(as_json)["bad_lines"] == 2


async def test_what_keeps_it_from_running_is_told_in_words(served: House, tmp_path: Path) -> None:
    missing = await run(served, *of_file(tmp_path / "none.csv"))
    unserved = await asyncio.to_thread(
        ecorights, "reconcile", "tasks", ECORIGHTS_HOME=str(tmp_path)
    )

    assert (missing.returncode, unserved.returncode) == (1, 1)
    assert "cannot be read" in missing.stderr
    assert "is not served here" in unserved.stderr
