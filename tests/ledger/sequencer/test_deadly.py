"""A command that ends the process: tried once more alone, refused at its second death."""

import asyncio
from pathlib import Path

from ledger.refusals import Reject
from ledger.sequencer.client import WriterClient
from ledger.sequencer.marker import Marker, suspects
from ledger.sequencer.submission import Submission
from ledger.state import Ledger
from tests.ledger.sequencer import rig
from tests.ledger.sequencer.processes import writer_process


def test_the_marker_names_what_was_in_hand(tmp_path: Path) -> None:
    path = tmp_path / "applying"
    marker = Marker(path, epoch=7)
    assert suspects(path, epoch=7) == ()
    marker.applying(11)
    marker.applying(-12)
    assert suspects(path, epoch=7) == {-12}
    marker.packing()
    assert suspects(path, epoch=7) == {11, -12}
    assert suspects(path, epoch=6) is None
    marker.idle()
    assert suspects(path, epoch=7) == ()
    assert suspects(tmp_path / "none", epoch=7) is None
    marker.close()


async def test_the_third_start_runs_without_a_deadly_command(database: str, socket: Path) -> None:
    client = WriterClient(socket, rig.machine_of(Ledger()), retry_seconds=60)
    others = [Submission(actor="b-1", key=f"k{n}", command=rig.cash_in(n + 1)) for n in range(50)]
    deadly = Submission(actor="e-1", key="deadly", command=rig.KillWriter())
    tasks: list[asyncio.Task[object]] = []
    for start in range(3):
        async with writer_process(database, socket) as writer:
            await writer.until_ready()
            if start == 0:
                await client.submit(rig.first_submissions())
                tasks = [
                    asyncio.create_task(client.submit([each]))
                    for each in [*others[:25], deadly, *others[25:]]
                ]
            if start < 2:
                assert await writer.ended() != 0
                continue
            answers = [answer for task in tasks for answer in await task]  # type: ignore[attr-defined]  # a list of answers

            refused = answers[25].refusal
            assert refused is not None
            assert (refused.code, refused.found) == (Reject.QUARANTINED, "death")
            assert [answer.kind for answer in answers].count("applied") == 50
            again = await client.submit([deadly])
            assert again == [answers[25]]
    rows = await rig.fetch(database, "SELECT quantity FROM movement")
    assert sorted(row["quantity"] for row in rows) == list(range(1, 51))
    assert len(await rig.fetch(database, "SELECT * FROM quarantine")) == 1
    await client.close()


async def test_where_the_marker_is_gone_every_command_sent_again_runs_alone(
    database: str, socket: Path
) -> None:
    async with writer_process(database, socket) as writer:
        await writer.until_ready()
        client = WriterClient(socket, rig.machine_of(Ledger()), retry_seconds=60)
        await client.submit(rig.first_submissions())
        await writer.kill()
    socket.with_name(f"{socket.name}.applying").unlink()
    async with rig.running(rig.plan_of(database, socket, ttl=1.0)) as run:
        resent = [
            Submission(actor="b-1", key=f"k{n}", command=rig.cash_in(n + 1), attempt=2)
            for n in range(5)
        ]
        answers = await run.send(resent)

        assert [answer.kind for answer in answers] == ["applied"] * 5
        assert await rig.fetch(database, "SELECT * FROM attempt") == []
    await client.close()
