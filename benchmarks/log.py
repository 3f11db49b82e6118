"""The log alone: how fast entries are sealed and stored, and how fast a state is folded from them.

Both work on the entries that another benchmark left in a venue's database.
"""

import os
import time

import asyncpg

from gateway.wiring import new_machine
from kernel.canonical import parse_utc
from ledger.entry import KEY_SIZE, NO_PERSONAL, Chain
from ledger.machine import Machine
from ledger.sequencer import collector
from ledger.sequencer.statements import append
from ledger.store import LedgerStore, StoredEntry

ENTRIES_PER_TRANSACTION = 2_000


async def measure_replay(dsn: str) -> int:
    """Return entries a second, read from the database, decoded and folded into a new machine."""
    connection = await asyncpg.connect(dsn)
    machine = new_machine()
    begin = time.perf_counter()
    try:
        store = LedgerStore(connection)
        with collector.aside():
            index = await _fold(machine, store)
    finally:
        await connection.close()
    return int((index + 1) / (time.perf_counter() - begin))


async def _fold(machine: Machine, store: LedgerStore) -> int:
    """Fold all entries and return the last one's index."""
    index = -1
    while page := await store.page(after=index):
        for entry in page:
            body = entry.body()
            effects = machine.decode_effects(bytes(body.effects))
            machine.fold(effects, index=entry.index, at=parse_utc(body.at))
        index = page[-1].index
        machine.ledger.journal.clear()
    return index


async def measure_append(source: str, target: str, *, count: int) -> int:
    """Return entries a second, sealed and committed into a log that is empty."""
    entries = await _entries(source, count=count)
    connection = await asyncpg.connect(target)
    chain = Chain(origin="ledger.example/bench")
    begin = time.perf_counter()
    try:
        for first in range(0, len(entries), ENTRIES_PER_TRANSACTION):
            rows = [
                _row(chain, entry) for entry in entries[first : first + ENTRIES_PER_TRANSACTION]
            ]
            async with connection.transaction():
                await append(connection, "entry", rows)
    finally:
        await connection.close()
    return int(len(entries) / (time.perf_counter() - begin))


async def _entries(source: str, *, count: int) -> list[StoredEntry]:
    connection = await asyncpg.connect(source)
    try:
        head, _ = await LedgerStore(connection).head()
        after = max(-1, head - count)
        return await LedgerStore(connection).page(after=after, limit=count)
    finally:
        await connection.close()


def _row(chain: Chain, entry: StoredEntry) -> tuple[object, ...]:
    sealed = chain.seal(
        index=entry.index,
        at=0,
        postings=entry.postings,
        personal=NO_PERSONAL,
        keys=os.urandom(2 * KEY_SIZE),
    )
    return sealed.index, sealed.header, sealed.postings, sealed.postings_key, sealed.personal_key
