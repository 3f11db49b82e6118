"""``kill -9`` of the writer under saturation: nothing acknowledged is lost, nothing is twice."""

import asyncio
import json
import os
import random
from pathlib import Path

import pytest

from ledger.sequencer.client import WriterClient
from ledger.sequencer.submission import Answer, Submission
from ledger.state import Ledger
from tests.ledger.sequencer import rig
from tests.ledger.sequencer.processes import writer_process

CLIENTS = 8
PER_REQUEST = 50


class Journalling:
    """A client that writes down with fsync what it is about to send, and what it was told."""

    def __init__(self, number: int, *, socket: Path, folder: Path) -> None:
        self._number = number
        self._client = WriterClient(socket, rig.machine_of(Ledger()), retry_seconds=60)
        self._file = (folder / f"client-{number}").open("w")
        self.sent: list[Submission] = []
        self.told: dict[str, Answer] = {}

    async def run(self, stop: asyncio.Event) -> None:
        request = 0
        while not stop.is_set():
            part = [
                Submission(
                    actor="b-1",
                    key=f"{self._number}-{request}-{place}",
                    command=rig.cash_in(place + 1, account=rig.ACCOUNT + self._number % 2),
                )
                for place in range(PER_REQUEST)
            ]
            self._note([each.key for each in part])
            self.sent += part
            answers = await self._client.submit(part)
            self.told.update({s.key: a for s, a in zip(part, answers, strict=True)})
            self._note([a.index for a in answers])
            request += 1

    async def ask_again(self) -> list[Answer]:
        return await self._client.submit(self.sent)

    async def close(self) -> None:
        await self._client.close()
        self._file.close()

    def _note(self, what: object) -> None:
        self._file.write(json.dumps(what) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


@pytest.mark.parametrize(
    "kills", [3, pytest.param(30, marks=pytest.mark.heavy)], ids=["few", "series"]
)
async def test_a_killed_writer_loses_nothing_and_repeats_nothing(
    database: str, socket: Path, tmp_path: Path, kills: int
) -> None:
    draw = random.Random(kills)  # noqa: S311  instants of a test
    clients = [Journalling(n, socket=socket, folder=tmp_path) for n in range(CLIENTS)]
    stop = asyncio.Event()
    tasks: list[asyncio.Task[None]] = []
    for kill in range(kills + 1):
        async with writer_process(database, socket) as writer:
            await writer.until_ready()
            if kill == 0:
                setting_up = WriterClient(socket, rig.machine_of(Ledger()))
                await setting_up.submit(rig.first_submissions())
                await setting_up.close()
                tasks = [asyncio.create_task(client.run(stop)) for client in clients]
            if kill < kills:
                # The instants are drawn over the life of several batches.
                await asyncio.sleep(0.3 + draw.random() * 0.5)
                await writer.kill()
                continue
            stop.set()
            await asyncio.gather(*tasks)
            for client in clients:
                answers = await client.ask_again()
                first = [client.told[each.key] for each in client.sent]
                assert answers == first
    sent = sum(len(client.sent) for client in clients)
    assert len(await rig.fetch(database, "SELECT * FROM movement")) == sent
    keys = await rig.fetch(database, "SELECT count(DISTINCT key_hash) AS n FROM idempotency")
    assert keys[0]["n"] == sent + len(rig.first_submissions())
    assert await rig.conserved(database)
    for client in clients:
        await client.close()
