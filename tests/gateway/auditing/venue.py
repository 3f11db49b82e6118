"""A furnished house whose market lives: what an audit must be able to follow."""

from pathlib import Path

import asyncpg

from gateway.auditing.bundle import Manifest, Sees, write_bundle
from gateway.auditing.scope import parse_scope
from ledger.personal.disclosure import Sight
from ledger.store import StoredEntry
from ledger.transparency.policy import Policy
from ledger.transparency.publishing import Publisher
from ledger.transparency.signing import Signed, Signers, SignRequest, add_secret
from ledger.transparency.store import LogStore, PublicLog
from tests.gateway.api.house import CARBON, NEXT_DAY, House

ORIGIN = "ecorights.example/test"
CASE = "2026-ZJ01-23"


def ALL(_: StoredEntry) -> Sight:  # noqa: N802  a constant that is called
    return Sight(postings=True, personal=False)


class Venue:
    """A house, its log's key, and what happened in it by name."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.key = add_secret(house.signer, ORIGIN).public
        self.names: dict[str, str] = {}

    async def connect(self) -> asyncpg.Connection:
        plan = self.house.writer._plan
        return await asyncpg.connect(plan.dsn)

    async def publish(self) -> None:
        connection = await self.connect()
        signers = Signers(self.house.signer)

        async def sign(request: SignRequest) -> Signed:
            return signers.answer(request)

        try:
            log = PublicLog(number=0, origin=ORIGIN, first=0)
            await Publisher(store=LogStore(connection, log), sign=sign).step()
        finally:
            await connection.close()

    async def export(
        self, path: Path, scope: str, *, sees: Sees = ALL, since: int | None = None
    ) -> Manifest:
        connection = await self.connect()
        try:
            with path.open("wb") as target:
                return await write_bundle(
                    connection,
                    target,
                    scope=parse_scope(scope),
                    sees=sees,
                    policy=Policy(logs=(self.key,)),
                    vault=self.house.vault,
                    since=since,
                )
        finally:
            await connection.close()


async def live(venue: Venue) -> None:
    """Let everything happen of which an audit asks."""
    await _freeze_and_seize(venue)
    await _trade_with_fees(venue)
    await _amend_into_two_fills(venue)
    await _trade_under_four_eyes(venue)
    await _lapse(venue.house)
    await venue.house.do("/rights/surrenders", _surrender(venue.house), "E01-1")


async def _freeze_and_seize(venue: Venue) -> None:
    house = venue.house
    frozen = {
        "account": house.accounts["E01"],
        "instrument": "CEA25",
        "quantity": "100",
        "purpose": "freeze",
        "reference": CASE,
    }
    venue.names["freeze"] = (await house.do("/holds", frozen, "R-1"))["hold"]
    hold = venue.names["freeze"]
    taken = {"hold": hold, "lots": "60", "target": house.accounts["E02"]}
    await house.do("/holds/consumptions", taken, "R-1")
    await house.do("/holds/releases", {"hold": hold, "lots": "40"}, "R-1")


async def _trade_with_fees(venue: Venue) -> None:
    house = venue.house
    fees = {"buyer_fee_ppm": 300, "seller_fee_ppm": 500, "reference_price": "70.00"}
    await house.do("/instruments", CARBON | fees | {"instrument": "FEE1"})
    issued = {
        "kind": "issue",
        "account": house.accounts["E01"],
        "instrument": "FEE1",
        "quantity": "500",
        "decision": "2026-3",
    }
    await house.propose(issued, maker="R-1", checker="R-2")
    resting = await house.order("E01-1", "sell", "50", price="70.00", instrument="FEE1")
    venue.names["amended"] = resting["order"]
    smaller = {"order": resting["order"], "instrument": "FEE1", "quantity": "40"}
    await house.do("/orders/amendments", smaller, "E01-1")
    filled = await house.order("E02-1", "buy", "30", price="70.00", instrument="FEE1")
    (fill,) = [each for each in filled["effects"] if each["effect"] == "filled"]
    venue.names |= {"trade": fill["trade"], "buy": fill["buy"], "entry": filled["receipt"]["entry"]}


async def _amend_into_two_fills(venue: Venue) -> None:
    """An old order is amended and meets two others at once: each sees fills of strangers."""
    house = venue.house
    old = await house.order("E02-1", "buy", "20", price="60.00", instrument="FEE1")
    body = {"account": house.accounts["R"], "instrument": "FEE1", "quantity": "5"}
    issued = body | {"kind": "issue", "decision": "2026-4"}
    await house.propose(issued, maker="R-1", checker="R-2")
    await house.do("/orders", body | {"side": "sell", "price": "70.00"}, "R-1")
    raised = {"order": old["order"], "instrument": "FEE1", "price": "70.00"}
    await house.do("/orders/amendments", raised, "E02-1")


async def _trade_under_four_eyes(venue: Venue) -> None:
    """An order that is large needs a maker and a checker."""
    house = venue.house
    large = {
        "kind": "place_order",
        "account": house.accounts["E01"],
        "instrument": "CEA25",
        "side": "sell",
        "quantity": "5000",
        "price": "74.50",
        "time_in_force": "gtc",
    }
    await house.propose(large, maker="E01-1", checker="E01-2")
    filled = await house.order("E02-1", "buy", "40", price="74.50")
    (fill,) = [each for each in filled["effects"] if each["effect"] == "filled"]
    venue.names["large"] = fill["trade"]


async def _lapse(house: House) -> None:
    """A day order ends with its day, a hold with its time."""
    await house.order("E01-1", "sell", "7", price="75.00", time_in_force="day")
    until = {
        "account": house.accounts["E02"],
        "instrument": "CNY",
        "quantity": "5.00",
        "purpose": "deposit",
        "until": f"{NEXT_DAY}T08:00:00Z",
    }
    await house.do("/holds", until, "E02-1")
    await house.do("/clock", {"to": f"{NEXT_DAY}T10:00:00Z"})


def _surrender(house: House) -> dict[str, object]:
    return {
        "account": house.accounts["E01"],
        "instrument": "CEA25",
        "right": "CARBON",
        "year": 2025,
        "quantity": "11",
    }
