"""Which entries of a copy the drills tamper with, by name."""

from collections.abc import Mapping
from dataclasses import dataclass

import asyncpg

from gateway.drills.definition import NothingToTamper

_PERSONAL = (
    'SELECT "index" FROM entry_personal ORDER BY "index" '
    "OFFSET (SELECT count(*) / 2 FROM entry_personal) LIMIT 1"
)
# The newest that was applied: little comes after it, so that nothing later depends on it by chance.
_CASH_IN = (
    "SELECT entry FROM movement WHERE cause = 'cash_in' "
    'AND EXISTS (SELECT 1 FROM entry WHERE entry."index" = movement.entry '
    'AND position(\'"kind":"cash_in"\'::bytea in postings) > 0) '
    "ORDER BY entry DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Targets:
    """Entry numbers by name.

    ``middle`` was published long ago, ``personal`` has a personal part, ``cash_in`` is a payment,
    ``last`` is the newest that an outsider holds a checkpoint over and ``before_last`` the one
    before, ``head`` the newest committed, which is not published yet, ``next`` the number after it.
    """

    entries: Mapping[str, int | None]

    def __getitem__(self, name: str) -> int:
        """Return an entry's number.

        Raises:
            NothingToTamper: the venue has no such entry.
        """
        found = self.entries[name]
        if found is None:
            raise NothingToTamper(f"the log has no entry of the kind {name}")
        return found

    def fill(self, sql: str) -> str:
        """Return SQL with the numbers in the place of ``{names}``."""
        for name in self.entries:
            if f"{{{name}}}" in sql:
                sql = sql.replace(f"{{{name}}}", str(self[name]))
        return sql


async def choose(connection: asyncpg.Connection, *, copied: int, published: int) -> Targets:
    """Choose from a copy of ``copied`` entries, ``published`` of which the kept checkpoint has."""
    head = int(await connection.fetchval("SELECT head FROM writer"))
    return Targets(
        {
            "middle": copied // 2,
            "personal": await connection.fetchval(_PERSONAL),
            "cash_in": await connection.fetchval(_CASH_IN),
            "before_last": published - 2,
            "last": published - 1,
            "head": head,
            "next": head + 1,
        }
    )
