"""A ledger venue for the writer's tests: a machine, commands that misbehave, a running writer."""

import asyncio
import hashlib
import os
import signal
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg

from gateway.wiring import TABLE_MODULES, certify
from kernel.clock import Clock, FixedClock
from ledger import commands
from ledger.effects import InstrumentDefined, PhaseAdvanced, PhaseEnded, PhaseStarted
from ledger.loading import load_ledger, load_shelves
from ledger.machine import ANYONE, Context, Machine, Part, Rule
from ledger.part import ledger_part
from ledger.projection import APPENDED
from ledger.refusals import Refusal
from ledger.roles import AccountKind, PartyKind, Role
from ledger.sequencer.conditions import Limits
from ledger.sequencer.submission import Answer, Submission
from ledger.sequencer.writer import Plan, Writer
from ledger.state import Ledger, Phase
from tests.ledger.sequencer.tallies import tallies_part

START = 1_772_000_000_000_000
ACCOUNT = 100
VENUE = "test"


class DefineCurrency(commands.Command, frozen=True, kw_only=True, tag="test_define_currency"):
    code: str


class KillWriter(commands.Command, frozen=True, kw_only=True, tag="test_kill_writer"):
    """Ends the process that applies it."""


class Contradict(commands.Command, frozen=True, kw_only=True, tag="test_contradict"):
    """Changes something and then finds our own state broken."""


class Grow(commands.Command, frozen=True, kw_only=True, tag="test_grow"):
    """Opens a phase of so many slices."""

    slices: int


class DoNothing(commands.Command, frozen=True, kw_only=True, tag="test_do_nothing"):
    """An urgent command."""


def _define(ledger: Ledger, command: DefineCurrency, context: Context) -> Refusal | None:
    del ledger
    context.emit(
        InstrumentDefined(
            instrument=command.code,
            right="CASH",
            substance="",
            unit="yuan",
            lot="0.01",
            zone="",
            vintage=None,
            valid_from=None,
            valid_until=None,
        )
    )
    return None


def _kill(ledger: Ledger, command: KillWriter, context: Context) -> Refusal | None:
    del ledger, command, context
    os.kill(os.getpid(), signal.SIGKILL)
    return None


def _contradict(ledger: Ledger, command: Contradict, context: Context) -> Refusal | None:
    del command
    _define(ledger, DefineCurrency(code="XXX"), context)
    raise RuntimeError("a contradiction")


def _grow(ledger: Ledger, command: Grow, context: Context) -> Refusal | None:
    context.emit(
        PhaseStarted(phase=ledger.next_phase, phase_kind="test_growth", subject=str(command.slices))
    )
    return None


def _grow_on(ledger: Ledger, phase: Phase, context: Context) -> None:
    del ledger
    done = int(phase.cursor or 0) + 1
    if done >= int(phase.subject):
        context.emit(PhaseEnded(phase=phase.id))
    else:
        context.emit(PhaseAdvanced(phase=phase.id, cursor=str(done)))


def _nothing(ledger: Ledger, command: DoNothing, context: Context) -> Refusal | None:
    del ledger, command, context
    return None


def misbehaving(ledger: Ledger) -> Part:
    return Part(
        state=ledger,
        rules={
            DefineCurrency: Rule(decide=_define, roles=frozenset({Role.OPERATOR})),
            KillWriter: Rule(decide=_kill, roles=ANYONE),
            Contradict: Rule(decide=_contradict, roles=ANYONE),
            Grow: Rule(decide=_grow, roles=ANYONE),
            DoNothing: Rule(decide=_nothing, roles=ANYONE),
        },
        folds={},
        phases={"test_growth": _grow_on},
    )


def machine_of(ledger: Ledger) -> Machine:
    return Machine(ledger, [ledger_part(ledger), misbehaving(ledger), tallies_part(ledger)])


async def load(connection: asyncpg.Connection) -> Machine:
    ledger = Ledger()
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        await load_ledger(ledger, connection)
        machine = machine_of(ledger)
        await load_shelves(machine, connection)
    return machine


class KeysByIndex:
    """The same keys in every run."""

    def draw(self, first: int, *, count: int) -> bytes:
        return b"".join(
            hashlib.sha512(str(index).encode()).digest() for index in range(first, first + count)
        )


def opening(*, clock: str = "system") -> commands.OpenVenue:
    return commands.OpenVenue(
        venue=VENUE,
        origin="ledger.example/test",
        clock=clock,
        start=0 if clock == "scenario" else START,
        operator="X",
        actor="x-1",
        digest="0" * 64,
    )


def plan_of(
    dsn: str,
    socket: Path,
    *,
    clock: Clock | None = None,
    venue_clock: str = "system",
    limits: Limits | None = None,
    ttl: float = 2.0,
) -> Plan:
    return Plan(
        dsn=dsn,
        venue=VENUE,
        socket=socket,
        vault=socket.with_name("subjects.db"),
        load=load,
        certify=certify,
        clock=FixedClock(START) if clock is None else clock,
        tables=TABLE_MODULES,
        appended=APPENDED,
        ttl=ttl,
        limits=Limits(beside=1, retry_pause=0.02) if limits is None else limits,
        urgent=(DoNothing,),
        opening=opening(clock=venue_clock),
        keys=KeysByIndex(),
        alarm=lambda _: None,
    )


