"""Rows that are not resident: what a command reads of them is what a resident machine would."""

import asyncio
import random
from pathlib import Path
from typing import Any

import asyncpg

from gateway.wiring import certify
from ledger import commands
from ledger.personal.vault import Vault
from ledger.refusals import Reject
from ledger.replay import Replay
from ledger.roles import Role
from ledger.sequencer.client import WriterClient
from ledger.sequencer.conditions import Conditions
from ledger.sequencer.intake import Intake, Past
from ledger.sequencer.keys import KnownKeys
from ledger.sequencer.prefetch import Prefetch
from ledger.sequencer.rows import query_of
from ledger.sequencer.submission import Answer, Submission, Unavailable
from ledger.shelf import Shelf
from ledger.state import Ledger
from ledger.verification.findings import Report
from tests.ledger.sequencer import rig
from tests.ledger.sequencer.processes import writer_process
from tests.ledger.sequencer.tallies import OTHER, Count, Tally
from tests.ledger.sequencer.test_faults import make_fail

TABLE = Tally.TABLE


def shelf_of(run: rig.Running) -> Shelf[Any]:
    assert run.writer.sequencer is not None
    return run.writer.sequencer.machine.shelves[TABLE]


def counting(
    name: str, *, key: str, expected: int | None = None, dry_run: bool = False
) -> Submission:
    command = Count(name=name, expected=expected)
    return Submission(actor="e-1", key=key, command=command, dry_run=dry_run)


def codes(answers: list[Answer]) -> list[str | None]:
    return [None if each.refusal is None else each.refusal.code for each in answers]


async def replayed(dsn: str) -> Report:
    """Decide everything again with all rows resident, and compare state, postings and rows."""
    connection = await asyncpg.connect(dsn)
    try:
        replay = Replay(
            connection,
            new_machine=lambda: rig.machine_of(Ledger()),
            load=rig.load,
            certify=certify,
        )
        return await replay.run(decide=True)
    finally:
        await connection.close()


async def totals(dsn: str) -> dict[str, int]:
    rows = await rig.fetch(dsn, f"SELECT counterparty, latest FROM {TABLE}")
    return {row["counterparty"]: row["latest"] for row in rows}


async def test_two_commands_on_one_row_in_one_batch_see_each_other(
    database: str, socket: Path
) -> None:
    async with rig.opened(rig.plan_of(database, socket)) as run:
        answers = await run.send(
            [
                counting("a", key="0", expected=0),
                counting("a", key="1", expected=1),
                counting("a", key="2", expected=1),
                counting("b", key="3", expected=0),
                counting("a", key="4", expected=2),
            ]
        )

        assert codes(answers) == [None, None, OTHER, None, None]
    assert await totals(database) == {"a": 3, "b": 1}
    assert (await replayed(database)).findings == []


