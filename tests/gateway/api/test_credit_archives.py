"""A department's day through the public door: facts in, scores out, objections to their end."""

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import openpyxl  # type: ignore[import-untyped]
import pytest
import pytest_asyncio

from credit_scoring.archive.commands import FACTS_MAX
from credit_scoring.archive.fact_file import HEADER, read_workbook
from credit_scoring.archive.refusals import Reject
from gateway.api.credit_facts import CSV, WORKBOOK
from gateway.database_server import DatabaseServer
from gateway.wiring import certify, load_machine, new_machine
from ledger.replay import Replay
from ledger.verification.audit import Audit
from tests.gateway.api.archives import EVIDENCE, fact, report
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import DAY, House, serving

SCORE = "/credit/subjects/F1/score"


@pytest_asyncio.fixture
async def office(cluster: DatabaseServer, archives: Furnished) -> AsyncIterator[House]:
    async with serving(cluster, archives) as found:
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


async def send(
    house: House, content: str | bytes, *, actor: str = "D1-1", **params: str
) -> httpx.Response:
    is_text = isinstance(content, str)
    headers = house.headers(actor, key=house.new_key())
    headers["Content-Type"] = CSV if is_text else WORKBOOK
    path = "/v1/credit/fact-files" if is_text else "/v1/credit/fact-workbooks"
    return await house.http.post(path, content=content, headers=headers, params=params)


def csv(*lines: str) -> str:
    return "\n".join((",".join(HEADER), *lines, ""))


def workbook(*rows: tuple[object, ...], header: tuple[str, ...] = HEADER) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (header, *rows):
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


async def test_a_subject_reads_its_archive_and_its_score(office: House) -> None:
    await report(office, fact("2026/1"), fact("2026/2", rule="E-COMP-02", quantity=2))
    revoke = {"source": "D1", "reference": "2026/2", "evidence": EVIDENCE}
    await office.do("/credit/revocations", revoke, "D1-1")

    subject = (await office.get("/credit/subjects/F1", "F1-1")).json()
    facts = (await office.get("/credit/subjects/F1/facts", "F1-1", limit="1")).json()
    rest = (
        await office.get("/credit/subjects/F1/facts", "F1-1", limit="1", cursor=facts["next"])
    ).json()
    score = (await office.get(SCORE, "F1-1", rule_set="0.1-draft")).json()

    assert (subject["subject_kind"], subject["division"]) == ("enterprise", "D44")
    assert [each["fact"] for each in facts["facts"] + rest["facts"]] == ["D1/2026/1", "D1/2026/2"]
    assert [each["revoked"] for each in facts["facts"] + rest["facts"]] == [False, True]
    states = {each["fact"]: each["state"] for each in score["lines"]}
    assert states == {"D1/2026/1": "active", "D1/2026/2": "revoked"}
    assert (
        score["base_milli"] + sum(each["counted_milli"] for each in score["lines"])
        == (score["value_milli"])
    )
    assert score["as_of"] == DAY
    assert score["credit_index"] == score["value_milli"] // 1000 < 700


async def test_a_score_of_the_past_knows_what_was_known_then(office: House) -> None:
    first = (await office.get(SCORE, "F1-1")).json()
    later = "2026-03-16T11:00:00Z"
    await office.do("/clock", {"to": later})
    await report(office, fact("2026/1"))

    now = (await office.get(SCORE, "F1-1")).json()
    then = (await office.get(SCORE, "F1-1", known_at="2026-03-16T10:30:00Z")).json()
    before = (await office.get(SCORE, "F1-1", as_of="2026-02-28")).json()

    assert now["lines"]
    assert now["known_at"] == "2026-03-16T11:00:00.000000Z"
    assert then["records_hash"] == first["records_hash"] != now["records_hash"]
    assert before["lines"][0]["state"] == "not_yet"


async def test_what_is_not_rated_is_shown_to_the_subject_and_the_auditor_alone(
    office: House,
) -> None:
    shown = [(await office.get(SCORE, actor)).json() for actor in ("F1-1", "A-1", "R-1")]

    assert [each["rated"] for each in shown] == [False] * 3
    assert [each["credit_index"] for each in shown] == [700, 700, None]
    assert [each["grade"] for each in shown][2] is None


