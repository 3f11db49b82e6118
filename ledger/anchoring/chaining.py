"""Keeps the newest checkpoints in a contract: plans, submits, waits, and looks again.

One step does what can be done now. It may die at any point: the contract is asked what it has
before anything is sent, an attempt is noted before it is made, and a second transaction of the same
attempt takes the place of the first (``Chain.submit``). What counts is only what the contract says
``confirmations`` blocks below the chain's head, so a reorganisation needs no rule of its own: what
it took away is looked up, not found, and sent again.
"""

import asyncio
from dataclasses import dataclass

import asyncpg
import structlog

from kernel.clock import Clock
from ledger.anchoring.anchor import (
    Anchor,
    Chain,
    Kind,
    OtherRoot,
    SizePassed,
    State,
    is_due,
    planned,
)
from ledger.anchoring.store import AnchorStore
from ledger.transparency.store import log_named

# How long a known transaction may wait for a block before it is sent again at a better price.
PATIENCE_MICROSECONDS = 600_000_000
MICROSECONDS = 1_000_000

log = structlog.get_logger()


async def plan_next(
    connection: asyncpg.Connection,
    *,
    kind: Kind,
    origin: str,
    now: int,
    interval: int,
    settle_seconds: float,
) -> Anchor | None:
    """Note the newest checkpoint as the next to anchor, where one is due, and return it.

    ``now`` and ``interval`` are in microseconds. Witnesses get ``settle_seconds`` to add their
    lines first.
    """
    store = AnchorStore(connection)
    log = await log_named(connection, origin)
    newest = None if log is None else await log.newest()
    last = await store.last(kind, origin)
    chosen = is_due(newest, last, now=now, interval=interval)
    if log is None or chosen is None:
        return None
    if settle_seconds:
        await asyncio.sleep(settle_seconds)
        chosen = await log.of_size(chosen.size) or chosen
    await store.plan(planned(kind, origin, chosen, now=now))
    return await store.unfinished(kind, origin)


@dataclass(slots=True, kw_only=True)
class ChainAnchoring:
    """Anchors one log in one contract; ``interval`` is in microseconds."""

    connection: asyncpg.Connection
    origin: str
    chain: Chain
    clock: Clock
    interval: int
    confirmations: int
    settle_seconds: float = 0.0

    async def step(self) -> None:
        """Do what can be done now for the anchor under way, or begin the next.

        Raises:
            AnchorTrouble: the node does not answer or refuses, or the contract contradicts us.
        """
        store = AnchorStore(self.connection)
        found = await store.unfinished(Kind.CHAIN, self.origin) or await plan_next(
            self.connection,
            kind=Kind.CHAIN,
            origin=self.origin,
            now=self.clock.now(),
            interval=self.interval,
            settle_seconds=self.settle_seconds,
        )
        if found is None:
            await self._look_again(store)
        else:
            await self._tend(store, found)

    async def _tend(self, store: AnchorStore, anchor: Anchor) -> None:
        if await self._root(anchor, depth=self.confirmations) is not None:
            await self._confirm(store, anchor)
            return
        if await self._root(anchor, depth=0) is not None:
            if anchor.state is State.PENDING:
                await store.attempt(anchor, place=await self.chain.place(), now=self.clock.now())
            return
        if await self._is_on_its_way(anchor):
            return
        await self._submit(store, anchor)
        sent = await store.unfinished(Kind.CHAIN, self.origin)
        if sent is not None and not self.confirmations and await self._root(sent, depth=0):
            await self._confirm(store, sent)

    async def _root(self, anchor: Anchor, *, depth: int) -> bytes | None:
        """Return the anchor's root where the contract has it.

        Raises:
            OtherRoot: it has another one for that size.
        """
        found = await self.chain.lookup(anchor.origin_hash, anchor.size, depth=depth)
        if found is not None and found != anchor.root:
            raise OtherRoot(
                f"the contract has another root for {anchor.size} entries",
                field="root",
                expected=anchor.root.hex(),
                data={"found": found.hex()},
            )
        return found

    async def _is_on_its_way(self, anchor: Anchor) -> bool:
        if anchor.state is not State.SUBMITTED or not anchor.ref:
            return False
        waited = self.clock.now() - (anchor.submitted_at or 0)
        return waited < PATIENCE_MICROSECONDS and await self.chain.is_known(anchor.ref)

    async def _submit(self, store: AnchorStore, anchor: Anchor) -> None:
        await store.attempt(anchor, place=await self.chain.place(), now=self.clock.now())
        try:
            ref = await self.chain.submit(
                anchor.origin_hash, anchor.size, root=anchor.root, note_hash=anchor.note_hash
            )
        except SizePassed:
            # It may be our own attempt of before that got its block just now.
            if await self._root(anchor, depth=0) is None:
                raise
            return
        await store.sent(anchor, ref=ref)
        log.info("anchor_submitted", size=anchor.size, ref=ref)

    async def _confirm(self, store: AnchorStore, anchor: Anchor) -> None:
        if anchor.state is State.PENDING:
            await store.attempt(anchor, place=await self.chain.place(), now=self.clock.now())
        traced = await self.chain.trace(anchor.origin_hash, anchor.size)
        ref, seconds = traced or (anchor.ref, None)
        await store.confirm(
            anchor,
            ref=ref,
            now=self.clock.now(),
            stated_at=None if seconds is None else seconds * MICROSECONDS,
            token=None,
        )
        log.info("anchor_confirmed", size=anchor.size, ref=ref)

    async def _look_again(self, store: AnchorStore) -> None:
        """Open the newest anchor again if the chain lost it, deeper than anybody waited."""
        newest = await store.confirmed(Kind.CHAIN, self.origin)
        if newest is None or newest.place != await self.chain.place():
            return
        if await self._root(newest, depth=0) is None:
            log.error("alarm", what=f"anchor.lost: the chain lost the anchor of {newest.size}")
            await self._submit(store, newest)
