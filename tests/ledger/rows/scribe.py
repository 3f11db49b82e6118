"""A venue whose entries and rows are written as a writer does, on one connection of a test."""

import atexit
import random
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg

from exchange import commands as x
from exchange.registry import commands as r
from gateway import wiring
from ledger import commands as c
from ledger.encoding import command_text, personal_portions, personal_text, postings_text
from ledger.entry import NO_PERSONAL, Chain
from ledger.journal import undo
from ledger.machine import SYSTEM, Machine, Outcome
from ledger.personal.parts import PlainRow, encrypted, plain_rows
from ledger.personal.vault import Vault
from ledger.projection import APPENDED, write_set
from ledger.refusals import Refusal, Reject
from ledger.roles import AccountKind, PartyKind, Role
from ledger.sequencer.statements import append, write_rows
from ledger.sequencer.submission import key_hash

DAY = 86_400_000_000
HOUR = 3_600_000_000
FIRST_DAY = 19_000
START = FIRST_DAY * DAY
TRADERS = ("E01", "E02", "E03", "E04")


@cache
def _vaults() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="eco-vaults-"))
    atexit.register(shutil.rmtree, folder)
    return folder


def vault_of(connection: asyncpg.Connection) -> Vault:
    """Return the vault of a test's database, which is this process's own."""
    return Vault(_vaults() / f"{connection._params.database}.db")  # type: ignore[attr-defined]  # the driver keeps it there