@pytest.mark.parametrize("path", ["", "/facts", "/score"])
async def test_nobody_else_reads_an_archive(office: House, path: str) -> None:
    for actor in ("E01-1", "B-1", "D1-1", "X-1"):
        response = await office.get(f"/credit/subjects/F1{path}", actor)
        assert (response.status_code, response.json()["code"]) == (403, "request.forbidden")
    unknown = await office.get(f"/credit/subjects/E01{path}", "R-1")
    assert (unknown.status_code, unknown.json()["code"]) == (404, Reject.SUBJECT_UNKNOWN)


async def test_who_has_an_archive_is_listed_for_those_who_read_all(office: House) -> None:
    async def listed(actor: str, **params: str) -> list[str]:
        body = (await office.get("/credit/subjects", actor, **params)).json()
        return [each["party"] for each in body["subjects"]]

    assert await listed("R-1") == await listed("A-1") == ["F1", "P1", "V1"]
    assert await listed("A-1", kind="village") == ["V1"]
    assert [await listed(actor) for actor in ("F1-1", "D1-1", "X-1")] == [["F1"], [], []]
    first = (await office.get("/credit/subjects", "R-1", limit="2")).json()
    assert await listed("R-1", limit="2", cursor=first["next"]) == ["V1"]


async def test_without_a_rule_set_in_force_there_is_no_score(office: House) -> None:
    for params in ({"as_of": "2018-12-31"}, {"rule_set": "9.9"}):
        response = await office.get(SCORE, "F1-1", **params)
        assert response.status_code == 404
        assert response.json()["code"] == "credit_scoring.rule_set_missing"


async def test_an_objection_is_answered_within_its_days(office: House) -> None:
    await report(office, fact("2026/1"))
    objection = {
        "source": "D1",
        "reference": "2026/1",
        "ground": "wrong_quantity",
        "evidence": EVIDENCE,
    }
    await office.do("/credit/objections", objection, "F1-1")
    disputed = (await office.get(SCORE, "F1-1")).json()
    [listed] = (await office.get("/credit/objections", "D1-1", state="open")).json()["objections"]
    right = {"source": "D1", "facts": [fact("2026/2", quantity=3)]}
    decision = {
        "objection": "1",
        "outcome": "corrected",
        "evidence": EVIDENCE,
        "corrected_by": "2026/2",
    }
    operations = [
        {"kind": "credit_record_facts"} | right,
        {"kind": "credit_decide_objection"} | decision,
    ]
    # Of two events of one instant the dispute stands: the answer comes later.
    await office.do("/clock", {"to": "2026-03-16T11:00:00Z"})
    await office.do("/transactions", {"operations": operations}, "D1-1")

    assert disputed["disputed"] == ["D1/2026/1"]
    assert (listed["fact"], listed["due"]) == ("D1/2026/1", "2026-04-05")
    settled = (await office.get(SCORE, "F1-1")).json()
    assert settled["disputed"] == []
    assert {each["fact"]: each["state"] for each in settled["lines"]} == {
        "D1/2026/1": "revoked",
        "D1/2026/2": "active",
    }
    for actor, count in (("F1-1", 1), ("R-1", 1), ("E01-1", 0), ("D1-1", 1)):
        found = (await office.get("/credit/objections", actor)).json()["objections"]
        assert [each["state"] for each in found] == ["corrected"] * count
    again = await office.post("/credit/objections/decisions", decision, "D1-1")
    assert (again.status_code, again.json()["code"]) == (404, Reject.OBJECTION_UNKNOWN)


async def test_the_rules_and_who_may_report_them_are_public_to_every_key(office: House) -> None:
    sets = (await office.get("/credit/rule-sets", "E01-1")).json()["rule_sets"]
    departments = (await office.get("/credit/departments", "E01-1")).json()["departments"]

    assert all(each["adopted_in"] is not None for each in sets)
    assert [each["department"] for each in departments] == ["D1"]
    assert "E-COMP-01" in departments[0]["rules"]


async def test_two_reports_of_one_reference_at_once_are_one_fact(office: House) -> None:
    answers = await asyncio.gather(
        *(
            office.post("/credit/facts", {"source": "D1", "facts": [fact("2026/1")]}, "D1-1")
            for _ in range(20)
        )
    )

    assert sorted(each.status_code for each in answers) == [201] + [409] * 19
    refused = {each.json()["code"] for each in answers if each.status_code == 409}
    assert refused == {Reject.SOURCE_DOUBLED}


