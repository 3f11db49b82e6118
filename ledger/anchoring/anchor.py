"""What an anchor is, how its state grows, and when the next one is due.

Invariants:
1. One anchor per kind, log and size; what it is of never changes (the table's trigger holds it).
2. States grow: pending, submitted, confirmed or failed. Only a chain that lost a confirmed anchor
   sends it back to submitted, and never without a further attempt on record.
3. At most one anchor of a kind is unfinished, so that what waits stays small.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from kernel.errors import DomainError
from kernel.errors import Kind as RefusalKind
from ledger.transparency.store import Published


class Kind(StrEnum):
    """Where a checkpoint is anchored: in a contract, or in a time stamp."""

    CHAIN = "chain"
    TIMESTAMP = "timestamp"


class State(StrEnum):
    """How far an anchor is."""

    PENDING = "pending"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    FAILED = "failed"


UNFINISHED = (State.PENDING, State.SUBMITTED)


class AnchorTrouble(DomainError):
    """Anchoring does not go on now; the log does."""

    code = "anchor.trouble"
    kind = RefusalKind.UNAVAILABLE


class OtherRoot(AnchorTrouble):
    """Where the checkpoint should stand there is one with another root: one of the two is a fork.

    No attempt can mend that.
    """

    code = "anchor.other_root"


class SizePassed(AnchorTrouble):
    """A larger tree is anchored already, and the contract takes no smaller one."""

    code = "anchor.size_passed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """One checkpoint and its anchor; times are microseconds since the epoch.

    ``note`` is the signed checkpoint as it was anchored: the published one may gain lines later.
    ``stated_at`` is the time that the chain's block or the authority states.
    """

    kind: Kind
    origin: str
    size: int
    root: bytes
    note: str
    note_hash: bytes
    state: State
    place: str
    ref: str
    token: bytes | None
    attempts: int
    error: str
    planned_at: int
    submitted_at: int | None
    confirmed_at: int | None
    stated_at: int | None

    @property
    def origin_hash(self) -> bytes:
        """What names the log on a chain."""
        return hash_origin(self.origin)

    @property
    def is_unfinished(self) -> bool:
        """Whether there is still something to do."""
        return self.state in UNFINISHED


class Chain(Protocol):
    """A contract that keeps checkpoints. All of it may raise ``AnchorTrouble``."""

    async def place(self) -> str:
        """Return what names the contract among all chains (CAIP-10: ``eip155:ID:ADDRESS``)."""

    async def submit(self, origin_hash: bytes, size: int, *, root: bytes, note_hash: bytes) -> str:
        """Send a checkpoint and return the transaction's hash.

        Raises:
            SizePassed: the contract has a tree of this size or a larger one.
        """

    async def lookup(self, origin_hash: bytes, size: int, *, depth: int = 0) -> bytes | None:
        """Return the root of a size as of ``depth`` blocks ago, ``None`` where there was none."""

    async def is_known(self, ref: str) -> bool:
        """Tell whether the node has the transaction, in a block or waiting for one."""

    async def trace(self, origin_hash: bytes, size: int) -> tuple[str, int] | None:
        """Return the transaction that anchored a size, and its block's time in seconds."""


def hash_origin(origin: str) -> bytes:
    """Return what names a log on a chain: the SHA-256 of its origin."""
    return hashlib.sha256(origin.encode()).digest()


def hash_note(note: str) -> bytes:
    """Return what is anchored beside the root: the SHA-256 of the whole signed checkpoint."""
    return hashlib.sha256(note.encode()).digest()


def is_due(
    newest: Published | None, last: Anchor | None, *, now: int, interval: int
) -> Published | None:
    """Return the checkpoint to anchor now, ``None`` while there is nothing to do.

    ``now`` and ``interval`` are in microseconds. An empty tree is not worth an anchor.
    """
    if newest is None or newest.size == 0:
        return None
    if last is None:
        return newest
    is_time = now - last.planned_at >= interval
    return newest if is_time and newest.size > last.size else None


def planned(kind: Kind, origin: str, published: Published, *, now: int) -> Anchor:
    """Return the anchor of a checkpoint before its first attempt."""
    return Anchor(
        kind=kind,
        origin=origin,
        size=published.size,
        root=published.root,
        note=published.note,
        note_hash=hash_note(published.note),
        state=State.PENDING,
        place="",
        ref="",
        token=None,
        attempts=0,
        error="",
        planned_at=now,
        submitted_at=None,
        confirmed_at=None,
        stated_at=None,
    )
