"""Holdings as of a past entry are what they were then, trades and fees included."""

import asyncpg
import pytest

from exchange.reconciling import holdings_at
from ledger.reconciliation.store import ReconciliationStore
from tests.ledger.rows.scribe import DAY, HOUR, START, Scribe, found_venue
from tests.ledger.rows.stream import trade_at_random

CODES = ["CEA25", "CNY", "NOX"]


@pytest.fixture
async def scribe(database: str) -> Scribe:
    connection = await asyncpg.connect(database)
    made = Scribe(connection)
    found_venue(made)
    return made


def held_now(scribe: Scribe) -> dict[tuple[int, str], int]:
    found = {}
    for account in scribe.ledger.accounts.values():
        for code, holding in account.holdings.items():
            if holding.available + holding.held:
                found[account.number, code] = holding.available + holding.held
    return found


async def test_holdings_as_of_every_batch_are_what_they_were(scribe: Scribe) -> None:
    scribe.move(START + DAY + 2 * HOUR)
    then = {}
    for batch in range(6):
        trade_at_random(scribe, seed=batch, commands=60)
        await scribe.commit()
        then[scribe.index] = held_now(scribe)
    assert await scribe.connection.fetchval("SELECT count(*) FROM trade WHERE buyer_fee > 0") > 20

    async with scribe.connection.transaction():
        for entry, expected in then.items():
            found = await holdings_at(scribe.connection, entry=entry, instruments=CODES)
            assert found == expected
    await scribe.connection.close()


async def test_the_last_entry_before_an_instant_is_found(scribe: Scribe) -> None:
    stamps = []
    for hours in (5, 20, 2, 40):
        scribe.move(scribe.at + hours * HOUR)
        trade_at_random(scribe, seed=hours, commands=3)
    await scribe.commit()
    store = ReconciliationStore(scribe.connection)
    stamps = [await store.stamp(entry) for entry in range(scribe.index + 1)]

    for instant in {*stamps, *(stamp + 1 for stamp in stamps), 0, scribe.at + DAY}:
        expected = max((e for e, at in enumerate(stamps) if at < instant), default=-1)
        assert await store.entry_before(instant, head=scribe.index) == expected
    await scribe.connection.close()
