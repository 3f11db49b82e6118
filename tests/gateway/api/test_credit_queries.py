"""A bank reads a citizen's credit: what it is answered, when, and what the log keeps of it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest_asyncio

from credit_scoring.archive.store import ArchiveStore, instant_of
from credit_scoring.consents.answer import answer_hash, answer_of
from credit_scoring.consents.commands import ScopeItem
from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.rule_set import rule_set_of_version
from credit_scoring.scoring.score import score
from gateway.database_server import DatabaseServer
from gateway.wiring import certify, load_machine, new_machine
from kernel.canonical import parse_utc
from ledger.replay import Replay
from ledger.verification.audit import Audit
from tests.gateway.api.archives import fact, report
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import DAY, House, digest_of, serving

LINE = {"subject": "P1", "grantee": "B7", "purpose": "eco_credit_loan"}
CONSENT = LINE | {"day_from": DAY, "day_to": "2026-06-30", "evidence": "5d" * 32}
QUERY = {"subject": "P1", "purpose": "eco_credit_loan"}
ALL = [item.value for item in ScopeItem]


@pytest_asyncio.fixture
async def bank(cluster: DatabaseServer, archives: Furnished) -> AsyncIterator[House]:
    """A venue with archives, where P1 has a fact and the bank B7 an officer."""
    async with serving(cluster, archives) as house:
        for name in ("B7", "B8"):
            await house.do("/parties", {"party": name, "party_kind": "bank", "name": name})
            key = {"actor": f"{name}-1", "party": name, "roles": ["bank_officer"]}
            await house.do("/keys", key | {"digest": digest_of(f"{name}-1")})
        await report(house, fact("2026/9", subject="P1", rule="P-LIVE-01"))
        yield house
        await _prove(house)


async def _prove(house: House) -> None:
    async with house.pool.acquire() as lent:
        connection: Any = lent
        assert (await Audit(connection, new_machine).run()).findings == []
        replay = Replay(connection, new_machine=new_machine, load=load_machine, certify=certify)
        assert (await replay.run(decide=True)).findings == []


async def ask(
    house: House, actor: str = "B7-1", *, key: str | None = None, **changes: Any
) -> httpx.Response:
    return await house.post("/credit/queries", QUERY | changes, actor, key=key)


async def log_of(house: House) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await house.get("/credit/queries", "P1-1")).json()["queries"]
    return found


async def test_an_answer_is_what_the_archive_scores_and_what_the_log_commits_to(
    bank: House,
) -> None:
    await bank.do("/credit/consents", CONSENT | {"scope": ALL}, "P1-1")

    response = await ask(bank, scope=ALL)

    body = response.json()
    answer = body["answer"]
    [logged] = await log_of(bank)
    own = (await bank.get("/credit/subjects/P1/score", "P1-1")).json()
    assert response.status_code == 201
    assert (answer["rated"], answer["grade"]) == (True, own["grade"])
    assert answer["credit_index"] == str(own["credit_index"])
    assert answer["reasons"] == own["reasons"]
    assert (logged["answered"], logged["query"]) == (True, body["query"])
    assert logged["answer_hash"] == answer_hash(answer, nonce=bytes.fromhex(body["nonce"]))
    assert "2026/9" not in response.text
    assert await _scored_again(bank, logged, scope=list(ScopeItem)) == answer


async def _scored_again(
    house: House, logged: dict[str, Any], *, scope: list[ScopeItem]
) -> dict[str, Any]:
    """Score from the log's row alone, as an auditor does."""
    async with house.pool.acquire() as lent:
        connection: Any = lent
        store = ArchiveStore(connection)
        records = await store.records(logged["subject"])
        sets = await store.rule_sets()
    rule_set = rule_set_of_version(sets, logged["rule_set"])
    assert rule_set.hash == logged["rule_set_hash"]
    found = score(
        SubjectKind.PERSON,
        records,
        as_of=date.fromisoformat(logged["as_of"]),
        known_at=instant_of(parse_utc(logged["known_at"])),
        rule_set=rule_set,
    )
    return answer_of(found, subject=logged["subject"], scope=scope)


async def test_by_default_grade_and_reasons_go_out_and_no_index(bank: House) -> None:
    await bank.do("/credit/consents", CONSENT, "P1-1")

    answer = (await ask(bank)).json()["answer"]

    assert answer["grade"] is not None
    assert answer["reasons"] is not None
    assert [answer[name] for name in ("credit_index", "sub_indices", "improve")] == [None] * 3


