"""Every query of the state roots' rows."""

from typing import Any

import asyncpg

from ledger.state import Phase
from ledger.state_roots.state import seed_and_unit

ROOTS_MAX = 1_000


class StateRootStore:
    """Reads of one venue on one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def page(
        self,
        *,
        instrument: str | None,
        after: tuple[int, int] = (-1, -1),
        limit: int = ROOTS_MAX,
    ) -> list[dict[str, Any]]:
        """Return roots in the order of their entries, of one instrument or of all."""
        rows = await self._connection.fetch(
            "SELECT * FROM state_root WHERE ($1::text IS NULL OR instrument = $1) "
            "AND (entry, number) > ($2, $3) ORDER BY entry, number LIMIT $4",
            instrument,
            *after,
            limit,
        )
        return [dict(row) for row in rows]

    async def newest(self, instrument: str, *, since: int, before: int) -> dict[str, Any] | None:
        """Return the newest root of an instrument from one entry on to before another."""
        row = await self._connection.fetchrow(
            "SELECT * FROM state_root WHERE instrument = $1 AND entry >= $2 AND entry < $3 "
            "ORDER BY entry DESC, number DESC LIMIT 1",
            instrument,
            since,
            before,
        )
        return None if row is None else dict(row)

    async def is_of_roots(self, entry: int) -> bool:
        """Tell whether an entry committed to state roots, and may be shown to everybody."""
        query = "SELECT EXISTS (SELECT 1 FROM state_root WHERE entry = $1)"
        return bool(await self._connection.fetchval(query, entry))

    async def seed(self, phase: int) -> bytes:
        """Return the seed of the phase that built a root."""
        row = await self._connection.fetchrow("SELECT * FROM phase WHERE id = $1", phase)
        assert row is not None
        seed, _ = seed_and_unit(Phase(**dict(row)))
        return seed
