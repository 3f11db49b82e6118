"""How a batch's rows become statements: COPY for what is new in append tables, upserts else.

Everything here runs inside the batch's own transaction, on the committer's connection.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

import asyncpg
from sqlalchemy import ARRAY, BigInteger, Boolean, LargeBinary, Table

from kernel.db.base import metadata

Rows = Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The upsert of one table: its text, its columns, and which of them are arrays."""

    columns: tuple[str, ...]
    keys: tuple[int, ...]
    upsert: str
    plain: bool


@cache
def statement_of(name: str) -> Statement:
    """Return the upsert for a table of the catalogue."""
    table = metadata.tables[name]
    columns = tuple(column.name for column in table.columns)
    keys = tuple(columns.index(column.name) for column in table.primary_key.columns)
    plain = not any(isinstance(column.type, ARRAY) for column in table.columns)
    return Statement(columns=columns, keys=keys, upsert=_upsert(table, plain=plain), plain=plain)


def _upsert(table: Table, *, plain: bool) -> str:
    quoted = [f'"{column.name}"' for column in table.columns]
    if plain:
        arrays = ", ".join(f"${n}::{_type(c)}[]" for n, c in enumerate(table.columns, start=1))
        source = f"SELECT * FROM unnest({arrays})"  # noqa: S608  names from the catalogue
    else:
        source = "VALUES (" + ", ".join(f"${n}" for n in range(1, len(quoted) + 1)) + ")"
    keys = ", ".join(f'"{column.name}"' for column in table.primary_key.columns)
    rest = [f'"{c.name}" = EXCLUDED."{c.name}"' for c in table.columns if not c.primary_key]
    action = f"UPDATE SET {', '.join(rest)}" if rest else "NOTHING"
    return (
        f'INSERT INTO "{table.name}" ({", ".join(quoted)}) {source} '
        f"ON CONFLICT ({keys}) DO {action}"
    )


def _type(column: object) -> str:
    kind = getattr(column, "type", None)
    if isinstance(kind, BigInteger):
        return "bigint"
    if isinstance(kind, Boolean):
        return "boolean"
    if isinstance(kind, LargeBinary):
        return "bytea"
    return "text"


async def append(connection: asyncpg.Connection, table: str, rows: Rows) -> None:
    """COPY new rows into a table."""
    if rows:
        await connection.copy_records_to_table(
            table, records=rows, columns=list(statement_of(table).columns)
        )


async def upsert(connection: asyncpg.Connection, table: str, rows: Rows) -> None:
    """Insert or replace rows by key; of several with one key the last one wins."""
    statement = statement_of(table)
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
    appended: frozenset[str],
) -> None:
    """Write (table, created, changed) rows; created rows of ``appended`` tables go by COPY."""
    for table, created, changed in tables:
        if table in appended:
            await append(connection, table, created)
            await upsert(connection, table, changed)
        else:
            await upsert(connection, table, list(chain(created, changed)))