async def test_a_file_is_tried_line_by_line_and_then_recorded_whole(office: House) -> None:
    await report(office, fact("2026/0"))
    good = f"F1,E-COMP-01,2026-03-02,,I-1,2026/1,{EVIDENCE}"
    bad = (
        f"F1,E-COMP-01,2026-03-17,1,,2026/2,{EVIDENCE}",
        f"F1,E-COMP-99,2026-03-02,1,,2026/3,{EVIDENCE}",
        f"F1,V-LIVE-01,2026-03-02,1,,2026/4,{EVIDENCE}",
        f"E01,E-COMP-01,2026-03-02,1,,2026/5,{EVIDENCE}",
        f"F1,E-COMP-03,2026-03-02,1,,2026/6,{EVIDENCE}",
        f"F1,E-COMP-01,2026-03-02,1,,2026/0,{EVIDENCE}",
        f"F1,E-COMP-01,2026-02-30,x,,2026/1,{EVIDENCE}",
    )

    tried = await send(office, csv(good, *bad), dry_run="true")
    refused = await send(office, csv(good, *bad))
    half = await send(office, csv(good, bad[0]))
    recorded = await send(office, csv(good, good.replace("2026/1", "2026/9")))

    found = tried.json()
    assert (tried.status_code, found["outcome"], found["lines"]) == (200, "dry_run", 7)
    assert [(each["line"], each["field"], each["code"]) for each in found["bad"]] == [
        (3, "on", Reject.DAY_AHEAD),
        (4, "rule", Reject.RULE_UNKNOWN),
        (5, "rule", Reject.RULE_OF_OTHER_KIND),
        (6, "subject", Reject.SUBJECT_UNKNOWN),
        (7, "rule", Reject.RULE_NOT_AUTHORISED),
        (8, "reference", Reject.SOURCE_DOUBLED),
        (9, "on", "credit.file_unreadable"),
        (9, "quantity", "credit.file_unreadable"),
        (9, "reference", "credit.file_unreadable"),
    ]
    assert (refused.status_code, refused.json()["code"]) == (422, "credit.file_unreadable")
    assert [each["line"] for each in refused.json()["lines"]] == [9, 9, 9]
    problem = half.json()
    assert (problem["code"], problem["field"], problem["line"]) == (
        Reject.DAY_AHEAD,
        "facts.1.on",
        3,
    )
    assert (recorded.status_code, recorded.json()["lines"]) == (201, 2)
    facts = (await office.get("/credit/subjects/F1/facts", "F1-1")).json()["facts"]
    assert [each["reference"] for each in facts] == ["2026/0", "2026/1", "2026/9"]
    assert len({each["file"] for each in facts[1:]}) == 1
    assert len(facts[1]["file"]) == 64
    assert facts[1]["entry"] == facts[2]["entry"] == recorded.json()["receipt"]["entry"]


async def test_a_workbook_is_read_like_a_file(office: House) -> None:
    rows = (
        ("F1", "E-COMP-01", date(2026, 3, 2), 2, None, "2026/1", EVIDENCE),
        (None, None, None, None, None, None, None),
        ("V1", "V-LIVE-01", "2026-03-02", None, "I-1", "2026/2", EVIDENCE),
    )
    recorded = await send(office, workbook(*rows))
    again = await send(office, workbook(*rows), dry_run="true")
    damaged = await send(office, workbook(*rows)[:-40])
    other = await send(office, workbook(*rows, header=(*HEADER[:-1], "proof")))

    assert (recorded.status_code, recorded.json()["lines"]) == (201, 2)
    facts = (await office.get("/credit/subjects/F1/facts", "F1-1")).json()["facts"]
    assert [(each["on"], each["quantity"]) for each in facts] == [("2026-03-02", 2)]
    assert [each["line"] for each in again.json()["bad"]] == [2, 4]
    for answer, field in ((damaged, "file"), (other, "header")):
        assert (answer.status_code, answer.json()["code"]) == (422, "credit.file_unreadable")
        assert answer.json()["field"] == field


async def test_a_stranger_uploads_nothing(office: House) -> None:
    line = f"F1,E-COMP-01,2026-03-02,1,,2026/1,{EVIDENCE}"

    trader = await send(office, csv(line), actor="E01-1")
    empty = await send(office, csv())

    assert (trader.status_code, trader.json()["code"]) == (403, "ledger.role_missing")
    assert (empty.status_code, empty.json()["field"]) == (422, "lines")


def test_a_workbook_has_at_most_so_many_lines() -> None:
    row = ("F1", "E-COMP-01", "2026-03-02", 1, None, "2026/1", EVIDENCE)
    found = read_workbook(workbook(*([row] * (FACTS_MAX + 1))))

    assert found.facts == []
    assert [(each.line, each.field) for each in found.bad] == [(FACTS_MAX + 2, "lines")]
