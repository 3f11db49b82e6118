"""Turns of anchoring that nothing ends: what fails is noted with its anchor, alarmed, and retried.

Trouble makes the pauses longer, up to a bound, so that a node that is away for days is asked a few
times an hour. Two anchors can never stand any more (another root, a larger tree): those fail.
"""

from dataclasses import dataclass
from typing import Protocol

import asyncpg
import structlog

from ledger.anchoring.anchor import Anchor, AnchorTrouble, Kind, OtherRoot, SizePassed
from ledger.anchoring.store import AnchorStore

PAUSE_SECONDS = 5.0
PAUSE_SECONDS_MAX = 300.0
IDLE_SECONDS = 60.0
_DOUBLINGS_MAX = 10

log = structlog.get_logger()


class Worker(Protocol):
    """Anchors one log in one place, step by step."""

    connection: asyncpg.Connection
    origin: str

    async def step(self) -> None:
        """Do what can be done now."""


@dataclass(slots=True, kw_only=True)
class Turns:
    """The turns of one kind; ``troubles`` counts those in a row that failed.

    While nothing is under way the next turn comes after ``idle_seconds``: a node may count calls.
    """

    kind: Kind
    worker: Worker
    pause_seconds: float = PAUSE_SECONDS
    idle_seconds: float = IDLE_SECONDS
    troubles: int = 0

    async def turn(self) -> float:
        """Take one step and return how many seconds to wait for the next.

        Only the database's own errors leave it: without it there is nothing to note them in.
        """
        try:
            await self.worker.step()
        except AnchorTrouble as error:
            await self._note(error)
            self.troubles = min(self.troubles + 1, _DOUBLINGS_MAX)
        else:
            self.troubles = 0
            if await self._unfinished() is None:
                return self.idle_seconds
        return min(PAUSE_SECONDS_MAX, self.pause_seconds * float(2**self.troubles))

    async def _unfinished(self) -> Anchor | None:
        store = AnchorStore(self.worker.connection)
        return await store.unfinished(self.kind, self.worker.origin)

    async def _note(self, error: AnchorTrouble) -> None:
        store = AnchorStore(self.worker.connection)
        anchor = await self._unfinished()
        size = None if anchor is None else anchor.size
        log.error("alarm", what=f"{error.code}: {error}", kind=self.kind, size=size)
        if anchor is None:
            return
        if isinstance(error, OtherRoot | SizePassed):
            await store.fail(anchor, error=error.code)
        else:
            await store.trouble(anchor, error=error.code)