async def test_a_refused_query_says_why_tells_nothing_and_is_logged(bank: House) -> None:
    absent = await ask(bank)
    granted = await bank.do("/credit/consents", CONSENT, "P1-1")
    other_purpose = await ask(bank, purpose="guarantee")
    other_scope = await ask(bank, scope=ALL)
    other_bank = await ask(bank, "B8-1")
    await bank.do("/credit/consents/revocations", LINE | {"consent": granted["consent"]}, "P1-1")
    revoked = await ask(bank)

    refused = [absent, other_purpose, other_scope, other_bank, revoked]
    codes = [
        "credit.consent_absent",
        "credit.consent_other_purpose",
        "credit.consent_other_scope",
        "credit.consent_absent",
        "credit.consent_revoked",
    ]
    assert [each.json()["code"] for each in refused] == codes
    log = (await log_of(bank))[::-1]
    assert [each["refusal"] for each in log] == codes
    for response, logged in zip(refused, log, strict=True):
        problem = response.json()
        assert response.status_code == 403
        assert (problem["entry"], problem["query"]) == (logged["entry"], logged["query"])
        assert not {"answer", "nonce", "grade"} & set(problem)


async def test_the_citizens_quarter_of_the_scenario(bank: House) -> None:
    await bank.do("/clock", {"to": "2026-03-31T16:00:00Z"})
    days = {"day_from": "2026-04-01", "day_to": "2026-06-30"}
    await bank.do("/credit/consents", CONSENT | days, "P1-1")
    await bank.do("/clock", {"to": "2026-06-15T02:00:00Z"})
    answered = await ask(bank)
    past = await ask(bank, as_of="2026-05-31")
    await bank.do("/clock", {"to": "2026-06-30T16:00:00Z"})
    late = await ask(bank)

    assert answered.json()["answer"]["as_of"] == "2026-06-15"
    assert past.json()["answer"]["as_of"] == "2026-05-31"
    assert late.json()["code"] == "credit.consent_expired"
    assert [each["answered"] for each in await log_of(bank)] == [False, True, True]


async def test_a_repeated_key_gets_the_first_answer_whatever_came_since(bank: House) -> None:
    await bank.do("/credit/consents", CONSENT, "P1-1")
    first = await ask(bank, key="q-1")
    await bank.do("/clock", {"to": "2026-03-18T02:00:00Z"})
    await report(bank, fact("2026/10", subject="P1", rule="P-LIVE-01", on="2026-03-17"))

    again = await ask(bank, key="q-1")
    other = await ask(bank, key="q-1", purpose="guarantee")
    fresh = await ask(bank)

    assert again.json() == first.json()
    assert other.json()["code"] == "ledger.key_reused"
    assert fresh.json()["answer"]["records_hash"] != first.json()["answer"]["records_hash"]
    assert fresh.json()["nonce"] != first.json()["nonce"]
    assert len(await log_of(bank)) == 2


async def test_who_has_no_archive_is_not_rated_and_nobody_learns_more(bank: House) -> None:
    unknown = await ask(bank, subject="P02")
    consent = CONSENT | {"subject": "P02"}
    await bank.do("/credit/consents", consent, "P02-1")
    answer = (await ask(bank, subject="P02")).json()["answer"]

    assert unknown.json()["code"] == "credit.consent_absent"
    assert (answer["rated"], answer["grade"], answer["colour"]) == (False, None, None)
    assert answer["reasons"] == []


async def test_what_no_bank_may_ask_is_refused_before_any_consent(bank: House) -> None:
    await bank.do("/credit/consents", CONSENT, "P1-1")
    for actor, changes, status, code in (
        ("P1-1", {}, 403, "ledger.role_missing"),
        ("X-1", {}, 403, "ledger.role_missing"),
        ("B7-1", {"subject": "P00"}, 410, "ledger.party_erased"),
        ("B7-1", {"subject": "NOBODY"}, 404, "ledger.party_unknown"),
        ("B7-1", {"subject": "B8"}, 409, "credit.consenter_unfit"),
        ("B7-1", {"as_of": "1989-12-31"}, 409, "credit.query_ahead"),
        ("B7-1", {"as_of": "9999-12-31"}, 409, "credit.query_ahead"),
    ):
        response = await ask(bank, actor, **changes)
        assert (response.status_code, response.json()["code"]) == (status, code)
        assert "answer" not in response.json()


async def test_revoking_while_the_bank_asks_leaves_no_answer_behind_it(bank: House) -> None:
    async def asks() -> list[httpx.Response]:
        return [await ask(bank) for _ in range(25)]

    async def changes() -> None:
        for _ in range(8):
            granted = await bank.do("/credit/consents", CONSENT, "P1-1")
            end = LINE | {"consent": granted["consent"]}
            await bank.do("/credit/consents/revocations", end, "P1-1")

    first, second, _ = await asyncio.gather(asks(), asks(), changes())

    responses = first + second
    log = {each["query"]: each for each in await log_of(bank)}
    spans = await bank.pool.fetch(
        "SELECT c.entry AS first, r.entry AS last FROM credit_consent c "
        "JOIN credit_consent_revocation r ON r.consent = c.id WHERE c.grantee = 'B7'"
    )
    assert len(log) == len(responses) == 50
    for response in responses:
        body = response.json()
        logged = log[body["query"]]
        entry = int(logged["entry"])
        is_live = any(span["first"] < entry < span["last"] for span in spans)
        assert logged["answered"] is is_live is ("answer" in body) is (response.status_code == 201)
