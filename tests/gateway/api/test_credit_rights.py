"""The rights of a subject through the public door: reviews, corrections, erasure, periods."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio

from gateway.database_server import DatabaseServer
from gateway.wiring import certify, load_machine, new_machine
from ledger.replay import Replay
from ledger.verification.audit import Audit
from tests.gateway.api.archives import EVIDENCE, RULES, fact, report
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import House, digest_of, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")
LOAN = {"subject": "P1", "purpose": "eco_credit_loan"}
CONSENT = LOAN | {"day_from": "2026-03-16", "day_to": "2026-06-30", "evidence": "5d" * 32}
WHOLE = ["grade", "index", "reasons"]
LOST = {"source": "D1", "reference": "2026/72"}
NOTICE = LOST | {"correction": "revoked"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(cluster: DatabaseServer, archives: Furnished) -> AsyncIterator[House]:
    """Archives and two banks; whatever the tests did, the log verifies, folds and decides alike."""
    async with serving(cluster, archives) as house:
        authorise = {
            "kind": "credit_authorise_department",
            "department": "D1",
            "rules": [*RULES, "P-CULT-01", "P-PROT-11"],
            "decision": "2026/3",
        }
        await house.propose(authorise, maker="R-1", checker="R-2")
        for bank in ("B7", "B8"):
            await house.do("/parties", {"party": bank, "party_kind": "bank", "name": bank})
            key = {"actor": f"{bank}-1", "party": bank, "roles": ["bank_officer"]}
            await house.do("/keys", key | {"digest": digest_of(f"{bank}-1")})
        yield house
        async with house.pool.acquire() as lent:
            connection: Any = lent
            assert (await Audit(connection, new_machine).run()).findings == []
            for decide in (False, True):
                replay = Replay(
                    connection, new_machine=new_machine, load=load_machine, certify=certify
                )
                assert (await replay.run(decide=decide)).findings == []


async def listed(house: House, name: str, actor: str, **filters: str) -> list[dict[str, Any]]:
    response = await house.get(f"/credit/{name}", actor, **filters)
    assert response.status_code == 200, response.text
    (rows,) = (value for value in response.json().values() if isinstance(value, list))
    found: list[dict[str, Any]] = rows
    return found


async def move(house: House, to: str) -> None:
    await house.do("/clock", {"to": to})


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What was answered when a correction was told: too early, tried, told, and told again."""

    early: httpx.Response
    listed: list[dict[str, Any]]
    tried: httpx.Response
    first: httpx.Response
    again: httpx.Response
    later: httpx.Response


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def telling(office: House) -> Telling:
    """B7 and B8 were told of 597 points, then a fact is corrected; all tests begin after that."""
    await report(
        office,
        fact("2026/71", subject="P1", rule="P-CULT-01"),
        fact("2026/72", subject="P1", rule="P-PROT-11", on="2026-03-06"),
    )
    await move(office, "2026-03-16T10:01:00Z")
    for bank, scope in (("B7", WHOLE), ("B8", ["grade"])):
        await office.do("/credit/consents", CONSENT | {"grantee": bank, "scope": scope}, "P1-1")
        await office.do("/credit/queries", LOAN | {"scope": scope}, f"{bank}-1")
    await move(office, "2026-03-17T02:00:00Z")
    early = await office.post("/credit/notices", NOTICE)
    opened = await office.do(
        "/credit/objections",
        LOST | {"ground": "did_not_happen", "evidence": EVIDENCE},
        "P1-1",
    )
    [objection] = opened["effects"]
    upheld = {"objection": objection["objection"], "outcome": "upheld", "evidence": EVIDENCE}
    await office.do("/credit/objections/decisions", upheld, "D1-1")
    return Telling(
        early=early,
        listed=await listed(office, "corrections", "X-1"),
        tried=await office.post("/credit/notices", NOTICE, dry_run="true"),
        first=await office.post("/credit/notices", NOTICE, key="tell"),
        again=await office.post("/credit/notices", NOTICE, key="tell"),
        later=await office.post("/credit/notices", NOTICE),
    )


