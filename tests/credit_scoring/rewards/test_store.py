"""What is read of coins on a day: by their dates, whatever entries have posted."""

import asyncpg

from credit_scoring.rewards.days import day_of
from credit_scoring.rewards.store import RewardStore
from ledger.roles import AccountKind
from tests.ledger.rows.rewarding import COIN, reward
from tests.ledger.rows.scribe import DAY, HOUR, START, Scribe, found_venue


async def test_a_day_later_the_same_rows_say_that_coins_have_expired(database: str) -> None:
    connection = await asyncpg.connect(database)
    scribe = Scribe(connection)
    found_venue(scribe)
    scribe.move(START + DAY + 2 * HOUR)
    reward(scribe)
    await scribe.commit()
    account, today = scribe.account("C2", AccountKind.COIN_HOLDER), day_of(scribe.at)
    store = RewardStore(connection)

    now = await store.coin_account(account, today=today)
    then = await store.coin_account(account, today=today + 60)
    owed, later = [await store.outstanding(COIN, today=day) for day in (today, today + 60)]
    overdue = [await store.overdue(COIN, today=day) for day in (today, today + 60)]
    acts, expired = [
        await store.acts(account, before=10**9, limit=9, today=day) for day in (today, today + 60)
    ]
    await connection.close()

    assert now is not None
    assert then is not None
    assert (now["coins"], then["coins"]) == (5, 0)
    assert (now["expires"] > today, then["expires"]) == (True, None)
    assert (sum(row["coins"] for row in owed), later) == (5, [])
    assert overdue == [0, 5]
    # The late act's two coins were posted by the bill; the other act paid one of six.
    assert [(row["left"], row["state"]) for row in acts] == [(5, "earned"), (0, "expired")]
    assert [(row["left"], row["state"]) for row in expired] == [(0, "expired"), (0, "expired")]
