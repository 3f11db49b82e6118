"""Every query of accounts and citations."""

from dataclasses import dataclass
from typing import Any

import asyncpg

ROWS_MAX = 1_000
_ACCOUNTS = """
SELECT * FROM gep_account
WHERE (area, year, account) > ($1, $2, $3) AND ($4::text IS NULL OR area = $4)
  AND ($5::bigint IS NULL OR year = $5) AND ($6::text IS NULL OR status = $6)
  AND ($7 OR status = 'published')
ORDER BY area, year, account LIMIT $8
"""
_ACCOUNT = """
SELECT a.*, d.document, d.plan_document FROM gep_account a JOIN gep_document d USING (account, plan)
WHERE a.account = $1 AND ($2 OR a.status = 'published')
"""
_CITATIONS = """
SELECT c.*, n.cites, n.id, n.area, n.year, n.counting, n.accounts_superseded,
       c.ended_in IS NULL AND n.counting <> c.seen AS due,
       CASE WHEN c.ended_in IS NULL AND n.counting <> c.seen THEN n.entry END AS due_since
FROM gep_citation c JOIN (
    SELECT a.account, 'account' AS cites, a.id, a.area, a.year, n.account AS counting, n.entry,
           false AS accounts_superseded
    FROM gep_account a JOIN gep_counting n USING (area, year, price_year, profile)
    UNION ALL
    SELECT v.valuation, 'valuation', v.id, v.area, left(v.valued_on, 4)::bigint, n.valuation,
           n.entry, EXISTS (
               SELECT FROM gep_account u
               WHERE u.account IN (v.account_with, v.account_without) AND u.superseded_by <> ''
           )
    FROM gep_valuation v JOIN gep_valuation_counting n USING (id)
) n USING (account)
WHERE (c.account, c.party, c.reference) > ($1, $2, $3) AND ($4::text IS NULL OR c.account = $4)
  AND ($5::text IS NULL OR c.party = $5)
  AND (NOT $6 OR (c.ended_in IS NULL AND n.counting <> c.seen))
ORDER BY c.account, c.party, c.reference LIMIT $7
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFilter:
    """Which accounts are asked for; ``None`` for any. Drafts only where ``with_drafts``."""

    area: str | None = None
    year: int | None = None
    status: str | None = None
    with_drafts: bool = False


class AccountStore:
    """Reads of one venue on one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def accounts(
        self,
        wanted: AccountFilter,
        *,
        after: tuple[str, int, str] = ("", 0, ""),
        limit: int = ROWS_MAX,
    ) -> list[dict[str, Any]]:
        """Return accounts by area, year and hash."""
        rows = await self._connection.fetch(
            _ACCOUNTS,
            *after,
            wanted.area,
            wanted.year,
            wanted.status,
            wanted.with_drafts,
            limit,
        )
        return [dict(row) for row in rows]

    async def account(self, account: str, *, with_drafts: bool) -> dict[str, Any] | None:
        """Return one account with its documents."""
        row = await self._connection.fetchrow(_ACCOUNT, account, with_drafts)
        return None if row is None else dict(row)

    async def citations(
        self,
        *,
        account: str | None = None,
        party: str | None = None,
        only_due: bool = False,
        after: tuple[str, str, str] = ("", "", ""),
        limit: int = ROWS_MAX,
    ) -> list[dict[str, Any]]:
        """Return citations by account, party and reference, and which wait for a review."""
        rows = await self._connection.fetch(_CITATIONS, *after, account, party, only_due, limit)
        return [dict(row) for row in rows]
