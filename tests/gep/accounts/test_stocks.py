"""Opening and closing stocks of natural resources, alone and as a part of an account."""

import json
from decimal import Decimal
from typing import Any

import pytest

from gep.accounts.comparing import Break, compare
from gep.accounts.reading import read_plan
from gep.accounts.stocks import gaps_between, stocks_at
from gep.accounts.stored import read_account
from gep.document import Place
from gep.errors import Malformed
from kernel.canonical import canonical
from tests.gep.accounts.planning import account, document

FOREST: dict[str, Any] = {
    "resource": "forest area",
    "unit": "hm2",
    "opening": "6200",
    "additions": [{"cause": "afforestation", "quantity": "75.5"}],
    "reductions": [{"cause": "felled", "quantity": "12"}, {"cause": "烧毁", "quantity": "3.5"}],
    "closing": "6260",
    "source": "forest inventory 2020",
}
WATER = FOREST | {
    "resource": "water",
    "unit": "m3",
    "opening": "1e6",
    "additions": [],
    "reductions": [],
    "closing": "1000000",
}


def caused(quantity: str, cause: str = "planted") -> list[dict[str, str]]:
    return [{"cause": cause, "quantity": quantity}]


def refused(*stocks: dict[str, Any]) -> Malformed:
    with pytest.raises(Malformed) as caught:
        read_plan(json.dumps(document(stocks=list(stocks))).encode())
    return caught.value


def test_stocks_stand_in_the_account_and_under_its_hash() -> None:
    without, with_stocks = account(), account(stocks=[FOREST, WATER])

    assert "stocks" not in without.document()
    assert with_stocks.hash != without.hash
    assert [each["resource"] for each in with_stocks.document()["stocks"]] == [
        "forest area",
        "water",
    ]
    assert with_stocks.total == without.total


def test_a_stored_account_with_stocks_is_read_back_exactly() -> None:
    made = account(stocks=[FOREST, WATER])

    found = read_account(canonical(made.document()).decode())

    assert (found.hash, found.stocks) == (made.hash, made.stocks)


def test_a_stored_account_whose_stock_does_not_close_is_refused() -> None:
    text = canonical(account(stocks=[FOREST]).document()).decode()

    with pytest.raises(Malformed) as caught:
        read_account(text.replace('"closing":"6260"', '"closing":"6261"'))

    assert caught.value.code == "gep.stock_does_not_close"
    assert caught.value.field == "document.stocks[0].closing"


def test_a_stored_account_with_an_empty_list_of_stocks_is_not_canonical() -> None:
    document = account().document() | {"stocks": []}

    with pytest.raises(Malformed, match="canonical"):
        read_account(canonical(document).decode())


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"closing": "6260.1"}, "gep.stock_does_not_close", "stocks[0].closing"),
        ({"opening": "-1"}, "gep.out_of_range", "stocks[0].opening"),
        ({"additions": caused("-1")}, "gep.out_of_range", "stocks[0].additions[0].quantity"),
        ({"additions": caused("60", " ")}, "gep.wrong_type", "stocks[0].additions[0].cause"),
        ({"additions": caused("60") * 2}, "gep.doubled_id", "stocks[0].additions[1]"),
        ({"unit": "acre"}, "gep.unit_unknown", "stocks[0].unit"),
        ({"source": None}, "gep.key_missing", "stocks[0].source"),
        ({"additions": caused("1") * 31}, "gep.too_many", "stocks[0].additions"),
    ],
)
def test_a_stock_that_is_not_whole_is_refused(
    change: dict[str, Any], code: str, field: str
) -> None:
    error = refused(FOREST | change)

    assert error.code == code
    assert str(error.field).endswith(field)


def test_a_resource_stands_once() -> None:
    assert refused(FOREST, FOREST).code == "gep.doubled_id"


def test_long_decimals_close_exactly() -> None:
    tiny = "0." + "0" * 20 + "1"
    (found,) = stocks_at(
        Place(
            [
                FOREST
                | {
                    "opening": "100000000000000000",
                    "closing": "100000000000000000" + tiny[1:],
                    "additions": caused(tiny),
                    "reductions": [],
                }
            ]
        )
    )

    assert found.unexplained == 0
    assert found.added == Decimal(tiny)


def years(opening: str, **changes: Any) -> list[Break]:
    later = FOREST | {
        "opening": opening,
        "additions": [],
        "reductions": [],
        "closing": opening,
    }
    base = account(stocks=[FOREST])
    current = account(year=2021, stocks=[later | changes])
    return [each.code for each in compare(base, current).breaks if "stock" in each.code]


def test_the_next_year_opens_where_the_earlier_one_closed() -> None:
    assert years("6260") == []
    assert years("6261") == [Break.STOCK_OPENS_ELSEWHERE]
    assert years("6260", unit="mu") == [Break.STOCK_OPENS_ELSEWHERE]
    assert years("6260", resource="wetland") == [Break.STOCK_OPENS_ELSEWHERE] * 2


def test_years_that_do_not_follow_each_other_cannot_break() -> None:
    later = FOREST | {"opening": "1", "additions": [], "reductions": [], "closing": "1"}
    found = compare(account(stocks=[FOREST]), account(year=2025, stocks=[later]))

    assert not [each for each in found.breaks if "stock" in each.code]
    (change,) = found.document()["stocks"]
    assert (change["base"], change["current"], change["change"]) == ("6260", "1", "-6259")
    assert gaps_between((), ()) == ()
