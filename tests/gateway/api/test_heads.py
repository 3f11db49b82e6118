"""A write is visible to its writer's next read, and what waits too long is dropped unapplied."""

import asyncio

import httpx
import pytest

from gateway.api.application import create_application
from gateway.api.cursors import Cursors
from gateway.api.door import Door, Patience
from gateway.api.reads import Reads
from gateway.database_server import DatabaseServer
from ledger.sequencer.conditions import Limits
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import House, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_write_is_visible_to_its_writer_s_next_read(house: House) -> None:
    async def write_and_read() -> None:
        written = await house.post("/accounts", {"party": "E02"})
        headers = house.headers("E02-1") | {"Ecorights-Min-Head": written.headers["Ecorights-Head"]}
        read = await house.http.get("/v1/accounts", headers=headers, params={"limit": "1000"})

        accounts = {row["account"] for row in read.json()["accounts"]}
        assert written.json()["account"] in accounts
        assert int(read.json()["head"]) >= int(written.json()["receipt"]["entry"])

    await asyncio.gather(*(write_and_read() for _ in range(20)))


async def test_a_refused_write_names_its_entry_too(house: House) -> None:
    refused = await house.post("/accounts", {"party": "NOBODY"})

    headers = house.headers("A-1") | {"Ecorights-Min-Head": refused.json()["entry"]}
    read = await house.http.get(f"/v1/ledger/entries/{refused.json()['entry']}", headers=headers)

    assert read.json()["postings"]["refusal"]["code"] == "ledger.party_unknown"


async def test_a_read_waits_for_the_entry_that_its_caller_has_seen(house: House) -> None:
    wanted = str(await house.head() + 1)
    headers = house.headers("E02-1") | {"Ecorights-Min-Head": wanted}
    reading = asyncio.create_task(
        house.http.get("/v1/accounts", headers=headers, params={"limit": "1000"})
    )
    await asyncio.sleep(0.05)
    assert not reading.done()

    written = await house.do("/accounts", {"party": "E02"})
    read = await reading

    assert read.status_code == 200
    assert written["account"] in {row["account"] for row in read.json()["accounts"]}


def _served_with(house: House, patience: Patience) -> httpx.AsyncClient:
    """Another door to the same venue."""
    door = Door(
        writer=house.client,
        reads=Reads(house.pool),
        cursors=Cursors("another secret"),
        patience=patience,
    )
    transport = httpx.ASGITransport(create_application(door), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://test")


async def test_a_read_does_not_wait_for_ever(house: House) -> None:
    async with _served_with(house, Patience(head_seconds=0.0)) as http:
        read = await http.get("/v1/ledger/head", headers={"Ecorights-Min-Head": "999999999"})

    assert read.status_code == 503
    assert int(read.headers["Retry-After"]) >= 1
    assert read.json()["code"] == "service.head_not_reached"


async def test_a_write_after_its_deadline_is_dropped_and_may_come_again(house: House) -> None:
    before = await house.state()
    body = {"party": "E02"}
    headers = house.headers("X-1", key=house.new_key())
    async with _served_with(house, Patience(write_seconds=-1.0)) as http:
        late = await http.post("/v1/accounts", json=body, headers=headers)
    after = await house.state()

    again = await house.http.post("/v1/accounts", json=body, headers=headers)

    assert (late.status_code, late.json()["code"]) == (503, "service.unavailable")
    assert int(late.headers["Retry-After"]) >= 1
    assert after == before
    assert again.status_code == 201


async def test_a_full_queue_is_told_with_a_time_to_come_again(
    cluster: DatabaseServer, template_database: str
) -> None:
    async with serving(cluster, template_database, limits=Limits(waiting=0)) as found:
        head = await found.head()
        answers = [
            await found.post("/parties", {"party": "P", "party_kind": "bank", "name": "P"}),
            await found.post("/clock", {"to": "2036-01-01T00:00:00Z"}),
        ]

        assert await found.head() == head
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (503, "service.overloaded")
        assert int(answer.headers["Retry-After"]) >= 1


async def test_the_same_key_gets_the_first_answer_again(house: House) -> None:
    body = {"party": "E02"}
    key = house.new_key()

    first = await house.post("/accounts", body, key=key)
    again = await house.post("/accounts", body, key=key)

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()


async def test_a_batch_says_for_each_order_whether_it_had_room(
    cluster: DatabaseServer, furnished: Furnished
) -> None:
    async with serving(cluster, furnished, limits=Limits(waiting=8)) as found:
        order = {
            "account": found.accounts["E01"],
            "instrument": "FREE",
            "side": "sell",
            "quantity": "1",
            "price": "90.00",
        }
        answer = await found.do("/order-batches", {"orders": [order] * 20}, "E01-1")
        orders = (await found.get("/orders", "E01-1", account=found.accounts["E01"])).json()

    outcomes = [result["outcome"] for result in answer["results"]]
    assert set(outcomes) == {"applied", "unavailable"}
    assert all("retry_after" in each for each in answer["results"] if "receipt" not in each)
    resting = [each for each in orders["orders"] if each["price"] == "90.00"]
    assert len(resting) == outcomes.count("applied")
