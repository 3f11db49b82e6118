"""The writer from end to end on a real database: what is acknowledged, repeated, refused."""

import asyncio
from pathlib import Path

import pytest

from kernel.clock import FixedClock
from ledger import commands
from ledger.refusals import Reject
from ledger.sequencer.client import WriterClient
from ledger.sequencer.submission import Answer, Submission, Unavailable, answer_of
from ledger.state import Ledger
from tests.ledger.sequencer import rig


async def test_an_acknowledged_command_is_committed(database: str, socket: Path) -> None:
    async with rig.opened(rig.plan_of(database, socket)) as run:
        answer = await run.one(rig.cash_in(500), key="a")

        assert answer.kind == "applied"
        rows = await rig.fetch(database, "SELECT * FROM movement")
        assert [(row["entry"], row["quantity"]) for row in rows] == [(answer.index, 500)]
        assert run.writer.sequencer is not None
        assert await rig.loaded_state(database) == rig.state_of(run.writer.sequencer.machine)


async def test_an_answer_is_a_function_of_its_entry(database: str, socket: Path) -> None:
    async with rig.opened(rig.plan_of(database, socket)) as run:
        answer = await run.one(rig.cash_in(500), key="a")
        refused = await run.one(rig.cash_in(0), key="b")

        assert run.writer.sequencer is not None
        machine = run.writer.sequencer.machine
        for each in (answer, refused):
            [row] = await rig.fetch(
                database, 'SELECT postings FROM entry WHERE "index" = $1', each.index
            )
            assert each.index is not None
            assert answer_of(machine, index=each.index, postings=row["postings"]) == each


async def test_a_restarted_writer_gives_the_first_answer_again(database: str, socket: Path) -> None:
    plan = rig.plan_of(database, socket)
    async with rig.opened(plan) as run:
        first = await run.one(rig.cash_in(500), key="a")
        refused = await run.one(rig.cash_in(-1), key="b")
    async with rig.running(plan) as run:
        assert await run.one(rig.cash_in(500), key="a") == first
        assert await run.one(rig.cash_in(-1), key="b") == refused

    assert len(await rig.fetch(database, "SELECT * FROM movement")) == 1


async def test_a_key_with_another_command_is_refused_and_leaves_no_entry(
    database: str, socket: Path
) -> None:
    async with rig.opened(rig.plan_of(database, socket)) as run:
        await run.one(rig.cash_in(500), key="a")
        before = await rig.entries(database)

        answer = await run.one(rig.cash_in(501), key="a")

        assert answer.index is None
        assert answer.refusal is not None
        assert answer.refusal.code == Reject.KEY_REUSED
        assert await rig.entries(database) == before


async def test_a_key_belongs_to_its_actor(database: str, socket: Path) -> None:
    async with rig.opened(rig.plan_of(database, socket)) as run:
        first = await run.one(rig.DoNothing(), key="a", actor="e-1")
        second = await run.one(rig.DoNothing(), key="a", actor="f-1")

        assert first.index != second.index


async def test_fifty_repeats_at_once_have_one_effect_and_one_answer(
    database: str, socket: Path
) -> None:
    async with rig.opened(rig.plan_of(database, socket)) as run:
        same = Submission(actor="b-1", key="a", command=rig.cash_in(7))
        other = Submission(actor="b-1", key="a", command=rig.cash_in(8))

        *answers, reused = await run.send([same] * 50 + [other])

        assert len(set(map(repr, answers))) == 1
        assert reused.refusal is not None
        assert reused.refusal.code == Reject.KEY_REUSED
        assert len(await rig.fetch(database, "SELECT * FROM movement")) == 1


async def test_keys_beyond_the_newest_are_known_all_the_same(database: str, socket: Path) -> None:
    limits = rig.Limits(keys=20)
    plan = rig.plan_of(database, socket, limits=limits)
    submissions = [
        Submission(actor="b-1", key=f"k{n}", command=rig.cash_in(n + 1)) for n in range(200)
    ]
    async with rig.opened(plan) as run:
        first = await run.send(submissions)
        assert await run.send(submissions) == first
    async with rig.running(plan) as run:
        assert await run.send(submissions) == first
        [answer] = await run.send([Submission(actor="b-1", key="new", command=rig.cash_in(1))])
        assert answer.kind == "applied"

    assert len(await rig.fetch(database, "SELECT * FROM movement")) == 201