async def test_who_was_told_597_is_told_603_once(office: House, telling: Telling) -> None:
    early, first, later = telling.early, telling.first, telling.later
    [correction] = telling.listed
    assert (early.status_code, early.json()["code"]) == (404, "credit.fact_unknown")
    assert (correction["fact"], correction["notices"]) == ("D1/2026/72", 0)
    assert [e["recipient"] for e in telling.tried.json()["effects"]] == ["B7"]
    assert (first.status_code, first.json()) == (201, telling.again.json())
    assert (later.status_code, later.json()["code"]) == (409, "credit.nothing_to_tell")
    [notice] = await listed(office, "notices", "B7-1")
    assert notice["before"] == {"grade": "A", "credit_index": 597}
    assert notice["after"] == {"grade": "A", "credit_index": 603}
    assert notice["parts"] == ["credit_index", "reasons"]
    assert await listed(office, "notices", "P1-1") == [notice]
    assert await listed(office, "notices", "B8-1") == []
    [correction] = await listed(office, "corrections", "A-1")
    assert correction["notices"] == 1


async def test_a_bank_acknowledges_its_notice(office: House) -> None:
    heard = NOTICE | {"recipient": "B7"}
    stranger = await office.post("/credit/notices/acknowledgements", heard, "B8-1")
    assert await listed(office, "notices", "B7-1", acknowledged="false") != []

    await office.do("/credit/notices/acknowledgements", heard, "B7-1")
    twice = await office.post("/credit/notices/acknowledgements", heard, "B7-1")

    assert (stranger.status_code, stranger.json()["code"]) == (403, "ledger.not_the_owner")
    assert (twice.status_code, twice.json()["code"]) == (409, "credit.notice_acknowledged")
    assert await listed(office, "notices", "B7-1", acknowledged="false") == []
    [notice] = await listed(office, "notices", "A-1", recipient="B7")
    assert notice["acknowledged_by"] == "B7-1"


async def test_a_review_is_requested_overdue_noted_and_answered(office: House) -> None:
    period = {"kind": "credit_set_term", "term": "review_days", "days": 2, "basis": "L-2"}
    await office.propose(period, maker="R-1", checker="R-2")
    asked = {"subject": "V1", "as_of": "2026-03-16", "rule_set": "0.1-draft"}
    answer = await office.do("/credit/reviews", asked | {"evidence": EVIDENCE}, "V1-1")
    number = answer["review"]
    [requested] = await listed(office, "reviews", "V1-1", state="requested")
    [ahead] = await listed(office, "overdue", "V1-1", day="2026-03-20")
    await move(office, "2026-03-20T02:00:00Z")

    [overdue] = await listed(office, "overdue", "X-1")
    note = {"clock": "review", "numbers": [number]}
    await office.do("/credit/overdue", note)
    twice = await office.post("/credit/overdue", note)
    [late] = await listed(office, "reviews", "V1-1", state="overdue")
    stands = {"review": number, "outcome": "facts_stand", "evidence": EVIDENCE}
    await office.do("/credit/reviews/answers", stands, "R-1")
    [answered] = await listed(office, "reviews", "V1-1")

    assert (requested["state"], requested["due"]) == ("requested", "2026-03-19")
    assert (ahead["days_over"], overdue["days_over"]) == (1, 1)
    assert overdue["noted_at"] is None
    assert (twice.status_code, twice.json()["code"]) == (409, "credit.overdue_unfit")
    assert late["state"] == "overdue"
    assert (answered["state"], answered["reviewer"]) == ("answered", "R-1")
    assert answered["outcome"] == "facts_stand"
    assert await listed(office, "overdue", "X-1") == []


