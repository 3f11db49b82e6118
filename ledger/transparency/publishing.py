"""The publisher: lets the tiles follow the log, has checkpoints signed, and publishes them.

One step: integrate what is committed, prove it again from what is stored, have it signed, publish.
It may die at any point: tiles that no checkpoint covers are served to nobody, and the next start
goes on from what is stored. Two at once are harmless, since both store the same bytes.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from kernel.errors import DomainError
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.edge import Edge
from ledger.transparency.growing import (
    TreeBroken,
    consistency_proof,
    grow,
    load_edge,
    prove_again,
)
from ledger.transparency.hashing import EMPTY_ROOT
from ledger.transparency.note import Note, SignatureLine, parse_note
from ledger.transparency.signing import Signed, SignRequest
from ledger.transparency.store import LogStore, Published, logs_of

INTERVAL_SECONDS = 0.5
PAUSE_SECONDS = 1.0

Sign = Callable[[SignRequest], Awaitable[Signed]]
Cosign = Callable[[LogStore, Published], Awaitable[list[SignatureLine]]]
"""Asks all witnesses about what was published; the lines of those that agree."""

log = structlog.get_logger()


class SignerRefused(DomainError):
    """The signer does not sign what is stored: it may be a fork, and nobody may go on."""

    code = "log.signer_refused"


@dataclass(slots=True, kw_only=True)
class Publisher:
    """Publishes one log; ``interval`` is in seconds between two checkpoints."""

    store: LogStore
    sign: Sign
    cosign: Cosign | None = None
    interval: float = INTERVAL_SECONDS
    edge: Edge | None = None

    async def run(self) -> None:
        """Publish until another log has begun: this one is then to be published to its end.

        Raises:
            TreeBroken: what is stored contradicts itself.
            SignerRefused: it contradicts what was signed.
        """
        while True:
            begin = time.monotonic()
            await self.step()
            if (await logs_of(self.store.connection))[-1].number != self.store.log.number:
                return
            await asyncio.sleep(max(0.0, self.interval - (time.monotonic() - begin)))

    async def step(self) -> Published | None:
        """Publish what is committed now; return the checkpoint, ``None`` where none is needed.

        Raises:
            TreeBroken, SignerRefused: as in ``run``.
        """
        store = self.store
        new = await self.integrate()
        newest = await store.newest()
        old, old_root = (0, EMPTY_ROOT) if newest is None else (newest.size, newest.root)
        if newest is not None and new == old:
            return None
        root, proof = await prove_again(store, old=old, old_root=old_root, new=new)
        note = await self._signed(old, new=new, root=root, proof=proof)
        published = Published(new, root, note.whole)
        await store.publish(published)
        if self.cosign is None:
            return published
        lines = await self.cosign(store, published)
        cosigned = Published(new, root, note.with_lines(lines).whole)
        await store.publish(cosigned)
        return cosigned

    async def integrate(self) -> int:
        """Let the tiles hold all that is committed now, and return how many entries that is."""
        if self.edge is None:
            self.edge = await load_edge(self.store)
        committed = await self.store.committed()
        if self.edge.size > committed:
            raise TreeBroken(f"tiles of {self.edge.size} entries over a log of {committed}")
        while self.edge.size < committed:
            await grow(self.store, self.edge, until=committed)
        return self.edge.size

    async def _signed(self, old: int, *, new: int, root: bytes, proof: list[bytes]) -> Note:
        signed = await self.sign(SignRequest(self.store.origin, new, root, old, proof))
        if signed.refused and old != signed.size <= new:
            # It signed what was never published: prove from there.
            signed = await self._from(signed.size, new=new, root=root)
        if signed.refused:
            raise SignerRefused(signed.refused)
        note = parse_note(signed.note)
        checkpoint = Checkpoint.parse(note.text)
        if (checkpoint.size, checkpoint.root) != (new, root):
            raise SignerRefused("the signer signed something else")
        return note

    async def _from(self, old: int, *, new: int, root: bytes) -> Signed:
        proof = [] if old in {0, new} else await consistency_proof(self.store, old=old, new=new)
        return await self.sign(SignRequest(self.store.origin, new, root, old, proof))
