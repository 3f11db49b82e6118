"""Queries of the accounts that count: of an area over years, of areas in a year."""

from collections.abc import Sequence
from typing import Any

import asyncpg

_OF_AREA = """
SELECT a.*, d.document FROM gep_counting n
JOIN gep_account a USING (account) JOIN gep_document d USING (account, plan)
WHERE n.area = $1 AND n.year BETWEEN $2 AND $3 AND n.profile = $4
  AND ($5::bigint IS NULL OR n.price_year = $5)
ORDER BY n.year, n.price_year LIMIT $6
"""
_OF_YEAR = """
SELECT a.*, d.document FROM gep_counting n
JOIN gep_account a USING (account) JOIN gep_document d USING (account, plan)
WHERE n.area = ANY($1::text[]) AND n.year = $2 AND n.profile = $3
  AND ($4::bigint IS NULL OR n.price_year = $4)
ORDER BY n.area, n.price_year LIMIT $5
"""


class CountingStore:
    """Reads of what counts in one venue, on one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def of_area(
        self, area: str, years: range, *, profile: str, price_year: int | None, limit: int
    ) -> list[dict[str, Any]]:
        """Return the counting accounts of an area by year and price year, with documents."""
        rows = await self._connection.fetch(
            _OF_AREA, area, years.start, years.stop - 1, profile, price_year, limit
        )
        return [dict(row) for row in rows]

    async def of_year(
        self, areas: Sequence[str], year: int, *, profile: str, price_year: int | None, limit: int
    ) -> list[dict[str, Any]]:
        """Return the counting accounts of areas in a year, with documents."""
        rows = await self._connection.fetch(_OF_YEAR, list(areas), year, profile, price_year, limit)
        return [dict(row) for row in rows]
