"""The story of a county's units, with fixed geometries, keys and times."""

from tests.ledger.rows.accounting import tell_accounts
from tests.ledger.rows.mapping import tell_units, tell_warnings
from tests.ledger.rows.scribe import Scribe, found_venue


async def tell_gep_units(scribe: Scribe) -> None:
    """A county within its prefecture, a boundary that changes, and what becomes of a warning."""
    found_venue(scribe)
    tell_accounts(scribe)
    tell_units(scribe)
    tell_warnings(scribe)
    await scribe.commit()
