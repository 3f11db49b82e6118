"""Fetches declared rows of shelves: one query a table, whatever the number of commands."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import asyncpg

from ledger.shelf import Key, RowKey, Shelf

ROWS_PER_QUERY_MAX = 10_000


async def fetch_rows(
    connection: asyncpg.Connection, shelves: Mapping[str, Shelf[Any]], names: Iterable[RowKey]
) -> None:
    """Put the rows of these names that are held and not in memory on their shelves."""
    wanted: dict[str, dict[Key, None]] = {}
    for table, key in names:
        if shelves[table].wants(key):
            wanted.setdefault(table, {})[key] = None
    for table, keys in wanted.items():
        await _fetch(connection, shelves[table], list(keys))


async def _fetch(connection: asyncpg.Connection, shelf: Shelf[Any], keys: list[Key]) -> None:
    query = query_of(shelf.table, shelf.keys)
    for begin in range(0, len(keys), ROWS_PER_QUERY_MAX):
        some = keys[begin : begin + ROWS_PER_QUERY_MAX]
        columns = [list(column) for column in zip(*some, strict=True)]
        found = await connection.fetch(query, *columns)
        rows = {tuple(row[name] for name, _ in shelf.keys): row for row in found}
        for key in some:
            shelf.fill(key, rows.get(key))


@cache
def query_of(table: str, keys: tuple[tuple[str, str], ...]) -> str:
    """Return the query for the rows of many keys, which come as one array a column."""
    names = ", ".join(f'"{name}"' for name, _ in keys)
    arrays = ", ".join(f"${n}::{kind}[]" for n, (_, kind) in enumerate(keys, start=1))
    return (
        f"SELECT t.* FROM unnest({arrays}) AS k ({names}) "  # noqa: S608  names of the catalogue
        f'JOIN "{table}" AS t USING ({names})'
    )
