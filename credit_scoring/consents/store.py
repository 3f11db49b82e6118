"""Every query of the consents: who may read, who has read, who holds an answer of before."""

from typing import Any

import asyncpg

ROWS_MAX = 1_000

_CONSENTS = """
SELECT t.*, r.at AS revoked_at, r.entry AS revoked_in FROM credit_consent t
LEFT JOIN credit_consent_revocation r ON r.consent = t.id
WHERE {where} ORDER BY t.id DESC LIMIT {limit}
"""
_QUERIES = "SELECT t.* FROM credit_query t WHERE {where} ORDER BY t.id DESC LIMIT {limit}"
_RECIPIENTS = """
SELECT DISTINCT ON (bank) * FROM credit_query
WHERE subject = $1 AND consent IS NOT NULL AND at >= $2 AND at < $3 AND bank > $4
ORDER BY bank, id DESC LIMIT $5
"""


class ConsentStore:
    """Reads of one venue on one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def consents(
        self,
        *,
        subject: str | None = None,
        grantee: str | None = None,
        before: int,
        limit: int = ROWS_MAX,
    ) -> list[dict[str, Any]]:
        """Return consents under a number, the newest first, each with its revocation."""
        wanted = {"subject": subject, "grantee": grantee}
        return await self._page(_CONSENTS, wanted, before=before, limit=limit)

    async def queries(
        self,
        *,
        subject: str | None = None,
        bank: str | None = None,
        before: int,
        limit: int = ROWS_MAX,
    ) -> list[dict[str, Any]]:
        """Return logged queries under a number, the newest first, refused ones too."""
        wanted = {"subject": subject, "bank": bank}
        return await self._page(_QUERIES, wanted, before=before, limit=limit)

    async def recipients(
        self, subject: str, *, since: int, before: int, after: str = "", limit: int = ROWS_MAX
    ) -> list[dict[str, Any]]:
        """Return each bank's last answered query of a subject between two instants.

        They are told when what they were answered is corrected.
        """
        rows = await self._connection.fetch(_RECIPIENTS, subject, since, before, after, limit)
        return [dict(row) for row in rows]

    async def now(self) -> int:
        """Return the stamp of the newest entry; instants of the venue go by it."""
        return int(await self._connection.fetchval("SELECT at FROM venue LIMIT 1"))

    async def _page(
        self, query: str, wanted: dict[str, str | None], *, before: int, limit: int
    ) -> list[dict[str, Any]]:
        """Fetch a page; only what is asked for stands in the query, so that its index serves."""
        values: list[Any] = [before]
        conditions = ["t.id < $1"]
        for column, value in wanted.items():
            if value is not None:
                values.append(value)
                conditions.append(f"t.{column} = ${len(values)}")
        values.append(limit)
        text = query.format(where=" AND ".join(conditions), limit=f"${len(values)}")
        return [dict(row) for row in await self._connection.fetch(text, *values)]
