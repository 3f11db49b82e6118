"""Coins and carbon through the API: earned, spent, signed offline, revoked, and what is owed."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from gateway.database_server import DatabaseServer
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import DAY, NEXT_DAY, House, serving
from tests.gateway.api.rewarding import COIN, act, ride, slip

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(cluster: DatabaseServer, furnished: Furnished) -> AsyncIterator[House]:
    """A house of this module's own, whose figures no other test moves."""
    async with serving(cluster, furnished) as found:
        more = {"kind": "issue_coins", "instrument": COIN, "coins": "100", "decision": "2026-5"}
        await found.propose(more, maker="X-1", checker="X-2")
        yield found


async def read(house: House, path: str, actor: str = "A-1", **params: str) -> Any:
    response = await house.get(path, actor, **params)
    assert response.status_code == 200, response.text
    return response.json()


async def standing(house: House, party: str) -> dict[str, Any]:
    path = f"/coins/accounts/{house.accounts[f'{party}-coins']}"
    found: dict[str, Any] = await read(house, path, f"{party}-1")
    return found


async def test_a_holder_sees_its_coins_and_when_each_expires(house: House) -> None:
    found = await standing(house, "P7")
    account = house.accounts["P7-coins"]
    acts = (await read(house, f"/coins/accounts/{account}/acts", "P7-1"))["acts"]
    bills = (await read(house, f"/coins/accounts/{account}/bills", "P7-1"))["bills"]

    assert found == {
        "head": found["head"],
        "account": account,
        "instrument": COIN,
        "coins": "7",
        "claim": "0",
        "balance": "7",
        "earned_today": "10",
        "earned_this_month": "10",
        "next_expiry": "2028-03-16",
    }
    assert [(a["coins"], a["left"], a["expires_on"]) for a in acts] == [("10", "7", "2028-03-16")]
    assert [(b["coins"], b["merchant"]) for b in bills] == [("3", house.accounts["SHOP-coins"])]
    assert bills[0]["bill_digest"] != "77"


async def test_a_merchant_sees_its_bills_and_nobody_elses_account(house: House) -> None:
    merchant, holder = house.accounts["SHOP-coins"], house.accounts["P7-coins"]
    own = await read(house, f"/coins/accounts/{merchant}/bills", "SHOP-1")
    other = await house.get(f"/coins/accounts/{holder}/acts", "SHOP-1")
    none = await house.get(f"/coins/accounts/{merchant}", "SHOP-1")

    assert [each["account"] for each in own["bills"]] == [holder]
    assert (other.status_code, other.json()["code"]) == (403, "request.forbidden")
    assert (none.status_code, none.json()["code"]) == (404, "ledger.account_unknown")


async def test_a_cap_says_what_it_cut(house: House) -> None:
    answer = await house.do("/coins/acts", act(house, "cut"), "TEAM-1")

    [earned] = [e for e in answer["effects"] if e["effect"] == "coins_earned"]
    assert (earned["coins"], earned["cut"]) == ("0", "2")


async def test_a_slip_counts_once_and_a_forged_one_never(house: House) -> None:
    account = house.accounts["P8-coins"]
    made = slip(house, "S-1", account=account, quantity="2", day="2026-03-10")
    tried = await house.post("/rewards/slips", made, "OTHER-1", dry_run="true")
    await house.do("/rewards/slips", made, "OTHER-1")
    again = await house.post("/rewards/slips", made, "OTHER-1")
    forged = await house.post("/rewards/slips", made | {"slip": "S-2"}, "OTHER-1")

    assert (tried.status_code, tried.json()["outcome"]) == (200, "dry_run")
    assert (await standing(house, "P8"))["coins"] == "4"
    assert (again.status_code, again.json()["code"]) == (409, "rewards.act_twice")
    assert (forged.status_code, forged.json()["code"]) == (409, "rewards.signature_unfit")


async def test_a_merchant_proposes_and_the_holder_agrees(house: House) -> None:
    account = house.accounts["P8-coins"]
    earned = act(house, "for-P8", account=account, day="2026-03-12")
    await house.do("/coins/acts", earned, "TEAM-1")
    before = (await standing(house, "P8"))["coins"]
    bill = {
        "kind": "redeem_coins",
        "account": account,
        "merchant": house.accounts["SHOP-coins"],
        "bill": "88",
        "coins": "2",
    }
    await house.propose(bill, maker="SHOP-1", checker="P8-1")

    assert int((await standing(house, "P8"))["coins"]) == int(before) - 2


async def test_a_revoked_act_leaves_a_claim_that_the_holder_sees(house: House) -> None:
    revoke = {"source": "BAGS", "reference": "known", "reason": "not-sorted"}
    await house.do("/coins/acts/revocations", revoke, "TEAM-1")
    after = await standing(house, "P7")
    await house.do("/coins/acts", act(house, "pays"), "TEAM-1")
    paid = await standing(house, "P7")

    owed = (await read(house, f"/coins/{COIN}/liability"))["claims"]

    assert (after["coins"], after["claim"], after["balance"]) == ("0", "3", "-3")
    assert (paid["coins"], paid["claim"], paid["balance"]) == ("0", "1", "-1")
    assert owed == {"holders": 1, "coins": "1"}


