"""Clients that keep the writer saturated and write down, with fsync, all that they do."""

import asyncio
import itertools
import json
import os
from collections.abc import Sequence
from pathlib import Path

from benchmarks.venue import Traders, orders_of
from gateway import wiring
from ledger.sequencer.client import WriterClient
from ledger.sequencer.submission import Answer, Submission, Unavailable

ORDERS_PER_REQUEST = 50
RETRY_SECONDS = 120
BUSY_SECONDS = 0.05


class JournallingClient:
    """Sends orders under keys of its own; after a lost writer it asks the next one again."""

    def __init__(self, number: int, *, traders: Traders, socket: Path, folder: Path) -> None:
        self._client = WriterClient(socket, wiring.new_machine(), retry_seconds=RETRY_SECONDS)
        self._orders = orders_of(traders, run=f"client-{number}")
        self._file = (folder / f"client-{number}").open("w")
        self.sent: list[Submission] = []
        self.told: dict[str, Answer] = {}
        self._stop = asyncio.Event()
        self._trading: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Trade until ``finish``."""
        self._trading = asyncio.create_task(self._trade())

    async def finish(self) -> None:
        """End after the answers to what is under way."""
        self._stop.set()
        assert self._trading is not None
        await self._trading

    @property
    def waits(self) -> int:
        """How many of its orders have no answer."""
        return len(self.sent) - len(self.told)

    async def _trade(self) -> None:
        while not self._stop.is_set():
            part = list(itertools.islice(self._orders, ORDERS_PER_REQUEST))
            self._note([each.key for each in part])
            self.sent += part
            answers = await self._patiently(part)
            self.told.update({s.key: a for s, a in zip(part, answers, strict=True)})
            self._note([answer.index for answer in answers])

    async def check_answers(self) -> None:
        """Ask for everything again: every key gets its first answer."""
        assert self.waits == 0
        for start in range(0, len(self.sent), 500):
            part = self.sent[start : start + 500]
            again = await self._patiently(part)
            assert again == [self.told[each.key] for each in part]

    async def close(self) -> None:
        await self._client.close()
        self._file.close()

    async def _patiently(self, part: list[Submission]) -> list[Answer]:
        """Send until it is answered, under the same keys."""
        while True:
            try:
                return await self._client.submit(part)
            except Unavailable:
                await asyncio.sleep(BUSY_SECONDS)

    def _note(self, what: object) -> None:
        self._file.write(json.dumps(what) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


def entries_of(clients: Sequence[JournallingClient]) -> list[int]:
    """Return the entries of all acknowledged orders."""
    indexes = [answer.index for client in clients for answer in client.told.values()]
    assert None not in indexes
    return [index for index in indexes if index is not None]
