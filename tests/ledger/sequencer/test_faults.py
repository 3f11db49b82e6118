"""Who is at fault when a batch fails: one command, nobody, or the database."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from kernel.clock import FixedClock
from ledger.refusals import Reject
from ledger.sequencer.faults import FENCED, LOST, Fault, fault_of
from ledger.sequencer.sequencer import Stopped
from ledger.sequencer.submission import Submission, Unavailable
from tests.ledger.sequencer import rig
from tests.ledger.sequencer.conftest import NewDatabase
from tests.ledger.sequencer.streams import stream

FAILING = """
CREATE TABLE failing (state text, chance double precision);
CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found text;
BEGIN
    SELECT state INTO found FROM failing WHERE random() < chance;
    IF found IS NOT NULL THEN RAISE EXCEPTION 'made to fail' USING ERRCODE = found; END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER fail AFTER INSERT ON entry EXECUTE FUNCTION fail();
"""


async def make_fail(dsn: str, *, state: str, chance: float) -> None:
    """Let a share of all batches fail in the database with a SQLSTATE."""
    connection = await asyncpg.connect(dsn)
    if not await connection.fetchval("SELECT to_regclass('failing') IS NOT NULL"):
        await connection.execute(FAILING)
    await connection.execute("TRUNCATE failing")
    await connection.execute("INSERT INTO failing VALUES ($1, $2)", state, chance)
    await connection.close()


@pytest.mark.parametrize(
    ("state", "fault"),
    [
        ("22021", Fault.ROW),
        ("23514", Fault.ROW),
        ("54000", Fault.ROW),
        ("40001", Fault.CONFLICT),
        ("40003", Fault.UNKNOWN),
        ("08006", Fault.UNKNOWN),
        ("57P01", Fault.UNKNOWN),
        (LOST, Fault.UNKNOWN),
        ("53100", Fault.DATABASE),
        ("58030", Fault.DATABASE),
        ("XX000", Fault.DATABASE),
        ("55P03", Fault.DATABASE),
        ("25006", Fault.DATABASE),
        (FENCED, Fault.STEP_DOWN),
    ],
)
def test_a_fault_follows_the_class_of_its_sqlstate(state: str, fault: Fault) -> None:
    assert fault_of(state) is fault


async def test_a_row_that_the_database_refuses_is_set_aside_alone(
    database: str, socket: Path
) -> None:
    async with rig.opened(rig.plan_of(database, socket)) as run:
        good = [
            Submission(actor="b-1", key=f"k{n}", command=rig.cash_in(n + 1)) for n in range(500)
        ]
        bad = [
            Submission(actor="x-1", key=f"bad{n}", command=rig.poison(f"P{n}")) for n in range(3)
        ]
        mixed = [*good[:100], bad[0], *good[100:101], bad[1], *good[101:], bad[2]]

        answers = await run.send(mixed)

        refused = [answer for answer in answers if answer.refusal is not None]
        assert [answer.kind for answer in answers].count("applied") == 500
        assert {answer.refusal.code for answer in refused if answer.refusal} == {Reject.QUARANTINED}
        kept = await rig.fetch(database, "SELECT command FROM quarantine")
        assert len(kept) == 3
        assert all(b"register_party" in row["command"] for row in kept)
        assert await run.send(mixed) == answers
        again = await run.one(rig.poison("other"), key="bad0", actor="x-1")
        assert again.refusal is not None
        assert again.refusal.code == Reject.KEY_REUSED


async def test_a_full_disk_refuses_nobody(database: str, socket: Path) -> None:
    async with rig.opened(rig.plan_of(database, socket)) as run:
        await make_fail(database, state="53100", chance=1.0)
        waiting = asyncio.create_task(run.one(rig.cash_in(5), key="a"))
        assert run.writer.sequencer is not None
        async with asyncio.timeout(20):
            while not run.writer.sequencer.intake.closed:  # noqa: ASYNC110  it tells nobody
                await asyncio.sleep(0.01)
        [refused] = await run.writer.submit([_dry()])
        assert isinstance(refused, Unavailable)
        assert refused.retry_after >= 1
        assert not waiting.done()
        await make_fail(database, state="53100", chance=0.0)

        assert (await waiting).kind == "applied"
        assert (await run.one(rig.cash_in(6), key="b")).kind == "applied"
        assert await rig.fetch(database, "SELECT * FROM quarantine") == []


def _dry() -> Submission:
    return Submission(actor="f-1", key="dry", command=rig.DoNothing(), dry_run=True)


async def test_a_second_conflict_stops_the_writer(database: str, socket: Path) -> None:
    alarms: list[str] = []
    plan = rig.replace(rig.plan_of(database, socket), alarm=alarms.append)
    async with rig.opened(plan) as run:
        await make_fail(database, state="40001", chance=1.0)

        [reply] = await run.writer.submit([Submission(actor="b-1", key="a", command=rig.cash_in())])

        assert isinstance(reply, Unavailable)
        with pytest.raises(Stopped, match="conflict"):
            await run.task
        assert alarms


async def test_a_row_of_the_system_that_cannot_be_stored_stops_the_writer(
    database: str, socket: Path
) -> None:
    clock = FixedClock(rig.START)
    async with rig.opened(rig.plan_of(database, socket, clock=clock)) as run:
        await run.one(rig.cash_in(5), key="a")
        await run.one(rig.hold(until=rig.START + 10), key="h", actor="e-1")
        await make_fail(database, state="23514", chance=1.0)
        clock.at += 20

        with pytest.raises(Stopped, match="no command caused"):
            await run.task


async def test_failing_commits_and_poison_leave_the_bytes_of_a_quiet_run(
    new_database: NewDatabase, socket: Path
) -> None:
    submissions = stream(4_000, seed=3, poisoned=900)
    limits = rig.Limits(beside=1, commands=120, retry_pause=0.01)
    runs = []
    for chance in (0.0, 0.1):
        dsn = await new_database()
        plan = rig.plan_of(dsn, socket, venue_clock="scenario", limits=limits)
        async with rig.opened(plan) as run:
            await make_fail(dsn, state="53100", chance=chance)
            answers = await run.send(submissions)
            await run.idle()
            assert run.writer.sequencer is not None
            assert await rig.loaded_state(dsn) == rig.state_of(run.writer.sequencer.machine)
        kept = await rig.fetch(dsn, "SELECT digest FROM quarantine ORDER BY digest")
        assert await rig.conserved(dsn)
        written = [answer for answer in answers if answer.index is not None]
        runs.append((written, await rig.entries(dsn), [row["digest"] for row in kept]))

    assert runs[0] == runs[1]
    poisoned = [s for s in submissions if s.key.endswith(("450", "350", "250", "150"))]
    assert len(runs[0][2]) == sum(
        1 for s in poisoned if not s.dry_run and isinstance(s.command, type(rig.poison()))
    )


async def test_ended_backends_leave_one_effect_and_one_answer(database: str, socket: Path) -> None:
    async with rig.opened(rig.plan_of(database, socket)) as run:
        submissions = [
            Submission(actor="b-1", key=f"k{n}", command=rig.cash_in(n + 1)) for n in range(3_000)
        ]
        waiting = [
            asyncio.create_task(run.writer.submit(submissions[at : at + 100]))
            for at in range(0, 3_000, 100)
        ]
        for _ in range(3):
            await rig.fetch(
                database,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name LIKE 'ecorights-writer:%' "
                "AND datname = current_database()",
            )
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        replies = [reply for part in waiting for reply in await part]

        assert not any(isinstance(reply, Unavailable) for reply in replies)
        assert await run.send(submissions) == replies
        rows = await rig.fetch(database, "SELECT quantity FROM movement")
        assert sorted(row["quantity"] for row in rows) == list(range(1, 3_001))
