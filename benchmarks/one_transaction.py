"""The same rows and indexes with one transaction for each order, in that design's best form.

The orders are decided beforehand and only their writing is timed, so this side pays for no
matching, no encoding and no commitment. All rows of one order go in one prepared statement, a
transaction by itself; single values were measured a fifth faster there than the arrays that suit a
batch. One connection writes every row that a batch of one would, its fence and counters included.
Beside others these are left out, or each connection would wait for one row; rows go in the order
of their keys, and a deadlock between connections is tried again.
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
from ledger.projection import TableRows
from ledger.sequencer.batch import Batch, Builder
from ledger.sequencer.conditions import RandomKeys, warn
from ledger.sequencer.fence import FENCE
from ledger.sequencer.pending import Group, Pending
from ledger.sequencer.sealing import Sealed, seal
from ledger.sequencer.statements import statement_of
from ledger.sequencer.submission import key_hash

COUNTERS = frozenset({"venue", "market"})
# Beside others a change of an order may come before the order itself, so those are upserts.
NEVER_CHANGED = frozenset({"entry", "entry_personal", "idempotency", "movement", "trade"})
CONNECTIONS = (1, 8, 32)
LEASE_SECONDS = 3_600.0
_FENCE = "writer"
_COLUMNS = {"idempotency": ("key_hash", "index")}
_PARAMETER = re.compile(r"\$(\d+)")

Rows = Sequence[Sequence[object]]
Table = tuple[str, bool, Rows]
"""Rows for a table, and whether all of them are new."""
Shape = tuple[tuple[str, bool, int], ...]
Write = tuple[Shape, list[object]]
"""Which tables one order writes with how many rows, and the values of these."""


async def measure_one_transaction(dsn: str, *, count: int) -> dict[int, int]:
    """Return orders a second by number of connections; each run writes orders of its own."""
    connection = await asyncpg.connect(dsn)
    try:
        machine = await load_machine(connection)
        lease = await connection.fetchrow("SELECT venue, epoch, head, head_hash FROM writer")
    finally:
        await connection.close()
    assert lease is not None
    orders_decided = _decided(machine, lease)
    return {
        connections: await _rate(
            dsn,
            [
                _write_of(each, alone=connections == 1)
                for each in itertools.islice(orders_decided, count)
            ],
            connections=connections,
        )
        for connections in CONNECTIONS
    }


def _decided(machine: Machine, lease: asyncpg.Record) -> Iterator[list[Table]]:
    builder = Builder(machine, head=lease["head"], owed=False, keys=RandomKeys(), alarm=warn)
    previous = lease["head_hash"]
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
            batch.place,
            previous,
            batch.old_head + 1,
            batch.applied,
            batch.entry_keys,
            batch.turns,
        )
        previous = sealed.head_hash
        # The fence's values in their order (``ledger/sequencer/fence.py``).
        fence = [lease["venue"], lease["epoch"], batch.head, previous, LEASE_SECONDS]
        yield [(_FENCE, False, [[*fence, batch.old_head]]), *_rows_of(batch, sealed)]
        machine.ledger.journal.clear()


def _rows_of(batch: Batch, sealed: Sealed) -> Iterator[Table]:
    yield "entry", True, sealed.entries
    yield "entry_personal", True, sealed.personal
    yield "idempotency", True, batch.keys
    for rows in sorted(batch.rows, key=lambda each: each.table):
        yield rows.table, True, rows.created
        yield rows.table, False, _latest(rows)


def _latest(rows: TableRows) -> Rows:
    keys = statement_of(rows.table).keys
    latest = {tuple(row[place] for place in keys): row for row in rows.changed}
    return [row for _, row in sorted(latest.items())]


def _write_of(tables: list[Table], *, alone: bool) -> Write:
    written = [
        (name, new and (alone or name in NEVER_CHANGED), rows)
        for name, new, rows in tables
        if rows and (alone or (name != _FENCE and name not in COUNTERS))
    ]
    shape = tuple((name, new, len(rows)) for name, new, rows in written)
    return shape, [value for _, _, rows in written for row in rows for value in row]


@cache
def _statement(shape: Shape) -> str:
    """Return one statement that writes so many rows of all these tables."""
    parts: list[str] = []
    values = 0
    for place, (table, new, count) in enumerate(shape):
        text = FENCE if table == _FENCE else _insert(table, new=new, count=count)
        shifted = _PARAMETER.sub(lambda found: f"${int(found[1]) + values}", text)  # noqa: B023
        parts.append(f"w{place} AS ({shifted})")
        values += len(set(_PARAMETER.findall(text)))
    return f"WITH {', '.join(parts)} SELECT 1"


def _insert(table: str, *, new: bool, count: int) -> str:
    columns = _COLUMNS.get(table) or statement_of(table).columns
    names = ", ".join(f'"{name}"' for name in columns)
    numbers = itertools.count(1)
    rows = ", ".join(
        "(" + ", ".join(f"${next(numbers)}" for _ in columns) + ")" for _ in range(count)
    )
    text = f'INSERT INTO "{table}" ({names}) VALUES {rows}'  # noqa: S608  names from the catalogue
    if new:
        return text
    return f"{text} ON CONFLICT {statement_of(table).upsert.partition(' ON CONFLICT ')[2]}"


async def _rate(dsn: str, writes: list[Write], *, connections: int) -> int:
    queue = iter(writes)
    opened = [await asyncpg.connect(dsn, statement_cache_size=200) for _ in range(connections)]
    try:
        for connection in opened:
            for shape in {shape for shape, _ in writes}:
                await connection.prepare(_statement(shape))
        begin = time.perf_counter()
        await asyncio.gather(*(_work(connection, queue) for connection in opened))
        return int(len(writes) / (time.perf_counter() - begin))
    finally:
        for connection in opened:
            await connection.close()


async def _work(connection: asyncpg.Connection, queue: Iterator[Write]) -> None:
    for shape, values in queue:
        while True:
            try:
                await connection.fetchval(_statement(shape), *values)
                break
            except asyncpg.DeadlockDetectedError:
                continue