class Running:
    """A writer that runs in this process, with its committer in another."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.ready = asyncio.Event()
        self.writer = Writer(plan, ready=self.ready.set)
        self.task = asyncio.create_task(self.writer.run())

    async def until_ready(self) -> None:
        waiting = asyncio.ensure_future(self.ready.wait())
        await asyncio.wait({waiting, self.task}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if self.task.done():
            self.task.result()

    async def stop(self) -> None:
        self.writer.stop()
        await self.task

    async def idle(self) -> None:
        """Wait until no phase is open and all is committed: phases go on when nothing waits."""
        sequencer = self.writer.sequencer
        assert sequencer is not None
        while sequencer.machine.ledger.phases or sequencer._flights:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    async def send(self, submissions: Iterable[Submission]) -> list[Answer]:
        replies = await self.writer.submit(list(submissions))
        answers = []
        for reply in replies:
            if not isinstance(reply, Answer):
                raise reply
            answers.append(reply)
        return answers

    async def one(self, command: commands.Command, *, key: str, actor: str = "b-1") -> Answer:
        [answer] = await self.send([Submission(actor=actor, key=key, command=command)])
        return answer


@asynccontextmanager
async def running(plan: Plan) -> AsyncIterator[Running]:
    run = Running(plan)
    try:
        await run.until_ready()
        yield run
    finally:
        if not run.task.done():
            await run.stop()


@asynccontextmanager
async def opened(plan: Plan) -> AsyncIterator[Running]:
    """A running writer whose venue has a currency, a bank and two accounts."""
    async with running(plan) as run:
        await run.send(first_submissions())
        yield run


def first_submissions() -> list[Submission]:
    return [
        Submission(actor="x-1", key=f"first-{n}", command=command)
        for n, command in enumerate(_first_commands())
    ]


def _first_commands() -> list[commands.Command]:
    found: list[commands.Command] = [DefineCurrency(code="CNY")]
    for party, kind, roles in (
        ("B", PartyKind.BANK, [Role.SETTLEMENT_BANK]),
        ("E", PartyKind.ENTERPRISE, [Role.TRADER, Role.SETTLEMENT_BANK, Role.OPERATOR]),
        ("F", PartyKind.ENTERPRISE, [Role.TRADER]),
    ):
        found.append(commands.RegisterParty(party=party, party_kind=kind, scheme="", identifier=""))
        found.append(
            commands.RegisterActor(
                actor=f"{party.lower()}-1", party=party, roles=roles, digest=party * 64
            )
        )
    found += [
        commands.OpenAccount(party=party, account_kind=AccountKind.TRADING) for party in ("E", "F")
    ]
    return found


def cash_in(amount: int = 1, *, account: int = ACCOUNT) -> commands.CashIn:
    return commands.CashIn(account=account, currency="CNY", amount=amount, reference="r")


def poison(name: str = "P") -> commands.RegisterParty:
    """A command whose row the database refuses: text cannot hold NUL."""
    return commands.RegisterParty(
        party=name, party_kind=PartyKind.ENTERPRISE, scheme="s", identifier=f"{name}\x00"
    )


def hold(*, until: int, quantity: int = 1) -> commands.PlaceHold:
    from ledger.roles import Purpose

    return commands.PlaceHold(
        account=ACCOUNT,
        instrument="CNY",
        quantity=quantity,
        purpose=Purpose.DEPOSIT,
        reference="r",
        until=until,
    )


def state_of(machine: Machine) -> list[tuple[Any, ...]]:
    """Return the resident state as rows, uncommitted changes included."""
    machine.check()
    return [(thing.TABLE, *thing.row()) for thing in machine.rows()]


async def loaded_state(dsn: str) -> list[tuple[Any, ...]]:
    connection = await asyncpg.connect(dsn)
    try:
        return state_of(await load(connection))
    finally:
        await connection.close()


async def fetch(dsn: str, query: str, *values: object) -> list[Any]:
    connection = await asyncpg.connect(dsn)
    try:
        return list(await connection.fetch(query, *values))
    finally:
        await connection.close()


async def entries(dsn: str) -> list[tuple[Any, ...]]:
    """Return the bytes of the whole ledger."""
    rows = await fetch(dsn, 'SELECT * FROM entry ORDER BY "index"')
    return [tuple(row) for row in rows]


async def conserved(dsn: str) -> bool:
    """Tell whether debits equal credits."""
    [row] = await fetch(dsn, "SELECT coalesce(sum(available + held), 0) AS total FROM holding")
    return bool(row["total"] == 0)


__all__ = ["Limits", "replace"]
