"""Fence and takeover: one writer at a time, and nothing of a writer that is gone commits later."""

import asyncio
from pathlib import Path

import pytest

from ledger.sequencer.client import WriterClient
from ledger.sequencer.fence import Unsafe
from ledger.sequencer.submission import Answer, Submission
from ledger.state import Ledger
from tests.ledger.sequencer import rig
from tests.ledger.sequencer.processes import writer_process
from tests.ledger.sequencer.proxy import Point, proxy_before


def client_of(socket: Path) -> WriterClient:
    return WriterClient(socket, rig.machine_of(Ledger()), retry_seconds=30, silence_seconds=4)


def submission(number: int) -> Submission:
    return Submission(actor="b-1", key=f"k{number}", command=rig.cash_in(number + 1))


async def check_log(dsn: str, *, acknowledged: list[Answer]) -> None:
    """Every answer is in the log, the log has no gap, and nothing is there twice."""
    rows = await rig.fetch(dsn, 'SELECT "index" FROM entry ORDER BY "index"')
    indexes = [row["index"] for row in rows]
    assert indexes == list(range(len(indexes)))
    keys = await rig.fetch(dsn, "SELECT key_hash FROM idempotency")
    assert len({row["key_hash"] for row in keys}) == len(keys)
    assert {answer.index for answer in acknowledged} <= set(indexes)
    assert await rig.conserved(dsn)


@pytest.mark.parametrize("point", [None, *Point])
async def test_a_stopped_writer_commits_nothing_after_the_takeover(
    database: str, socket: Path, point: Point | None
) -> None:
    async with (
        proxy_before(database, socket.parent) as (proxy, address),
        writer_process(address, socket) as old,
    ):
        await old.until_ready()
        client = client_of(socket)
        answers = await client.submit(rig.first_submissions())
        answers += await client.submit([submission(0)])
        waiting = None
        if point is not None:
            proxy.hold(point)
            waiting = asyncio.create_task(client.submit([submission(1)]))
            await proxy.reached.wait()
        old.freeze()

        async with rig.running(rig.plan_of(database, socket, ttl=1.0)) as new:
            answers += await new.send([submission(n) for n in range(2, 100)])
            before = await rig.entries(database)
            old.wake()
            proxy.release()
            assert await old.ended() != 0

            if waiting is not None:
                answers += await waiting
            answers += await client.submit([submission(0), submission(1)])
            [row] = await rig.fetch(database, "SELECT epoch FROM writer")
            assert row["epoch"] == 2
            assert (await rig.entries(database))[: len(before)] == before
            await check_log(database, acknowledged=answers)
            movements = await rig.fetch(database, "SELECT quantity FROM movement")
            assert sorted(m["quantity"] for m in movements) == list(range(1, 101))
        await client.close()


async def test_of_two_standbys_one_writes(database: str, socket: Path) -> None:
    async with writer_process(database, socket) as first:
        await first.until_ready()
        plan = rig.plan_of(database, socket, ttl=60.0)  # given back at the end, never lost before
        standbys = [rig.Running(plan), rig.Running(plan)]
        await first.kill()

        waits = [asyncio.create_task(each.ready.wait()) for each in standbys]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        writing, other = sorted(standbys, key=lambda each: not each.ready.is_set())
        await writing.send(rig.first_submissions())
        assert not other.ready.is_set()
        [row] = await rig.fetch(database, "SELECT epoch FROM writer")
        assert row["epoch"] == 2

        await writing.stop()
        await other.until_ready()
        assert (await other.one(rig.cash_in(3), key="a")).kind == "applied"
        [row] = await rig.fetch(database, "SELECT epoch FROM writer")
        assert row["epoch"] == 3
        await other.stop()
        for each in waits:
            await each


async def test_a_writer_that_ends_well_gives_the_lease_back(database: str, socket: Path) -> None:
    plan = rig.plan_of(database, socket, ttl=3600.0)
    async with rig.opened(plan):
        pass
    async with rig.running(plan) as run:
        assert (await run.one(rig.cash_in(), key="a")).kind == "applied"


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        ("DELETE FROM writer", "no writer row"),
        ("UPDATE writer SET head = head - 1", "the log ends with"),
        ("UPDATE writer SET head_hash = repeat('0', 64)", "the log ends with"),
    ],
)
async def test_a_lease_row_that_does_not_fit_the_log_is_refused(
    database: str, socket: Path, harm: str, words: str
) -> None:
    plan = rig.plan_of(database, socket)
    async with rig.opened(plan):
        pass
    await rig.fetch(database, harm)

    with pytest.raises(Unsafe, match=words):
        async with rig.running(plan):
            pass


@pytest.mark.parametrize("landing", ["never", "at once", "late"])
async def test_a_connection_cut_in_commit_leaves_one_effect_and_one_answer(
    database: str, socket: Path, landing: str
) -> None:
    async with (
        proxy_before(database, socket.parent) as (proxy, address),
        rig.opened(rig.plan_of(address, socket)) as run,
    ):
        proxy.hold(Point.COMMITTED if landing == "at once" else Point.COMMITTING)
        waiting = asyncio.create_task(run.send([submission(n) for n in range(50)]))
        await proxy.reached.wait()
        proxy.cut(both=landing == "never")
        if landing != "late":
            proxy.release()
        else:
            # The backend is ended before anything is read, so the late COMMIT finds nobody.
            loop = asyncio.get_running_loop()
            loop.call_later(0.05, proxy.release)

        answers = await waiting

        assert [answer.kind for answer in answers] == ["applied"] * 50
        again = await run.send([submission(n) for n in range(50)])
        assert again == answers
        await check_log(database, acknowledged=answers)
        assert len(await rig.fetch(database, "SELECT * FROM movement")) == 50
