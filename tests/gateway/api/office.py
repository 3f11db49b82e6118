"""A publisher of a house's log, stepped by hand, with a signer of its own."""

import asyncio
from pathlib import Path

import asyncpg

from ledger.transparency.note import PublicKey
from ledger.transparency.publishing import Publisher
from ledger.transparency.signing import Signed, Signers, SignRequest, add_secret
from ledger.transparency.store import LogStore, PublicLog
from tests.gateway.api.house import House

ORIGIN = "ecorights.example/test"


class Office:
    """A publisher of the house's log, stepped by hand."""

    def __init__(self, connection: asyncpg.Connection, folder: Path) -> None:
        self.key: PublicKey = add_secret(folder, ORIGIN).public
        self._signers = Signers(folder)
        store = LogStore(connection, PublicLog(number=0, origin=ORIGIN, first=0))
        self._publisher = Publisher(store=store, sign=self._sign)

    async def _sign(self, request: SignRequest) -> Signed:
        return self._signers.answer(request)

    async def publish(self) -> None:
        await self._publisher.step()

    async def soon(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self.publish()


def dsn_of(house: House) -> str:
    plan = house.writer._plan
    return plan.dsn
