"""Every projection row against what the entries determine, column by column.

What is settled is compared page by page as the walk goes on, so that memory is bounded by the
resident state; the rest at the end, in one snapshot, with the resident objects of the fold.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

import asyncpg

from kernel.db.base import metadata
from ledger.journal import Journal
from ledger.machine import Machine
from ledger.sequencer.statements import statement_of
from ledger.state import Row
from ledger.tables import OPERATIONAL
from ledger.verification.findings import Check, Finding, Key, Report, shown
from ledger.verification.settled import Numbers, departed_of, facts_of
from ledger.verification.walk import BEFORE_ALL

ROWS_PER_FETCH = 5_000
# What is not a projection of state: the log itself, its tiles, checkpoints and anchors, its keys,
# the lease, and the work of the writer.
NOT_PROJECTED = frozenset(
    {
        "entry",
        "entry_personal",
        "idempotency",
        "writer",
        "attempt",
        "quarantine",
        "tile",
        "checkpoint",
        "anchor",
    }
)


def projected() -> list[str]:
    """Return the names of all tables whose rows entries determine."""
    tables = metadata.tables.items()
    operational = {name for name, table in tables if OPERATIONAL.items() <= table.info.items()}
    return sorted(set(metadata.tables) - NOT_PROJECTED - operational)


class RowAudit:
    """One comparison of one venue's projection tables."""

    def __init__(self, connection: asyncpg.Connection, report: Report) -> None:
        self._connection = connection
        self._report = report
        self._facts_up_to: dict[str, int] = {}
        self._closed: dict[str, Numbers] = {}
        self._departed: dict[str, dict[Key, Row]] = {}

    async def settle(self, journal: Journal) -> None:
        """Compare what the journal's entries settled; the caller then forgets the journal."""
        for table, rows in facts_of(journal).items():
            if _is_numbered(table):
                await self._compare_facts(table, rows)
        for table, rows in departed_of(journal).items():
            if _is_numbered(table):
                await self._compare_closed(table, rows)
            else:
                kept = self._departed.setdefault(table, {})
                kept.update((_key(table, row), row) for row in rows)

    async def finish(self, machine: Machine) -> None:
        """Compare what is resident, and look for rows that nothing determines."""
        resident: dict[str, dict[Key, Any]] = {}
        for thing in chain(machine.rows(), machine.shelved()):
            row = thing.row()
            resident.setdefault(thing.TABLE, {})[_key(thing.TABLE, row)] = thing
        for table in projected():
            objects = resident.get(table, {})
            if table in self._facts_up_to:
                await self._compare_facts(table, [], rest=True)
            elif table in self._closed:
                await self._compare_open(table, objects)
            else:
                await self._compare_whole(table, objects)
        await self._prove_conservation()

    async def _compare_facts(self, table: str, rows: list[Row], *, rest: bool = False) -> None:
        """Compare the facts of a run of numbers, which no other row may lie between."""
        first = metadata.tables[table].primary_key.columns[0].name
        low = self._facts_up_to.get(table, BEFORE_ALL)
        expected = {_key(table, row): row for row in rows}
        high = -BEFORE_ALL - 1
        if not rest:
            high = max(int(str(key[0])) for key in expected)
            self._facts_up_to[table] = max(low, high)
        query = f'SELECT * FROM "{table}" WHERE "{first}" > $1 AND "{first}" <= $2'  # noqa: S608
        for found in await self._connection.fetch(query, low, high):
            self._compare(table, expected, tuple(found))
        self._missing(table, expected)

    async def _compare_closed(self, table: str, rows: list[Row]) -> None:
        closed = self._closed.setdefault(table, Numbers())
        expected = {_key(table, row): row for row in rows}
        for key in expected:
            closed.add(int(str(key[0])))
        await self._compare_chosen(table, expected)

    async def _compare_chosen(self, table: str, expected: dict[Key, Row]) -> None:
        """Compare the rows of these keys and say which are missing."""
        column = metadata.tables[table].primary_key.columns[0].name
        query = f'SELECT * FROM "{table}" WHERE "{column}" = ANY($1::bigint[])'  # noqa: S608
        for keys in _chunks(list(expected)):
            numbers = [key[0] for key in keys]
            for found in await self._connection.fetch(query, numbers):
                self._compare(table, expected, tuple(found))
        self._missing(table, expected)

    async def _compare_open(self, table: str, objects: Mapping[Key, Any]) -> None:
        """Compare what is open, and count: more rows than open and closed are rows of nothing."""
        closed = self._closed[table]
        before = len(self._report.findings)
        for keys in _chunks(objects):
            await self._compare_chosen(table, {key: objects[key].row() for key in keys})
        query = f'SELECT count(*) FROM "{table}"'  # noqa: S608  a table of the catalogue
        count = await self._connection.fetchval(query)
        if count == closed.count + len(objects) and len(self._report.findings) == before:
            return
        column = metadata.tables[table].primary_key.columns[0].name
        query = f'SELECT "{column}" FROM "{table}" ORDER BY 1'  # noqa: S608
        async for row in self._connection.cursor(query, prefetch=ROWS_PER_FETCH):
            if row[0] not in closed and (row[0],) not in objects:
                self._extra(table, (row[0],))

    async def _compare_whole(self, table: str, objects: Mapping[Key, Any]) -> None:
        departed = self._departed.get(table, {})
        expected = {key: row for key, row in departed.items() if key not in objects}
        unseen = set(objects)
        query = f'SELECT * FROM "{table}"'  # noqa: S608  a table of the catalogue
        async for record in self._connection.cursor(query, prefetch=ROWS_PER_FETCH):
            found = tuple(record)
            key = _key(table, found)
            if key in unseen:
                unseen.remove(key)
                self._compare_columns(table, key, expected=objects[key].row(), found=found)
            else:
                self._compare(table, expected, found)
        self._missing(table, [*expected, *sorted(unseen, key=str)])

    def _compare(self, table: str, expected: dict[Key, Row], found: Row) -> None:
        """Compare one row that was found, and take it from those that are expected."""
        key = _key(table, found)
        row = expected.pop(key, None)
        if row is None:
            self._extra(table, key)
        else:
            self._compare_columns(table, key, expected=row, found=found)

    def _compare_columns(self, table: str, key: Key, *, expected: Row, found: Row) -> None:
        if expected == found:
            return
        for column, want, have in zip(statement_of(table).columns, expected, found, strict=True):
            if want != have:
                self._find(table, key, column, expected=shown(want), found=shown(have))

    def _missing(self, table: str, keys: Iterable[Key]) -> None:
        for key in keys:
            self._find(table, key, "", expected="a row", found="no such row")

    def _extra(self, table: str, key: Key) -> None:
        self._find(table, key, "", expected="no such row", found="a row")

    def _find(self, table: str, key: Key, column: str, *, expected: str, found: str) -> None:
        self._report.add(
            Finding(
                check=Check.ROW,
                table=table,
                key=key,
                column=column,
                expected=expected,
                found=found,
            )
        )

    async def _prove_conservation(self) -> None:
        """Prove from the rows alone that the balances of every instrument sum to zero."""
        rows = await self._connection.fetch(
            "SELECT instrument, sum(available + held)::text AS total FROM holding "
            "GROUP BY instrument HAVING sum(available + held) <> 0 ORDER BY instrument"
        )
        for row in rows:
            self._report.add(
                Finding(
                    check=Check.STATE,
                    table="holding",
                    column=f"sum over {row['instrument']}",
                    expected="0",
                    found=row["total"],
                )
            )


