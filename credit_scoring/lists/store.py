"""Every query of lists: which there are, who is on one on a day, where a subject stands."""

from typing import Any

import asyncpg

# A stay holds on a day unless it was ended before it, or what happened to its fact since ended it.
_HOLDS = """
l.day_from <= $1 AND l.day_to >= $1 AND (l.left_on IS NULL OR l.left_on > $1)
AND (l.reference = '' OR (f.rule <> '' AND NOT coalesce(s.revoked, false)
     AND NOT coalesce(s.repaired_on, 0) BETWEEN 1 AND $1))
"""
_STAYS = f"""
SELECT l.*, {_HOLDS} AS holds, coalesce(s.revoked, false) AS fact_revoked,
       coalesce(s.repaired_on, 0) AS fact_repaired_on
FROM credit_listing l
LEFT JOIN credit_fact f ON f.source = l.source AND f.reference = l.reference
LEFT JOIN credit_standing s ON s.source = l.source AND s.reference = l.reference
"""  # noqa: S608  our own text
_MEMBERS = f"{_STAYS} WHERE l.list_name = $2 AND l.id > $3 AND {_HOLDS} ORDER BY l.id LIMIT $4"
_OF_SUBJECT = f"{_STAYS} WHERE l.subject = $2 AND l.id < $3 ORDER BY l.id DESC LIMIT $4"


class ListStore:
    """Reads of one venue on one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def lists(self, *, after: str, limit: int) -> list[dict[str, Any]]:
        """Return the lists by name."""
        query = "SELECT * FROM credit_list WHERE list_name > $1 ORDER BY list_name LIMIT $2"
        return [dict(row) for row in await self._connection.fetch(query, after, limit)]

    async def named(self, name: str) -> dict[str, Any] | None:
        """Return one list."""
        row = await self._connection.fetchrow(
            "SELECT * FROM credit_list WHERE list_name = $1", name
        )
        return None if row is None else dict(row)

    async def members(self, name: str, *, on: int, after: int, limit: int) -> list[dict[str, Any]]:
        """Return the stays on a list that hold on a day."""
        rows = await self._connection.fetch(_MEMBERS, on, name, after, limit)
        return [dict(row) for row in rows]

    async def of_subject(
        self, subject: str, *, on: int, before: int, limit: int
    ) -> list[dict[str, Any]]:
        """Return all stays of a subject, the newest first, each with whether it holds on a day."""
        rows = await self._connection.fetch(_OF_SUBJECT, on, subject, before, limit)
        return [dict(row) for row in rows]
