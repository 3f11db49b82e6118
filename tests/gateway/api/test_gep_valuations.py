"""Valuations over HTTP: their course, what a lender reads of one, and who relies on it."""

import json
from typing import Any, cast

import asyncpg
import pytest
import pytest_asyncio

from gateway.api.gep_valuation_examples import PROJECT, VALUATION
from gateway.wiring import load_machine
from gep.valuations.making import make_valuation
from gep.valuations.reading import read_project
from ledger.state_hash import state_hash
from tests.gateway.api.house import House
from tests.gateway.api.test_gep import plan, publish, read

pytestmark = pytest.mark.asyncio(loop_scope="module")
VALUATIONS = "/gep/valuations"
WIDE = {"first": "6000000", "low": "5000000", "high": "6500000"}


def named(project: dict[str, Any]) -> str:
    return make_valuation(read_project(json.dumps(project).encode())).hash


def project_of(name: str, **changes: Any) -> dict[str, Any]:
    """Return a project whose tickets are doubted."""
    incomes = [PROJECT["incomes"][0] | {"income": WIDE}]
    return PROJECT | {"id": name, "incomes": incomes} | changes


async def draft(house: House, project: dict[str, Any], *, supersedes: str = "") -> str:
    body = {"project": project, "valuation": named(project), "supersedes": supersedes}
    await house.do(VALUATIONS, body, "V-1")
    return named(project)


async def publish_valuation(
    house: House, project: dict[str, Any], *, supersedes: str = "", second: str = ""
) -> str:
    """Let V-1 draft, R-1 review and propose, R-2 approve, R-1 publish; a second one reviews too."""
    valuation = await draft(house, project, supersedes=supersedes)
    body = {"valuation": valuation}
    for reviewer in ("R-1", second):
        if reviewer:
            await house.do(f"{VALUATIONS}/reviews", body | {"outcome": "accepted"}, reviewer)
    approval = body | {"kind": "gep_approve_valuation", "decision": "2026/18"}
    await house.propose(approval, maker="R-1", checker="R-2")
    await house.do(f"{VALUATIONS}/publications", body, "R-1")
    return valuation


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def wetland(house: House) -> str:
    return await publish_valuation(house, project_of("wetland"))


async def test_the_example_is_the_valuation_of_its_project() -> None:
    assert named(PROJECT) == VALUATION


async def test_a_published_valuation_is_read_whole(house: House, wetland: str) -> None:
    shown = await read(house, f"{VALUATIONS}/{wetland}")
    listed = await read(house, VALUATIONS, project="wetland", area="E11-EGRET")
    again = await read(house, f"{VALUATIONS}/{wetland}/recomputation")

    assert (shown["valuation_status"], shown["valued_on"]) == ("published", "2026-01-18")
    # 2,520,000 and 3,500,000 a year, two years at 4.2 %.
    assert shown["vep_gain_yuan"] == "4739372.46"
    assert shown["vep_market_yuan"] == "6582461.75"
    assert (
        shown["document"]["uncertainty"]["vep_market"]["p10_yuan"] == shown["vep_market_p10_yuan"]
    )
    people = [shown[name] for name in ("drafted_by", "reviewed_by", "approved_by")]
    assert people == ["V-1", "R-1", "R-2"]
    assert [each["valuation"] for each in listed["valuations"]] == [wetland]
    assert named(shown["project_document"]) == wetland
    assert (again["agrees"], again["recomputed"], again["error"]) == (True, wetland, None)


async def test_a_lender_reads_what_is_paid_by_year_payer_and_term(
    house: House, wetland: str
) -> None:
    found = await read(house, f"{VALUATIONS}/{wetland}/marketable-income", "B-1")

    (tickets,) = found["components"]
    assert (tickets["payer"], tickets["title"]) == ("visitors", "CONCESSION/2026/3")
    assert (tickets["contract"], tickets["years_left"]) == (None, 18)
    assert tickets["net_yuan"] == found["net_yuan"] == ["3500000.00"] * 2
    low = float(tickets["net_p10_yuan"][0])
    assert 2_500_000 < low < 3_500_000
    assert float(found["vep_market_p10_yuan"]) < float(found["vep_market_p50_yuan"])
    assert (found["superseded_by"], found["accounts_superseded"]) == (None, False)
    assert int(found["basis"]["parameter_set_unchecked"]) > 0
    assert "R1" not in {each["service"] for each in found["components"]}


async def test_a_draft_is_nobodys_collateral(house: House) -> None:
    valuation = await draft(house, project_of("unfinished"))

    income = await house.get(f"{VALUATIONS}/{valuation}/marketable-income", "R-1")
    seen = [await house.get(f"{VALUATIONS}/{valuation}", who) for who in ("V-1", "B-1")]
    drafts = await read(house, VALUATIONS, "R-1", status="draft")

    assert (income.status_code, income.json()["code"]) == (404, "gep.valuation_unknown")
    assert [each.status_code for each in seen] == [200, 404]
    assert valuation in {each["valuation"] for each in drafts["valuations"]}
    assert (await read(house, VALUATIONS, "B-1", project="unfinished"))["valuations"] == []


