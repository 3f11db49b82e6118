"""Has the newest checkpoints stamped by a time-stamping authority (RFC 3161).

A stamp comes in one answer, so that there is nothing to wait for. Killed between the answer and its
row, the next start asks for another stamp of the same checkpoint, and one of them is kept.
"""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import asyncpg
import structlog

from kernel.clock import Clock
from ledger.anchoring.anchor import Kind
from ledger.anchoring.chaining import plan_next
from ledger.anchoring.requests import NONCE_BYTES, timestamp_request
from ledger.anchoring.store import AnchorStore

Ask = Callable[[bytes], Awaitable[bytes]]
"""Sends a request (application/timestamp-query) to the authority and returns its reply."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a reply states, once everything about it was checked.

    ``at`` is in microseconds since the epoch.
    """

    serial: int
    at: int
    policy: str
    authority: str


Check = Callable[[bytes, bytes, int | None], Stamp]
"""Checks a reply against the imprint and the nonce that were sent (``tokens.check_reply``)."""


@dataclass(slots=True, kw_only=True)
class Stamping:
    """Stamps one log's checkpoints at one authority; ``interval`` is in microseconds."""

    connection: asyncpg.Connection
    origin: str
    place: str
    ask: Ask
    check: Check
    clock: Clock
    interval: int
    settle_seconds: float = 0.0

    async def step(self) -> None:
        """Have the checkpoint under way stamped, or the next one that is due.

        Raises:
            AnchorTrouble: the authority does not answer, or its answer proves nothing.
        """
        store = AnchorStore(self.connection)
        anchor = await store.unfinished(Kind.TIMESTAMP, self.origin) or await plan_next(
            self.connection,
            kind=Kind.TIMESTAMP,
            origin=self.origin,
            now=self.clock.now(),
            interval=self.interval,
            settle_seconds=self.settle_seconds,
        )
        if anchor is None:
            return
        await store.attempt(anchor, place=self.place, now=self.clock.now())
        nonce = int.from_bytes(secrets.token_bytes(NONCE_BYTES), "big")
        reply = await self.ask(timestamp_request(anchor.note_hash, nonce=nonce))
        stamp = self.check(reply, anchor.note_hash, nonce)
        ref = f"{stamp.serial:x}"
        await store.confirm(anchor, ref=ref, now=self.clock.now(), stated_at=stamp.at, token=reply)
        log.info("anchor_confirmed", size=anchor.size, ref=ref)
