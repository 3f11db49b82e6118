"""Every query of the reconciliation: terms, files, tasks, and our side of a cash statement."""

from collections.abc import Iterator
from typing import Any

import asyncpg
import msgspec

from kernel.canonical import parse_utc
from ledger.reconciliation.books import Booking, Carried
from ledger.reconciliation.day import day_of
from ledger.reconciliation.state import CLOSED, Terms, read_side, terms_of
from ledger.roles import CASH_IN_TRANSIT

ROWS_MAX = 1_000
ROWS_PER_FETCH = 5_000
BOOKINGS_MAX = 500_000
CARRIED_MAX = 50_000

_BOOKINGS = """
SELECT m.entry, m.number, m.account, m.instrument, m.quantity, e.postings FROM (
    SELECT entry, number, target AS account, instrument, quantity FROM movement
      WHERE source = $4 AND cause = 'cash_in' AND entry > $1 AND entry <= $2
    UNION ALL
    SELECT entry, number, source, instrument, -quantity FROM movement
      WHERE target = $4 AND cause = 'cash_out' AND entry > $1 AND entry <= $2
) AS m JOIN entry e ON e."index" = m.entry ORDER BY m.entry, m.number LIMIT $3
"""
_CARRIED = """
SELECT t.*, r.as_of FROM reconciliation_task t JOIN reconciliation r ON r.id = t.reconciliation
WHERE t.counterparty = $1 AND t.file_kind = $2 AND (t.state <> 'closed' OR t.day >= $3)
ORDER BY t.id LIMIT $4
"""
_TASKS = """
SELECT * FROM reconciliation_task
WHERE id > $1 AND ($2::text IS NULL OR counterparty = $2) AND ($3::text IS NULL OR state = $3)
  AND ($4::boolean IS NULL OR (overdue AND state <> 'closed') = $4)
  AND ($5::text IS NULL OR file_kind = $5) AND ($6::text IS NULL OR assignee = $6)
ORDER BY id LIMIT $7
"""
_FILES = """
SELECT * FROM reconciliation
WHERE id < $1 AND ($2::text IS NULL OR counterparty = $2) AND ($3::text IS NULL OR file_kind = $3)
  AND ($4::bigint IS NULL OR day = $4)
ORDER BY id DESC LIMIT $5
"""


class BooksTooLarge(Exception):
    """Our side of a comparison is larger than its bound."""


class _Command(msgspec.Struct, frozen=True):
    kind: str
    reference: str = ""
    proposal: str = ""
    commands: list["_Command"] = []


class _Stamped(msgspec.Struct, frozen=True):
    at: str


class _Body(msgspec.Struct, frozen=True):
    actor: str
    at: str
    command: _Command


