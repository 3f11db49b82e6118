"""Anchors as anybody reads them: the list, the files that OpenSSL checks, and the health page."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest
import pytest_asyncio

from gateway.database_server import DatabaseServer
from ledger.anchoring.anchor import Anchor, Kind, planned
from ledger.anchoring.requests import timestamp_request
from ledger.anchoring.store import AnchorStore
from ledger.transparency.store import current_log
from tests.gateway.api.house import House, serving
from tests.ledger.anchoring.local_authority import Authority
from tests.ledger.anchoring.log_of_one import publish

pytestmark = pytest.mark.asyncio(loop_scope="module")

ORIGIN = "ecorights.example/test"
AT = 1_800_000_000_000_000
SIZES = (5, 6, 7)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(
    cluster: DatabaseServer, template_database: str, authority: Authority
) -> AsyncIterator[House]:
    """A venue whose log is anchored at three sizes: both kinds, one under way."""
    async with serving(cluster, template_database) as found:
        connection = await asyncpg.connect(found.writer._plan.dsn)
        for size in SIZES:
            await publish(connection, size, origin=ORIGIN)
            await _anchor(connection, size, authority)
        await connection.close()
        yield found


async def _anchor(connection: asyncpg.Connection, size: int, authority: Authority) -> None:
    store = AnchorStore(connection)
    log = await current_log(connection)
    assert log is not None
    newest = await log.newest()
    assert newest is not None
    chained = planned(Kind.CHAIN, ORIGIN, newest, now=AT)
    stamped = planned(Kind.TIMESTAMP, ORIGIN, newest, now=AT)
    for anchor, place in ((chained, "eip155:1:0xAB"), (stamped, "https://tsa.example/ts")):
        await store.plan(anchor)
        await store.attempt(anchor, place=place, now=AT + 1)
    await store.confirm(chained, ref="0xcd", now=AT + 2, stated_at=AT, token=None)
    if size != SIZES[-1]:
        token = authority.reply(timestamp_request(stamped.note_hash, nonce=size))
        await store.confirm(stamped, ref="1", now=AT + 2, stated_at=AT, token=token)


async def anchor_of(house: House, kind: Kind, size: int) -> Anchor:
    async with house.pool.acquire() as connection:
        found = await AnchorStore(connection).find(kind, size)  # type: ignore[arg-type]
    assert found is not None
    return found


async def test_the_list_tells_what_is_anchored_where(house: House) -> None:
    answer = await house.get("/ledger/anchors")

    rows = answer.json()["anchors"]
    assert answer.status_code == 200
    assert [(row["size"], row["kind"]) for row in rows] == [
        (str(size), kind) for size in (7, 6, 5) for kind in ("timestamp", "chain")
    ]
    stored = await anchor_of(house, Kind.CHAIN, 7)
    assert rows[1] == {
        "kind": "chain",
        "origin": ORIGIN,
        "size": "7",
        "root": stored.root.hex(),
        "note_hash": hashlib.sha256(stored.note.encode()).hexdigest(),
        "state": "confirmed",
        "place": "eip155:1:0xAB",
        "reference": "0xcd",
        "attempts": 1,
        "error": None,
        "planned_at": "2027-01-15T08:00:00.000000Z",
        "submitted_at": "2027-01-15T08:00:00.000001Z",
        "confirmed_at": "2027-01-15T08:00:00.000002Z",
        "stated_at": "2027-01-15T08:00:00.000000Z",
    }
    assert (rows[0]["state"], rows[0]["confirmed_at"]) == ("submitted", None)


async def test_the_list_comes_in_pages(house: House) -> None:
    whole = (await house.get("/ledger/anchors")).json()["anchors"]
    found, cursor = [], ""
    for _ in range(4):
        more = {"cursor": cursor} if cursor else {}
        page = (await house.get("/ledger/anchors", limit="2", **more)).json()
        found += page["anchors"]
        cursor = page["next"]
        if cursor is None:
            break

    assert found == whole
    assert cursor is None


async def test_an_outsider_verifies_note_and_token_with_openssl(
    house: House, authority: Authority, tmp_path: Path
) -> None:
    note = await house.get("/ledger/anchors/timestamp/6/note")
    token = await house.get("/ledger/anchors/timestamp/6/token")
    (tmp_path / "note").write_bytes(note.content)
    (tmp_path / "token.tsr").write_bytes(token.content)

    said = authority.openssl(
        *("ts", "-verify", "-data", f"{tmp_path}/note", "-in", f"{tmp_path}/token.tsr"),
        *("-CAfile", str(authority.trusted_file)),
    )

    assert "Verification: OK" in said
    assert note.headers["content-type"] == "text/plain; charset=utf-8"
    assert token.headers["content-type"] == "application/timestamp-reply"
    assert 'filename="checkpoint-6.tsr"' in token.headers["content-disposition"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("timestamp/7/token", 404, "anchor.token_not_found"),
        ("chain/6/token", 404, "anchor.token_not_found"),
        ("timestamp/9/token", 404, "anchor.not_found"),
        ("chain/9/note", 404, "anchor.not_found"),
        ("paper/6/note", 422, "request.choice_unknown"),
        ("chain/0/note", 422, "request.out_of_range"),
        ("chain/x/note", 422, "request.type_unfit"),
    ],
)
async def test_what_is_not_there_is_told(house: House, path: str, status: int, code: str) -> None:
    answer = await house.get(f"/ledger/anchors/{path}")

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_log_without_anchors_has_an_empty_list_and_says_so(
    cluster: DatabaseServer, template_database: str
) -> None:
    async with serving(cluster, template_database) as found:
        listed = await found.get("/ledger/anchors")
        health = await health_of(found)

    assert (listed.json()["anchors"], listed.json()["next"]) == ([], None)
    assert (health.status_code, health.json()["anchor"]) == (200, "not configured")


async def health_of(house: House) -> httpx.Response:
    """Ask until the service is ready: on a busy machine a writer's lease is renewed late."""
    async with asyncio.timeout(20):
        while (answer := await house.get("/health")).status_code != 200:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return answer


async def test_health_tells_how_the_anchors_stand_and_stays_ready(house: House) -> None:
    door = house.application.state.door
    door.anchor_seconds = {Kind.CHAIN: 86_400.0, Kind.TIMESTAMP: 3_600.0}
    standing = await health_of(house)
    async with house.pool.acquire() as connection:
        store = AnchorStore(connection)  # type: ignore[arg-type]
        under_way = await store.find(Kind.TIMESTAMP, 7)
        assert under_way is not None
        await store.trouble(under_way, error="anchor.authority_silent")
    failing = await health_of(house)

    assert standing.json()["anchor"] == "chain: ok, 7 entries; timestamp: ok, 6 entries"
    assert (failing.status_code, failing.json()["ready"]) == (200, True)
    told = failing.json()["anchor"]
    assert told == "chain: ok, 7 entries; timestamp: submitted, anchor.authority_silent"
