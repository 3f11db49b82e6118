"""A market with an operator, a bank, traders and one carbon book, built by commands."""

from collections.abc import Callable
from typing import Any

import pytest

from exchange import commands as x
from exchange.part import market_part
from exchange.state import Market
from ledger import commands as c
from ledger.machine import SYSTEM, Machine, Outcome
from ledger.part import ledger_part
from ledger.roles import AccountKind, PartyKind, Role
from ledger.state import Ledger

DAY = 86_400_000_000
HOUR = 3_600_000_000


class Floor:
    """Sends commands as a writer would: timers first, one slice of a phase after each."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.market = Market(self.ledger)
        self.machine = Machine(self.ledger, [ledger_part(self.ledger), market_part(self.market)])
        self.index = -1
        self.at = 1_000
        self.outcomes: list[Outcome] = []

    def send(self, command: c.Command, *, actor: str) -> Outcome:
        outcome = self._apply(command, actor=actor)
        if self.ledger.phases:
            self._apply(self.machine.next_slice(lambda: b"\7" * 32), actor=SYSTEM)
        return outcome

    def _apply(self, command: c.Command, *, actor: str) -> Outcome:
        self.index += 1
        outcome = self.machine.apply(command, actor=actor, index=self.index, at=self.at)
        self.machine.check()
        self.outcomes.append(outcome)
        return outcome

    def move(self, to: int) -> None:
        while True:
            timer = self.ledger.timers.earliest()
            if timer is None or timer.due > to:
                break
            self.at = timer.due
            command = c.FireTimer(timer=timer.kind, subject=timer.subject)
            assert self.send(command, actor=SYSTEM).refusal is None
        self.at = to

    def order(self, actor: str, side: str, lots: int, ticks: int | None, **more: Any) -> Outcome:
        command = x.PlaceOrder(
            account=self.accounts[actor.split("-", maxsplit=1)[0]],
            instrument=more.pop("instrument", "CEA25"),
            is_buy=side == "buy",
            order_type=more.pop(
                "order_type", x.OrderType.LIMIT if ticks is not None else x.OrderType.MARKET
            ),
            time_in_force=more.pop("time_in_force", x.TimeInForce.GTC),
            lots=lots,
            ticks=ticks,
            **more,
        )
        return self.send(command, actor=actor)

    @property
    def accounts(self) -> dict[str, int]:
        return {a.party: a.number for a in self.ledger.accounts.values() if a.number >= 100}

    def lots(self, party: str, instrument: str = "CEA25") -> int:
        return self.ledger.accounts[self.accounts[party]].available(instrument)

    def rows(self) -> list[tuple[object, ...]]:
        return [(thing.TABLE, *thing.row()) for thing in self.machine.rows()]

    def book(self, instrument: str = "CEA25") -> Any:
        return self.market.books[instrument]

    def grant(self, party: str, instrument: str, lots: int) -> None:
        """Give units by a movement from issuance, as an allocation would."""
        from ledger.effects import Moved

        self.index += 1
        effect = Moved(
            source=1,
            target=self.accounts[party],
            instrument=instrument,
            quantity=lots,
            cause="issue",
        )
        self.machine.fold([effect], index=self.index, at=self.at)


def day(number: int) -> x.TradingDay:
    """Return a trading day with a morning of two hours and an afternoon of two."""
    start = number * DAY
    return x.TradingDay(
        day=number,
        opens=[start + 9 * HOUR, start + 13 * HOUR],
        closes=[start + 11 * HOUR, start + 15 * HOUR],
    )


@pytest.fixture
def floor() -> Floor:
    return make_floor()


@pytest.fixture
def new_open_floor() -> Callable[[], Floor]:
    return make_open_floor


def make_floor(*, cash: int = 10**10) -> Floor:
    floor = Floor()
    floor.send(
        c.OpenVenue(
            venue="t",
            origin="o",
            clock="scenario",
            start=0,
            operator="X",
            actor="x",
            digest="0" * 64,
        ),
        actor=SYSTEM,
    )
    money = x.DefineInstrument(
        instrument="CNY", right="CASH", substance="", unit="yuan", lot="0.01", zone=""
    )
    floor.send(money, actor="x")
    for party, roles in (
        ("E01", [Role.TRADER]),
        ("E02", [Role.TRADER]),
        ("E03", [Role.TRADER]),
        ("R", [Role.REGULATOR]),
        ("B", [Role.SETTLEMENT_BANK]),
    ):
        floor.send(
            c.RegisterParty(party=party, party_kind=PartyKind.ENTERPRISE, scheme="", identifier=""),
            actor="x",
        )
        for number in ("1", "2"):
            floor.send(
                c.RegisterActor(
                    actor=f"{party}-{number}", party=party, roles=roles, digest=number * 64
                ),
                actor="x",
            )
        floor.send(c.OpenAccount(party=party, account_kind=AccountKind.TRADING), actor="x")
    for party in ("E01", "E02", "E03"):
        floor.send(
            c.CashIn(account=floor.accounts[party], currency="CNY", amount=cash, reference=""),
            actor="B-1",
        )
    return floor


@pytest.fixture
def open_floor(floor: Floor) -> Floor:
    """One book that is always open, without a band, with units for all."""
    return fill_open(floor)


def make_open_floor() -> Floor:
    return fill_open(make_floor())


def fill_open(floor: Floor) -> Floor:
    define(floor, calendar="", band_ppm=None)
    for party in ("E01", "E02", "E03"):
        floor.grant(party, "CEA25", 100_000)
    return floor


@pytest.fixture
def day_floor(floor: Floor) -> Floor:
    """One book with three trading days, a band of 10 % and T+1; the first day has opened."""
    define(floor, calendar="main", band_ppm=100_000, resale_delay=True)
    floor.send(x.DeclareTradingDays(calendar="main", days=[day(10), day(11), day(14)]), actor="x")
    for party in ("E01", "E02", "E03"):
        floor.grant(party, "CEA25", 100_000)
    floor.move(10 * DAY + 9 * HOUR)
    return floor


def define(floor: Floor, **terms: Any) -> Outcome:
    command: dict[str, Any] = {
        "instrument": "CEA25",
        "right": "CARBON",
        "substance": "",
        "unit": "t",
        "lot": "1",
        "zone": "",
        "currency": "CNY",
        "tick": "0.01",
        "reference_ticks": 7_400,
    }
    outcome = floor.send(x.DefineInstrument(**(command | terms)), actor="x")
    assert outcome.refusal is None
    return outcome
