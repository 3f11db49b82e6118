"""Every malformed or unlawful request has a clear answer and changes nothing."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from gateway.database_server import DatabaseServer
from tests.gateway.api.bad.requests import JSON, Bad
from tests.gateway.api.bad.table import TABLE
from tests.gateway.api.house import House, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def used_key(house: House) -> AsyncIterator[str]:
    """A key under which E01-1 has placed an order."""
    body = {
        "account": house.accounts["E01"],
        "instrument": "FREE",
        "side": "sell",
        "quantity": "1",
        "price": "90.00",
    }
    response = await house.post("/orders", body, "E01-1", key="used")
    assert response.status_code == 201, response.text
    yield "used"


def _filled_in(path: str, house: House) -> str:
    return path.format_map(house.accounts | house.names)


async def _send(house: House, bad: Bad) -> httpx.Response:
    key = house.new_key() if bad.key == "fresh" else bad.key
    headers = list((JSON | house.headers(bad.actor, key=key)).items())
    own = list(bad.headers)
    replaced = {name.lower() for name, _ in own}
    headers = [(name, value) for name, value in headers if name.lower() not in replaced] + own
    content = bad.content()
    for name, value in (house.accounts | house.names).items():
        content = content and content.replace(b"{%b}" % name.encode(), value.encode())
    url = f"/v1{_filled_in(bad.path, house)}"
    return await house.http.request(bad.method, url, headers=headers, content=content)


@pytest.mark.parametrize("bad", TABLE, ids=lambda bad: bad.name)
async def test_a_bad_request_is_named_and_changes_nothing(
    house: House, used_key: str, bad: Bad
) -> None:
    assert used_key
    before, head = await house.state(), await house.head()

    response = await _send(house, bad)

    problem = response.json()
    found = (response.status_code, problem["code"], problem.get("field"))
    assert found == (bad.status, bad.code, bad.field), problem
    assert problem["status"] == bad.status
    assert problem.get("leg") == bad.leg
    assert response.headers["content-type"] == "application/problem+json"
    assert await house.head() == head + (1 if bad.recorded else 0)
    assert problem.get("entry") == (str(head + 1) if bad.recorded else None)
    assert await house.state() == before
    if bad.recorded:
        await _recorded(house, head + 1, bad)


async def _recorded(house: House, index: int, bad: Bad) -> None:
    """The refusal's entry has the code and no effect."""
    entry = (await house.get(f"/ledger/entries/{index}", "A-1")).json()
    assert entry["postings"]["refusal"]["code"] == bad.code
    assert entry["postings"]["effects"] == []


async def test_a_machine_refuses_a_dry_run_without_an_entry(house: House) -> None:
    before, head = await house.state(), await house.head()
    body = {"account": house.accounts["E01"], "amount": "1.00"}

    response = await house.post("/cash/deposits", body, "E01-1", dry_run="true")

    assert (response.status_code, response.json()["code"]) == (403, "ledger.role_missing")
    assert "entry" not in response.json()
    assert (await house.state(), await house.head()) == (before, head)


async def test_a_cursor_is_bound_to_its_list(house: House) -> None:
    page = (await house.get("/instruments", limit="1")).json()
    cursor = page["next"]
    tampered = cursor[:-2] + ("AA" if cursor[-2:] != "AA" else "BB")

    for path, text in (("/accounts", cursor), ("/instruments", tampered)):
        response = await house.get(path, "E01-1", cursor=text)
        assert (response.status_code, response.json()["code"]) == (400, "request.cursor_invalid")


async def test_an_order_refused_in_a_batch_stands_beside_the_others(house: House) -> None:
    good = {
        "account": house.accounts["E01"],
        "instrument": "FREE",
        "side": "sell",
        "quantity": "1",
        "price": "91.00",
    }
    body = {"orders": [good, good | {"quantity": "0"}, good]}

    results = (await house.do("/order-batches", body, "E01-1"))["results"]

    assert [each["outcome"] for each in results] == ["applied", "refused", "applied"]
    assert results[1]["code"] == "exchange.lots_not_positive"
    assert results[1]["entry"] == str(int(results[0]["receipt"]["entry"]) + 1)


async def test_a_clock_of_the_system_is_not_moved(
    cluster: DatabaseServer, template_database: str
) -> None:
    async with serving(cluster, template_database, clock="system") as found:
        response = await found.post("/clock", {"to": "2036-01-01T00:00:00Z"})

    assert response.status_code == 409
    assert response.json()["code"] == "ledger.not_a_scenario_venue"


async def test_the_answer_is_in_the_language_that_is_asked_for(house: House) -> None:
    titles = {}
    for language in ("zh-CN", "en-GB", "fr"):
        headers = house.headers("E01-1") | {"Accept-Language": language}
        response = await house.http.get("/v1/orders/999999", headers=headers)
        titles[response.headers["content-language"]] = response.json()["title"]

    assert titles == {"zh-CN": "没有此委托", "en": "There is no such order"}