class Scribe:
    """Applies commands in their order, seals their entries, and commits batches."""

    def __init__(self, connection: asyncpg.Connection, *, machine: Machine | None = None) -> None:
        self.connection = connection
        self.machine = wiring.new_machine() if machine is None else machine
        self.chain = Chain(origin="")
        self.index = -1
        self.first = 0
        self.at = START
        self.draw = random.Random(7)  # noqa: S311  the same keys in every run
        self.refused: list[str] = []
        self.aside: list[tuple[str, bytes, str, str]] = []
        self._committed = -1
        self._entries: list[tuple[Any, ...]] = []
        self._personal: list[PlainRow] = []
        self._keys: list[tuple[int, int]] = []

    @property
    def vault(self) -> Vault:
        return vault_of(self.connection)

    @property
    def ledger(self) -> Any:
        return self.machine.ledger

    def send(self, command: c.Command, *, actor: str = "x", fetched: object = None) -> Outcome:
        """Apply a command and the slices of the phase that it starts."""
        outcome = self._apply(command, actor=actor, key=f"k{self.index}", fetched=fetched)
        while self.ledger.phases:
            self._apply(self.machine.next_slice(lambda: b"\7" * 32), actor=SYSTEM, key="")
        return outcome

    def must(self, command: c.Command, *, actor: str = "x", fetched: object = None) -> Outcome:
        """Apply a command that nothing may refuse."""
        outcome = self.send(command, actor=actor, fetched=fetched)
        assert outcome.refusal is None, (command, outcome.refusal)
        return outcome

    def move(self, to: int) -> None:
        """Let time pass: timers fire, each at its own time."""
        while (timer := self.ledger.timers.earliest()) is not None and timer.due <= to:
            self.at = max(timer.due, self.at)
            fire = c.FireTimer(timer=timer.kind, subject=timer.subject)
            self._apply(fire, actor=SYSTEM, key="")
            while self.ledger.phases:
                self._apply(self.machine.next_slice(lambda: b"\7" * 32), actor=SYSTEM, key="")
        self.at = to

    def _apply(
        self, command: c.Command, *, actor: str, key: str, fetched: object = None
    ) -> Outcome:
        version = self.ledger.machine_version or 1
        outcome = self.machine.apply(
            command, actor=actor, index=self.index + 1, at=self.at, fetched=fetched
        )
        if outcome.refusal is not None:
            self.refused.append(outcome.refusal.code)
        self._seal(command, outcome, actor=actor, key=key, version=version)
        return outcome

    def fault(self, command: c.Command, *, actor: str) -> None:
        """Record a command that a fault of ours kept from being decided."""
        journal = self.ledger.journal
        mark = len(journal)
        self.machine.apply(command, actor=actor, index=self.index + 1, at=self.at)
        undo(journal, mark=mark)
        self.machine.begin(index=self.index + 1, at=self.at)
        outcome = Outcome([], Refusal(code=Reject.MACHINE_FAULT))
        version = self.ledger.machine_version
        self._seal(command, outcome, actor=actor, key=f"k{self.index}", version=version)

    def _seal(
        self, command: c.Command, outcome: Outcome, *, actor: str, key: str, version: int
    ) -> None:
        self.index += 1
        if self.ledger.origin != self.chain.origin:
            self.chain = Chain(origin=self.ledger.origin, previous=self.chain.previous)
            self.first = self.index
        postings = postings_text(
            actor=actor,
            at=self.at,
            command=command_text(command),
            effects=outcome.effects,
            key=key,
            machine=version,
            refusal=outcome.refusal,
        )
        sealed = self.chain.seal(
            index=self.index - self.first,
            at=self.at,
            postings=postings,
            personal=personal_text(command) if outcome.refusal is None else NO_PERSONAL,
            keys=self.draw.randbytes(64),
        )
        empty = sealed.personal_key if sealed.personal == NO_PERSONAL else None
        self._entries.append((self.index, sealed.header, postings, sealed.postings_key, empty))
        if empty is None:
            portions = personal_portions(command)
            self._personal += plain_rows(self.index, sealed.personal_key, portions)
        if key:
            self._keys.append((key_hash(actor, key), self.index))

    async def commit(self) -> None:
        """Write everything since the last commit in one transaction."""
        rows = [(t.table, t.created, t.changed) for t in write_set(self.ledger.journal)]
        connection, origin = self.connection, self.ledger.first_origin
        keys = self.vault.ensure(origin, [row.subject for row in self._personal])
        personal = encrypted(self._personal, origin=origin, keys=keys)
        async with connection.transaction():
            await connection.execute(
                "INSERT INTO writer (venue, epoch, head, head_hash, holder, backend_pid, until) "
                "VALUES ('t', 1, $1, $2, 'test', 0, now()) "
                "ON CONFLICT (venue) DO UPDATE SET head = $1, head_hash = $2",
                self.index,
                self.chain.previous,
            )
            await append(connection, "entry", self._entries)
            await append(connection, "entry_personal", personal)
            await connection.copy_records_to_table(
                "idempotency", records=self._keys, columns=["key_hash", "index"]
            )
            await write_rows(connection, rows, appended=APPENDED)
            await connection.executemany(
                "INSERT INTO quarantine (digest, command, cause, actor) VALUES ($1, $2, $3, $4)",
                self.aside,
            )
        for kept in (self._entries, self._personal, self._keys, self.aside, self.ledger.journal):
            kept.clear()
        self._committed = self.index

    def account(self, party: str, kind: AccountKind = AccountKind.TRADING) -> int:
        """Return a party's first account of a kind."""
        accounts = self.ledger.accounts.values()
        return int(min(a.number for a in accounts if a.party == party and a.kind is kind))

    def order(self, party: str, *, is_buy: bool, lots: int, ticks: int | None, **more: Any) -> Any:
        """Place an order in CEA25, by default a limited one that stands."""
        kind = x.OrderType.MARKET if ticks is None else x.OrderType.LIMIT
        command: dict[str, Any] = {
            "account": self.account(party),
            "instrument": "CEA25",
            "is_buy": is_buy,
            "order_type": kind,
            "time_in_force": x.TimeInForce.GTC,
            "lots": lots,
            "ticks": ticks,
        }
        return self.send(x.PlaceOrder(**(command | more)), actor=f"{party}-1")

    def approved(self, command: c.Command) -> None:
        """Let the regulator's first person propose and the second approve."""
        self.must(c.Propose(command=command), actor="R-1")
        self.must(c.Approve(proposal=self.ledger.next_proposal - 1), actor="R-2")


