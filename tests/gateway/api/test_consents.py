"""Consents through the public door, queries through the pipelined writer, and who may read both."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest_asyncio

from credit_scoring.consents import commands as k
from credit_scoring.consents.effects import CreditQueried
from credit_scoring.consents.refusals import QueryRefusal
from credit_scoring.consents.store import ConsentStore
from gateway.database_server import DatabaseServer
from gateway.wiring import certify, load_machine, new_machine
from ledger.replay import Replay
from ledger.sequencer.submission import Answer, Submission
from ledger.state_hash import state_hash
from ledger.verification.audit import Audit
from tests.gateway.api.house import START_MICROSECONDS, House, digest_of, serving

HASH = "e6" * 32
TODAY = date(2026, 4, 1)
NOW = "2026-04-01T02:00:00Z"
LINE = {"subject": "P1", "grantee": "B1", "purpose": "eco_credit_loan"}
CONSENT = LINE | {"day_from": "2026-04-01", "day_to": "2026-06-30", "evidence": HASH}
PARTIES = (
    ("B1", "bank", "bank_officer"),
    ("B2", "bank", "bank_approver"),
    ("P1", "person", "subject"),
    ("P2", "person", "subject"),
    ("A", "authority", "auditor"),
)


@pytest_asyncio.fixture
async def bank(cluster: DatabaseServer, template_database: str) -> AsyncIterator[House]:
    """A venue of banks and citizens on 2026-04-01; whatever a test did, its log proves."""
    async with serving(cluster, template_database) as house:
        await house.do("/clock", {"to": NOW})
        for party, kind, role in PARTIES:
            await house.do("/parties", {"party": party, "party_kind": kind, "name": party})
            actor = f"{party}-1"
            key = {"actor": actor, "party": party, "roles": [role], "digest": digest_of(actor)}
            await house.do("/keys", key)
        yield house
        await _prove(house)


async def _prove(house: House) -> None:
    async with house.pool.acquire() as lent:
        connection: Any = lent
        assert (await Audit(connection, new_machine).run()).findings == []
        for decide in (False, True):
            replay = Replay(connection, new_machine=new_machine, load=load_machine, certify=certify)
            assert (await replay.run(decide=decide)).findings == []
        loaded = await load_machine(connection)
    assert state_hash(loaded) == state_hash(house.machine)


def query(**changes: Any) -> k.LogQuery:
    values: dict[str, Any] = {
        "subject": "P1",
        "bank": "B1",
        "purpose": k.QueryPurpose.ECO_CREDIT_LOAN,
        "scope": list(k.SCOPE_BY_DEFAULT),
        "as_of": TODAY.toordinal(),
        "known_at": START_MICROSECONDS,
        "rule_set": "ZJ-2026",
        "rule_set_hash": HASH,
        "answer_hash": HASH,
    }
    return k.LogQuery(**values | changes)


async def submit(house: House, *commands: Any) -> list[Answer]:
    """Send commands in one frame, each under a key of its sender's own."""
    some = [
        Submission(actor=actor, key=house.new_key(), command=command) for actor, command in commands
    ]
    return await house.client.submit(some)


async def ask(house: House, **changes: Any) -> CreditQueried:
    command = query(**changes)
    [answer] = await submit(house, (f"{command.bank}-1", command))
    [effect] = answer.effects
    assert isinstance(effect, CreditQueried)
    return effect


async def test_a_consent_is_granted_read_and_revoked(bank: House) -> None:
    granted = await bank.do("/credit/consents", CONSENT, "P1-1")
    by_subject = (await bank.get("/credit/consents", "P1-1")).json()["consents"]
    by_bank = (await bank.get("/credit/consents", "B1-1")).json()["consents"]
    await bank.do("/credit/consents/revocations", LINE | {"consent": "1"}, "P1-1")
    [revoked] = (await bank.get("/credit/consents", "A-1")).json()["consents"]

    assert granted["consent"] == "1"
    assert by_subject == by_bank
    [shown] = by_subject
    assert shown["scope"] == ["grade", "reasons"]
    assert (shown["day_from"], shown["day_to"]) == ("2026-04-01", "2026-06-30")
    assert (shown["actor"], shown["revoked_at"]) == ("P1-1", None)
    assert revoked == shown | {"revoked_at": "2026-04-01T02:00:00.000000Z"}


