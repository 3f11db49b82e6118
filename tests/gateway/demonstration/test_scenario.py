"""The demonstration shows the figures of the scenario: steps 1, 2 (accounts), 4 to 8, the year.

Steps 10 and 11 go through the order book, so their fees and their choice of a seller are not here.
"""

import asyncio
from decimal import Decimal
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from gateway.auditing.bundle import write_bundle
from gateway.auditing.scope import parse_scope
from gateway.client import ApiClient, Refused
from gateway.demonstration.gep_accounts import BASE_YEAR, COUNTIES, LATER_YEAR, made
from gateway.published_venue import published_venue
from gateway.service import Service
from gateway.settings import Settings
from gateway.transparency.places import public_policy, signer_folder
from ledger.personal.disclosure import Sight
from ledger.transparency.signing import read_publics
from ledger.transparency.store import current_log
from tests.gateway.demonstration.conftest import Clients
from tests.verifier.checking import verdict

# Party: CEA25 at the end of 2026-03-16, and cash.
UNITS = {
    "E01": "317500",
    "E02": "235000",
    "E03": "43000",
    "E05": "30000",
    "E06": "149000",
    "E07": "62600",
    "E12": "12900",
}
CASH = {
    "E01": "2186200.00",
    "E02": "7659000.00",
    "E03": "2151000.00",
    "E05": "4500000.00",
    "E07": "807250.00",
    "E12": "5042050.00",
}
# The same on 2026-12-15: what was surrendered is gone, step 28 is not told yet.
UNITS_AT_THE_END = {
    "E01": "8500",
    "E02": "0",
    "E03": "1000",
    "E05": "4000",
    "E06": "62000",
    "E07": "1600",
    "E12": "22900",
}
CASH_AT_THE_END = {
    "E01": "12736000.00",
    "E02": "459000.00",
    "E03": "2151000.00",
    "E05": "1597400.00",
    "E07": "807250.00",
    "E12": "4448850.00",
}


# County: its totals of 2023 and 2025 at the prices of 2023, and the growth.
GEP = {
    "990101": ("10000000000.00", "10816000000.00", "0.081600"),
    "990102": ("8000000000.00", "8000000000.00", "0.000000"),
    "990103": ("6000000000.00", "5645400000.00", "-0.059100"),
}


async def held(client: ApiClient, *, entry: str) -> dict[str, Decimal]:
    accounts = (await client.get("/accounts"))["accounts"]
    path = f"/accounts/{accounts[0]['account']}/holdings"
    holdings = (await client.get(path, as_of=entry))["holdings"]
    return {each["instrument"]: Decimal(each["quantity"]) for each in holdings}


async def test_everybody_holds_what_the_page_says(clients: Clients) -> None:
    trades = (await clients["E01-1"].get("/instruments/CEA25/trades"))["trades"]
    april = next(trade for trade in trades if trade["at"] >= "2026-04-01")
    march = str(int(april["entry"]) - 1)
    december = (await clients["E01-1"].get("/accounts"))["head"]

    for entry, units, cash in (
        (march, UNITS, CASH),
        (december, UNITS_AT_THE_END, CASH_AT_THE_END),
    ):
        found = {party: await held(clients[f"{party}-1"], entry=entry) for party in units}
        assert {party: found[party].get("CEA25", Decimal(0)) for party in units} == {
            party: Decimal(lots) for party, lots in units.items()
        }
        assert {party: found[party]["CNY"] for party in cash} == {
            party: Decimal(yuan) for party, yuan in cash.items()
        }


async def test_three_counties_have_accounts_of_both_years(clients: Clients) -> None:
    bank = clients["B1-1"]
    found = {}
    for area in GEP:
        base, later = (await bank.get("/gep/accounts", area=area))["accounts"]
        compared = await bank.get(
            "/gep/comparisons", base=base["account"], current=later["account"]
        )
        change = compared["document"]
        assert (change["breaks"], change["price_effect_yuan"]) == ([], "0.00")
        people = [later[name] for name in ("drafted_by", "reviewed_by", "approved_by")]
        assert people == ["M-1", "R-1", "R-2"]
        found[area] = (base["total_yuan"], later["total_yuan"], change["growth"])

    assert found == GEP


