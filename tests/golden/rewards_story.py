"""The story of coins and carbon, with fixed keys at fixed times, until everything has left."""

from tests.ledger.rows.rewarding import reward
from tests.ledger.rows.scribe import DAY, HOUR, START, Scribe, found_venue


async def tell_rewards(scribe: Scribe) -> None:
    """Coins live and expire, bills and credits leave after 24 months."""
    found_venue(scribe)
    scribe.move(START + DAY + 2 * HOUR)
    reward(scribe)
    scribe.move(START + 800 * DAY)
    await scribe.commit()
