"""The market that the durable benchmarks trade in, and the orders that come to it.

Half of the parties sell and half buy, each through accounts of one instrument. Prices lie within
three ticks around one mid on both sides, so most orders meet another.
"""

import asyncio
import itertools
import random
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from exchange.commands import DefineInstrument, OrderType, PlaceOrder, TimeInForce
from exchange.registry.commands import Issue
from gateway.wiring import TABLE_MODULES, certify, load_machine
from kernel.clock import SystemClock
from ledger import commands
from ledger.machine import Machine
from ledger.projection import APPENDED
from ledger.roles import AccountKind, PartyKind, Role
from ledger.sequencer.conditions import COMMANDS_PER_BATCH_MAX, Limits
from ledger.sequencer.submission import Answer, Submission
from ledger.sequencer.writer import Plan, Writer

VENUE = "bench"
OPERATOR = "x-1"
BOOKS = tuple(f"CEA{number}" for number in range(8))
MID_TICKS = 7_400
AROUND_TICKS = 3
LOTS_MAX = 10
ACCOUNTS_PER_PARTY = 10
CASH = 10**14
UNITS = 10**9
WAITING_MAX = 20_000
SENT_AT_ONCE = 1_000
SECRETS_DIGEST = "0" * 64


def plan_of(
    dsn: str,
    folder: Path,
    *,
    batch_max: int = COMMANDS_PER_BATCH_MAX,
    apply_seconds: float | None = None,
) -> Plan:
    """Return a writer's plan; its batches are bounded by their count, by time only if asked for."""
    return Plan(
        dsn=dsn,
        venue=VENUE,
        socket=folder / "bench.sock",
        vault=folder / "subjects.db",
        load=load_machine,
        certify=certify,
        clock=SystemClock(),
        tables=TABLE_MODULES,
        appended=APPENDED,
        limits=Limits(commands=batch_max, apply_seconds=apply_seconds, waiting=WAITING_MAX),
        opening=commands.OpenVenue(
            venue=VENUE,
            origin="ledger.example/bench",
            clock="system",
            start=time.time_ns() // 1000,
            operator="X",
            actor=OPERATOR,
            digest=SECRETS_DIGEST,
        ),
    )


