"""Carries out the steps of a drill on its copy, as somebody who may do everything there."""

from typing import assert_never

import asyncpg

from gateway.drills import payments, pen, rewriting
from gateway.drills.bench import BASE, EARLIER, FORK, WORK, Bench
from gateway.drills.definition import (
    Alter,
    Change,
    Forge,
    ForgetSigned,
    History,
    Inflate,
    Inside,
    NothingToTamper,
    Outside,
    Reseal,
    Resign,
    RestoreDatabase,
    RestoreSigner,
    Retile,
    SetClock,
    ShowFork,
    Step,
    TakeOver,
)
from gateway.drills.targets import Targets
from ledger.transparency.signing import memory_file, write_durably
from ledger.transparency.store import current_log

NO_ROW = " 0"  # the end of PostgreSQL's answer to a statement that changed nothing


async def tamper(bench: Bench, steps: tuple[Step, ...]) -> None:
    """Do all steps.

    Raises:
        NothingToTamper: the venue has nothing of the kind.
    """
    for step in steps:
        match step:
            case RestoreDatabase() | RestoreSigner() | ShowFork() | TakeOver() | SetClock():
                await _outside(bench, step)
            case _:
                await _inside(bench, bench.url, step)


async def _outside(bench: Bench, step: Outside) -> None:
    match step:
        case RestoreDatabase():
            await bench.workspace.make(WORK, template=EARLIER)
        case RestoreSigner():
            bench.put_back("signer", of=EARLIER)
        case TakeOver():
            await pen.start(bench.url, venue=bench.kept.venue, vault=bench.vault)
        case SetClock(seconds=seconds):
            bench.ahead = seconds
        case ShowFork(steps=steps):
            bench.shown = await bench.workspace.make(FORK, template=BASE)
            for each in steps:
                await _inside(bench, bench.shown, each)
        case _:
            assert_never(step)


async def _inside(bench: Bench, url: str, step: Inside) -> None:
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            if isinstance(step, Alter):
                await _alter(connection, step)
                return
            await connection.execute("SET LOCAL session_replication_role = replica")
            if isinstance(step, Change):
                await _change(connection, step, bench.kept.targets)
            else:
                await _rewrite(bench, connection, step)
    finally:
        await connection.close()


async def _alter(connection: asyncpg.Connection, step: Alter) -> None:
    for statement in step.sql:
        await connection.execute(statement)


async def _change(connection: asyncpg.Connection, step: Change, targets: Targets) -> None:
    for statement in step.sql:
        done = await connection.execute(targets.fill(statement))
        if done.endswith(NO_ROW):
            raise NothingToTamper(f"no row to change: {statement}")


async def _rewrite(bench: Bench, connection: asyncpg.Connection, step: History) -> None:
    kept, targets = bench.kept, bench.kept.targets
    match step:
        case Inflate(amount=amount):
            await payments.inflate(connection, entry=targets["cash_in"], amount=amount)
        case Forge():
            await payments.forge(connection, like=targets["cash_in"], head=targets["head"])
        case Reseal(first=first, writer=writer):
            await rewriting.reseal(connection, first=targets[first], writer=writer)
        case Retile():
            await rewriting.retile(connection)
        case Resign():
            await rewriting.resign(connection, origin=kept.origin, keys=kept.keys)
        case ForgetSigned():
            await _agree_with(bench, connection)
        case _:
            assert_never(step)


async def _agree_with(bench: Bench, connection: asyncpg.Connection) -> None:
    log = await current_log(connection)
    newest = None if log is None else await log.newest()
    if newest is None:
        raise NothingToTamper("nothing was published")
    write_durably(memory_file(bench.signer, bench.kept.origin), newest.note)
