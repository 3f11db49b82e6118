"""Every query of the supervision: decisions with their facts, origins, closed years, reports."""

from typing import Any

import asyncpg

from exchange.supervision.state import decision_reference

ROWS_MAX = 1_000
_DECISIONS = """
SELECT * FROM authority_decision
WHERE number > $1 AND ($2::text IS NULL OR subjects @> ARRAY[$2]) AND
      ($3::text IS NULL OR authority = $3) AND
      ($4::text IS NULL OR authority = $4 OR subjects @> ARRAY[$4])
ORDER BY number LIMIT $5
"""
_NUMBERS = """
SELECT authority, case_number, number, subjects FROM authority_decision
WHERE subjects @> ARRAY[$1] ORDER BY number DESC LIMIT $2
"""
_FACTS = """
SELECT f.source, f.reference, f.subject, f.entry, coalesce(s.revoked, false) AS revoked,
       s.objection IS NOT NULL AS disputed
FROM credit_fact f LEFT JOIN credit_standing s USING (source, reference)
WHERE f.source = $1 AND f.reference = ANY($2) ORDER BY f.reference LIMIT $3
"""
_REPORTS = """
SELECT * FROM report_result
WHERE (report, year, party) > ($1, $2, $3) AND ($4::text IS NULL OR report = $4)
  AND ($5::bigint IS NULL OR year = $5) AND ($6::text IS NULL OR party = $6)
ORDER BY report, year, party LIMIT $7
"""


class SupervisionStore:
    """Reads of one venue on one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def decisions(
        self,
        *,
        after: int = 0,
        subject: str | None = None,
        authority: str | None = None,
        seen_by: str | None = None,
        limit: int = ROWS_MAX,
    ) -> list[dict[str, Any]]:
        """Return decisions by number; ``seen_by`` is a party that served or received them."""
        rows = await self._connection.fetch(_DECISIONS, after, subject, authority, seen_by, limit)
        return [dict(row) for row in rows]

    async def decision(self, number: int) -> dict[str, Any] | None:
        """Return one decision."""
        query = "SELECT * FROM authority_decision WHERE number = $1"
        row = await self._connection.fetchrow(query, number)
        return None if row is None else dict(row)

    async def numbers(self, subject: str) -> dict[tuple[str, str], int]:
        """Return the decision behind each fact of a subject, by the fact's source and reference."""
        rows = await self._connection.fetch(_NUMBERS, subject, ROWS_MAX)
        return {
            (
                row["authority"],
                decision_reference(row["case_number"], row["subjects"].index(subject) + 1),
            ): row["number"]
            for row in rows
        }

    async def facts(self, source: str, references: list[str]) -> list[dict[str, Any]]:
        """Return facts of one source by their references, with what became of them."""
        rows = await self._connection.fetch(_FACTS, source, references, ROWS_MAX)
        return [dict(row) for row in rows]

    async def origins(
        self, *, after: tuple[str, str] = ("", ""), limit: int = ROWS_MAX
    ) -> list[dict[str, Any]]:
        """Return what follows from which origin, by origin and department."""
        rows = await self._connection.fetch(
            "SELECT * FROM fact_origin WHERE (origin, department) > ($1, $2) "
            "ORDER BY origin, department LIMIT $3",
            *after,
            limit,
        )
        return [dict(row) for row in rows]

    async def closed_years(
        self, *, after: tuple[str, int] = ("", 0), limit: int = ROWS_MAX
    ) -> list[dict[str, Any]]:
        """Return the first closes, by right and year."""
        rows = await self._connection.fetch(
            'SELECT * FROM closed_year WHERE ("right", year) > ($1, $2) '
            'ORDER BY "right", year LIMIT $3',
            *after,
            limit,
        )
        return [dict(row) for row in rows]

    async def reports(
        self,
        *,
        after: tuple[str, int, str] = ("", 0, ""),
        report: str | None = None,
        year: int | None = None,
        party: str | None = None,
        limit: int = ROWS_MAX,
    ) -> list[dict[str, Any]]:
        """Return results of reports, by report, year and party."""
        rows = await self._connection.fetch(_REPORTS, *after, report, year, party, limit)
        return [dict(row) for row in rows]
