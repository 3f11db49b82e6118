"""The committer alone: what it says of a connection that ends under it."""

import asyncio
from pathlib import Path
from typing import Any

from gateway.wiring import TABLE_MODULES
from ledger.entry import NO_PERSONAL
from ledger.sequencer.committer import Committer, Order, Setting, connect
from ledger.sequencer.faults import LOST
from ledger.sequencer.fence import acquire
from ledger.sequencer.sealing import KEYS_SIZE, Place
from ledger.sequencer.statements import statements_of
from tests.ledger.sequencer import rig
from tests.ledger.sequencer.proxy import Point, proxy_before

# More than the sockets between committer and database hold, in rows of which each is asked for.
ROWS, ROW_BYTES = 80, 100_000
HIGH_WATER = 1 << 16  # of a transport; above it the driver may not write


async def test_a_connection_that_ends_while_it_may_not_write_is_said_to_be_lost(
    database: str, socket: Path
) -> None:
    async with rig.opened(rig.plan_of(database, socket)):
        pass
    async with proxy_before(database, socket.parent) as (proxy, address):
        first = await connect(setting_of(address, epoch=0, head_hash="", folder=socket.parent))
        lease = await acquire(first, venue=rig.VENUE, holder="test", ttl=60.0)
        first.terminate()
        setting = setting_of(
            address, epoch=lease.epoch, head_hash=lease.head_hash, folder=socket.parent
        )
        connection = await connect(setting)
        driver: Any = connection
        proxy.hold(Point.COPYING)
        order = Order(
            number=1,
            old_head=lease.head,
            head=lease.head + ROWS,
            place=Place(origin="ledger.example/test", first=0),
            applied=[(rig.START, b"x" * ROW_BYTES, NO_PERSONAL)] * ROWS,
            entry_keys=bytes(KEYS_SIZE * ROWS),
        )
        committing = asyncio.create_task(Committer(connection, setting).commit(order))
        await proxy.reached.wait()
        while driver._transport.get_write_buffer_size() <= HIGH_WATER:  # noqa: ASYNC110
            await asyncio.sleep(0)
        proxy.cut()

        async with asyncio.timeout(20):
            result = await committing

        assert (result.number, result.state) == (1, LOST)
        assert len(await rig.entries(database)) == lease.head + 1


def setting_of(dsn: str, *, epoch: int, head_hash: str, folder: Path) -> Setting:
    return Setting(
        dsn=dsn,
        venue=rig.VENUE,
        epoch=epoch,
        head_hash=head_hash,
        ttl=60.0,
        appended=[],
        statements=statements_of(TABLE_MODULES),
        vault=str(folder / "subjects.db"),
    )
