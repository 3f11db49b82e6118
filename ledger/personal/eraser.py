"""The eraser: follows the entries that erase somebody, and destroys what they say is to go.

For each erased person: the rows of personal parts, the quarantined bytes of the person's keys, and
last the person's key in the vault. Every step may be done again, so a run that died is made up for
by the next one. It sees neither headers nor postings, and may delete nothing else.
"""

import time
from dataclasses import dataclass

import asyncpg
import structlog

from ledger.personal.vault import Vault
from ledger.store import FIRST_ORIGIN

ERASURES_PER_STEP = 500
LATE_SECONDS = 60.0
ROLE = "ecorights_eraser"
log = structlog.get_logger()

_ERASURES = (
    "SELECT party, entry FROM erasure WHERE (entry, party) > ($1, $2) "
    "ORDER BY entry, party LIMIT $3"
)
_ROWS = "SELECT DISTINCT subject FROM entry_personal WHERE subject = ANY($1::text[]) LIMIT $2"
_ASIDE = (
    "SELECT DISTINCT a.party FROM quarantine q JOIN actor a ON a.id = q.actor "
    "WHERE a.party = ANY($1::text[]) LIMIT $2"
)
_DELETE_ROWS = "DELETE FROM entry_personal WHERE subject = ANY($1::text[])"
_DELETE_ASIDE = (
    "DELETE FROM quarantine WHERE actor IN (SELECT id FROM actor WHERE party = ANY($1::text[]))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far the eraser has come: erasures by entries, and those that still leave something."""

    erasures: int
    owed: tuple[tuple[str, int], ...]


async def take_role(connection: asyncpg.Connection) -> None:
    """Give up every right that the eraser's role does not have, where there is that role."""
    try:
        await connection.execute(f"SET ROLE {ROLE}")
    except (asyncpg.InvalidParameterValueError, asyncpg.InsufficientPrivilegeError) as error:
        log.warning("eraser_without_its_role", role=ROLE, reason=str(error))


class Eraser:
    """Erases on one connection; remembers up to which entry nothing is left."""

    def __init__(self, connection: asyncpg.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault
        self._done = (-1, "")
        self._owed_since: float | None = None

    async def step(self) -> int:
        """Erase what newer entries want erased; return how many persons' parts went.

        Raises:
            VaultUnavailable: a key could not be destroyed; the next step tries again.
        """
        count = 0
        while rows := await self._connection.fetch(_ERASURES, *self._done, ERASURES_PER_STEP):
            self._owed_since = self._owed_since or time.monotonic()
            parties = [row["party"] for row in rows]
            count += len(await self._owed(parties))
            await self._erase(parties)
            self._done = (rows[-1]["entry"], rows[-1]["party"])
        self._owed_since = None
        return count

    def late(self) -> bool:
        """Tell whether something has been waiting for too long."""
        since = self._owed_since
        return since is not None and time.monotonic() - since > LATE_SECONDS

    async def standing(self) -> Standing:
        """Look at every erasure, and change nothing."""
        after = (-1, "")
        count = 0
        owed: list[tuple[str, int]] = []
        while rows := await self._connection.fetch(_ERASURES, *after, ERASURES_PER_STEP):
            entries = {row["party"]: row["entry"] for row in rows}
            owed += [(party, entries[party]) for party in await self._owed(list(entries))]
            count += len(rows)
            after = (rows[-1]["entry"], rows[-1]["party"])
        return Standing(erasures=count, owed=tuple(owed))

    async def _owed(self, parties: list[str]) -> list[str]:
        """Return those of whom something is left."""
        left = set(self._vault.keys(await self._origin(), parties))
        for query in (_ROWS, _ASIDE):
            rows = await self._connection.fetch(query, parties, ERASURES_PER_STEP)
            left |= {row[0] for row in rows}
        return sorted(left)

    async def _erase(self, parties: list[str]) -> None:
        async with self._connection.transaction():
            await self._connection.execute(_DELETE_ROWS, parties)
            await self._connection.execute(_DELETE_ASIDE, parties)
        self._vault.destroy(await self._origin(), parties)

    async def _origin(self) -> str:
        return str(await self._connection.fetchval(FIRST_ORIGIN))
