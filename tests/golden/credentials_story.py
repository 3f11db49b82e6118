"""The story of credentials, with fixed ids at fixed times."""

from tests.ledger.rows.crediting import give_credentials
from tests.ledger.rows.scribe import DAY, HOUR, START, Scribe, found_venue


async def tell_credentials(scribe: Scribe) -> None:
    """Credentials are issued by two issuers, suspended, resumed and revoked."""
    found_venue(scribe)
    scribe.move(START + DAY + 2 * HOUR)
    give_credentials(scribe)
    await scribe.commit()
