"""Every query of anchors."""

from typing import Any

import asyncpg

from ledger.anchoring.anchor import Anchor, Kind, State

_COLUMNS = (
    "kind, origin, size, root, note, note_hash, state, place, ref, token, attempts, error, "
    "planned_at, submitted_at, confirmed_at, stated_at"
)
_OF = "WHERE kind = $1 AND origin = $2 AND size = $3"
_LAST = f"SELECT {_COLUMNS} FROM anchor WHERE kind = $1 AND origin = $2 ORDER BY size DESC LIMIT 1"  # noqa: S608  columns are constants
_UNFINISHED = (
    f"SELECT {_COLUMNS} FROM anchor WHERE kind = $1 AND origin = $2 "  # noqa: S608  the same
    "AND state IN ('pending', 'submitted') ORDER BY size LIMIT 1"
)
_CONFIRMED = (
    f"SELECT {_COLUMNS} FROM anchor WHERE kind = $1 AND origin = $2 "  # noqa: S608  the same
    "AND state = 'confirmed' ORDER BY size DESC LIMIT 1"
)
_FIND = (
    f"SELECT {_COLUMNS} FROM anchor WHERE kind = $1 AND size = $2 "  # noqa: S608  the same
    "ORDER BY planned_at DESC LIMIT 1"
)
_PAGE = (
    f"SELECT {_COLUMNS} FROM anchor WHERE (size, kind) < ($1, $2) "  # noqa: S608  the same
    "ORDER BY size DESC, kind DESC LIMIT $3"
)
_PLAN = (
    f"INSERT INTO anchor ({_COLUMNS}) "  # noqa: S608  the same
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) "
    "ON CONFLICT (kind, origin, size) DO NOTHING"
)


class AnchorStore:
    """The rows of one venue's anchors, on one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def last(self, kind: Kind, origin: str) -> Anchor | None:
        """Return the newest anchor of a kind, whatever became of it."""
        return _anchor(await self._connection.fetchrow(_LAST, kind, origin))

    async def unfinished(self, kind: Kind, origin: str) -> Anchor | None:
        """Return the anchor that is under way."""
        return _anchor(await self._connection.fetchrow(_UNFINISHED, kind, origin))

    async def confirmed(self, kind: Kind, origin: str) -> Anchor | None:
        """Return the newest anchor that stands."""
        return _anchor(await self._connection.fetchrow(_CONFIRMED, kind, origin))

    async def find(self, kind: Kind, size: int) -> Anchor | None:
        """Return the newest anchor of a size, whatever log of the venue it is of."""
        return _anchor(await self._connection.fetchrow(_FIND, kind, size))

    async def page(self, *, before: tuple[int, str], limit: int) -> list[Anchor]:
        """Return anchors, the largest sizes first, from below a size and kind."""
        size, kind = before
        rows = await self._connection.fetch(_PAGE, size, kind, limit)
        return [found for row in rows if (found := _anchor(row)) is not None]

    async def plan(self, anchor: Anchor) -> None:
        """Note that a checkpoint is to be anchored; a second time changes nothing."""
        values = [getattr(anchor, name) for name in _COLUMNS.split(", ")]
        await self._connection.execute(_PLAN, *values)

    async def attempt(self, anchor: Anchor, *, place: str, now: int) -> None:
        """Note, before it happens, that an attempt is made; a lost anchor is open again then."""
        await self._update(
            anchor,
            "state = 'submitted', place = $4, attempts = attempts + 1, submitted_at = $5, "
            "confirmed_at = NULL, error = ''",
            place,
            now,
        )

    async def sent(self, anchor: Anchor, *, ref: str) -> None:
        """Note which transaction an attempt has sent."""
        await self._update(anchor, "ref = $4", ref)

    async def trouble(self, anchor: Anchor, *, error: str) -> None:
        """Note the code of what stood in the way of an anchor that stays open."""
        await self._update(anchor, "error = $4", error)

    async def fail(self, anchor: Anchor, *, error: str) -> None:
        """Note that no further attempt can succeed."""
        await self._update(anchor, "state = 'failed', error = $4", error)

    async def confirm(
        self, anchor: Anchor, *, ref: str, now: int, stated_at: int | None, token: bytes | None
    ) -> None:
        """Note that the anchor stands."""
        await self._update(
            anchor,
            "state = 'confirmed', ref = $4, confirmed_at = $5, stated_at = $6, token = $7, "
            "error = ''",
            ref,
            now,
            stated_at,
            token,
        )

    async def _update(self, anchor: Anchor, change: str, *values: Any) -> None:
        query = f"UPDATE anchor SET {change} {_OF}"  # noqa: S608  changes are constants of this file
        await self._connection.execute(query, anchor.kind, anchor.origin, anchor.size, *values)


def _anchor(row: asyncpg.Record | None) -> Anchor | None:
    if row is None:
        return None
    return Anchor(**(dict(row) | {"kind": Kind(row["kind"]), "state": State(row["state"])}))
