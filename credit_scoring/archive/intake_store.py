"""Every query of department keys, signed batches and intakes."""

from typing import Any

import asyncpg

ROWS_MAX = 1_000


class IntakeStore:
    """Reads of one venue on one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def keys(
        self, *, after: tuple[str, str] = ("", ""), limit: int = ROWS_MAX
    ) -> list[dict[str, Any]]:
        """Return the keys of departments, retired ones too."""
        rows = await self._connection.fetch(
            "SELECT * FROM credit_department_key WHERE (department, key_id) > ($1, $2) "
            "ORDER BY department, key_id LIMIT $3",
            *after,
            limit,
        )
        return [dict(row) for row in rows]

    async def key(self, department: str, key_id: str) -> dict[str, Any] | None:
        """Return one key."""
        row = await self._connection.fetchrow(
            "SELECT * FROM credit_department_key WHERE department = $1 AND key_id = $2",
            department,
            key_id,
        )
        return None if row is None else dict(row)

    async def batches(
        self, source: str | None, *, after: tuple[str, int] = ("", 0), limit: int = ROWS_MAX
    ) -> list[dict[str, Any]]:
        """Return signed batches, of one source or of all."""
        rows = await self._connection.fetch(
            "SELECT * FROM credit_signed_batch WHERE ($1::text IS NULL OR source = $1) "
            "AND (source, batch) > ($2, $3) ORDER BY source, batch LIMIT $4",
            source,
            *after,
            limit,
        )
        return [dict(row) for row in rows]

    async def batch(self, source: str, batch: int) -> dict[str, Any] | None:
        """Return one signed batch."""
        row = await self._connection.fetchrow(
            "SELECT * FROM credit_signed_batch WHERE source = $1 AND batch = $2", source, batch
        )
        return None if row is None else dict(row)

    async def postings(self, entry: int) -> bytes:
        """Return the postings part of an entry, which holds the signed command."""
        found: bytes = await self._connection.fetchval(
            'SELECT postings FROM entry WHERE "index" = $1', entry
        )
        return found

    async def intakes(
        self, source: str | None, *, after: int = 0, limit: int = ROWS_MAX
    ) -> list[dict[str, Any]]:
        """Return intakes by number, of one source or of all."""
        rows = await self._connection.fetch(
            "SELECT id, source, file, lines, manifest, recorded, cardinality(chunks) AS chunks, "
            "state, opened_in, closed_in FROM credit_intake "
            "WHERE id > $2 AND ($1::text IS NULL OR source = $1) ORDER BY id LIMIT $3",
            source,
            after,
            limit,
        )
        return [dict(row) for row in rows]

    async def intake(self, number: int) -> dict[str, Any]:
        """Return how one intake stands."""
        row = await self._connection.fetchrow(
            "SELECT file, state, recorded, manifest, closed_in FROM credit_intake WHERE id = $1",
            number,
        )
        assert row is not None, f"intake {number} was opened and has no row"
        return dict(row)
