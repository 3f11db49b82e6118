"""The same rows and indexes with one transaction for each order, in that design's best form.

The orders are decided beforehand and only their writing is timed, so this side pays for no
matching, no encoding and no commitment. All rows of one order go in one prepared statement, a
transaction by itself. The counters that only a single writer needs (``writer``, ``venue``,
``market``) are left out, or every connection would wait for one row; rows go in the order of
their keys, and a deadlock between connections is tried again.
"""

import asyncio
import itertools
import re
import time
from collections.abc import Iterator, Sequence
from functools import cache

import asyncpg

from benchmarks.venue import orders
from gateway.wiring import load_machine
from ledger.encoding import command_text, personal_text
from ledger.machine import Machine
from ledger.sequencer.batch import Batch, Builder
from ledger.sequencer.conditions import RandomKeys, warn
from ledger.sequencer.pending import Group, Pending
from ledger.sequencer.sealing import Sealed, seal
from ledger.sequencer.statements import statement_of
from ledger.sequencer.submission import key_hash

COUNTERS = frozenset({"writer", "venue", "market"})
# Their triggers refuse every statement that could update; their keys are never used twice.
APPEND_ONLY = frozenset({"entry", "movement", "trade"})
CONNECTIONS = (1, 8, 32)
_KEYS = (
    'INSERT INTO idempotency (key_hash, "index") SELECT * FROM unnest($1::bigint[], $2::bigint[])'
)

Table = tuple[str, list[tuple[object, ...]]]
Write = tuple[tuple[str, ...], list[list[object]]]
"""The tables of one order's rows, and the arrays of their columns."""


async def measure_one_transaction(dsn: str, *, count: int) -> dict[int, int]:
    """Return orders a second by number of connections; each run writes orders of its own."""
    connection = await asyncpg.connect(dsn)
    try:
        machine = await load_machine(connection)
        head = await connection.fetchrow("SELECT head, head_hash FROM writer")
    finally:
        await connection.close()
    assert head is not None
    writes = _decided(machine, head=head["head"], head_hash=head["head_hash"])
    return {
        connections: await _rate(
            dsn, list(itertools.islice(writes, count)), connections=connections
        )
        for connections in CONNECTIONS
    }


def _decided(machine: Machine, *, head: int, head_hash: str) -> Iterator[Write]:
    builder = Builder(machine, head=head, owed=False, keys=RandomKeys(), alarm=warn)
    previous = head_hash
    for arrival, submission in enumerate(orders(machine, run="single")):
        builder.begin()
        pending = Pending(
            submission=submission,
            number=key_hash(submission.actor, submission.key),
            text=command_text(submission.command),
            personal=personal_text(submission.command),
            at=machine.ledger.at,
            arrival=arrival,
            group=Group(1, lambda _: None),
        )
        settled = builder.apply(pending, at=machine.ledger.at)
        if settled.answer.refusal is not None:
            raise RuntimeError(f"an order was not accepted: {settled.answer}")
        batch = builder.finish()
        sealed = seal(
            machine.ledger.origin, previous, batch.old_head + 1, batch.applied, batch.entry_keys
        )
        previous = sealed.head_hash
        yield _write_of(batch, sealed)
        machine.ledger.journal.clear()


def _write_of(batch: Batch, sealed: Sealed) -> Write:
    tables: list[Table] = [("entry", sealed.entries), ("idempotency", list(batch.keys))]
    tables += [
        (rows.table, _latest(rows.table, [*rows.created, *rows.changed]))
        for rows in sorted(batch.rows, key=lambda each: each.table)
        if rows.table not in COUNTERS
    ]
    arrays = [list(column) for _, rows in tables for column in zip(*rows, strict=True)]
    return tuple(name for name, _ in tables), arrays


def _latest(table: str, rows: Sequence[tuple[object, ...]]) -> list[tuple[object, ...]]:
    keys = statement_of(table).keys
    latest = {tuple(row[place] for place in keys): row for row in rows}
    return [row for _, row in sorted(latest.items())]


@cache
def _statement(tables: tuple[str, ...]) -> str:
    """Return one statement that writes rows of all these tables."""
    parts: list[str] = []
    shift = 0
    for place, table in enumerate(tables):
        text = _insert(table)
        shifted = re.sub(r"\$(\d+)", lambda found: f"${int(found[1]) + shift}", text)  # noqa: B023
        parts.append(f"w{place} AS ({shifted})")
        shift += len(statement_of(table).columns)
    return f"WITH {', '.join(parts)} SELECT 1"


def _insert(table: str) -> str:
    if table == "idempotency":
        return _KEYS
    upsert = statement_of(table).upsert
    return upsert.partition(" ON CONFLICT ")[0] if table in APPEND_ONLY else upsert


async def _rate(dsn: str, writes: list[Write], *, connections: int) -> int:
    queue = iter(writes)
    opened = [await asyncpg.connect(dsn, statement_cache_size=200) for _ in range(connections)]
    try:
        for connection in opened:
            for tables in {tables for tables, _ in writes}:
                await connection.prepare(_statement(tables))
        begin = time.perf_counter()
        await asyncio.gather(*(_work(connection, queue) for connection in opened))
        return int(len(writes) / (time.perf_counter() - begin))
    finally:
        for connection in opened:
            await connection.close()


async def _work(connection: asyncpg.Connection, queue: Iterator[Write]) -> None:
    for tables, arrays in queue:
        while True:
            try:
                await connection.fetchval(_statement(tables), *arrays)
                break
            except asyncpg.DeadlockDetectedError:
                continue
