"""The stories of a county's accounts and valuations, with fixed documents, keys and times."""

from tests.ledger.rows.accounting import tell_accounts
from tests.ledger.rows.appraising import tell_valuations
from tests.ledger.rows.scribe import Scribe, found_venue


async def tell_gep_accounts(scribe: Scribe) -> None:
    """An account, the one that supersedes it, their citations, and drafts that were given up."""
    found_venue(scribe)
    tell_accounts(scribe)
    await scribe.commit()


async def tell_gep_valuations(scribe: Scribe) -> None:
    """The same county's accounts, then valuations of a project, reviewed twice, cited, given up."""
    found_venue(scribe)
    tell_accounts(scribe)
    tell_valuations(scribe)
    await scribe.commit()
