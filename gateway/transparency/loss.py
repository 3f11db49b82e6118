"""A database that was restored and ends before what the signer signed: its last entries are gone.

Two ways lead on. Entries of which an export holds header, body and keys are entered again, byte for
byte, and the log goes on. Else the log has ended, and another begins whose first entry says so.
"""

from dataclasses import dataclass
from pathlib import Path

import asyncpg

from gateway.errors import CannotRun
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.signing import last_signed
from ledger.transparency.store import LogStore, current_log


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What the signer signed, and how many of its entries the database has."""

    store: LogStore
    signed: Checkpoint
    committed: int


class EntriesLost(CannotRun):
    """The database ends before the last signed checkpoint; nothing may be added to this log."""

    def __init__(self, loss: Loss) -> None:
        super().__init__(
            f"The database has {loss.committed} entries of {loss.store.origin}, and "
            f"{loss.signed.size} were signed: it was restored without its last entries.\n"
            "With an export that has them: ./ecorights log reenter BUNDLE.zip\n"
            "Without: ./ecorights log open --reason entries_lost"
        )


async def loss_of(connection: asyncpg.Connection, signer: Path) -> Loss | None:
    """Return what is missing by a signer's memory, ``None`` where nothing is."""
    store = await current_log(connection)
    if store is None:
        return None
    signed = last_signed(signer, store.origin)
    committed = await store.committed()
    if signed is None or signed.size <= committed:
        return None
    return Loss(store=store, signed=signed, committed=committed)


async def refuse_loss(dsn: str, signer: Path) -> None:
    """Refuse to write behind what was signed.

    Raises:
        EntriesLost: with the two ways that lead on.
    """
    connection = await asyncpg.connect(dsn)
    try:
        loss = await loss_of(connection, signer)
    finally:
        await connection.close()
    if loss is not None:
        raise EntriesLost(loss)
