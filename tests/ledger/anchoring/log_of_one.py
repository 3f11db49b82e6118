"""Checkpoints of a made-up log, signed with a fixed key and published at once."""

import asyncpg

from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.note import SecretKey, sign_note
from ledger.transparency.store import LogStore, PublicLog, Published
from tests.ledger.transparency.trees import leaves, naive_root

ORIGIN = "ledger.example/test"


async def publish(connection: asyncpg.Connection, size: int, *, origin: str = ORIGIN) -> Published:
    """Publish a checkpoint as the publisher's last step does."""
    root = naive_root(leaves(size))
    key = SecretKey(origin, bytes(range(32)))
    note = sign_note(Checkpoint(origin, size, root).text, [key]).whole
    published = Published(size, root, note)
    await connection.execute(
        "INSERT INTO venue SELECT 't', $1, '', 1, 0, 1, 1, 1, 1 "
        "WHERE NOT EXISTS (SELECT 1 FROM venue)",
        origin,
    )
    log = PublicLog(number=0, origin=origin, first=0)
    await LogStore(connection, log).publish(published)
    return published