async def test_what_is_due_is_listed_before_it_is_erased(office: House) -> None:
    await report(office, fact("2026/80", subject="P1", rule="P-PROT-11", on="2026-02-10"))
    period = {"kind": "credit_set_months", "term": "person_kept", "months": 1, "basis": "L-3"}
    await office.propose(period, maker="R-1", checker="R-2")
    erase = {"subject": "P1", "facts": [{"source": "D1", "reference": "2026/80"}]}

    own = await listed(office, "retention", "P1-1", day="2026-03-01")
    due = await listed(office, "retention", "X-1")
    before = (await office.get("/credit/subjects/P1/score", "P1-1", as_of="2026-03-01")).json()
    await office.do("/credit/erasures", erase)
    twice = await office.post("/credit/erasures", erase)
    after = (await office.get("/credit/subjects/P1/score", "P1-1", as_of="2026-03-01")).json()
    today = (await office.get("/credit/subjects/P1/score", "P1-1")).json()

    assert [row["erase_on"] for row in own] == ["2026-03-10"]
    assert [(row["is_due"], row["held_by"]) for row in own] == [(False, None)]
    assert [row["fact"] for row in due if row["is_due"]] == ["D1/2026/80"]
    assert (twice.status_code, twice.json()["code"]) == (410, "credit.fact_erased")
    assert [before["erased"], after["erased"], today["erased"]] == [0, 1, 0]
    assert len(before["lines"]) == len(after["lines"]) + 1
    names = [row["fact"] for row in await listed(office, "subjects/P1/facts", "P1-1")]
    assert "D1/2026/80" not in names
    [erased] = await listed(office, "erasures", "P1-1")
    assert erased["fact"] == "D1/2026/80"
    assert await listed(office, "retention", "X-1", day="2026-03-01") == [] != due
    sent = LOAN | {"as_of": "2026-03-01", "scope": WHOLE}
    told = (await office.do("/credit/queries", sent, "B7-1"))["answer"]
    assert told["complete"] is False


async def test_an_erased_person_has_no_archive_to_read(office: House) -> None:
    of_subject = {"subject": "P00"}
    for path, filters in (
        ("subjects/P00", {}),
        ("subjects/P00/facts", {}),
        ("subjects/P00/score", {}),
        ("reviews", of_subject),
        ("notices", of_subject),
        ("retention", of_subject),
        ("erasures", of_subject),
    ):
        response = await office.get(f"/credit/{path}", "R-1", **filters)
        assert (response.status_code, response.json()["code"]) == (410, "ledger.party_erased")


async def test_the_longest_consent_is_data(office: House) -> None:
    long = CONSENT | {"grantee": "B8", "purpose": "guarantee", "day_to": "2026-04-30"}
    for months, status in ((1, 409), (24, 201)):
        period = {"kind": "credit_set_months", "term": "consent", "months": months, "basis": "L-4"}
        await office.propose(period, maker="R-1", checker="R-2")
        assert (await office.post("/credit/consents", long, "P1-1")).status_code == status
    unfit = {"kind": "credit_set_months", "term": "consent", "months": 0, "basis": "L-4"}
    proposed = await office.do("/proposals", {"operation": unfit}, "R-1")
    approval = {"proposal": proposed["proposal"]}
    refused = await office.post("/proposals/approvals", approval, "R-2")
    assert (refused.status_code, refused.json()["code"]) == (409, "credit.term_unfit")


async def test_a_credential_that_a_correction_belies_is_named(office: House) -> None:
    await report(office, fact("2026/95", rule="E-COMP-02", on="2026-03-10"))
    await move(office, "2026-03-21T02:00:00Z")
    score = (await office.get("/credit/subjects/F1/score", "F1-1")).json()
    stated = ("grade", "colour", "as_of", "rule_set_version", "rule_set_hash", "records_hash")
    credential = {name: score[name] for name in stated} | {
        "credential": "0197f2c1-8b7a-7c11-9d63-000000000077",
        "subject": "urn:ecorights:subject:0197f2c1-8b7b",
        "subject_kind": "enterprise",
        "valid_until": "2026-12-31T16:00:00Z",
    }
    await office.do("/credentials", credential, "R-1")
    path = "subjects/F1/outdated-credentials"
    before = await listed(office, path, "F1-1")
    await move(office, "2026-03-22T02:00:00Z")
    revoked = {"source": "D1", "reference": "2026/95", "evidence": EVIDENCE}
    await office.do("/credit/revocations", revoked, "D1-1")

    [found] = await listed(office, path, "F1-1")

    assert before == []
    assert found["credential"] == credential["credential"]
    assert (found["grade_stated"], found["grade_now"]) == (score["grade"], "AA")
    assert (await office.get(f"/credit/{path}", "V1-1")).status_code == 403
    taken = {"credential": credential["credential"], "reason": "grade_changed"}
    await office.do("/credentials/revocations", taken, "R-1")
    assert await listed(office, path, "R-1") == []