async def test_every_query_is_in_the_log_refused_ones_too(bank: House) -> None:
    assert (await ask(bank)).refusal is QueryRefusal.CONSENT_ABSENT
    await bank.do("/credit/consents", CONSENT, "P1-1")
    await bank.do("/clock", {"to": "2026-06-15T02:00:00Z"})
    answered = await ask(bank, as_of=date(2026, 6, 15).toordinal())
    assert (await ask(bank, purpose=k.QueryPurpose.GUARANTEE)).consent is None
    await bank.do("/clock", {"to": "2026-06-30T16:00:00Z"})
    assert (await ask(bank)).refusal is QueryRefusal.CONSENT_EXPIRED

    log = (await bank.get("/credit/queries", "P1-1")).json()["queries"]

    assert answered.consent == 1
    assert [each["refusal"] for each in log] == [
        "credit.consent_expired",
        "credit.consent_other_purpose",
        None,
        "credit.consent_absent",
    ]
    found = log[2]
    assert (found["answered"], found["consent"], found["as_of"]) == (True, "1", "2026-06-15")
    assert (found["bank"], found["actor"], found["answer_hash"]) == ("B1", "B1-1", HASH)
    entry = (await bank.get(f"/ledger/entries/{found['entry']}", "A-1")).json()
    assert entry["postings"]["effects"][0]["effect"] == "credit_queried"


async def test_each_reads_what_concerns_itself(bank: House) -> None:
    for subject in ("P1", "P2"):
        await bank.do("/credit/consents", CONSENT | {"subject": subject}, f"{subject}-1")
        for name in ("B1", "B2"):
            await ask(bank, subject=subject, bank=name)

    async def seen(actor: str, **filters: str) -> list[tuple[str, str]]:
        rows = (await bank.get("/credit/queries", actor, **filters)).json()["queries"]
        return [(row["subject"], row["bank"]) for row in rows]

    assert await seen("P1-1") == [("P1", "B2"), ("P1", "B1")]
    assert await seen("P1-1", bank="B2") == [("P1", "B2")]
    assert await seen("B1-1") == [("P2", "B1"), ("P1", "B1")]
    assert await seen("B1-1", subject="P2") == [("P2", "B1")]
    assert await seen("A-1") == [("P2", "B2"), ("P2", "B1"), ("P1", "B2"), ("P1", "B1")]
    assert await seen("A-1", subject="P2", bank="B1") == [("P2", "B1")]
    for actor, path, filters in (
        ("P1-1", "/credit/queries", {"subject": "P2"}),
        ("B1-1", "/credit/queries", {"bank": "B2"}),
        ("P1-1", "/credit/consents", {"subject": "P2"}),
        ("B2-1", "/credit/consents", {"grantee": "B1"}),
        ("B1-1", "/credit/recipients", {"subject": "P1"}),
    ):
        assert (await bank.get(path, actor, **filters)).status_code == 403, path


async def test_lists_page_by_signed_cursors(bank: House) -> None:
    await bank.do("/credit/consents", CONSENT, "P1-1")
    await bank.do("/credit/consents", CONSENT | {"grantee": "B2"}, "P1-1")
    for name in ("B1", "B2", "B1"):
        await ask(bank, bank=name)

    for name in ("consents", "queries", "recipients"):
        path = f"/credit/{name}"
        whole = (await bank.get(path, "P1-1")).json()[name]
        found: list[Any] = []
        cursor: dict[str, str] = {}
        while True:
            page = (await bank.get(path, "P1-1", limit="1", **cursor)).json()
            found += page[name]
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        assert found == whole
        assert len(whole) > 1
        stranger = await bank.get(path, "P2-1", limit="1", **cursor)
        assert stranger.json()["code"] == "request.cursor_invalid"


