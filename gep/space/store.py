"""Every query of units and their boundaries."""

from dataclasses import dataclass
from typing import Any

import asyncpg

from gep.days import beijing_day

# The version that holds on a day is the last one of those that have begun.
_BOUNDARIES = """
SELECT b.*, CASE WHEN $6 THEN g.geometry END AS geometry, length(g.geometry) AS bytes
FROM (SELECT DISTINCT ON (area) * FROM gep_boundary
      WHERE valid_from <= $1 AND area > $2 AND ($5::text IS NULL OR area = $5)
      ORDER BY area, version DESC) b
JOIN gep_geometry g USING (geometry_hash)
WHERE ($3::text IS NULL OR b.parent = $3)
ORDER BY b.area LIMIT $4
"""
_VERSIONS = "SELECT * FROM gep_boundary WHERE area = $1 ORDER BY version DESC LIMIT $2"
_OUTLINES = "SELECT geometry_hash, geometry FROM gep_geometry WHERE geometry_hash = ANY($1)"
_ACCOUNTS = """
SELECT a.account, a.id, a.area, a.year, a.price_year, a.profile, a.published_in, d.document
FROM gep_counting n JOIN gep_account a USING (account)
JOIN gep_document d ON (d.account, d.plan) = (a.account, a.plan)
WHERE n.area = $1 ORDER BY a.year, a.price_year, a.profile LIMIT $2
"""
# Of an area at several prices the account at its own year's, else the one at the newest.
_COUNTING = """
SELECT DISTINCT ON (n.area) n.area, n.price_year, n.account, a.published_in, d.document
FROM gep_counting n JOIN gep_account a USING (account)
JOIN gep_document d ON (d.account, d.plan) = (a.account, a.plan)
WHERE n.year = $1 AND n.profile = $2 AND n.area = ANY($3)
  AND ($4::bigint IS NULL OR n.price_year = $4)
ORDER BY n.area, n.price_year = n.year DESC, n.price_year DESC
"""
_HASHES = "SELECT DISTINCT area, geometry_hash FROM gep_boundary WHERE area = ANY($1)"
# Of a year at several prices the account at the prices asked for, else at its own, the newest.
_YEARS = """
SELECT DISTINCT ON (n.year) n.year, n.account, d.document
FROM gep_counting n JOIN gep_account a USING (account)
JOIN gep_document d ON (d.account, d.plan) = (a.account, a.plan)
WHERE n.area = $1 AND n.profile = $2 AND n.year BETWEEN $3 AND $4
ORDER BY n.year, n.price_year = $5 DESC, n.price_year = n.year DESC, n.price_year DESC
"""
VERSIONS_MAX = 100
ACCOUNTS_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundaryFilter:
    """Which boundaries are asked for: of a day, under a parent ("" for none), or of one area."""

    day: int
    parent: str | None = None
    area: str | None = None
    with_geometry: bool = True


class UnitStore:
    """Reads of one venue on one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def boundaries(
        self, wanted: BoundaryFilter, *, after: str = "", limit: int
    ) -> list[dict[str, Any]]:
        """Return the boundaries that hold on a day, by area."""
        rows = await self._connection.fetch(
            _BOUNDARIES,
            wanted.day,
            after,
            wanted.parent,
            limit,
            wanted.area,
            wanted.with_geometry,
        )
        return [dict(row) for row in rows]

    async def today(self) -> int:
        """Return the ordinal of the venue's own day, in Beijing: that of its newest entry."""
        at = await self._connection.fetchval("SELECT at FROM venue LIMIT 1")
        return beijing_day(at)

    async def versions(self, area: str) -> list[dict[str, Any]]:
        """Return the versions of a unit's boundary, the newest first."""
        rows = await self._connection.fetch(_VERSIONS, area, VERSIONS_MAX)
        return [dict(row) for row in rows]

    async def outlines(self, hashes: list[str]) -> dict[str, str]:
        """Return geometries by their hash."""
        rows = await self._connection.fetch(_OUTLINES, hashes)
        return {row["geometry_hash"]: row["geometry"] for row in rows}

    async def accounts(self, area: str) -> list[dict[str, Any]]:
        """Return the accounts of an area that count, with their documents."""
        rows = await self._connection.fetch(_ACCOUNTS, area, ACCOUNTS_MAX)
        return [dict(row) for row in rows]

    async def counting(
        self, areas: list[str], *, year: int, profile: str, price_year: int | None
    ) -> dict[str, dict[str, Any]]:
        """Return the account of a year that counts in each of some areas, by area."""
        rows = await self._connection.fetch(_COUNTING, year, profile, areas, price_year)
        return {row["area"]: dict(row) for row in rows}

    async def years(
        self, area: str, *, profile: str, years: tuple[int, int], price_year: int
    ) -> list[str]:
        """Return the documents of an area's accounts that count, one a year, by year."""
        rows = await self._connection.fetch(_YEARS, area, profile, *years, price_year)
        return [row["document"] for row in rows]

    async def hashes(self, areas: list[str]) -> dict[str, set[str]]:
        """Return the hashes of every boundary that some areas have had, by area."""
        found: dict[str, set[str]] = {}
        for row in await self._connection.fetch(_HASHES, areas):
            found.setdefault(row["area"], set()).add(row["geometry_hash"])
        return found
