"""Valuations of a venue at the command line, from a file to what a lender reads."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from gateway.database_server import DatabaseServer
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import serving
from tests.gateway.api.test_documentation import listening
from tests.gateway.api.test_gep import plan
from tests.gateway.api.test_gep_valuations import named, project_of
from tests.gateway.cli.test_gep_ledger import Terminal

pytestmark = pytest.mark.asyncio(loop_scope="module")
LARGE: dict[str, Any] = {"years": "18", "investment": "40000000"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def terminal(
    cluster: DatabaseServer, furnished: Furnished, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Terminal]:
    async with serving(cluster, furnished) as house, listening(house) as url:
        yield Terminal(url, tmp_path_factory.mktemp("projects"))


def written(folder: Path, project: dict[str, Any]) -> str:
    path = folder / f"{project['id']}.json"
    path.write_text(json.dumps(project, ensure_ascii=False), encoding="utf-8")
    return str(path)


async def publish(terminal: Terminal, project: dict[str, Any]) -> str:
    """Bring a large valuation through its course, as V-1, R-1, X-1 and R-2."""
    valuation = named(project)
    drafted = await terminal.say("V-1", "valuation", "draft", written(terminal.folder, project))
    assert valuation in drafted
    await terminal.say("R-1", "valuation", "review", valuation, "--note", "contract seen")
    await terminal.say("X-1", "valuation", "review", valuation)
    decision = ("--decision", "2026/18", "--json")
    proposed = await terminal.say("R-1", "valuation", "propose", valuation, *decision)
    proposal = json.loads(proposed.splitlines()[-1])["proposal"]
    await terminal.say("R-2", "valuation", "approve", proposal)
    await terminal.say("R-1", "valuation", "publish", valuation)
    return valuation


async def test_a_valuation_goes_from_a_file_to_what_a_lender_reads(terminal: Terminal) -> None:
    valuation = await publish(terminal, project_of("wetland", **LARGE))

    listed = await terminal.say("B-1", "valuation", "list", "--project", "wetland")
    shown = await terminal.say("B-1", "valuation", "show", valuation)
    income = await terminal.say("B-1", "valuation", "income", valuation)
    cited = ("--party", "E01", "--reference", "LOAN/20", "--purpose", "loan")
    await terminal.say("E01-1", "cite", valuation, *cited)

    assert f"{valuation}  wetland  2026-01-18" in listed
    assert "reviewed again by X-1" in shown
    assert "from" in shown
    assert "(P10 to P90)" in shown
    assert "valued again from its project: the same" in shown
    first, *years = income.splitlines()
    assert first == f"wetland {valuation}"
    assert sum("3500000.00" in line for line in years) == 18
    assert "exceeded in nine draws of ten" in income
    assert "LOAN/20" in await terminal.say("E01-1", "citations", "--account", valuation)


async def test_pages_are_read_in_chinese(terminal: Terminal) -> None:
    valuation = await publish(terminal, project_of("heron", **LARGE))

    shown = await terminal.say("B-1", "valuation", "show", valuation, "--lang", "zh")
    income = await terminal.say("B-1", "valuation", "income", valuation, "--lang", "zh")
    listed = await terminal.say("B-1", "valuation", "list", "--lang", "zh")

    assert "VEP 市场价值:有付费方的收益减成本" in shown
    assert "内部收益率" in shown
    assert "第二复核 X-1" in shown
    assert "提示: without_accounts(未依据核算账)" in shown
    assert "付费方 visitors" in income
    assert "已发布" in listed


async def test_what_is_refused_ends_with_a_status_of_its_own(terminal: Terminal) -> None:
    unpaid = project_of("unpaid")
    unpaid["incomes"] = [{**unpaid["incomes"][0], "payer": None}]
    fine = project_of("fine")
    path = written(terminal.folder, fine)

    await terminal.say("V-1", "valuation", "draft", written(terminal.folder, unpaid), status=2)
    await terminal.say("B-1", "valuation", "draft", path, status=1)
    await terminal.say("V-1", "valuation", "draft", path)
    await terminal.say("R-1", "valuation", "review", named(fine), "--returned", "no survey")
    await terminal.say("V-1", "valuation", "draft", path)
    await terminal.say("V-1", "valuation", "withdraw", named(fine))
    withdrawn = await terminal.say("V-1", "valuation", "list", "--status", "withdrawn")
    assert "withdrawn" in withdrawn
    assert await terminal.say("B-1", "valuation", "income", named(fine), status=1)


async def test_an_account_is_shown_in_chinese(terminal: Terminal) -> None:
    account = await terminal.publish(plan(2018, "40000", "50"))

    shown = await terminal.say("E01-1", "show", account, "--lang", "zh")
    listed = await terminal.say("E01-1", "list", "--year", "2018", "--lang", "zh")

    assert "按方案重新计算: 一致" in shown
    assert "编制 V-1" in shown
    assert "总值 2000000.00 元" in shown
    assert "已发布" in listed