def compare_states(report: Report, *, expected: Machine, found: Machine) -> None:
    """Name what differs between the resident objects of two machines."""
    theirs = {(each.TABLE, _key(each.TABLE, each.row())): each.row() for each in found.rows()}
    for each in expected.rows():
        table, row = each.TABLE, each.row()
        key = _key(table, row)
        other = theirs.pop((table, key), None)
        if other == row:
            continue
        for column, want, have in _differences(table, expected=row, found=other):
            report.add(_state(table, key, column, expected=want, found=have))
    for table, key in theirs:
        report.add(_state(table, key, "", expected="not resident", found="resident"))


def _differences(table: str, *, expected: Row, found: Row | None) -> Iterator[tuple[str, str, str]]:
    if found is None:
        yield "", "resident", "not resident"
        return
    for column, want, have in zip(statement_of(table).columns, expected, found, strict=True):
        if want != have:
            yield column, shown(want), shown(have)


def _state(table: str, key: Key, column: str, *, expected: str, found: str) -> Finding:
    return Finding(
        check=Check.STATE, table=table, key=key, column=column, expected=expected, found=found
    )


def _key(table: str, row: Row) -> Key:
    return tuple(row[place] for place in statement_of(table).keys)


def _is_numbered(table: str) -> bool:
    """Tell whether all of a table's key is numbers, which are never used twice."""
    return all(c.type.python_type is int for c in metadata.tables[table].primary_key.columns)


def _chunks(keys: Iterable[Key]) -> Iterator[list[Key]]:
    chunk: list[Key] = []
    for key in keys:
        chunk.append(key)
        if len(chunk) == ROWS_PER_FETCH:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
