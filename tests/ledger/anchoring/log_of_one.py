"""Checkpoints of a made-up log, signed with a fixed key and published at once."""

import asyncpg

from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.note import SecretKey, sign_note
from ledger.transparency.store import LogStore, Published
from tests.ledger.transparency.trees import leaves, naive_root

ORIGIN = "ledger.example/test"


async def publish(connection: asyncpg.Connection, size: int, *, origin: str = ORIGIN) -> Published:
    """Publish a checkpoint as the publisher's last step does."""
    root = naive_root(leaves(size))
    key = SecretKey(origin, bytes(range(32)))
    note = sign_note(Checkpoint(origin, size, root).text, [key]).whole
    published = Published(size, root, note)
    await LogStore(connection).publish(published)
    return published