async def test_who_holds_an_answer_of_the_last_year_is_known(bank: House) -> None:
    long = {"day_to": "2027-03-31"}
    for name in ("B1", "B2"):
        await bank.do("/credit/consents", CONSENT | long | {"grantee": name}, "P1-1")
    await ask(bank, bank="B2")
    await ask(bank)
    await bank.do("/clock", {"to": "2026-12-01T02:00:00Z"})
    last = await ask(bank)
    await ask(bank, scope=[k.ScopeItem.INDEX])
    await ask(bank, subject="P2")

    first = (await bank.get("/credit/recipients", "P1-1")).json()
    await bank.do("/clock", {"to": "2027-04-02T02:00:00Z"})
    later = (await bank.get("/credit/recipients", "A-1", subject="P1")).json()

    assert [(row["bank"], row["query"]) for row in first["recipients"]] == [
        ("B1", str(last.query)),
        ("B2", "1"),
    ]
    assert [row["bank"] for row in later["recipients"]] == ["B1"]
    assert later["since"] == "2026-04-01T16:00:00.000000Z"
    async with bank.pool.acquire() as lent:
        connection: Any = lent
        store = ConsentStore(connection)
        assert await store.recipients("P2", since=0, before=await store.now() + 1) == []


async def test_a_revocation_and_queries_of_one_batch_keep_their_order(bank: House) -> None:
    grant = k.GrantConsent(
        subject="P1",
        grantee="B1",
        purpose=k.QueryPurpose.ECO_CREDIT_LOAN,
        scope=list(k.SCOPE_BY_DEFAULT),
        day_from=TODAY.toordinal(),
        day_to=TODAY.toordinal(),
        evidence=HASH,
    )
    revoke = k.RevokeConsent(
        subject="P1", grantee="B1", purpose=k.QueryPurpose.ECO_CREDIT_LOAN, consent=1
    )

    answers = await submit(
        bank,
        ("B1-1", query()),
        ("P1-1", grant),
        ("P1-1", grant),
        ("B1-1", query()),
        ("P1-1", revoke),
        ("B1-1", query()),
        ("P1-1", grant),
        ("B1-1", query()),
    )

    refusals = [None if each.refusal is None else each.refusal.code for each in answers]
    assert refusals == [None, None, "credit.consent_overlaps", *[None] * 5]
    asked = [each.effects[0] for each in answers if each.effects]
    found = [(each.consent, each.refusal) for each in asked if isinstance(each, CreditQueried)]
    assert found == [
        (None, QueryRefusal.CONSENT_ABSENT),
        (1, None),
        (None, QueryRefusal.CONSENT_REVOKED),
        (2, None),
    ]


async def test_no_answer_goes_out_behind_a_revocation_in_the_log(bank: House) -> None:
    """A citizen grants and revokes while two banks ask, all at once; the log's order decides."""
    chance = random.Random(5)  # noqa: S311  a stream that can be repeated
    numbers = {"B1": 0, "B2": 0}

    async def consents(grantee: str) -> None:
        line = LINE | {"grantee": grantee}
        for _ in range(15):
            granted = await bank.do("/credit/consents", CONSENT | line, "P1-1")
            await asyncio.sleep(chance.random() / 100)
            revocation = line | {"consent": granted["consent"]}
            await bank.do("/credit/consents/revocations", revocation, "P1-1")

    async def asks(name: str) -> None:
        for _ in range(40):
            answers = await submit(bank, *((f"{name}-1", query(bank=name)) for _ in range(5)))
            assert all(each.refusal is None for each in answers)
            numbers[name] += len(answers)

    await asyncio.gather(*map(consents, numbers), *map(asks, numbers))

    rows = await bank.pool.fetch("SELECT * FROM credit_query ORDER BY id")
    assert [row["id"] for row in rows] == list(range(1, sum(numbers.values()) + 1))
    spans = await bank.pool.fetch(
        "SELECT c.id, c.grantee, c.entry AS first, r.entry AS last FROM credit_consent c "
        "JOIN credit_consent_revocation r ON r.consent = c.id"
    )
    assert len(spans) == 30
    outcomes = set()
    for row in rows:
        live = [
            span["id"]
            for span in spans
            if span["grantee"] == row["bank"] and span["first"] < row["entry"] < span["last"]
        ]
        assert live == ([] if row["consent"] is None else [row["consent"]])
        outcomes.add(row["refusal"])
    assert outcomes <= {"", "credit.consent_absent", "credit.consent_revoked"}
    assert len(outcomes) > 1
