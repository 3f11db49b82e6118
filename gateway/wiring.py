"""Puts the parts together: one machine, its loader, its tables. The only place that names all."""

import asyncpg

from exchange.loading import finish, load_market
from exchange.part import market_part
from exchange.registry.part import load_registry, registry_part
from exchange.registry.state import Registry
from exchange.state import Market
from exchange.store import certify_postings
from ledger.commands import CertifyStatement
from ledger.loading import load_ledger
from ledger.machine import Machine
from ledger.part import ledger_part
from ledger.reconciliation.part import load_reconciliations, reconciliation_part
from ledger.reconciliation.state import Reconciliations
from ledger.state import Ledger
from ledger.statements import CertifiedPostings

TABLE_MODULES = ("ledger.tables", "ledger.reconciliation.tables", "exchange.tables")


def parts() -> tuple[Ledger, Market, Registry]:
    """Return the empty state of a venue."""
    ledger = Ledger()
    market = Market(ledger)

    def four_eyes_lots(instrument: str) -> int | None:
        book = market.books.get(instrument)
        return None if book is None else book.four_eyes_lots

    def trading_day(instrument: str) -> int:
        book = market.books.get(instrument)
        return 0 if book is None else book.day

    return ledger, market, Registry(ledger, four_eyes_lots=four_eyes_lots, trading_day=trading_day)


def compose(
    ledger: Ledger, market: Market, registry: Registry, *, reconciliations: Reconciliations
) -> Machine:
    """Return the machine of a venue's state."""
    return Machine(
        ledger,
        [
            ledger_part(ledger),
            market_part(market),
            registry_part(registry),
            reconciliation_part(reconciliations),
        ],
    )


def new_machine() -> Machine:
    """Return a machine with nothing in it."""
    ledger, market, registry = parts()
    return compose(ledger, market, registry, reconciliations=Reconciliations(ledger))


async def load_machine(connection: asyncpg.Connection) -> Machine:
    """Return a machine with everything that is committed, read in one snapshot."""
    ledger, market, registry = parts()
    reconciliations = Reconciliations(ledger)
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        await load_ledger(ledger, connection)
        await load_market(market, connection)
        await load_registry(registry, connection)
        await load_reconciliations(reconciliations, connection)
    finish(market)
    return compose(ledger, market, registry, reconciliations=reconciliations)


async def certify(connection: asyncpg.Connection, command: CertifyStatement) -> CertifiedPostings:
    """Fetch what a ``certify_statement`` commits to."""
    return await certify_postings(
        connection,
        account=command.account,
        entry_from=command.entry_from,
        entry_to=command.entry_to,
    )
