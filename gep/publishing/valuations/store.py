"""Every query of valuations."""

from dataclasses import dataclass
from typing import Any

import asyncpg

ROWS_MAX = 1_000
_COLUMNS = """
SELECT v.*, o.superseded_by AS newer_with, w.superseded_by AS newer_without
FROM gep_valuation v
LEFT JOIN gep_account o ON o.account = v.account_with AND v.account_with <> ''
LEFT JOIN gep_account w ON w.account = v.account_without AND v.account_without <> ''
"""
_VALUATIONS = f"""
{_COLUMNS}
WHERE (v.id, v.valued_on, v.valuation) > ($1, $2, $3) AND ($4::text IS NULL OR v.id = $4)
  AND ($5::text IS NULL OR v.area = $5) AND ($6::text IS NULL OR v.status = $6)
  AND ($7 OR v.status = 'published')
ORDER BY v.id, v.valued_on, v.valuation LIMIT $8
"""
_VALUATION = f"""
SELECT s.*, d.document, d.project_document
FROM ({_COLUMNS} WHERE v.valuation = $1 AND ($2 OR v.status = 'published')) s
JOIN gep_valuation_document d USING (valuation, project)
"""  # noqa: S608 - put together from constants


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuationFilter:
    """Which valuations are asked for; ``None`` for any. Drafts only where ``with_drafts``."""

    project: str | None = None
    area: str | None = None
    status: str | None = None
    with_drafts: bool = False


class ValuationStore:
    """Reads of one venue on one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def valuations(
        self,
        wanted: ValuationFilter,
        *,
        after: tuple[str, str, str] = ("", "", ""),
        limit: int = ROWS_MAX,
    ) -> list[dict[str, Any]]:
        """Return valuations by project, day and hash.

        ``newer_...`` name accounts that took the place of those they rest on.
        """
        rows = await self._connection.fetch(
            _VALUATIONS,
            *after,
            wanted.project,
            wanted.area,
            wanted.status,
            wanted.with_drafts,
            limit,
        )
        return [dict(row) for row in rows]

    async def valuation(self, valuation: str, *, with_drafts: bool) -> dict[str, Any] | None:
        """Return one valuation with its documents."""
        row = await self._connection.fetchrow(_VALUATION, valuation, with_drafts)
        return None if row is None else dict(row)
