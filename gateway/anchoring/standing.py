"""How the anchors stand, in a few words, for the health page and the command line."""

from collections.abc import Mapping
from dataclasses import dataclass

import asyncpg

from ledger.anchoring.anchor import Anchor, Kind, State
from ledger.anchoring.store import AnchorStore
from ledger.transparency.store import current_log

NOT_CONFIGURED = "not configured"
# An anchor may take this many intervals, and a little more, before it counts as late.
INTERVALS_MAX = 2
GRACE_SECONDS = 60.0
_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One kind's anchors: the last one, the last that stands, and what there is to anchor."""

    kind: Kind
    last: Anchor | None
    confirmed: Anchor | None
    published: int

    def words(self, *, interval: float, now: int) -> str:
        """Return what matters most; ``interval`` is in seconds, ``now`` in microseconds."""
        if self.last is None:
            return "none yet"
        if self.last.error:
            return f"{self.last.state}, {self.last.error}"
        reached = self.last.size if self.last.state is State.CONFIRMED else 0
        age = (now - self.last.planned_at) / _MICROSECONDS
        if reached < self.published and age > INTERVALS_MAX * interval + GRACE_SECONDS:
            return f"late, {self._size()}"
        return f"ok, {self._size()}" if self.confirmed else str(self.last.state)

    def _size(self) -> str:
        return f"{self.confirmed.size if self.confirmed else 0} entries"


async def standings(connection: asyncpg.Connection, kinds: list[Kind]) -> list[Standing]:
    """Return how these kinds of anchors stand."""
    log, store = await current_log(connection), AnchorStore(connection)
    origin, newest = ("", None) if log is None else (log.origin, await log.newest())
    return [
        Standing(
            kind=kind,
            last=await store.last(kind, origin),
            confirmed=await store.confirmed(kind, origin),
            published=0 if newest is None else newest.size,
        )
        for kind in kinds
    ]


def anchor_words(found: list[Standing], *, intervals: Mapping[Kind, float], now: int) -> str:
    """Return one line for all kinds that run, such as ``chain: ok, 4096 entries``."""
    if not intervals:
        return NOT_CONFIGURED
    return "; ".join(
        f"{each.kind}: {each.words(interval=intervals[each.kind], now=now)}" for each in found
    )