async def test_a_large_valuation_waits_for_its_second_reviewer(house: House) -> None:
    large = project_of("large", years="18")
    valuation = await draft(house, large)
    body = {"valuation": valuation}
    await house.do(f"{VALUATIONS}/reviews", body | {"outcome": "accepted"}, "R-1")
    approval = body | {"kind": "gep_approve_valuation", "decision": "2026/18"}
    proposed = await house.do("/proposals", {"operation": approval}, "R-1")
    ask = {"proposal": proposed["proposal"]}

    tried = await house.post("/proposals/approvals", ask, "R-2", dry_run="true")
    await house.do(f"{VALUATIONS}/reviews", body | {"outcome": "accepted"}, "X-1")
    await house.do("/proposals/approvals", ask, "R-2")

    assert (tried.status_code, tried.json()["code"]) == (409, "gep.second_review_awaited")
    shown = await read(house, f"{VALUATIONS}/{valuation}", "R-1")
    assert (shown["valuation_status"], shown["second_reviewed_by"]) == ("approved", "X-1")
    await house.do(f"{VALUATIONS}/withdrawals", body, "V-1")


async def test_a_newer_valuation_marks_the_citations_of_the_old_one(house: House) -> None:
    old = await publish_valuation(house, project_of("cited"))
    citation = {"account": old, "party": "E01", "purpose": "loan", "reference": "LOAN/20"}
    await house.do("/gep/citations", citation, "E01-1")

    new = await publish_valuation(house, project_of("cited", rate="0.05"), supersedes=old)

    (due,) = (await read(house, "/gep/citations", due="true", account=old))["citations"]
    assert (due["cites"], due["id"], due["counting"]) == ("valuation", "cited", new)
    income = await read(house, f"{VALUATIONS}/{old}/marketable-income")
    assert income["superseded_by"] == new
    kept = {"account": old, "party": "E01", "reference": "LOAN/20", "outcome": "kept"}
    await house.do("/gep/citations/settlements", kept, "E01-1")
    assert (await read(house, "/gep/citations", due="true", account=old))["citations"] == []


async def test_a_reader_is_told_that_an_account_under_a_valuation_was_superseded(
    house: House,
) -> None:
    def scenario(area: str, water: str) -> dict[str, Any]:
        inputs = {
            "carbon": {"value": water, "unit": "t_CO2", "source": "tower"},
            "price": {"value": "50", "unit": "yuan/t_CO2", "source": "exchange"},
        }
        place = {"id": area, "name": "白鹭湿地", "km2": "6"}
        return plan(2025, water, "50", id=f"{area}-2025", area=place, inputs=inputs)

    accounts = {
        "with": await publish(house, scenario("E11-EGRET", "40000")),
        "without": await publish(house, scenario("E11-EGRET.without", "36000")),
    }
    flow = {"service": "R8", "with": {"first": "2000000"}, "without": {"first": "1800000"}}
    valuation = await publish_valuation(
        house, project_of("rested", accounts=accounts, flows=[flow])
    )
    before = await read(house, f"{VALUATIONS}/{valuation}")

    newer = scenario("E11-EGRET.without", "35000")
    citation = {"account": valuation, "party": "E01", "purpose": "loan", "reference": "LOAN/21"}
    await house.do("/gep/citations", citation, "E01-1")
    (cited,) = (await read(house, "/gep/citations", account=valuation))["citations"]
    await publish(house, newer, supersedes=accounts["without"])

    after = await read(house, f"{VALUATIONS}/{valuation}/marketable-income")
    assert (before["accounts_superseded"], after["accounts_superseded"]) == (False, True)
    (cited_since,) = (await read(house, "/gep/citations", account=valuation))["citations"]
    assert (cited["accounts_superseded"], cited["review_due"]) == (False, False)
    assert (cited_since["accounts_superseded"], cited_since["review_due"]) == (True, False)
    assert after["account_with"] == accounts["with"]


async def test_the_list_goes_page_by_page(house: House, wetland: str) -> None:
    await publish_valuation(house, project_of("another"))
    found: list[str] = []
    position: dict[str, str] = {}
    while True:
        page = await read(house, VALUATIONS, limit="1", **position)
        found += [each["valuation"] for each in page["valuations"]]
        if page["next"] is None:
            break
        position = {"cursor": page["next"]}

    assert wetland in found
    assert len(set(found)) == len(found) >= 2


async def test_a_draft_that_is_sent_twice_is_drafted_once(house: House) -> None:
    project = project_of("twice")
    body = {"project": project, "valuation": named(project)}
    key = house.new_key()

    answers = [await house.post(VALUATIONS, body, "V-1", key=key) for _ in range(2)]

    assert answers[0].json()["receipt"]["entry"] == answers[1].json()["receipt"]["entry"]


@pytest.mark.usefixtures("wetland")
async def test_a_writer_that_starts_again_has_the_same_valuations(house: House) -> None:
    async with house.pool.acquire() as connection:
        loaded = await load_machine(cast("asyncpg.Connection", connection))
        with pytest.raises(asyncpg.PostgresError):
            await connection.execute("UPDATE gep_valuation_document SET document = '{}'")

    assert state_hash(loaded) == state_hash(house.machine)