async def test_the_counties_are_on_the_map_with_what_they_cross(clients: Clients) -> None:
    shown = await clients["R-1"].get(
        "/gep/map", year="2025", measure="growth_constant", base_year="2023"
    )
    warnings = (await clients["R-1"].get("/gep/warnings", year="2025"))["warnings"]

    found = {each["id"]: each["properties"] for each in shown["features"]}
    assert {area: each["value"] for area, each in found.items()} == {
        area: growth for area, (_, _, growth) in GEP.items()
    }
    assert all(each["doubts"] == [] for each in found.values())
    # Xikou's 5.91 % in two years are 3.00 % a year: no decline, but water is 70 % of each total.
    assert {(each["area"], each["rule"], each["measured"]) for each in warnings} == {
        (area, "service_share", "0.700000") for area in GEP
    }
    [owned] = [each for each in warnings if each["area"] == "990103"]
    assert (owned["owner"], owned["deadline"]) == ("M-1", "2026-11-30")
    assert owned["place"] is not None


async def test_the_days_trades_and_close_are_the_pages(clients: Clients) -> None:
    reader = clients["E01-1"]
    trades = (await reader.get("/instruments/CEA25/trades"))["trades"]
    candles = (await reader.get("/instruments/CEA25/candles"))["candles"]
    book = await reader.get("/books/CEA25")

    assert [(t["price"], t["quantity"]) for t in trades] == [
        ("74.00", "8000"),
        ("74.00", "10000"),
        ("74.00", "2000"),
        ("74.50", "1000"),
        ("74.50", "500"),
        ("74.50", "1000"),
        ("74.50", "500"),
        ("74.40", "500"),
        ("75.50", "100"),
        ("75.50", "1900"),
        ("72.00", "100000"),
        ("72.50", "10000"),
        ("73.00", "2000"),
        ("72.20", "9000"),
        ("72.40", "9000"),
        ("69.00", "20000"),
        ("66.00", "20000"),
    ]
    day = next(each for each in candles if each["day"] == "2026-03-16")
    assert (day["open"], day["high"], day["low"], day["volume"]) == (
        "74.50",
        "75.50",
        "74.40",
        "5500",
    )
    assert book["previous_close"] == "66.00"
    assert (book["band_low"], book["band_high"]) == ("59.40", "72.60")
    assert (book["phase"], book["day"]) == ("continuous", "2026-12-15")


async def test_the_clock_stands_until_its_operator_moves_it(clients: Clients) -> None:
    trader, operator = clients["E01-1"], clients["X-1"]
    before = await trader.get("/books/CEA25")
    with pytest.raises(Refused) as refused:
        await trader.post("/clock", {"to": "2026-12-16T02:00:00Z"})
    await asyncio.sleep(0.2)
    shown = await operator.post("/clock", {"to": "2026-12-15T02:00:00Z"}, dry_run=True)

    assert refused.value.code == "ledger.role_missing"
    assert shown["at"] >= "2026-12-15T02:00:00"
    assert (await trader.get("/books/CEA25"))["phase"] == before["phase"] == "continuous"


_YEARS = {
    name: made(COUNTIES[0].plan(year)).hash
    for name, year in (("base", BASE_YEAR), ("current", LATER_YEAR))
}
NEEDED = {
    "/decisions": {"day": "2026-03-16"},
    "/ledger/proofs/inclusion": {"index": "0", "size": "1"},
    "/ledger/proofs/consistency": {"old": "1", "new": "1"},
    "/credit/consequences": {
        "kind": "enterprise",
        "grade": "C",
        "region": "320000",
        "on": "2026-03-16",
    },
    "/gep/comparisons": _YEARS,
    "/gep/change-contributions": _YEARS,
    "/gep/map": {"year": str(LATER_YEAR)},
    "/gep/warnings/due": {"year": str(LATER_YEAR)},
    "/gep/contributions": {
        "year": str(LATER_YEAR),
        "areas": ",".join(each.region for each in COUNTIES),
    },
    "/gep/trend": {"area": COUNTIES[0].region},
}
# Of one file or order, of a venue that is published, of accounts with five-year means, a workbook.
ELSEWHERE = {"/health", "/orders", "/audit/bundle", "/gep/weather-comparisons", "/gep/templates"}


