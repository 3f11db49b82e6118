"""A dry run tells what would happen and why not, and changes nothing."""

import itertools
from typing import Any

import pytest

from gateway.api.previews import RULES_OF_ORDERS
from tests.gateway.api.house import House

pytestmark = pytest.mark.asyncio(loop_scope="module")

# One defect of an order each, with the rule that it breaks; none excludes another.
DEFECTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("exchange.not_the_owner", {"account": "{E02}"}),
    ("exchange.lots_not_positive", {"quantity": "0"}),
    ("exchange.price_outside_band", {"price": "99.00"}),
    ("exchange.stop_price_unfit", {"stop_price": "70.00"}),
    ("exchange.expiry_unfit", {"expires": "2026-03-17"}),
    ("exchange.post_only_unfit", {"post_only": True, "time_in_force": "ioc"}),
)


def order(house: House, **changes: Any) -> dict[str, Any]:
    body = {
        "account": house.accounts["E01"],
        "instrument": "CEA25",
        "side": "buy",
        "quantity": "9",
        "price": "75.00",
    }
    filled_in = {
        name: value.format_map(house.accounts) if isinstance(value, str) else value
        for name, value in changes.items()
    }
    return body | filled_in


async def test_it_shows_holds_and_rules_and_changes_nothing(house: House) -> None:
    before, head = await house.state(), await house.head()

    response = await house.post("/orders", order(house), "E01-1", dry_run="true")

    body = response.json()
    assert response.status_code == 200
    assert body["outcome"] == "dry_run"
    assert body["holds"] == [
        {"account": house.accounts["E01"], "instrument": "CNY", "quantity": "675.00"}
    ]
    assert body["rules_passed"] == list(RULES_OF_ORDERS)
    assert "receipt" not in body
    assert (await house.state(), await house.head()) == (before, head)


async def test_its_fees_are_those_that_the_trade_then_pays(house: House) -> None:
    terms = {
        "instrument": "FEES",
        "right": "CARBON",
        "unit": "t",
        "lot": "1",
        "tick": "0.01",
        "currency": "CNY",
        "reference_price": "70.00",
        "buyer_fee_ppm": 1_000,
    }
    await house.do("/instruments", terms)
    issue = {
        "kind": "issue",
        "account": house.accounts["E01"],
        "instrument": "FEES",
        "quantity": "10",
        "decision": "1",
    }
    await house.propose(issue, maker="R-1", checker="R-2")
    await house.order("E01-1", "sell", "10", price="70.00", instrument="FEES")
    body = order(house, account="{E02}", instrument="FEES", quantity="10", price="70.00")

    would = (await house.post("/orders", body, "E02-1", dry_run="true")).json()
    await house.do("/orders", body, "E02-1")

    path = f"/accounts/{house.accounts['E02']}/trades"
    (trade,) = [
        each
        for each in (await house.get(path, "E02-1")).json()["trades"]
        if each["instrument"] == "FEES"
    ]
    assert [fee["quantity"] for fee in would["fees"]] == [trade["fee"]] == ["0.70"]
    assert would["holds"][0]["quantity"] == "700.70"


@pytest.mark.parametrize(("first", "second"), list(itertools.combinations(DEFECTS, 2)))
async def test_of_two_defects_the_rule_that_comes_first_refuses(
    house: House, first: tuple[str, dict[str, Any]], second: tuple[str, dict[str, Any]]
) -> None:
    body = order(house, **second[1], **first[1])

    response = await house.post("/orders", body, "E01-1", dry_run="true")

    problem = response.json()
    assert problem["code"] == first[0]
    assert problem["rules_passed"] == list(RULES_OF_ORDERS[: RULES_OF_ORDERS.index(first[0])])


async def test_a_batch_may_be_tried_too(house: House) -> None:
    before, head = await house.state(), await house.head()
    orders = [order(house), order(house, quantity="0")]

    response = await house.post("/order-batches", {"orders": orders}, "E01-1", dry_run="true")

    outcomes = [result["outcome"] for result in response.json()["results"]]
    assert outcomes == ["dry_run", "refused"]
    assert (await house.state(), await house.head()) == (before, head)
