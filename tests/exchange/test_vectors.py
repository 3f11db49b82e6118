"""Published and own examples of other markets' documents, where their rules are ours.

The examples are read where they lie beside the project; without them this file skips. Left out are
those in which a market order rests (ours never does, markets.md 6.4) and the one of the listing
mode, which looks at five price levels only.
"""

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from exchange import commands as x
from exchange.commands import OrderType, SelfTradePrevention, TimeInForce
from exchange.effects import Filled
from exchange.trading.sessions import band, close_of
from tests.exchange.conftest import DAY, HOUR, Floor, day, define, make_open_floor

SHARED = Path(os.environ.get("ECORIGHTS_SHARED", Path(__file__).parents[3] / "shared"))
VECTORS = SHARED / "domain" / "market_vectors.json"
MODES = {"decrement_and_cancel": SelfTradePrevention.DECREMENT}
PARTIES = ("E01-1", "E02-1", "E03-1")


def vectors(name: str) -> Any:
    if not VECTORS.exists():
        pytest.skip(f"no vectors at {VECTORS}")
    return json.loads(VECTORS.read_text(encoding="utf-8"))[name]


def one(name: str, number: str) -> Any:
    return next(each for each in vectors(name) if each["id"] == number)


def ticks(price: str | None) -> int | None:
    return None if price is None else int(Decimal(price) * 100)


def fills(floor: Floor) -> list[tuple[int, int, int]]:
    """Return (buy, sell, lots) of every fill so far."""
    effects = [effect for outcome in floor.outcomes for effect in outcome.effects]
    return [(e.buy, e.sell, e.lots) for e in effects if isinstance(e, Filled)]


def resting(floor: Floor, *, is_buy: bool) -> list[tuple[int, int, int]]:
    return [(o.id, o.lots, o.ticks) for o in floor.book().kernel.walk(is_buy=is_buy)]


@pytest.mark.parametrize(
    "number",
    ["euronext-cont-1", "euronext-cont-2", "euronext-mtl-cont-1"],
)
def test_continuous_matching(number: str) -> None:
    vector = one("continuous", number)
    floor = make_open_floor()
    names: dict[int, str] = {}
    for place, order in enumerate(vector["orders"]):
        kind = OrderType(order["type"])
        unpriced = kind is OrderType.MARKET
        outcome = floor.order(
            PARTIES[place % len(PARTIES)],
            order["side"],
            int(order["qty"]),
            ticks(order["price"]),
            order_type=kind,
            time_in_force=TimeInForce.IOC if unpriced else TimeInForce.GTC,
            self_trade_prevention=SelfTradePrevention.NONE,
        )
        assert outcome.refusal is None
        names[place + 1] = order["id"]
    effects = [effect for outcome in floor.outcomes for effect in outcome.effects]
    found = [
        {
            "resting": names[e.sell if e.buyer_is_aggressor else e.buy],
            "incoming": names[e.buy if e.buyer_is_aggressor else e.sell],
            "qty": str(e.lots),
            "ticks": e.ticks,
        }
        for e in effects
        if isinstance(e, Filled)
    ]
    expected = [
        {"ticks": ticks(t["price"])} | {n: t[n] for n in ("resting", "incoming", "qty")}
        for t in vector["expected_trades"]
    ]
    assert found == expected
    for side in ("buy", "sell"):
        left = [(names[n], lots, at) for n, lots, at in resting(floor, is_buy=side == "buy")]
        assert left == [
            (o["id"], int(o["qty"]), ticks(o["price"]))
            for o in vector["expected_book"][side]
            if o["price"] is not None  # what is left of a market order is cancelled here
        ]


def test_self_trade_prevention() -> None:
    for vector in vectors("self_trade_prevention"):
        floor = make_open_floor()
        floor.order("E01-1", "sell", int(vector["resting_qty"]), 1_000)
        mode = MODES.get(vector["mode"]) or SelfTradePrevention(vector["mode"])
        floor.order("E01-1", "buy", int(vector["incoming_qty"]), 1_000, self_trade_prevention=mode)

        left = {
            is_buy: sum(o[1] for o in resting(floor, is_buy=is_buy)) for is_buy in (True, False)
        }
        assert left[False] == int(vector["expected_resting_left"]), vector["id"]
        assert left[True] == int(vector["expected_incoming_left"]), vector["id"]
        assert fills(floor) == []


def test_time_in_force() -> None:
    in_force = {"IOC": TimeInForce.IOC, "FOK": TimeInForce.FOK}
    for vector in vectors("time_in_force"):
        if "trades" in vector["expected"]:
            continue
        floor = make_open_floor()
        for side, price, quantity in vector["book"]:
            floor.order("E01-1", side, int(quantity), ticks(price))
        side, price, quantity = vector["order"]
        post_only = vector["tif"].startswith("BOC")
        outcome = floor.order(
            "E02-1",
            side,
            int(quantity),
            ticks(price),
            time_in_force=in_force.get(vector["tif"], TimeInForce.GTC),
            post_only=post_only,
        )
        expected = {name: int(value) for name, value in vector["expected"].items()}
        filled = sum(lots for *_, lots in fills(floor))
        rests = sum(o[1] for o in resting(floor, is_buy=True))
        assert (filled, rests) == (expected["filled"], expected["resting"]), vector["id"]
        refused = int(quantity) if outcome.refusal is not None else 0
        if "rejected" in expected:
            assert refused == expected["rejected"], vector["id"]
        else:
            # An order that must fill whole is refused where the example cancels all of it.
            assert int(quantity) - filled - rests == expected["cancelled"], vector["id"]


def test_an_iceberg_refreshes_behind_the_others() -> None:
    vector = one("time_in_force", "iceberg-1")
    floor = make_open_floor()
    floor.order("E01-1", "sell", 50, 1_000, display=20)
    floor.order("E02-1", "sell", 30, 1_000)
    floor.order("E03-1", "buy", 45, 1_000)

    sellers = {1: "A", 2: "B"}
    found = [[sellers[sell], str(lots)] for _, sell, lots in fills(floor)]
    assert found == vector["expected"]["trades"]


def test_price_bands() -> None:
    for vector in vectors("price_bands_and_closes"):
        if "pct" not in vector:
            continue
        close = ticks(vector["previous_close"])
        assert close is not None
        ppm = int(Decimal(vector["pct"]) * 1_000_000)
        assert band(close, ppm=ppm) == (ticks(vector["low"]), ticks(vector["high"])), vector["id"]


def test_a_close_is_the_days_average_without_blocks(floor: Floor) -> None:
    vector = one("price_bands_and_closes", "close-cea")
    define(floor, calendar="main", band_ppm=300_000, reference_ticks=6_000)
    floor.send(x.DeclareTradingDays(calendar="main", days=[day(10), day(11)]), actor="x")
    floor.grant("E01", "CEA25", 10_000)
    floor.move(10 * DAY + 9 * HOUR)
    for price, quantity in vector["listing"]:
        floor.order("E01-1", "sell", int(quantity), ticks(price))
        floor.order("E02-1", "buy", int(quantity), ticks(price))

    assert close_of(floor.book()) == ticks(vector["close"])
    floor.move(10 * DAY + 15 * HOUR)
    assert floor.book().previous_close == ticks(vector["close"])