class ReconciliationStore:
    """Reads of one venue on one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def terms(self, *, counterparty: str, file_kind: str) -> Terms | None:
        """Return what is agreed with a counterparty about one kind of file."""
        row = await self._connection.fetchrow(
            "SELECT * FROM reconciliation_terms WHERE counterparty = $1 AND file_kind = $2",
            counterparty,
            file_kind,
        )
        return None if row is None else terms_of(dict(row))

    async def all_terms(
        self, *, counterparty: str | None, after: tuple[str, str] = ("", ""), limit: int = ROWS_MAX
    ) -> list[Terms]:
        """Return the terms with a counterparty, or with all, by counterparty and kind."""
        rows = await self._connection.fetch(
            "SELECT * FROM reconciliation_terms WHERE ($1::text IS NULL OR counterparty = $1) "
            "AND (counterparty, file_kind) > ($2, $3) ORDER BY counterparty, file_kind LIMIT $4",
            counterparty,
            *after,
            limit,
        )
        return [terms_of(dict(row)) for row in rows]

    async def file_of_day(
        self, *, counterparty: str, file_kind: str, day: int
    ) -> dict[str, Any] | None:
        """Return the file that stands for a day."""
        row = await self._connection.fetchrow(
            "SELECT * FROM reconciliation WHERE counterparty = $1 AND file_kind = $2 "
            "AND day = $3 AND superseded_by IS NULL LIMIT 1",
            counterparty,
            file_kind,
            day,
        )
        return None if row is None else dict(row)

    async def file(self, number: int) -> dict[str, Any] | None:
        """Return one recorded file."""
        row = await self._connection.fetchrow("SELECT * FROM reconciliation WHERE id = $1", number)
        return None if row is None else dict(row)

    async def file_of_entry(self, entry: int) -> dict[str, Any] | None:
        """Return the file that an entry recorded."""
        row = await self._connection.fetchrow(
            "SELECT * FROM reconciliation WHERE entry = $1 LIMIT 1", entry
        )
        return None if row is None else dict(row)

    async def files(
        self,
        *,
        counterparty: str | None,
        file_kind: str | None = None,
        day: int | None = None,
        before: int,
        limit: int = ROWS_MAX,
    ) -> list[dict[str, Any]]:
        """Return recorded files, the newest first."""
        rows = await self._connection.fetch(_FILES, before, counterparty, file_kind, day, limit)
        return [dict(row) for row in rows]

    async def counts(self, number: int) -> dict[str, int]:
        """Return how many tasks a file opened, showed again and resolved."""
        rows = await self._connection.fetch(
            "SELECT event, count(*) AS tasks FROM reconciliation_event "
            "WHERE reconciliation = $1 GROUP BY event LIMIT 10",
            number,
        )
        return {row["event"]: row["tasks"] for row in rows}

    async def found(
        self, number: int, *, after: int = -1, limit: int = ROWS_MAX
    ) -> list[dict[str, Any]]:
        """Return what a file showed of each task, in the order of the file."""
        rows = await self._connection.fetch(
            "SELECT * FROM reconciliation_event WHERE reconciliation = $1 AND number > $2 "
            "ORDER BY number LIMIT $3",
            number,
            after,
            limit,
        )
        return [dict(row) for row in rows]

    async def task(self, number: int) -> dict[str, Any] | None:
        """Return one task."""
        row = await self._connection.fetchrow(
            "SELECT * FROM reconciliation_task WHERE id = $1", number
        )
        return None if row is None else dict(row)

    async def tasks(
        self,
        *,
        counterparty: str | None,
        state: str | None = None,
        overdue: bool | None = None,
        file_kind: str | None = None,
        assignee: str | None = None,
        after: int = 0,
        limit: int = ROWS_MAX,
    ) -> list[dict[str, Any]]:
        """Return tasks by number."""
        rows = await self._connection.fetch(
            _TASKS, after, counterparty, state, overdue, file_kind, assignee, limit
        )
        return [dict(row) for row in rows]

    async def history(self, task: int, *, limit: int = ROWS_MAX) -> list[dict[str, Any]]:
        """Return what happened to a task, the newest ``limit`` events, oldest first."""
        rows = await self._connection.fetch(
            "SELECT e.*, n.header, n.postings FROM reconciliation_event e "
            "LEFT JOIN entry n ON n.\"index\" = e.entry AND e.event IN ('answered', 'reopened') "
            "WHERE e.task = $1 ORDER BY e.entry DESC, e.number DESC LIMIT $2",
            task,
            limit,
        )
        return [dict(row) for row in reversed(rows)]

    async def entry_before(self, instant: int, *, head: int) -> int:
        """Return the last entry that was stamped before an instant, -1 for none.

        Stamps never fall, so it is found by halving.
        """
        low, high = -1, head
        while low < high:
            middle = (low + high + 1) // 2
            if await self.stamp(middle) < instant:
                low = middle
            else:
                high = middle - 1
        return low

    async def stamp(self, entry: int) -> int:
        """Return an entry's stamp."""
        postings = await self._connection.fetchval(
            'SELECT postings FROM entry WHERE "index" = $1', entry
        )
        return parse_utc(msgspec.json.decode(postings, type=_Stamped).at)

    async def bookings(self, terms: Terms, *, entry_from: int, entry_to: int) -> list[Booking]:
        """Return the cash that a settlement bank booked after one entry up to another.

        Raises:
            BooksTooLarge: there are more than ``BOOKINGS_MAX``.
        """
        bank = await self._actors(terms.counterparty)
        found: list[Booking] = []
        at_entry = -1
        references: Iterator[str] = iter(())
        body: _Body | None = None
        rows = self._connection.cursor(
            _BOOKINGS,
            entry_from,
            entry_to,
            BOOKINGS_MAX + 1,
            CASH_IN_TRANSIT,
            prefetch=ROWS_PER_FETCH,
        )
        count = 0
        async for row in rows:
            count += 1
            if row["entry"] != at_entry or body is None:
                at_entry = row["entry"]
                body = msgspec.json.decode(row["postings"], type=_Body)
                references = iter(await self._references(body.command))
            reference = next(references, "")
            if body.actor in bank:
                found.append(_booking(terms, row, body, reference=reference))
        if count > BOOKINGS_MAX:
            raise BooksTooLarge(f"more than {BOOKINGS_MAX} movements of cash")
        return found

    async def _actors(self, party: str) -> frozenset[str]:
        rows = await self._connection.fetch(
            "SELECT id FROM actor WHERE party = $1 ORDER BY id LIMIT 100000", party
        )
        return frozenset(row["id"] for row in rows)

    async def _references(self, command: _Command) -> list[str]:
        """Return the bank's references of an entry's cash movements, in their order."""
        if command.kind == "approve":
            text = await self._connection.fetchval(
                "SELECT command FROM proposal WHERE id = $1", int(command.proposal)
            )
            command = msgspec.json.decode(text, type=_Command)
        return [each.reference for each in _cash(command)]

    async def carried(self, terms: Terms, *, day: int, superseded: int | None) -> list[Carried]:
        """Return the tasks of earlier files that a file of a day may settle.

        What the file that is superseded has resolved is there too: the new one decides it again.

        Raises:
            BooksTooLarge: there are more than ``CARRIED_MAX``.
        """
        rows = await self._connection.fetch(
            _CARRIED,
            terms.counterparty,
            terms.file_kind,
            day - terms.window_days,
            CARRIED_MAX + 1,
        )
        if len(rows) > CARRIED_MAX:
            raise BooksTooLarge(f"more than {CARRIED_MAX} tasks of the last days")
        if superseded is not None:
            rows += await self._connection.fetch(
                "SELECT t.*, r.as_of FROM reconciliation_task t "
                "JOIN reconciliation r ON r.id = t.reconciliation "
                "WHERE t.seen = $1 AND t.state = 'closed' AND t.day < $2 ORDER BY t.id LIMIT $3",
                superseded,
                day - terms.window_days,
                CARRIED_MAX,
            )
        return [_carried(row) for row in rows]


def _cash(command: _Command) -> Iterator[_Command]:
    legs = command.commands if command.kind == "linked" else [command]
    return (each for each in legs if each.kind in {"cash_in", "cash_out"})


def _booking(terms: Terms, row: asyncpg.Record, body: _Body, *, reference: str) -> Booking:
    return Booking(
        entry=row["entry"],
        number=row["number"],
        account=row["account"],
        currency=row["instrument"],
        quantity=row["quantity"],
        reference=reference,
        day=day_of(
            parse_utc(body.at),
            utc_offset_minutes=terms.utc_offset_minutes,
            cut_off_minutes=terms.cut_off_minutes,
        ),
    )


def _carried(row: asyncpg.Record) -> Carried:
    return Carried(
        task=row["id"],
        is_open=row["state"] != CLOSED,
        kind=row["kind"],
        subject=row["subject"],
        instrument=row["instrument"],
        day=row["day"],
        seen_day=row["seen_day"],
        as_of=row["as_of"],
        there=read_side(row["there"]),
        here=read_side(row["here"]),
    )
