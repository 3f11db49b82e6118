"""The story of a regulator's year, with fixed keys at fixed times."""

from tests.ledger.rows.archives import found_archives
from tests.ledger.rows.scribe import DAY, HOUR, START, Scribe, found_venue
from tests.ledger.rows.supervising import supervise


async def tell_supervision(scribe: Scribe) -> None:
    """Origins, decisions and an annulment, a closed year, reports, and the facts of all."""
    found_venue(scribe)
    found_archives(scribe)
    scribe.move(START + DAY + 2 * HOUR)
    supervise(scribe)
    await scribe.commit()
