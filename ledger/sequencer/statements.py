"""The statements that write rows, from the catalogue of tables."""

import importlib
from collections.abc import Iterable, Sequence
from functools import cache

import asyncpg
from sqlalchemy import ARRAY, BigInteger, Boolean, LargeBinary, Table

from kernel.db.base import metadata
from ledger.sequencer import writing
from ledger.sequencer.writing import Rows, Statement


def statements_of(modules: Iterable[str]) -> list[Statement]:
    """Return the statements of all tables, of which these modules define the last."""
    for module in modules:
        importlib.import_module(module)
    return [statement_of(str(name)) for name in metadata.tables]


@cache
def statement_of(name: str) -> Statement:
    """Return the upsert for a table of the catalogue."""
    table = metadata.tables[name]
    columns = tuple(str(column.name) for column in table.columns)
    keys = tuple(columns.index(column.name) for column in table.primary_key.columns)
    plain = not any(isinstance(column.type, ARRAY) for column in table.columns)
    text = _upsert(table, plain=plain)
    return Statement(table=name, columns=columns, keys=keys, upsert=text, plain=plain)


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
    await writing.append(connection, statement_of(table), rows)


async def write_rows(
    connection: asyncpg.Connection,
    tables: Sequence[tuple[str, Rows, Rows]],
    *,
    appended: frozenset[str],
) -> None:
    """Write (table, created, changed) rows; created rows of ``appended`` tables go by COPY."""
    await writing.write_rows(connection, tables, statement_of=statement_of, appended=appended)
