"""Every query about credentials: one of them, the places of a list that are set, the issuer."""

from typing import Any

import asyncpg

from credit_scoring.credentials.grade import REVOCATION
from credit_scoring.credentials.state import Given, IssuerTerms
from credit_scoring.credentials.status_list import BITS

_REVOKED = "SELECT place FROM credential WHERE list = $1 AND revoked_at IS NOT NULL LIMIT $2"
_SUSPENDED = "SELECT place FROM credential WHERE list = $1 AND suspended_at IS NOT NULL LIMIT $2"
_PAGE = """
SELECT * FROM credential WHERE (entry, id) < ($1, $2)
AND ($3::text IS NULL OR subject = $3) ORDER BY entry DESC, id DESC LIMIT $4
"""


class CredentialStore:
    """Reads of one venue on one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def clock(self) -> tuple[str, int]:
        """Return the kind of the venue's clock and the stamp of its newest entry."""
        row = await self._connection.fetchrow("SELECT clock, at FROM venue LIMIT 1")
        return ("system", 0) if row is None else (row["clock"], row["at"])

    async def terms(self) -> IssuerTerms | None:
        """Return the issuer in force, if one is defined."""
        row = await self._connection.fetchrow("SELECT * FROM credential_issuer WHERE number = 0")
        return None if row is None else IssuerTerms(**dict(row))

    async def credential(self, name: str) -> Given | None:
        """Return a credential, if there is one of this id."""
        row = await self._connection.fetchrow("SELECT * FROM credential WHERE id = $1", name)
        return None if row is None else Given(**dict(row))

    async def credentials(
        self, *, subject: str | None, before: tuple[int, str], limit: int
    ) -> list[Given]:
        """Return credentials, the newest first, all of a subject where one is named."""
        rows = await self._connection.fetch(_PAGE, *before, subject, limit)
        return [Given(**dict(row)) for row in rows]

    async def list_begun(self, number: int) -> Given | None:
        """Return the first credential of a list, if it is begun: it says who and where."""
        query = "SELECT * FROM credential WHERE list = $1 ORDER BY entry LIMIT 1"
        row = await self._connection.fetchrow(query, number)
        return None if row is None else Given(**dict(row))

    async def places(self, number: int, *, purpose: str) -> list[int]:
        """Return the places of a list that are set."""
        query = _REVOKED if purpose == REVOCATION else _SUSPENDED
        rows: list[Any] = await self._connection.fetch(query, number, BITS)
        return [row["place"] for row in rows]
