"""Every query of warnings and thresholds."""

from dataclasses import dataclass
from typing import Any

import asyncpg

EVENTS_MAX = 1_000
# With the point of the boundary that holds on a day, and the accounts that count in the places of
# the warning's own.
_WARNINGS = """
SELECT w.*, p.longitude, p.latitude, p.name, n.account AS counting, m.account AS counting_base
FROM gep_warning w JOIN gep_account a USING (account)
JOIN gep_counting n ON (n.area, n.year, n.price_year, n.profile)
                     = (a.area, a.year, a.price_year, a.profile)
LEFT JOIN gep_account b ON b.account = w.base
LEFT JOIN gep_counting m ON (m.area, m.year, m.price_year, m.profile)
                          = (b.area, b.year, b.price_year, b.profile)
LEFT JOIN LATERAL (
  SELECT * FROM gep_boundary g WHERE g.area = w.area AND g.valid_from <= $1
  ORDER BY g.version DESC LIMIT 1) p ON true
WHERE w.warning > $2 AND ($4::text IS NULL OR w.warning = $4)
  AND ($5::text IS NULL OR w.state = $5) AND ($6::text IS NULL OR w.area = $6)
  AND ($7::bigint IS NULL OR w.year = $7) AND ($8::text IS NULL OR w.party = $8)
  AND ($9::text IS NULL OR w.party = $9 OR w.owner = $9)
  AND ($10::bigint IS NULL OR (w.deadline < $10 AND w.state = 'assigned'))
  AND (NOT $11 OR w.state <> 'closed')
ORDER BY w.warning LIMIT $3
"""
_EVENTS = "SELECT * FROM gep_warning_event WHERE warning = $1 ORDER BY number LIMIT $2"
_THRESHOLDS = "SELECT * FROM gep_threshold ORDER BY rule LIMIT 100"
_RAISED = "SELECT warning, state FROM gep_warning WHERE warning = ANY($1)"
_DOCUMENTS = """
SELECT a.account, d.document FROM gep_account a
JOIN gep_document d ON (d.account, d.plan) = (a.account, a.plan) WHERE a.account = ANY($1)
"""
# Each account that counts of a year, and the one of the nearest earlier year that counts; of one
# at several prices the one at the same prices, else the one at the newest.
_PAIRS = """
SELECT n.account, n.area, n.year, n.price_year, n.profile, b.account AS base
FROM gep_counting n
LEFT JOIN LATERAL (
  SELECT * FROM gep_counting e WHERE e.area = n.area AND e.profile = n.profile
    AND e.year < n.year AND e.year >= n.year - $6::bigint
  ORDER BY e.year DESC, e.price_year = n.price_year DESC, e.price_year DESC LIMIT 1) b ON true
WHERE n.year = $1 AND (n.area, n.price_year, n.profile) > ($2, $3, $4)
  AND ($7::text IS NULL OR n.area = $7)
ORDER BY n.area, n.price_year, n.profile LIMIT $5
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningFilter:
    """Which warnings are asked for, ``None`` for any; places are of the boundaries of ``day``.

    ``party`` is the owners', ``owner`` a party or a person's key of it. ``overdue_on`` is the
    ordinal of a day: those assigned until an earlier one.
    """

    day: int
    warning: str | None = None
    state: str | None = None
    area: str | None = None
    year: int | None = None
    party: str | None = None
    owner: str | None = None
    overdue_on: int | None = None
    only_open: bool = False


class WatchStore:
    """Reads of one venue on one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def warnings(
        self, wanted: WarningFilter, *, after: str = "", limit: int
    ) -> list[dict[str, Any]]:
        """Return warnings by name, with their places and the accounts that count now."""
        rows = await self._connection.fetch(
            _WARNINGS,
            wanted.day,
            after,
            limit,
            wanted.warning,
            wanted.state,
            wanted.area,
            wanted.year,
            wanted.party,
            wanted.owner,
            wanted.overdue_on,
            wanted.only_open,
        )
        return [dict(row) for row in rows]

    async def events(self, warning: str) -> list[dict[str, Any]]:
        """Return what happened to a warning, the oldest first."""
        rows = await self._connection.fetch(_EVENTS, warning, EVENTS_MAX)
        return [dict(row) for row in rows]

    async def thresholds(self) -> dict[str, dict[str, Any]]:
        """Return the venue's own limits by rule."""
        rows = await self._connection.fetch(_THRESHOLDS)
        return {row["rule"]: dict(row) for row in rows}

    async def states(self, warnings: list[str]) -> dict[str, str]:
        """Return the states of those of the named warnings that were raised."""
        rows = await self._connection.fetch(_RAISED, warnings)
        return {row["warning"]: row["state"] for row in rows}

    async def pairs(
        self,
        year: int,
        *,
        years_max: int,
        area: str | None = None,
        after: tuple[str, int, str] = ("", 0, ""),
        limit: int,
    ) -> list[dict[str, Any]]:
        """Return a year's accounts that count, each with the earlier one that it is beside."""
        rows = await self._connection.fetch(_PAIRS, year, *after, limit, years_max, area)
        return [dict(row) for row in rows]

    async def documents(self, accounts: list[str]) -> dict[str, str]:
        """Return accounts' documents."""
        rows = await self._connection.fetch(_DOCUMENTS, accounts)
        return {row["account"]: row["document"] for row in rows}
