"""Every query of personal parts that is not the writer's, the eraser's or the audit's own."""

from typing import Any

import asyncpg

from kernel.errors import DomainError, Kind
from ledger.entry import commit_personal
from ledger.personal.parts import PersonalPart, PersonalRow, fields_of, opened, whole
from ledger.personal.vault import Vault
from ledger.store import FIRST_ORIGIN

ROWS_MAX = 1_000
_ROWS = (
    'SELECT "index", subject, key, body FROM entry_personal WHERE "index" = $1 '
    "ORDER BY subject LIMIT $2"
)
_ROWS_OF = (
    'SELECT "index", subject, key, body FROM entry_personal WHERE "index" = ANY($1::bigint[]) '
    'ORDER BY "index", subject LIMIT $2'
)
_NEWEST = (
    'SELECT "index", subject, key, body FROM entry_personal WHERE subject = $1 '
    'AND ($2::bigint IS NULL OR "index" < $2) ORDER BY "index" DESC LIMIT 1'
)
_OLDEST = (
    'SELECT "index", subject, key, body FROM entry_personal WHERE subject = $1 '
    'ORDER BY "index" LIMIT 1'
)
_GRANTS = (
    "SELECT id, party, entries FROM disclosure WHERE recipient = $1 AND live AND party = ANY($2) "
    "ORDER BY id DESC LIMIT $3"
)
_DISCLOSURES = (
    "SELECT d.*, (SELECT count(*) FROM disclosure_use u WHERE u.disclosure = d.id) AS uses, "
    "(SELECT max(u.entry) FROM disclosure_use u WHERE u.disclosure = d.id) AS last_use "
    "FROM disclosure d WHERE d.party = $1 AND d.id > $2 ORDER BY d.id LIMIT $3"
)
_ERASED_KEY = (
    "SELECT e.entry FROM actor a JOIN erasure e ON e.party = a.party WHERE a.digest = $1 LIMIT 1"
)


class PartMissing(DomainError):
    """A personal part that nobody erased cannot be opened now."""

    code = "ledger.part_unreadable"
    kind = Kind.UNAVAILABLE


class PersonalStore:
    """Reads of personal parts on one connection; without a vault nothing personal is readable."""

    def __init__(self, connection: asyncpg.Connection, vault: Vault | None) -> None:
        self._connection = connection
        self._vault = vault

    async def erasure(self, party: str) -> int | None:
        """Return the entry that erased a party, ``None`` where none did."""
        query = "SELECT entry FROM erasure WHERE party = $1"
        found: int | None = await self._connection.fetchval(query, party)
        return found

    async def erasure_of_key(self, digest: str) -> int | None:
        """Return the entry that erased the person whose key has this digest."""
        found: int | None = await self._connection.fetchval(_ERASED_KEY, digest)
        return found

    async def party_of(self, actor: str) -> str | None:
        """Return the party of an actor, ``None`` for the system's."""
        query = "SELECT party FROM actor WHERE id = $1"
        found: str | None = await self._connection.fetchval(query, actor)
        return found

    async def rows(self, index: int) -> list[PersonalRow]:
        """Return the rows of an entry's personal part."""
        rows = await self._connection.fetch(_ROWS, index, ROWS_MAX)
        return [PersonalRow(*row) for row in rows]

    async def rows_of(self, indexes: list[int]) -> dict[int, list[PersonalRow]]:
        """Return the rows of several entries' personal parts; what has none is left out."""
        rows = await self._connection.fetch(_ROWS_OF, indexes, len(indexes) * ROWS_MAX)
        found: dict[int, list[PersonalRow]] = {}
        for row in rows:
            found.setdefault(row["index"], []).append(PersonalRow(*row))
        return found

    async def part(self, rows: list[PersonalRow], *, commitment: str) -> PersonalPart | None:
        """Return the part that rows make, ``None`` once a subject of it was erased.

        Raises:
            PartMissing: it cannot be opened, and nobody erased it.
        """
        if not rows:
            return None
        if self._vault is None:
            raise PartMissing("there is no vault here", field="personal")
        subjects = [row.subject for row in rows]
        keys = self._vault.keys(await self._origin(), subjects)
        if keys.keys() >= set(subjects):
            part = whole(opened(rows, origin=await self._origin(), keys=keys))
            # The others' rows of a part that had one more subject give another key.
            return part if commit_personal(part.key, part.body) == commitment else None
        for subject in subjects:
            if subject not in keys and await self.erasure(subject) is None:
                raise PartMissing(f"no key of {subject} in the vault", field="personal")
        return None

    async def fields(self, party: str, *, before: int | None = None) -> dict[str, Any] | None:
        """Return what the newest personal part says of a party, ``None`` where nothing does.

        Only entries ``before`` one count, where that is given.
        """
        return await self._said(await self._connection.fetchrow(_NEWEST, party, before), party)

    async def names(self, party: str) -> dict[str, Any] | None:
        """Return what a party was registered with, ``None`` where that was nothing.

        Its registration is the first that is ever said of it; files say other things later.
        """
        said = await self._said(await self._connection.fetchrow(_OLDEST, party), party)
        return None if said is None or "name" not in said else said

    async def _said(self, row: asyncpg.Record | None, party: str) -> dict[str, Any] | None:
        if row is None or self._vault is None:
            return None
        origin = await self._origin()
        (plain,) = opened(
            [PersonalRow(*row)], origin=origin, keys=self._vault.keys(origin, [party])
        )
        return fields_of(plain.body)

    async def grants(self, recipient: str, parties: list[str], *, index: int | None) -> list[int]:
        """Return the live disclosures that let a party see these parties' parts of an entry.

        One for each of the parties, or none. Without an ``index``: that let it see any part.
        """
        rows = await self._connection.fetch(_GRANTS, recipient, parties, ROWS_MAX)
        found = {
            row["party"]: int(row["id"])
            for row in rows
            if index is None or not row["entries"] or index in row["entries"]
        }
        return sorted(found.values()) if found.keys() >= set(parties) else []

    async def disclosures(self, party: str, *, after: int, limit: int) -> list[dict[str, Any]]:
        """Return who was let see a party's parts, live or not, and how often it did."""
        rows = await self._connection.fetch(
            _DISCLOSURES,
            party,
            after,
            limit,
        )
        return [dict(row) for row in rows]

    async def _origin(self) -> str:
        return str(await self._connection.fetchval(FIRST_ORIGIN))