async def test_who_is_on_a_list_is_read_by_day_and_a_repair_takes_it_off(office: House) -> None:
    await report(office, fact("2026/90", rule="E-COMP-01"))
    listed_by: dict[str, Any] = {
        "kind": "credit_define_list",
        "sign": "negative",
        "subject_kind": "enterprise",
        "rules": ["E-COMP-01"],
        "months": 12,
        "basis": "XF26",
        "decision": "2026/4",
    }
    for name, published in (("BLACK", True), ("WATCH", False)):
        define = listed_by | {"list_name": name, "published": published}
        await office.propose(define, maker="R-1", checker="R-2")
    stay = {
        "kind": "credit_enter_on_list",
        "list_name": "BLACK",
        "subject": "F1",
        "day_from": "2026-03-16",
        "day_to": "2027-03-15",
        "source": "D1",
        "reference": "2026/90",
        "decision": "2026/5",
        "evidence": EVIDENCE,
    }
    score = (await office.get("/credit/subjects/F1/score", "F1-1")).json()
    await office.propose(stay, maker="R-1", checker="R-2")
    on = await listed(office, "lists/BLACK/members", "V1-1")
    before = await listed(office, "lists/BLACK/members", "V1-1", day="2026-03-15")
    unread = await office.get("/credit/lists/WATCH/members", "V1-1")
    unknown = await office.get("/credit/lists/NONE/members", "V1-1")
    revoked = {"source": "D1", "reference": "2026/90", "evidence": EVIDENCE}
    same = (await office.get("/credit/subjects/F1/score", "F1-1")).json()
    await office.do("/credit/revocations", revoked, "D1-1")

    assert [(row["subject"], row["holds"], row["fact"]) for row in on] == [
        ("F1", True, "D1/2026/90")
    ]
    assert before == await listed(office, "lists/BLACK/members", "V1-1") == []
    assert (unread.status_code, unknown.status_code) == (403, 404)
    assert await listed(office, "lists/WATCH/members", "A-1") == []
    assert same["credit_index"] == score["credit_index"]
    [own] = await listed(office, "listings", "F1-1")
    assert (own["holds"], own["fact_revoked"], own["left_on"]) == (False, True, None)
    names = [row["list_name"] for row in await listed(office, "lists", "V1-1")]
    assert names == ["BLACK", "WATCH"]
    assert (await office.get("/credit/listings", "V1-1", subject="F1")).status_code == 403


@pytest.mark.parametrize(
    ("name", "actor", "filters"),
    [
        ("reviews", "V1-1", {"subject": "P1"}),
        ("notices", "V1-1", {"subject": "P1"}),
        ("notices", "B8-1", {"recipient": "B7"}),
        ("corrections", "P1-1", {}),
        ("retention", "V1-1", {"subject": "P1"}),
        ("erasures", "D1-1", {"subject": "P1"}),
    ],
)
async def test_nobody_reads_what_is_anothers(
    office: House, name: str, actor: str, filters: dict[str, str]
) -> None:
    assert (await office.get(f"/credit/{name}", actor, **filters)).status_code == 403


async def test_nobody_but_the_supervision_tells_recipients(office: House) -> None:
    assert (await office.post("/credit/notices", NOTICE, "P1-1")).status_code == 403
