"""The ledger's bytes do not depend on where batches are cut, nor on restarts between them."""

from pathlib import Path

from ledger.sequencer.submission import Answer, Submission
from tests.ledger.sequencer import rig
from tests.ledger.sequencer.conftest import NewDatabase
from tests.ledger.sequencer.streams import stream


async def run_whole(
    dsn: str, socket: Path, submissions: list[Submission], *, commands: int, seconds: float | None
) -> list[Answer]:
    limits = rig.Limits(beside=1, commands=commands, apply_seconds=seconds)
    plan = rig.plan_of(dsn, socket, venue_clock="scenario", limits=limits)
    async with rig.opened(plan) as run:
        answers = await run.send(submissions)
        await run.idle()
        return answers


async def test_the_same_commands_give_the_same_bytes_however_they_are_cut(
    new_database: NewDatabase, socket: Path
) -> None:
    submissions = stream(900, seed=1)
    cuts = ((2_000, None), (200, None), (7, None), (1, None), (2_000, 0.001))
    logs = []
    answers = []
    for commands, seconds in cuts:
        dsn = await new_database()
        answers.append(
            await run_whole(dsn, socket, submissions, commands=commands, seconds=seconds)
        )
        logs.append(await rig.entries(dsn))
        assert await rig.conserved(dsn)

    assert len(logs[0]) > 900
    assert logs[1:] == logs[:1] * (len(cuts) - 1)
    written = [[a for a in each if a.index is not None] for each in answers]
    assert written[1:] == written[:1] * (len(cuts) - 1)


async def test_a_restart_after_every_batch_changes_nothing(
    new_database: NewDatabase, socket: Path
) -> None:
    submissions = stream(400, seed=2)
    whole, cut = await new_database(), await new_database()
    await run_whole(whole, socket, submissions, commands=2_000, seconds=None)
    plan = rig.plan_of(
        cut, socket, venue_clock="scenario", limits=rig.Limits(beside=1, commands=25)
    )
    async with rig.opened(plan):
        pass
    for first in range(0, len(submissions), 50):
        async with rig.running(plan) as run:
            await run.send(submissions[first : first + 50])
            await run.idle()
            assert run.writer.sequencer is not None
            lived = rig.state_of(run.writer.sequencer.machine)
        assert await rig.loaded_state(cut) == lived

    # Between the parts nothing waits, so open phases end there: the entries may stand in
    # another order, and the state is the same.
    assert await rig.loaded_state(cut) == await rig.loaded_state(whole)
