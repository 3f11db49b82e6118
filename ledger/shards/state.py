"""A shard: from one entry on, the venue's entries belong to a new log."""

from typing import ClassVar

import asyncpg

from ledger.loading import rows_of
from ledger.state import Ledger, Row


class Shard:
    """A log that followed another (分片). The venue's first log has no row of its own.

    ``first`` is its first entry. ``old_origin``, ``old_size`` and ``old_root`` (hexadecimal) name
    the newest checkpoint of the log before it that was published when it was opened. Where that
    covers entries that are gone, these are ``lost_from`` to ``lost_to``.
    """

    TABLE: ClassVar[str] = "shard"
    __slots__ = ("first", "lost_from", "lost_to", "number", "old_origin", "old_root", "old_size",
                 "origin", "reason")  # fmt: skip

    def __init__(  # noqa: PLR0913  one column, one argument
        self,
        *,
        number: int,
        origin: str,
        first: int,
        reason: str,
        old_origin: str,
        old_size: int,
        old_root: str,
        lost_from: int | None,
        lost_to: int | None,
    ) -> None:
        self.number = number
        self.origin = origin
        self.first = first
        self.reason = reason
        self.old_origin = old_origin
        self.old_size = old_size
        self.old_root = old_root
        self.lost_from = lost_from
        self.lost_to = lost_to

    def row(self) -> Row:
        """Return the columns of table ``shard`` in their order."""
        return (
            self.number,
            self.origin,
            self.first,
            self.reason,
            self.old_origin,
            self.old_size,
            self.old_root,
            self.lost_from,
            self.lost_to,
        )


class Shards:
    """The logs that followed the first one, by their numbers."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.known: dict[int, Shard] = {}


async def load_shards(shards: Shards, connection: asyncpg.Connection) -> None:
    """Fill empty shards, after their ledger, with what is committed."""
    for row in await rows_of(connection, "SELECT * FROM shard ORDER BY number"):
        shards.known[row["number"]] = Shard(**dict(row))
        shards.ledger.log_first = row["first"]
    if shards.known:
        shards.ledger.first_origin = shards.known[1].old_origin