async def test_every_list_has_something_to_show(
    loaded: tuple[Service, Settings], clients: Clients
) -> None:
    regulator = clients["R-1"]
    service, _ = loaded
    async with httpx.AsyncClient(base_url=service.url) as http:
        paths: dict[str, Any] = (await http.get("/openapi.json")).json()["paths"]
    plain = [path for path, methods in paths.items() if "get" in methods and "{" not in path]
    found = {}
    for path in plain:
        asked = path.removeprefix("/v1")
        if asked in ELSEWHERE:
            continue
        found[asked] = await regulator.get(asked, **NEEDED.get(asked, {}))

    assert {"/instruments", "/accounts", "/ledger/head", "/ledger/entries"} <= found.keys()
    for path, body in found.items():
        assert int(body.get("head", 1)) > 0, path
    assert found["/instruments"]["instruments"]
    assert found["/accounts"]["accounts"]
    assert found["/ledger/entries"]["headers"]
    # Ours: 10.816, 8 and 5.6454 of 24.4614 thousand million yuan.
    shares = [each["share"] for each in found["/gep/contributions"]["areas"]]
    assert shares == ["0.442166", "0.327046", "0.230788"]
    assert found["/gep/trend"]["years"][-1]["current_yuan"] == "10816000000.00"


async def test_every_account_of_the_county_adds_up_by_the_independent_verifier(
    loaded: tuple[Service, Settings], tmp_path: Path
) -> None:
    service, settings = loaded
    bundle = tmp_path / "bundle.zip"
    async with published_venue(service.database_url) as (connection, origin):
        await _covered(connection)
        numbers = await connection.fetch("SELECT number FROM account ORDER BY number")
        (key,) = read_publics(signer_folder(settings), origin)
        for scope in ["everything", *(f"account:{row['number']}" for row in numbers)]:
            with bundle.open("wb") as target:
                await write_bundle(
                    connection,
                    target,
                    scope=parse_scope(scope),
                    sees=lambda _: Sight(postings=True, personal=False),
                    policy=public_policy(settings, origin),
                )
            found = verdict(bundle, key=key.text)
            assert found["ok"], (scope, found)
            assert found["balances"].startswith("hold"), (scope, found)
    assert len(numbers) >= 9 + len(UNITS)


async def _covered(connection: asyncpg.Connection) -> None:
    """Wait until the whole log is published; the scenario clock stands, so it does not grow."""
    log = await current_log(connection)
    assert log is not None
    for _ in range(300):
        newest = await log.newest()
        if newest is not None and newest.size == await log.committed():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the log is not published")


async def test_a_person_has_twenty_coins_and_its_carbon_apart(clients: Clients) -> None:
    person, village = clients["P1-1"], clients["V1-1"]
    accounts = {a["kind"]: a["account"] for a in (await person.get("/accounts"))["accounts"]}
    coins = await person.get(f"/coins/accounts/{accounts['coin_holder']}")
    acts = (await person.get(f"/coins/accounts/{accounts['coin_holder']}/acts"))["acts"]
    bills = (await person.get(f"/coins/accounts/{accounts['coin_holder']}/bills"))["bills"]
    carbon = await person.get(f"/carbon/accounts/{accounts['carbon']}")
    owed = await clients["X-1"].get("/coins/GREEN-COIN/liability")
    factors = (await village.get("/carbon/factors"))["factors"]

    assert (coins["coins"], coins["claim"], coins["balance"]) == ("20", "0", "20")
    assert [act["coins"] for act in acts] == ["2"] * 15
    assert len({act["day"] for act in acts}) == 15
    assert [bill["coins"] for bill in bills] == ["10"]
    assert carbon["reduced_grams"] == "3200.000"
    assert (owed["held"], owed["unsettled"], owed["liability"]) == ("20", "10", "30")
    assert sum(factor["factor_grams"] is None for factor in factors) == 4
    walking = next(factor for factor in factors if factor["behaviour"] == "walking")
    assert (walking["factor_grams"], walking["day_limit_grams"]) == ("8.2", "296.000")
