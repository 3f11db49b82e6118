"""A regulator's year through the public door: decisions, closed years, reports, and their facts."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from exchange.supervision import settling
from gateway.database_server import DatabaseServer
from gateway.wiring import certify, load_machine, new_machine
from ledger.replay import Replay
from ledger.verification.audit import Audit
from tests.gateway.api.archives import EVIDENCE
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import House, serving

CASE = "示环罚〔2026〕15号"
DOCUMENT = "d0" * 32
REASON = "未按时足额清缴2025年度碳排放配额"
DECISION = {
    "kind": "serve_decision",
    "authority": "R",
    "case_number": CASE,
    "rule": "E-COMP-06",
    "subjects": ["F1"],
    "served_on": "2026-03-16",
    "document": DOCUMENT,
    "fine": "4050000.00",
    "reason": REASON,
}
SCORE = "/credit/subjects/F1/score"
RULES = ["E-COMP-06", "E-COMP-31", "E-MGMT-11", "E-PERF-02"]


@pytest_asyncio.fixture
async def office(
    cluster: DatabaseServer, archives: Furnished, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    monkeypatch.setattr(settling, "FACTS_MAX", 1)  # a page is one firm
    async with serving(cluster, archives) as found:
        authorise = {"kind": "credit_authorise_department", "department": "R", "rules": RULES}
        await approve(found, authorise | {"decision": "2026/4"})
        for name, rule in (
            ("decision", "E-COMP-06"),
            ("surrendered_in_full", "E-COMP-31"),
            ("carbon_report_missing", "E-MGMT-11"),
            ("carbon_level_2", "E-PERF-02"),
        ):
            origin = {"kind": "set_fact_origin", "origin": name, "department": "R"}
            await approve(found, origin | {"rules": [rule], "basis": "2026/3"})
        yield found
        assert all(len(shelf) == 0 for shelf in found.machine.shelves.values())
        await _prove(found)


async def _prove(house: House) -> None:
    """Whatever a test did: the log verifies, folds and decides to the same."""
    async with house.pool.acquire() as lent:
        connection: Any = lent
        assert (await Audit(connection, new_machine).run()).findings == []
        for decide in (False, True):
            replay = Replay(connection, new_machine=new_machine, load=load_machine, certify=certify)
            assert (await replay.run(decide=decide)).findings == []


async def approve(house: House, body: dict[str, Any]) -> None:
    await house.propose(body, maker="R-1", checker="R-2")


async def read(house: House, path: str, actor: str, **params: str) -> dict[str, Any]:
    response = await house.get(path, actor, **params)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def test_a_regulators_year(office: House) -> None:
    await _decide(office)
    await _annul(office)
    await _settle(office)
    await _check_reports(office)
    origins = (await read(office, "/supervision/origins", "F1-1"))["origins"]
    assert [(each["origin"], each["rules"]) for each in origins][-1] == (
        "surrendered_in_full",
        ["E-COMP-31"],
    )


async def _decide(house: House) -> None:
    alone = await house.post("/supervision/decisions", DECISION, "R-1")
    proposed = await house.do("/proposals", {"operation": DECISION}, "R-1")
    proposal = {"proposal": proposed["proposal"]}
    own = await house.post("/proposals/approvals", proposal, "R-1")
    approved = await house.do("/proposals/approvals", proposal, "R-2")

    assert (alone.status_code, alone.json()["code"]) == (403, "ledger.four_eyes_required")
    assert (own.status_code, own.json()["code"]) == (403, "ledger.checker_is_maker")
    assert approved["decision"] == "1"
    shown = await read(house, "/supervision/decisions/1", "F1-1")
    assert shown["fine"] == DECISION["fine"]
    assert shown["reason"] == REASON
    assert (shown["drafted_by"], shown["approved_by"]) == ("R-1", "R-2")
    [fact] = shown["facts"]
    score = await read(house, SCORE, "F1-1")
    assert [each["fact"] for each in score["lines"]] == [fact["fact"]]
    assert (score["credit_index"], score["grade"]) == (500, "B")
    [own] = (await read(house, "/credit/subjects/F1/facts", "F1-1"))["facts"]
    assert (own["fact"], own["decision"]) == (fact["fact"], "1")
    auditor = await read(house, "/supervision/decisions/1", "A-1")
    assert auditor["reason"] is None
    stranger = await house.get("/supervision/decisions/1", "E01-1")
    assert (stranger.status_code, stranger.json()["code"]) == (403, "request.forbidden")
    assert (await read(house, "/supervision/decisions", "E01-1"))["decisions"] == []
    for actor in ("F1-1", "R-2", "A-1"):
        listed = await read(house, "/supervision/decisions", actor, subject="F1", authority="R")
        assert [each["case_number"] for each in listed["decisions"]] == [CASE]
    assert (await house.get("/supervision/decisions/2", "R-1")).status_code == 404


async def _annul(house: House) -> None:
    annul = {"kind": "annul_decision", "authority": "R", "case_number": CASE}
    await approve(house, annul | {"ground": "court", "document": EVIDENCE})

    shown = await read(house, "/supervision/decisions/1", "F1-1")
    score = await read(house, SCORE, "F1-1")
    assert (shown["annulled_ground"], shown["annulled_by"]) == ("court", EVIDENCE)
    assert [each["revoked"] for each in shown["facts"]] == [True]
    assert score["credit_index"] == 700


async def _settle(house: House) -> None:
    year = {"right": "CARBON", "year": 2025}
    lines = [{"party": "F1", "status": "reported", "lots": "7"}]
    lines += [{"party": "E01", "status": "reported", "lots": "5"}]
    lines += [{"party": "E02", "status": "reported", "lots": "1"}]
    rule = {"right": "CARBON", "mode": "per_year", "first_year": 2025}
    await house.do("/compliance/rules", rule, "R-1")
    await house.do("/compliance/verified-emissions", year | {"lines": lines}, "V-1")
    opened = await house.do("/accounts", {"party": "F1"})
    issue = {"kind": "issue", "account": opened["account"], "instrument": "CEA25"}
    await approve(house, issue | {"quantity": "7", "decision": "2026-1"})
    given = {"account": opened["account"], "instrument": "CEA25", "quantity": "7"}
    await house.do("/rights/surrenders", given | year, "F1-1")
    other = {"account": house.accounts["E01"], "instrument": "CEA25", "quantity": "5"}
    await house.do("/rights/surrenders", other | year, "E01-1")
    await house.do("/compliance/closures", year, "R-1")
    # Three at once, one firm a page: each page is declared anew after the one before.
    answers = await asyncio.gather(
        *(house.post("/compliance/settlements", year, "R-1") for _ in range(3))
    )

    [closed] = (await read(house, "/compliance/closures", "E01-1"))["closures"]
    score = await read(house, SCORE, "F1-1")
    assert (closed["settled"], closed["recorded"], closed["passed_over"]) == (2, 1, 1)
    assert closed["waiting"] == 0
    codes = [each.json().get("code") for each in answers]
    assert sorted(codes, key=str) == [None, None, "supervision.nothing_due"]
    assert score["credit_index"] == 720


async def _check_reports(house: House) -> None:
    own = {"party": "F1", "filed_on": "2026-03-10", "evidence": EVIDENCE, "quantity": "75"}
    own |= {"value_added": "100", "industry_quantity": "100", "industry_value_added": "100"}
    results = {"report": "carbon", "year": 2025, "due_on": "2026-03-12"}
    lines = [own, {"party": "E01", "evidence": EVIDENCE}]
    await house.do("/compliance/reports", results | {"lines": lines}, "V-1")

    mine = await read(house, "/compliance/reports", "F1-1")
    [late, good] = (await read(house, "/compliance/reports", "V-1", year="2025"))["reports"]
    score = await read(house, SCORE, "F1-1")
    assert mine["reports"] == [good]
    assert (good["report_outcome"], good["level"], good["facts"]) == ("on_time", "2", 1)
    assert (late["report_outcome"], late["facts"]) == ("missing", 0)
    assert score["credit_index"] == 750
