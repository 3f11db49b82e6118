"""The story of a county's accounts, with fixed documents, keys and times."""

from tests.ledger.rows.accounting import tell_accounts
from tests.ledger.rows.scribe import Scribe, found_venue


async def tell_gep_accounts(scribe: Scribe) -> None:
    """An account, the one that supersedes it, their citations, and drafts that were given up."""
    found_venue(scribe)
    tell_accounts(scribe)
    await scribe.commit()
