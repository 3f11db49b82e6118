"""Proofs of holdings: the tree of a close made again from the rows, for those who hold in it."""

import asyncio
from collections import OrderedDict

import asyncpg
import msgspec

from exchange.store import ExchangeStore
from kernel.errors import DomainError, Kind, ensure
from ledger.personal.disclosure import Disclosed, Sight, disclose
from ledger.roles import LAST_CONTRA_ACCOUNT
from ledger.state_roots.capture import ENDS
from ledger.state_roots.proofs import Holders, Part
from ledger.state_roots.store import StateRootStore
from ledger.store import LedgerStore
from ledger.transparency.growing import inclusion_proof
from ledger.transparency.receipt import Receipt
from ledger.transparency.store import current_log

FORMAT = "ecorights-holding-proof/1"
TREES_MAX = 8


class NoStateRoot(DomainError):
    """No published entry commits to the holdings of the instrument."""

    code = "ledger.state_root_missing"
    kind = Kind.NOT_FOUND


class HoldingProof(msgspec.Struct, frozen=True, kw_only=True):
    """A file with which a holder checks alone that its holding is in a state root.

    ``quantity`` and amounts are in lots, of currencies in minor units.
    """

    account: str
    entry: Disclosed
    format: str
    instrument: str
    leaves: str
    parts: list[Part]
    quantity: str
    receipt: str


class HoldingProofs:
    """Makes proofs, and keeps the trees that were asked for last."""

    def __init__(self) -> None:
        self._trees: OrderedDict[tuple[int, str], Holders] = OrderedDict()
        self._making = asyncio.Lock()

    async def proof(
        self, connection: asyncpg.Connection, *, account: int, instrument: str
    ) -> HoldingProof:
        """Return the proof of an account's holding at the newest close that is published.

        Raises:
            NoStateRoot: there is none yet.
        """
        store = await current_log(connection)
        published = None if store is None else await store.newest()
        if store is None or published is None:
            raise NoStateRoot("the log has no checkpoint yet", field="instrument")
        first = store.log.first
        found = await StateRootStore(connection).newest(
            instrument, since=first, before=first + published.size
        )
        if found is None:
            raise NoStateRoot(f"no published state root of {instrument}", field="instrument")
        async with self._making:
            holders = await self._holders(connection, found)
        entry = await LedgerStore(connection).entry(found["entry"])
        assert entry is not None
        place = entry.index - first
        proof = await inclusion_proof(store, index=place, size=published.size)
        return HoldingProof(
            account=str(account),
            entry=disclose(entry, sight=Sight(postings=True, personal=False)),
            format=FORMAT,
            instrument=instrument,
            leaves=str(holders.leaves),
            parts=holders.parts(account),
            quantity=str(holders.quantity(account)),
            receipt=Receipt(place, tuple(proof), published.note).text,
        )

    async def _holders(self, connection: asyncpg.Connection, root: dict[str, object]) -> Holders:
        phase, instrument = int(str(root["phase"])), str(root["instrument"])
        known = self._trees.get((phase, instrument))
        if known is not None:
            self._trees.move_to_end((phase, instrument))
            return known
        seed = await StateRootStore(connection).seed(phase)
        rows = await ExchangeStore(connection).all_balances(
            entry=int(str(root["as_of"])), instrument=instrument
        )
        aside = range(LAST_CONTRA_ACCOUNT + 1)
        held = [
            (row["account"], row["quantity"])
            for row in rows
            if row["account"] not in aside and row["account"] not in ENDS
        ]
        made = await asyncio.to_thread(Holders, seed, instrument=instrument, holders=held)
        ensure(made.root().digest.hex() == root["root"], f"the state root of {instrument}")
        self._trees[phase, instrument] = made
        while len(self._trees) > TREES_MAX:
            self._trees.popitem(last=False)
        return made