def found_venue(scribe: Scribe) -> None:
    """Open a venue with members, accounts, cash, units, calendars and books."""
    opening = c.OpenVenue(
        venue="t",
        origin="ledger.example/t",
        clock="scenario",
        start=START,
        operator="X",
        actor="x",
        digest="0" * 64,
        personal=c.PartyPersonal(name="云溪交易所"),
    )
    scribe.must(opening, actor=SYSTEM)
    _define_instruments(scribe)
    members = [(party, PartyKind.ENTERPRISE, [Role.TRADER, Role.APPROVER]) for party in TRADERS]
    members += [
        ("B2", PartyKind.BANK, [Role.SETTLEMENT_BANK]),
        ("R", PartyKind.AUTHORITY, [Role.REGULATOR, Role.COURT]),
    ]
    for party, kind, roles in members:
        registration = c.RegisterParty(
            party=party,
            party_kind=kind,
            scheme="uscc",
            identifier=f"id-{party}",
            personal=c.PartyPersonal(name=f"Company {party}"),
        )
        scribe.must(registration)
        for number in ("1", "2"):
            actor = f"{party}-{number}"
            digest = (number + party.lower()).encode().hex().ljust(64, "0")
            scribe.must(c.RegisterActor(actor=actor, party=party, roles=roles, digest=digest))
        scribe.must(c.OpenAccount(party=party, account_kind=AccountKind.TRADING))
    scribe.must(c.OpenAccount(party="R", account_kind=AccountKind.RESERVE))
    scribe.must(c.OpenAccount(party="E01", account_kind=AccountKind.COMPLIANCE))
    for party in TRADERS:
        cash = c.CashIn(account=scribe.account(party), currency="CNY", amount=10**11, reference="")
        scribe.must(cash, actor="B2-1")
    reserve = scribe.account("R", AccountKind.RESERVE)
    for instrument in ("CEA25", "NOX"):
        scribe.approved(
            r.Issue(account=reserve, instrument=instrument, lots=10**8, decision="2026-1")
        )
        lines = [r.AllocationLine(account=scribe.account(p), lots=10**7) for p in TRADERS]
        scribe.approved(
            r.Allocate(
                instrument=instrument,
                year=2025,
                scope="city",
                source=reserve,
                lines=lines,
                decision="2026-2",
            )
        )


def _define_instruments(scribe: Scribe) -> None:
    cash = x.DefineInstrument(
        instrument="CNY", right="CASH", substance="", unit="yuan", lot="0.01", zone=""
    )
    scribe.must(cash)
    terms: dict[str, Any] = {
        "unit": "t",
        "lot": "1",
        "zone": "330000",
        "currency": "CNY",
        "tick": "0.01",
        "reference_ticks": 7_400,
        "buyer_fee_ppm": 300,
        "seller_fee_ppm": 500,
    }
    carbon = terms | {
        "right": "CARBON",
        "substance": "",
        "vintage": 2025,
        "valid_from": FIRST_DAY,
        "valid_until": FIRST_DAY + 999,
        "calendar": "main",
        "band_ppm": 100_000,
        "resale_delay": True,
        "four_eyes_lots": 10**6,
        "order_lots_max": 10**7,
    }
    scribe.must(x.DefineInstrument(instrument="CEA25", **carbon))
    nox = terms | {"right": "EMISSION", "substance": "NOX"}
    scribe.must(x.DefineInstrument(instrument="NOX", **nox))
    days = []
    for number in range(FIRST_DAY + 1, FIRST_DAY + 30):
        start = number * DAY
        opens, closes = [start + HOUR, start + 5 * HOUR], [start + 3 * HOUR, start + 7 * HOUR]
        days.append(x.TradingDay(day=number, opens=opens, closes=closes))
    scribe.must(x.DeclareTradingDays(calendar="main", days=days))
