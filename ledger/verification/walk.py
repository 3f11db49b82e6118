"""Walks a log from its first entry to its head while its writer goes on.

Pages are read in short queries of their own. Only when the walk has caught up does it open one
snapshot, reads what was committed meanwhile, and compares the rows with the entries in it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import asyncpg
import msgspec

from ledger.personal.parts import PersonalRow
from ledger.sequencer.submission import StoredBody

ENTRIES_PER_PAGE = 500
BEFORE_ALL = -(1 << 63)

_PAGE = """
SELECT "index", header, postings, postings_key, empty_personal_key
FROM entry WHERE "index" > $1 ORDER BY "index" LIMIT $2
"""
_PARTS = """
SELECT "index", subject, key, body FROM entry_personal
WHERE "index" > $1 AND "index" <= $2 ORDER BY "index", subject LIMIT $3
"""
PARTS_PER_ENTRY_MAX = 50
_decode_body = msgspec.json.Decoder(StoredBody).decode


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One entry with every column that it has, in the order of the query, and its personal rows."""

    index: int
    header: bytes
    postings: bytes
    postings_key: bytes
    empty_personal_key: bytes | None
    parts: tuple[PersonalRow, ...] = ()

    def body(self) -> StoredBody:
        """Return the postings part, taken apart.

        Raises:
            msgspec.MsgspecError: it is no such object.
        """
        return _decode_body(self.postings)


VisitPage = Callable[[list[RawEntry]], Awaitable[None]]


class Walk:
    """One walk over one log."""

    def __init__(self, connection: asyncpg.Connection, *, up_to: int | None = None) -> None:
        self._connection = connection
        self._up_to = up_to
        self._after = BEFORE_ALL

    async def run(self, visit: VisitPage, *, compare: Callable[[], Awaitable[None]]) -> None:
        """Visit every page in order, then compare in a snapshot at whose head the walk stands."""
        await self.catch_up(visit)
        async with self._connection.transaction(isolation="repeatable_read", readonly=True):
            await self.catch_up(visit)
            await compare()

    async def catch_up(self, visit: VisitPage) -> None:
        """Visit what is there and was not visited."""
        while True:
            rows = await self._connection.fetch(_PAGE, self._after, ENTRIES_PER_PAGE)
            page = await self._with_parts(rows)
            if self._up_to is not None:
                page = [entry for entry in page if entry.index <= self._up_to]
            if page:
                self._after = page[-1].index
                await visit(page)
            if len(page) < ENTRIES_PER_PAGE:
                return

    async def _with_parts(self, rows: list[asyncpg.Record]) -> list[RawEntry]:
        """Return the page with its personal rows, which most entries do not have."""
        found: dict[int, list[PersonalRow]] = {}
        if rows:
            limit = PARTS_PER_ENTRY_MAX * ENTRIES_PER_PAGE
            parts = await self._connection.fetch(
                _PARTS, rows[0]["index"] - 1, rows[-1]["index"], limit
            )
            for part in parts:
                found.setdefault(part["index"], []).append(PersonalRow(*part))
        return [
            RawEntry(
                row["index"],
                row["header"],
                row["postings"],
                row["postings_key"],
                row["empty_personal_key"],
                tuple(found.get(row["index"], ())),
            )
            for row in rows
        ]
