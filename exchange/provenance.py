"""Where units come from: every unit that left for good, followed back to its issue.

Units are not numbered. First in, first out per account and instrument is the convention (as for
FIFO cost): computed from the postings afterwards, so that it costs trading nothing and anybody who
has the postings gets the same answer.
"""

from collections import deque
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import asyncpg

from kernel.errors import ensure
from ledger.loading import ROWS_PER_FETCH
from ledger.roles import CANCELLED, EXPIRED, ISSUANCE, RETIRED, SURRENDERED

ENDS = frozenset({SURRENDERED, RETIRED, CANCELLED, EXPIRED})

_FLOWS = """
SELECT entry, source, target, quantity AS lots FROM (
    SELECT entry, 0 AS kind, number, source, target, quantity
      FROM movement WHERE instrument = $1
    UNION ALL
    SELECT entry, 1, id, seller, buyer, lots FROM trade WHERE instrument = $1
) AS flow ORDER BY entry, kind, number
"""


class Flow(NamedTuple):
    """Lots of one instrument from an account to another, in the order of the ledger."""

    entry: int
    source: int
    target: int
    lots: int


class Step(NamedTuple):
    """One move of a piece: the entry that moved it, where to, and the step before."""

    entry: int
    account: int
    before: "Step | None"

    def path(self) -> list["Step"]:
        """Return the steps from the issue on."""
        steps: list[Step] = []
        step: Step | None = self
        while step is not None:
            steps.append(step)
            step = step.before
        return steps[::-1]

    def issue(self) -> int:
        """Return the entry that issued the piece."""
        step = self
        while step.before is not None:
            step = step.before
        return step.entry


class Piece(NamedTuple):
    """Lots that have gone the same way since their issue."""

    lots: int
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Lots that left for good in one entry: surrendered, retired, cancelled or expired."""

    entry: int
    holder: int
    account: int
    pieces: tuple[Piece, ...]

    @property
    def lots(self) -> int:
        """All of the entry's lots."""
        return sum(piece.lots for piece in self.pieces)


class Provenance:
    """The queues of all accounts in one instrument; entries must come in the ledger's order.

    Rows do not tell whether a fill of an entry came before or after its movements (linked commands
    may do either), so a flow waits for the flows of its own entry that bring what it gives.
    """

    def __init__(self) -> None:
        self.issued: dict[int, int] = {}
        self._queues: dict[int, deque[Piece]] = {}
        self._lots: dict[int, int] = {}

    def follow_entry(self, flows: list[Flow]) -> list[Ending]:
        """Move the lots of one entry; return what left for good.

        Raises:
            InvariantBroken: an account gives more than it has.
        """
        found: list[Ending] = []
        waiting = flows
        while waiting:
            late: list[Flow] = []
            for flow in waiting:
                if self._lacks(flow):
                    late.append(flow)
                elif (ending := self._follow(flow)) is not None:
                    found.append(ending)
            ensure(len(late) < len(waiting), f"entry {flows[0].entry} moves what nobody has")
            waiting = late
        return found

    def _lacks(self, flow: Flow) -> bool:
        return flow.source != ISSUANCE and self._lots.get(flow.source, 0) < flow.lots

    def _follow(self, flow: Flow) -> Ending | None:
        if flow.source == ISSUANCE:
            pieces = [Piece(flow.lots, Step(flow.entry, flow.target, None))]
            self.issued[flow.entry] = self.issued.get(flow.entry, 0) + flow.lots
        else:
            pieces = list(self._taken(flow))
        if flow.target in ENDS:
            return Ending(
                entry=flow.entry, holder=flow.source, account=flow.target, pieces=tuple(pieces)
            )
        self._queues.setdefault(flow.target, deque()).extend(pieces)
        self._lots[flow.target] = self._lots.get(flow.target, 0) + flow.lots
        return None

    def held(self) -> Iterator[Piece]:
        """Return what is still in circulation, account by account."""
        for account in sorted(self._queues):
            yield from self._queues[account]

    def _taken(self, flow: Flow) -> Iterator[Piece]:
        queue = self._queues[flow.source]
        self._lots[flow.source] -= flow.lots
        left = flow.lots
        while left:
            piece = queue.popleft()
            lots = min(piece.lots, left)
            if lots < piece.lots:
                queue.appendleft(Piece(piece.lots - lots, piece.step))
            yield Piece(lots, Step(flow.entry, flow.target, piece.step))
            left -= lots


async def flows_of(connection: asyncpg.Connection, instrument: str) -> AsyncIterator[list[Flow]]:
    """Yield the flows of an instrument by entry, in the ledger's order, from one snapshot."""
    of_entry: list[Flow] = []
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        async for row in connection.cursor(_FLOWS, instrument, prefetch=ROWS_PER_FETCH):
            flow = Flow(*row)
            if of_entry and of_entry[0].entry != flow.entry:
                yield of_entry
                of_entry = []
            of_entry.append(flow)
    if of_entry:
        yield of_entry
