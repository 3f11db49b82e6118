"""A ledger with an operator, a bank and two parties, built by commands alone."""

from collections.abc import Callable

import pytest

from ledger import commands
from ledger.machine import Machine, Outcome
from ledger.part import ledger_part
from ledger.roles import AccountKind, PartyKind, Role
from ledger.state import Ledger


class Desk:
    """Sends commands to a machine, one entry after another."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.machine = Machine(self.ledger, [ledger_part(self.ledger)])
        self.index = -1

    def send(self, command: commands.Command, *, actor: str, fetched: object = None) -> Outcome:
        self.index += 1
        outcome = self.machine.apply(
            command, actor=actor, index=self.index, at=1_000 + self.index, fetched=fetched
        )
        self.machine.check()
        return outcome

    def rows(self) -> list[tuple[object, ...]]:
        return [(thing.TABLE, *thing.row()) for thing in self.machine.rows()]


@pytest.fixture
def empty_desk() -> Desk:
    return Desk()


@pytest.fixture
def desk(empty_desk: Desk) -> Desk:
    send = empty_desk.send
    opening = commands.OpenVenue(
        venue="test",
        origin="ledger.example/test",
        clock="scenario",
        start=0,
        operator="X",
        actor="x-1",
        digest="0" * 64,
    )
    send(opening, actor="system")
    _define_currency(empty_desk)
    for party, kind, roles in (
        ("B2", PartyKind.BANK, [Role.SETTLEMENT_BANK]),
        ("E01", PartyKind.ENTERPRISE, [Role.TRADER, Role.APPROVER]),
        ("E02", PartyKind.ENTERPRISE, [Role.TRADER]),
        ("R", PartyKind.AUTHORITY, [Role.REGULATOR]),
    ):
        send(
            commands.RegisterParty(party=party, party_kind=kind, scheme="", identifier=""),
            actor="x-1",
        )
        for number in (1, 2):
            send(
                commands.RegisterActor(
                    actor=f"{party}-{number}", party=party, roles=roles, digest=f"{number}" * 64
                ),
                actor="x-1",
            )
    for party in ("E01", "E02"):
        send(commands.OpenAccount(party=party, account_kind=AccountKind.TRADING), actor="x-1")
    return empty_desk


def _define_currency(desk: Desk) -> None:
    from ledger.effects import InstrumentDefined

    desk.index += 1
    effect = InstrumentDefined(
        instrument="CNY",
        right="CASH",
        substance="",
        unit="yuan",
        lot="0.01",
        zone="",
        vintage=None,
        valid_from=None,
        valid_until=None,
    )
    desk.machine.fold([effect], index=desk.index, at=1_000 + desk.index)


@pytest.fixture
def funded(desk: Desk) -> Desk:
    desk.send(
        commands.CashIn(account=100, currency="CNY", amount=10_000, reference="r"), actor="B2-1"
    )
    return desk


Send = Callable[..., Outcome]
