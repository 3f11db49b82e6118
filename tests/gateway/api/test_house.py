"""The market that the API's tests stand on is served whole."""

import pytest

from tests.gateway.api.house import House

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_furnished_market_trades(house: House) -> None:
    book = (await house.get("/books/CEA25")).json()

    assert book["phase"] == "continuous"
    assert book["last"] == "75.00"
    assert [level["quantity"] for level in book["asks"]] == ["7"]
    assert [level["quantity"] for level in book["bids"]] == ["10"]


async def test_an_answer_names_its_entry_in_body_and_header(house: House) -> None:
    response = await house.post("/accounts", {"party": "E02"})

    assert response.status_code == 201
    assert response.headers["Ecorights-Head"] == response.json()["receipt"]["entry"]
    assert int(response.headers["Ecorights-Head"]) == await house.head()
