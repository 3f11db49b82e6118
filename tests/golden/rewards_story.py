"""The story of coins and carbon, with fixed keys at fixed times, until all coins have expired."""

from credit_scoring.rewards.commands import GiveUpRewards
from ledger.roles import AccountKind
from tests.ledger.rows.rewarding import reward
from tests.ledger.rows.scribe import DAY, HOUR, START, Scribe, found_venue


async def tell_rewards(scribe: Scribe) -> None:
    """Coins live and expire; who gives up after 24 months has nothing but expired ones."""
    found_venue(scribe)
    scribe.move(START + DAY + 2 * HOUR)
    reward(scribe)
    scribe.move(START + 800 * DAY)
    scribe.must(GiveUpRewards(account=scribe.account("C2", AccountKind.COIN_HOLDER)))
    await scribe.commit()
