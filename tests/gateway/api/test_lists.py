"""Every list pages by signed cursors in an order that writes beside it do not disturb."""

from decimal import Decimal
from typing import Any

import httpx
import pytest

from gateway.database_server import DatabaseServer
from tests.gateway.api.house import House, digest_of, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")

LISTS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("/instruments", "instruments", {}),
    ("/parties", "parties", {}),
    ("/accounts", "accounts", {}),
    ("/accounts/{E01}/holdings", "holdings", {}),
    ("/accounts/{E01}/holdings", "holdings", {"as_of": "40"}),
    ("/accounts/{E01}/holds", "holds", {}),
    ("/accounts/{E01}/statement", "postings", {}),
    ("/accounts/{E01}/trades", "trades", {}),
    ("/orders", "orders", {"account": "{E01}", "only_open": "false"}),
    ("/instruments/CEA25/trades", "trades", {}),
    ("/instruments/CEA25/candles", "candles", {}),
    ("/obligations", "obligations", {}),
    ("/proposals", "proposals", {}),
    ("/decisions", "decisions", {"day": "2026-03-16"}),
    ("/ledger/entries", "headers", {}),
    ("/credentials", "credentials", {}),
)


async def pages(
    house: House, path: str, name: str, *, limit: int, filters: dict[str, str]
) -> list[list[Any]]:
    """Follow ``next`` to the end of a list, as those who supervise see it."""
    found: list[list[Any]] = []
    cursor: str | None = None
    while cursor is not None or not found:
        params = filters | ({} if cursor is None else {"cursor": cursor})
        response = await house.get(path, "A-1", limit=str(limit), **params)
        assert response.status_code == 200, response.text
        found.append(response.json()[name])
        cursor = response.json()["next"]
    return found


@pytest.mark.parametrize(("path", "name", "filters"), LISTS)
async def test_pages_of_one_row_give_the_whole_list(
    house: House, path: str, name: str, filters: dict[str, str]
) -> None:
    await _trade_twice_and_verify(house)
    path = path.format_map(house.accounts)
    filters = {key: value.format_map(house.accounts) for key, value in filters.items()}

    (whole,) = await pages(house, path, name, limit=1_000, filters=filters)
    single = await pages(house, path, name, limit=1, filters=filters)

    assert whole
    assert [row for page in single for row in page] == whole
    assert all(len(page) == 1 for page in single)


async def _trade_twice_and_verify(house: House) -> None:
    if "done" in house.names:
        return
    for quantity in ("1", "2"):
        await house.order("E02-1", "buy", quantity, price="75.00")
    lines = [{"party": each, "status": "reported", "lots": "5"} for each in ("E01", "E02")]
    body = {"right": "CARBON", "year": 2025, "lines": lines}
    await house.do("/compliance/verified-emissions", body, "V-1")
    house.names["done"] = "done"


async def test_a_page_has_a_hundred_rows_unless_asked(house: House) -> None:
    for _ in range(2):
        legs = [{"kind": "open_account", "party": "B"}] * 50
        await house.do("/transactions", {"operations": legs})

    page = (await house.get("/accounts", "A-1")).json()

    assert len(page["accounts"]) == 100
    assert page["next"] is not None


async def test_writes_between_pages_neither_hide_nor_double_a_row(house: House) -> None:
    (before,) = await pages(house, "/accounts", "accounts", limit=1_000, filters={})
    seen: list[str] = []
    cursor: str | None = None
    more = True
    while more:
        params = {} if cursor is None else {"cursor": cursor}
        page = (await house.get("/accounts", "A-1", limit="20", **params)).json()
        seen += [row["account"] for row in page["accounts"]]
        cursor = page["next"]
        more = cursor is not None
        if len(seen) < 100:
            await house.do("/accounts", {"party": "B"})

    assert seen == sorted(set(seen), key=int)
    assert {row["account"] for row in before} <= set(seen)


async def test_a_party_lists_its_own_and_nothing_else(house: House) -> None:
    own = {
        "/parties": ("parties", {"E01"}),
        "/accounts": ("accounts", {"E01"}),
        "/obligations": ("obligations", {"E01"}),
    }
    await _trade_twice_and_verify(house)
    for path, (name, parties) in own.items():
        rows = (await house.get(path, "E01-1")).json()[name]
        assert {row["party"] for row in rows} == parties
    assert (await house.get("/proposals", "E01-1")).json()["proposals"] == []


async def test_a_cursor_of_another_caller_is_refused(house: House) -> None:
    cursor = (await house.get("/accounts", "E01-1", limit="1")).json()["next"]

    response = await house.get("/accounts", "E02-1", limit="1", cursor=cursor)

    assert (response.status_code, response.json()["code"]) == (400, "request.cursor_invalid")


async def test_obligations_page_beyond_a_thousand(
    cluster: DatabaseServer, template_database: str
) -> None:
    async with serving(cluster, template_database) as found:
        parties = [f"P{number:04}" for number in range(1_100)]
        for start in range(0, len(parties), 50):
            await found.do("/transactions", {"operations": _registrations(parties[start:][:50])})
        for actor, role in (("A-1", "auditor"), ("V-1", "verifier")):
            await found.do("/keys", _key_of(actor, role))
        lines = [{"party": party, "status": "reported", "lots": "1"} for party in parties]
        body = {"right": "CARBON", "year": 2025, "lines": lines}
        await found.do("/compliance/verified-emissions", body, "V-1")

        first, second = await pages(found, "/obligations", "obligations", limit=1_000, filters={})

    assert (len(first), len(second)) == (1_000, 100)
    assert [row["party"] for row in first + second] == parties


def _registrations(parties: list[str]) -> list[dict[str, str]]:
    kind = {"kind": "register_party", "party_kind": "enterprise"}
    return [kind | {"party": party, "name": party} for party in parties]


def _key_of(actor: str, role: str) -> dict[str, Any]:
    return {"actor": actor, "party": "P0000", "roles": [role], "digest": digest_of(actor)}


async def test_a_statement_adds_up_to_the_holdings(house: House) -> None:
    path = f"/accounts/{house.accounts['E01']}"
    rows = await pages(house, f"{path}/statement", "postings", limit=7, filters={})
    sums: dict[str, Decimal] = {}
    for row in (row for page in rows for row in page):
        sums[row["instrument"]] = sums.get(row["instrument"], Decimal(0)) + Decimal(row["quantity"])

    response: httpx.Response = await house.get(f"{path}/holdings", "E01-1")

    for holding in response.json()["holdings"]:
        whole = Decimal(holding["available"]) + Decimal(holding["held"])
        assert sums.pop(holding["instrument"], Decimal(0)) == whole
    assert not sums