async def test_ten_thousand_old_keys_halve_no_batch(database: str, socket: Path) -> None:
    submissions = [
        Submission(actor="b-1", key=f"k{n}", command=rig.cash_in(n + 1)) for n in range(10_000)
    ]
    plan = rig.plan_of(database, socket, limits=rig.Limits(waiting=30_000, apply_seconds=None))
    async with rig.opened(plan) as run:
        first = await run.send(submissions)
        before = await rig.fetch(database, "SELECT head FROM writer")

        assert await run.send(submissions) == first
        assert await rig.fetch(database, "SELECT head FROM writer") == before
    assert await rig.fetch(database, "SELECT * FROM quarantine") == []


async def test_a_dry_run_changes_nothing_and_says_what_would_be(
    database: str, socket: Path
) -> None:
    async with rig.opened(rig.plan_of(database, socket)) as run:
        before = await rig.entries(database)
        submission = Submission(actor="b-1", key="a", command=rig.cash_in(7), dry_run=True)

        [answer] = await run.send([submission])

        assert (answer.kind, answer.index, len(answer.effects)) == ("dry_run", None, 1)
        assert await rig.entries(database) == before
        assert (await run.one(rig.cash_in(7), key="a")).kind == "applied"


async def test_a_late_command_is_dropped(database: str, socket: Path) -> None:
    async with rig.opened(rig.plan_of(database, socket)) as run:
        late = Submission(actor="b-1", key="a", command=rig.cash_in(), deadline=1)

        [reply] = await run.writer.submit([late])

        assert isinstance(reply, Unavailable)
        assert await rig.fetch(database, "SELECT * FROM movement") == []


async def test_nobody_sends_as_the_system(database: str, socket: Path) -> None:
    async with rig.opened(rig.plan_of(database, socket)) as run:
        system = Submission(actor="system", key="a", command=rig.opening())

        [reply] = await run.writer.submit([system])

        assert not isinstance(reply, Answer)
        assert reply.code == "request.unreadable"


async def test_a_contradiction_is_undone_refused_and_recorded(database: str, socket: Path) -> None:
    alarms: list[str] = []
    plan = rig.replace(rig.plan_of(database, socket), alarm=alarms.append)
    async with rig.opened(plan) as run:
        answer = await run.one(rig.Contradict(), key="a", actor="e-1")

        assert answer.refusal is not None
        assert answer.refusal.code == Reject.MACHINE_FAULT
        assert "a contradiction" in alarms[0]
        assert await run.one(rig.Contradict(), key="a", actor="e-1") == answer
        rows = await rig.fetch(database, "SELECT code FROM instrument")
        assert [row["code"] for row in rows] == ["CNY"]


async def test_a_statement_commits_to_postings_that_are_not_resident(
    database: str, socket: Path
) -> None:
    async with rig.opened(rig.plan_of(database, socket)) as run:
        for n in range(5):
            await run.one(rig.cash_in(n + 1), key=f"k{n}")
        last = await run.one(rig.cash_in(9), key="last")
        assert last.index is not None
        command = commands.CertifyStatement(account=rig.ACCOUNT, entry_from=-1, entry_to=last.index)
        ahead = commands.CertifyStatement(
            account=rig.ACCOUNT, entry_from=-1, entry_to=last.index + 100
        )

        certified = await run.one(command, key="c", actor="e-1")
        refused = await run.one(ahead, key="d", actor="e-1")

        assert certified.refusal is None
        assert getattr(certified.effects[0], "count") == 6  # noqa: B009  a field of one effect
        assert refused.refusal is not None
        assert refused.refusal.code == Reject.ENTRY_NOT_COMMITTED