async def test_a_row_changed_in_a_batch_in_flight_is_read_as_changed(
    database: str, socket: Path
) -> None:
    limits = rig.Limits(beside=1, commands=3)
    async with rig.opened(rig.plan_of(database, socket, limits=limits)) as run:
        some = [counting(f"r{n % 7}", key=str(n), expected=n // 7) for n in range(700)]

        answers = await run.send(some)

        assert codes(answers) == [None] * 700
        assert await totals(database) == {f"r{n}": 100 for n in range(7)}
        assert len(shelf_of(run)) == 0
    assert (await replayed(database)).findings == []


async def test_a_row_is_fetched_again_after_it_has_left_memory(database: str, socket: Path) -> None:
    async with rig.opened(rig.plan_of(database, socket)) as run:
        for n in range(5):
            [answer] = await run.send([counting("a", key=str(n), expected=n)])
            assert answer.refusal is None
            assert len(shelf_of(run)) == 0


async def test_a_poisoned_command_leaves_nothing_on_a_row_that_others_read(
    database: str, socket: Path
) -> None:
    async with rig.opened(rig.plan_of(database, socket)) as run:
        bad = Submission(actor="e-1", key="bad", command=Count(name="a", more="x\x00"))
        some = [
            counting("a", key="0", expected=0),
            bad,
            counting("a", key="1", expected=1),
            counting("a", key="2", expected=2),
        ]

        answers = await run.send(some)

        assert codes(answers) == [None, Reject.QUARANTINED, None, None]
        assert await totals(database) == {"a": 3}
        assert len(shelf_of(run)) == 0
    assert (await replayed(database)).findings == []


async def test_a_failed_commit_takes_rows_back_with_everything_else(
    database: str, socket: Path
) -> None:
    limits = rig.Limits(beside=1, commands=20, retry_pause=0.01)
    async with rig.opened(rig.plan_of(database, socket, limits=limits)) as run:
        await make_fail(database, state="53100", chance=0.3)
        some = [counting(f"r{n % 3}", key=str(n), expected=n // 3) for n in range(300)]

        answers = await run.send(some)

        assert codes(answers) == [None] * 300
        assert run.writer.sequencer is not None
        lived = rig.state_of(run.writer.sequencer.machine)
        assert await rig.loaded_state(database) == lived
    assert (await replayed(database)).findings == []


async def test_a_dry_run_reads_rows_and_changes_none(database: str, socket: Path) -> None:
    async with rig.opened(rig.plan_of(database, socket)) as run:
        await run.send([counting("a", key="0")])

        answers = await run.send(
            [
                counting("a", key="d", dry_run=True, expected=1),
                counting("a", key="1", expected=1),
                counting("a", key="e", dry_run=True, expected=1),
                counting("new", key="f", dry_run=True, expected=0),
            ]
        )

        assert codes(answers) == [None, None, OTHER, None]
        assert await totals(database) == {"a": 2}
        assert len(shelf_of(run)) == 0


async def test_legs_of_a_list_read_what_the_legs_before_them_changed(
    database: str, socket: Path
) -> None:
    async with rig.opened(rig.plan_of(database, socket)) as run:
        good = commands.Linked(
            commands=(Count(name="a", expected=0), Count(name="b"), Count(name="a", expected=1))
        )
        bad = commands.Linked(commands=(Count(name="b"), Count(name="a", expected=7)))

        first = await run.one(good, key="0", actor="e-1")
        second = await run.one(bad, key="1", actor="e-1")

        assert first.refusal is None
        assert second.refusal is not None
        assert (second.refusal.code, second.refusal.leg) == (OTHER, 1)
        assert await totals(database) == {"a": 2, "b": 1}
    assert (await replayed(database)).findings == []


async def test_an_approval_reads_the_rows_of_a_proposal_that_is_not_committed(
    database: str, socket: Path
) -> None:
    async with rig.opened(rig.plan_of(database, socket)) as run:
        second = commands.RegisterActor(
            actor="e-2", party="E", roles=[Role.TRADER, Role.APPROVER], digest="1" * 64
        )
        await run.one(second, key="e2", actor="x-1")
        proposal = commands.Propose(command=Count(name="a", expected=1))

        answers = await run.send(
            [
                counting("a", key="0"),
                Submission(actor="e-1", key="p", command=proposal),
                Submission(actor="e-2", key="q", command=commands.Approve(proposal=1)),
            ]
        )

        assert codes(answers) == [None, None, None]
        assert await totals(database) == {"a": 2}
    assert (await replayed(database)).findings == []


async def test_a_row_that_was_not_declared_is_a_fault_of_ours(database: str, socket: Path) -> None:
    async with rig.opened(rig.plan_of(database, socket)) as run:
        assert run.writer.sequencer is not None
        run.writer.sequencer.machine._reads.clear()

        [answer] = await run.send([counting("a", key="0")])

        assert codes([answer]) == [Reject.MACHINE_FAULT]


async def test_a_killed_writer_finds_every_row_again(database: str, socket: Path) -> None:
    some = [counting(f"r{n % 5}", key=str(n)) for n in range(2_000)]
    client = WriterClient(socket, rig.machine_of(Ledger()), retry_seconds=60)
    sending: asyncio.Task[list[Answer]] | None = None
    for life in range(3):
        async with writer_process(database, socket) as writer:
            await writer.until_ready()
            if sending is None:
                await client.submit(rig.first_submissions())
                sending = asyncio.create_task(_all_of(client, some))
            if life < 2:
                await asyncio.sleep(0.25)
                await writer.kill()
            else:
                assert codes(await sending) == [None] * 2_000
    await client.close()
    assert await totals(database) == {f"r{n}": 400 for n in range(5)}
    assert (await replayed(database)).findings == []


async def _all_of(client: WriterClient, some: list[Submission]) -> list[Answer]:
    found: list[Answer] = []
    while len(found) < len(some):
        try:
            found += await client.submit(some[len(found) : len(found) + 100])
        except Unavailable:  # the next writer is starting
            await asyncio.sleep(0.05)
    return found


def by_chance(count: int, *, seed: int) -> list[Submission]:
    """Counts of few names: single, in lists, proposed and approved, dry, poisoned."""
    draw = random.Random(seed)  # noqa: S311  a test's stream
    found: list[Submission] = []
    proposals = 0
    for number in range(count):
        dice = draw.random()
        actor = "e-1"
        command: commands.Command = _a_count(draw)
        if dice < 0.2:
            command = commands.Linked(commands=tuple(_a_count(draw) for _ in range(3)))
        elif dice < 0.3:
            proposals += 1
            command = commands.Propose(command=command)
        elif dice < 0.4:
            actor, command = "e-2", commands.Approve(proposal=draw.randint(1, proposals + 1))
        elif dice < 0.41:
            command = Count(name=f"r{draw.randrange(9)}", more="\x00")
        dry = draw.random() < 0.05
        found.append(Submission(actor=actor, key=f"k{number}", command=command, dry_run=dry))
    return found


def _a_count(draw: random.Random) -> Count:
    expected = draw.choice((None, None, draw.randrange(4)))
    more = draw.choice(("", "", f"s{draw.randrange(9)}"))
    return Count(name=f"r{draw.randrange(9)}", expected=expected, more=more)


async def test_a_random_stream_is_decided_as_by_a_machine_that_has_all_rows(
    database: str, socket: Path
) -> None:
    limits = rig.Limits(beside=1, commands=60, retry_pause=0.01)
    second = commands.RegisterActor(
        actor="e-2", party="E", roles=[Role.TRADER, Role.APPROVER], digest="1" * 64
    )
    async with rig.opened(rig.plan_of(database, socket, limits=limits)) as run:
        await run.one(second, key="e2", actor="x-1")
        await make_fail(database, state="53100", chance=0.1)
        some = by_chance(3_000, seed=4)

        answers = await run.send(some)

        assert len(shelf_of(run)) == 0
        lived = rig.state_of(run.writer.sequencer.machine) if run.writer.sequencer else []
        assert await rig.loaded_state(database) == lived
    assert {each.kind for each in answers} == {"applied", "refused", "dry_run"}
    report = await replayed(database)
    assert report.findings == []
    assert report.decided > 2_500
    await _digest_is_of_the_rows(database)


async def _digest_is_of_the_rows(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    machine = await rig.load(connection)
    shelf = machine.shelves[TABLE]
    shelf.adopt(map(tuple, await connection.fetch(f"SELECT * FROM {TABLE}")))
    await connection.close()
    assert shelf.count > 0
    shelf.check()


async def test_one_query_a_table_serves_all_that_waits(database: str, socket: Path) -> None:
    async with rig.opened(rig.plan_of(database, socket)) as run:
        await run.send([counting("r7", key="0")])
    asked: list[str] = []

    async def connect() -> asyncpg.Connection:
        connection = await asyncpg.connect(database)
        connection.add_query_logger(lambda record: asked.append(record.query))
        return connection

    connection = await asyncpg.connect(database)
    machine = await rig.load(connection)
    await connection.close()
    past = Past(known=KnownKeys((), complete=True))
    intake = Intake(machine, past, Conditions(), head=0)
    prefetch = Prefetch(
        connect=connect,
        certify=certify,
        vault=Vault(socket.with_name("subjects.db")),
        shelves=machine.shelves,
        looked_up=intake.looked_up,
        fetched=intake.enqueue,
        failed=intake.settle,
    )
    intake.fetch_rows = prefetch.fetch_rows
    waiting = [
        asyncio.create_task(intake.submit([counting(f"r{n}", key=str(n))])) for n in range(1_000)
    ]
    await asyncio.sleep(0)
    fetching = asyncio.create_task(prefetch.run())
    async with asyncio.timeout(20):
        # The loop tells the query logger later than the answer.
        while len(intake.admission) < 1_000 or not any(TABLE in each for each in asked):  # noqa: ASYNC110  it tells nobody
            await asyncio.sleep(0.01)

    assert [each for each in asked if TABLE in each] == [query_of(TABLE, Tally.KEYS)]
    shelf = machine.shelves[TABLE]
    assert len(shelf) == 1_000
    found = shelf.get("r7", "t")
    assert found is not None
    assert found.total == 1
    assert shelf.get("r8", "t") is None
    for task in (*waiting, fetching):
        task.cancel()