async def test_carbon_is_kept_apart_in_grams_with_its_method(house: House) -> None:
    await house.do("/carbon/credits", ride(house, "ride-2", activity="38.5"), "TEAM-1")
    account = house.accounts["P7-carbon"]
    found = await read(house, f"/carbon/accounts/{account}", "P7-1")
    credits_ = (await read(house, f"/carbon/accounts/{account}/credits", "P7-1"))["credits"]
    revoked = {"source": "BAGS", "reference": "ride-2", "reason": "doubled"}
    await house.do("/carbon/credits/revocations", revoked, "TEAM-1")
    after = await read(house, f"/carbon/accounts/{account}", "P7-1")

    assert (found["reduced_grams"], after["reduced_grams"]) == ("3200.000", "120.000")
    assert found["layer"] == "person"
    assert found["by_behaviour"] == [
        {"behaviour": "bus_ride", "grams": "3200.000", "cut_grams": "0.000", "credits": 2}
    ]
    shown = [(e["activity"], e["grams"], e["factor_version"], e["method"]) for e in credits_]
    assert shown == [
        ("38.500", "3080.000", "1", "substitution"),
        ("1.500", "120.000", "1", "substitution"),
    ]


async def test_an_enterprise_reports_its_emissions(house: House) -> None:
    account = house.accounts["E01-carbon"]
    report = {"account": account, "year": 2025, "method": "GB/T 32150", "document": "9a" * 32}
    await house.do("/carbon/emissions", report | {"grams": "320000000000"}, "V-1")
    await house.do("/carbon/emissions", report | {"grams": "319999000000"}, "V-1")
    found = await read(house, f"/carbon/accounts/{account}", "E01-1")
    holdings = (await read(house, f"/accounts/{account}/holdings", "E01-1"))["holdings"]

    assert found["layer"] == "enterprise"
    assert [(e["year"], e["grams"], e["reports"]) for e in found["emissions"]] == [
        (2025, "319999000000", 2)
    ]
    assert [(h["instrument"], h["available"]) for h in holdings] == [
        ("CO2-EMITTED", "319999000000")
    ]


async def test_the_terms_are_for_everybody_to_read(house: House) -> None:
    coins = (await read(house, "/coins/schemes", "P7-1"))["coins"]
    factors = (await read(house, "/carbon/factors", "P7-1"))["factors"]
    own = (await read(house, "/rewards/sources", "TEAM-1"))["sources"]
    none = (await read(house, "/rewards/sources", "P7-1"))["sources"]

    assert [(c["instrument"], c["rules"][0]["version"]) for c in coins] == [(COIN, "2026-1")]
    assert [(f["behaviour"], f["factor_grams"]) for f in factors] == [
        ("bus_ride", "80"),
        ("online_bill", None),
    ]
    assert [each["source"] for each in own] == ["BAGS"]
    assert none == []


async def test_what_the_issuer_owes_adds_up(house: House) -> None:
    bill = {"merchant": house.accounts["SHOP-coins"], "bill": "99", "coins": "2"}
    await house.do("/coins/acts", act(house, "owed", day="2026-03-13"), "TEAM-1")
    await house.do("/coins/acts", act(house, "owed-2", day="2026-03-14"), "TEAM-1")
    await house.do("/coins/redemptions", {"account": house.accounts["P7-coins"], **bill}, "P7-1")
    before = await read(house, f"/coins/{COIN}/liability")
    [shop] = before["merchants"]
    settle = {"merchant": shop["merchant"], "coins": "4", "reference": "B2-1"}
    await house.do("/coins/settlements", settle)
    after = await read(house, f"/coins/{COIN}/liability")
    forbidden = await house.get(f"/coins/{COIN}/liability", "TEAM-1")

    by_month = sum(int(each["coins"]) for each in before["by_expiry_month"])
    assert by_month == int(before["held"])
    assert {each["month"] for each in before["by_expiry_month"]} == {"2028-03"}
    assert int(before["liability"]) == int(before["held"]) + int(shop["unsettled"])
    assert int(after["liability"]) == int(before["liability"]) - 4
    assert after["merchants"][0]["redeemed"] == shop["redeemed"]
    assert forbidden.status_code == 403
    places = ("budget", "expired", "taken_back", "liability")
    assert sum(int(before[each]) for each in places) == 112


async def test_pages_of_acts_are_whole(house: House) -> None:
    path = f"/coins/accounts/{house.accounts['P7-coins']}/acts"
    await house.do("/coins/acts", act(house, "another", day="2026-03-09"), "TEAM-1")
    whole = (await read(house, path))["acts"]
    first = await read(house, path, limit="1")
    rest = await read(house, path, cursor=first["next"])

    assert first["acts"] + rest["acts"] == whole
    assert rest["next"] is None


async def test_a_holder_gives_up_and_time_takes_the_rest(house: House) -> None:
    await house.do("/rewards/waivers", {"account": house.accounts["P8-coins"]}, "P8-1")
    given = await standing(house, "P8")
    await house.do("/clock", {"to": f"{NEXT_DAY}T10:00:00Z"})
    late = act(house, "tomorrow", account=house.accounts["P8-coins"], day=DAY)
    await house.do("/coins/acts", late, "TEAM-1")
    await house.do("/clock", {"to": "2028-03-15T16:00:00Z"})
    expired = await standing(house, "P8")

    assert given["coins"] == "0"
    assert expired["coins"] == "0"
    assert (await read(house, f"/coins/{COIN}/liability"))["held"] == "0"