async def test_a_client_behind_the_socket_gets_the_same_answers(
    database: str, socket: Path
) -> None:
    async with rig.opened(rig.plan_of(database, socket)) as run:
        inside = await run.one(rig.cash_in(5), key="a")
        client = WriterClient(socket, rig.machine_of(Ledger()))
        submissions = [
            Submission(actor="b-1", key=f"k{n}", command=rig.cash_in(n + 1)) for n in range(1_200)
        ]

        [repeated] = await client.submit([Submission(actor="b-1", key="a", command=rig.cash_in(5))])
        answers = await client.submit(submissions)
        singles = await asyncio.gather(*(client.submit([each]) for each in submissions))

        assert repeated == inside
        assert [one for [one] in singles] == answers
        assert [answer.index for answer in answers] == list(
            range(answers[0].index or 0, (answers[0].index or 0) + 1_200)
        )
        await client.close()


async def test_time_never_goes_back(database: str, socket: Path) -> None:
    clock = FixedClock(rig.START)
    async with rig.opened(rig.plan_of(database, socket, clock=clock)) as run:
        first = await run.one(rig.cash_in(), key="a")
        clock.at -= 3_600_000_000
        second = await run.one(rig.cash_in(), key="b")
        clock.at += 7_200_000_000
        third = await run.one(rig.cash_in(), key="c")

        assert first.at == second.at == rig.START
        assert third.at == rig.START + 3_600_000_000


async def test_a_hold_that_ran_out_while_the_writer_was_down_ends_at_its_time(
    database: str, socket: Path
) -> None:
    clock = FixedClock(rig.START)
    plan = rig.plan_of(database, socket, clock=clock)
    until = rig.START + 1_000_000
    async with rig.opened(plan) as run:
        await run.one(rig.cash_in(10), key="a")
        for n in range(3):
            await run.one(rig.hold(until=until), key=f"h{n}", actor="e-1")
    clock.at += 3_600_000_000
    async with rig.running(plan) as run:
        answer = await run.one(rig.cash_in(1), key="b")

        [venue] = await rig.fetch(database, "SELECT at FROM venue")
        assert venue["at"] == answer.at == clock.at
        rows = await rig.fetch(database, "SELECT quantity FROM hold")
        assert [row["quantity"] for row in rows] == [0, 0, 0]
        fired = await rig.fetch(
            database,
            "SELECT convert_from(postings, 'UTF8')::json->>'at' AS at FROM entry "
            "WHERE convert_from(postings, 'UTF8') LIKE '%\"kind\":\"fire_timer\"%' "
            'ORDER BY "index"',
        )
        assert len({row["at"] for row in fired}) == 1
        assert len(fired) == 3


async def test_a_scenario_clock_moves_only_for_its_operator(database: str, socket: Path) -> None:
    plan = rig.plan_of(database, socket, venue_clock="scenario")
    async with rig.opened(plan) as run:
        await run.one(rig.cash_in(10), key="a")
        await run.one(rig.hold(until=5_000_000), key="h", actor="e-1")
        move = commands.MoveClock(to=9_000_000)

        stranger = await run.one(move, key="m", actor="f-1")
        [dry] = await run.send([Submission(actor="x-1", key="d", command=move, dry_run=True)])
        still = await run.one(rig.cash_in(1), key="b")
        moved = await run.one(move, key="m", actor="x-1")

        assert stranger.refusal is not None
        assert stranger.at == still.at == 0
        assert dry.refusal is None
        assert (moved.refusal, moved.at) == (None, 9_000_000)
        assert moved.index == (still.index or 0) + 2  # the timer fired before
        assert (await run.one(rig.cash_in(1), key="c")).at == 9_000_000


@pytest.mark.parametrize("setting", ["synchronous_commit"])
async def test_an_unsafe_database_is_refused(database: str, socket: Path, setting: str) -> None:
    from ledger.sequencer.fence import Unsafe

    name = database.split("?", maxsplit=1)[0].rsplit("/", 1)[1]
    await rig.fetch(database, f"ALTER DATABASE {name} SET {setting} = off")

    with pytest.raises(Unsafe, match=setting):
        async with rig.running(rig.plan_of(database, socket)):
            pass
