"""How a batch's rows are written: COPY for what is new in append tables, upserts else.

Everything here runs inside the batch's own transaction, on the committer's connection. The
statements come from whoever knows the tables: the committer starts sooner without SQLAlchemy.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import asyncpg

Rows = Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The upsert of one table: its text, its columns, and which of them are arrays."""

    table: str
    columns: tuple[str, ...]
    keys: tuple[int, ...]
    upsert: str
    plain: bool


async def append(connection: asyncpg.Connection, statement: Statement, rows: Rows) -> None:
    """COPY new rows into a table."""
    if rows:
        await connection.copy_records_to_table(
            statement.table, records=rows, columns=list(statement.columns)
        )


async def upsert(connection: asyncpg.Connection, statement: Statement, rows: Rows) -> None:
    """Insert or replace rows by key; of several with one key the last one wins."""
    latest: Mapping[tuple[object, ...], Sequence[object]] = {
        tuple(row[place] for place in statement.keys): row for row in rows
    }
    if not latest:
        return
    if statement.plain:
        columns = zip(*latest.values(), strict=True)
        await connection.execute(statement.upsert, *(list(column) for column in columns))
    else:
        await connection.executemany(statement.upsert, list(latest.values()))


async def write_rows(
    connection: asyncpg.Connection,
    tables: Sequence[tuple[str, Rows, Rows]],
    *,
    statement_of: Callable[[str], Statement],
    appended: frozenset[str],
) -> None:
    """Write (table, created, changed) rows; created rows of ``appended`` tables go by COPY."""
    for table, created, changed in tables:
        statement = statement_of(table)
        if table in appended:
            await append(connection, statement, created)
            await upsert(connection, statement, changed)
        else:
            await upsert(connection, statement, list(chain(created, changed)))