@asynccontextmanager
async def running(plan: Plan) -> AsyncIterator[Writer]:
    """Run a writer in this process, its committer in another, for as long as the block lasts."""
    ready = asyncio.Event()
    writer = Writer(plan, ready=ready.set)
    task = asyncio.create_task(writer.run())
    waiting = asyncio.ensure_future(ready.wait())
    await asyncio.wait({waiting, task}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if task.done():
        task.result()
    try:
        yield writer
    finally:
        writer.stop()
        await task


def machine_of(writer: Writer) -> Machine:
    """Return the machine of a writer that serves."""
    assert writer.sequencer is not None
    return writer.sequencer.machine


async def send_all(writer: Writer, submissions: list[Submission]) -> None:
    """Send in turns; every one must be applied.

    Raises:
        RuntimeError: one was refused.
    """
    for begin in range(0, len(submissions), SENT_AT_ONCE):
        part = submissions[begin : begin + SENT_AT_ONCE]
        for submission, reply in zip(part, await writer.submit(part), strict=True):
            if not isinstance(reply, Answer) or reply.refusal is not None:
                raise RuntimeError(f"{submission}: {reply}")


async def open_market(writer: Writer, *, accounts: int) -> None:
    """Define the books, open the accounts, give sellers units and buyers cash."""
    keys = itertools.count()

    def by(actor: str, command: commands.Command) -> Submission:
        return Submission(actor=actor, key=f"setup-{next(keys)}", command=command)

    parties = [f"P{number}" for number in range(accounts // ACCOUNTS_PER_PARTY)]
    await send_all(writer, [by(OPERATOR, command) for command in _founding(parties)])
    ledger = machine_of(writer).ledger
    granted: list[Submission] = []
    proposals = itertools.count(ledger.next_proposal)
    for account in list(ledger.accounts.values()):
        if account.party not in parties:
            continue
        number = int(account.party[1:])
        if number % 2:
            cash = commands.CashIn(
                account=account.number, currency="CNY", amount=CASH, reference=""
            )
            granted.append(by("b-1", cash))
        else:
            code = BOOKS[account.number % len(BOOKS)]
            issue = Issue(account=account.number, instrument=code, lots=UNITS, decision="D")
            granted.append(by("r-1", commands.Propose(command=issue)))
            granted.append(by("r-2", commands.Approve(proposal=next(proposals))))
    # One queue for all: an approval must not overtake its proposal.
    await send_all(writer, granted)


def _founding(parties: list[str]) -> Iterator[commands.Command]:
    yield DefineInstrument(
        instrument="CNY", right="CASH", substance="", unit="yuan", lot="0.01", zone=""
    )
    for code in BOOKS:
        yield DefineInstrument(
            instrument=code,
            right="CARBON",
            substance="",
            unit="t",
            lot="1",
            zone="",
            currency="CNY",
            tick="0.01",
            reference_ticks=MID_TICKS,
        )
    yield from party_with("B", ["b-1"], PartyKind.BANK, Role.SETTLEMENT_BANK)
    yield from party_with("R", ["r-1", "r-2"], PartyKind.AUTHORITY, Role.REGULATOR)
    for party in parties:
        yield from party_with(party, [actor_of(party)], PartyKind.ENTERPRISE, Role.TRADER)
        for _ in range(ACCOUNTS_PER_PARTY):
            yield commands.OpenAccount(party=party, account_kind=AccountKind.TRADING)


def party_with(  # noqa: PLR0917  a row of a table
    party: str, actors: list[str], kind: PartyKind, role: Role
) -> Iterator[commands.Command]:
    """Register a party and keys of one role for it."""
    yield commands.RegisterParty(party=party, party_kind=kind, scheme="", identifier="")
    for actor in actors:
        yield commands.RegisterActor(actor=actor, party=party, roles=[role], digest=SECRETS_DIGEST)


def actor_of(party: str) -> str:
    """Return the key's name of a party."""
    return f"{party.lower()}-1"


@dataclass(frozen=True, slots=True)
class Traders:
    """Accounts with their actors: (account, actor) by book, sellers and buyers apart."""

    sellers: list[list[tuple[int, str]]]
    buyers: list[tuple[int, str]]


def traders_of(machine: Machine) -> Traders:
    """Find the market's traders."""
    sellers: list[list[tuple[int, str]]] = [[] for _ in BOOKS]
    buyers: list[tuple[int, str]] = []
    for account in machine.ledger.accounts.values():
        if not account.party.startswith("P"):
            continue
        trader = (account.number, actor_of(account.party))
        if int(account.party[1:]) % 2:
            buyers.append(trader)
        else:
            sellers[account.number % len(BOOKS)].append(trader)
    return Traders(sellers, buyers)


def orders(machine: Machine, *, run: str) -> Iterator[Submission]:
    """Return limit orders of a market's traders without end."""
    return orders_of(traders_of(machine), run=run)


def orders_of(traders: Traders, *, run: str) -> Iterator[Submission]:
    """Return limit orders without end; ``run`` keeps their keys apart from another run's."""
    draw = random.Random(run)  # noqa: S311  a benchmark repeats itself
    for number in itertools.count():
        book = draw.randrange(len(BOOKS))
        is_buy = draw.random() < 0.5  # noqa: PLR2004  a coin
        account, actor = draw.choice(traders.buyers if is_buy else traders.sellers[book])
        yield Submission(
            actor=actor,
            key=f"{run}-{number}",
            command=PlaceOrder(
                account=account,
                instrument=BOOKS[book],
                is_buy=is_buy,
                order_type=OrderType.LIMIT,
                time_in_force=TimeInForce.GTC,
                lots=draw.randint(1, LOTS_MAX),
                ticks=MID_TICKS + draw.randint(-AROUND_TICKS, AROUND_TICKS),
            ),
        )
