"""Puts the parts together: one machine, its loader, its tables. The only place that names all."""

from typing import NamedTuple

import asyncpg

from credit_scoring.archive.commands import Months
from credit_scoring.archive.part import archive_part, load_archive
from credit_scoring.archive.state import Archive
from credit_scoring.consents.part import consents_part, load_consents
from credit_scoring.consents.state import Consents
from credit_scoring.consequences.adopting.part import consequences_part, load_consequences
from credit_scoring.consequences.adopting.state import Consequences
from credit_scoring.credentials.part import credentials_part, load_credentials
from credit_scoring.credentials.state import Credentials
from credit_scoring.lists.part import lists_part, load_lists
from credit_scoring.lists.state import Lists
from credit_scoring.rewards.part import load_rewards, rewards_part
from credit_scoring.rewards.state import Rewards
from credit_scoring.rights.part import load_rights, rights_part
from credit_scoring.rights.state import Rights
from credit_scoring.rule_sets.adopting.part import load_rule_sets, rule_sets_part
from credit_scoring.rule_sets.adopting.state import RuleSets
from credit_scoring.runs.part import load_runs, runs_part
from credit_scoring.runs.state import Runs
from exchange.loading import finish, load_captures, load_market
from exchange.part import market_part
from exchange.registry.part import load_registry, registry_part
from exchange.registry.state import Registry
from exchange.state import Market
from exchange.store import certify_postings
from exchange.supervision.commands import Origin
from exchange.supervision.part import load_supervision, supervision_part
from exchange.supervision.state import Supervision
from gep.publishing.part import accounts_part
from gep.publishing.state import Accounts
from gep.space.part import units_part
from gep.space.state import Units
from gep.space.watching.part import watch_part
from gep.space.watching.state import Watch
from ledger.commands import CertifyStatement
from ledger.loading import load_ledger, load_shelves
from ledger.machine import Machine
from ledger.part import ledger_part
from ledger.reconciliation.part import load_reconciliations, reconciliation_part
from ledger.reconciliation.state import Reconciliations
from ledger.shards.part import shards_part
from ledger.shards.state import Shards, load_shards
from ledger.state import Ledger
from ledger.state_roots.part import state_roots_part
from ledger.state_roots.state import StateRoots
from ledger.statements import CertifiedPostings

TABLE_MODULES = (
    "ledger.tables",
    "ledger.reconciliation.tables",
    "credit_scoring.rule_sets.adopting.tables",
    "credit_scoring.consequences.adopting.tables",
    "credit_scoring.archive.tables",
    "credit_scoring.rewards.tables",
    "credit_scoring.credentials.tables",
    "credit_scoring.consents.tables",
    "credit_scoring.runs.tables",
    "credit_scoring.rights.tables",
    "credit_scoring.lists.tables",
    "gep.publishing.tables",
    "gep.space.tables",
    "gep.space.watching.tables",
    "gep.publishing.valuations.tables",
    "exchange.tables",
    "exchange.supervision.tables",
)


class State(NamedTuple):
    """All state of a venue, part by part."""

    ledger: Ledger
    market: Market
    registry: Registry
    reconciliations: Reconciliations
    state_roots: StateRoots
    shards: Shards
    rule_sets: RuleSets
    consequences: Consequences
    archive: Archive
    rewards: Rewards
    credentials: Credentials
    consents: Consents
    runs: Runs
    rights: Rights
    lists: Lists
    accounts: Accounts
    units: Units
    watch: Watch
    supervision: Supervision


def parts() -> State:
    """Return the empty state of a venue."""
    ledger = Ledger()
    market = Market(ledger)

    def four_eyes_lots(instrument: str) -> int | None:
        book = market.books.get(instrument)
        return None if book is None else book.four_eyes_lots

    def trading_day(instrument: str) -> int:
        book = market.books.get(instrument)
        return 0 if book is None else book.day

    def surrender_counts() -> bool:
        return supervision.origin(Origin.SURRENDERED_IN_FULL) is not None

    rule_sets = RuleSets(ledger)
    runs = Runs(ledger, rule_sets)
    archive = Archive(ledger, rule_sets)
    registry = Registry(
        ledger,
        four_eyes_lots=four_eyes_lots,
        trading_day=trading_day,
        surrender_counts=surrender_counts,
    )
    supervision = Supervision(ledger, archive=archive, registry=registry)
    accounts = Accounts(ledger)
    return State(
        ledger=ledger,
        market=market,
        registry=registry,
        reconciliations=Reconciliations(ledger),
        state_roots=StateRoots(ledger),
        shards=Shards(ledger),
        rule_sets=rule_sets,
        consequences=Consequences(ledger, rule_sets),
        archive=archive,
        rewards=Rewards(ledger),
        credentials=Credentials(ledger, runs),
        runs=runs,
        consents=Consents(ledger, months_max=lambda: archive.months(Months.CONSENT)),
        rights=Rights(ledger, archive),
        lists=Lists(ledger, archive),
        accounts=accounts,
        units=Units(ledger),
        watch=Watch(ledger, accounts),
        supervision=supervision,
    )


def compose(state: State) -> Machine:
    """Return the machine of a venue's state."""
    return Machine(
        state.ledger,
        [
            ledger_part(state.ledger),
            market_part(state.market),
            registry_part(state.registry),
            reconciliation_part(state.reconciliations),
            state_roots_part(state.state_roots),
            shards_part(state.shards),
            rule_sets_part(state.rule_sets),
            consequences_part(state.consequences),
            archive_part(state.archive),
            rewards_part(state.rewards),
            credentials_part(state.credentials),
            consents_part(state.consents),
            runs_part(state.runs),
            rights_part(state.rights),
            lists_part(state.lists),
            accounts_part(state.accounts),
            units_part(state.units),
            watch_part(state.watch),
            supervision_part(state.supervision),
        ],
    )


def new_machine() -> Machine:
    """Return a machine with nothing in it."""
    return compose(parts())


async def load_machine(connection: asyncpg.Connection) -> Machine:
    """Return a machine with everything that is committed, read in one snapshot."""
    state = parts()
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        await load_ledger(state.ledger, connection)
        await load_market(state.market, connection)
        await load_registry(state.registry, connection)
        await load_reconciliations(state.reconciliations, connection)
        await load_shards(state.shards, connection)
        await load_rule_sets(state.rule_sets, connection)
        await load_consequences(state.consequences, connection)
        await load_archive(state.archive, connection)
        await load_rewards(state.rewards, connection)
        await load_credentials(state.credentials, connection)
        await load_consents(state.consents, connection)
        await load_runs(state.runs, connection)
        await load_rights(state.rights, connection)
        await load_lists(state.lists, connection)
        await load_supervision(state.supervision, connection)
        await load_captures(state.state_roots, connection)
        machine = compose(state)
        await load_shelves(machine, connection)
    finish(state.market)
    return machine


async def certify(connection: asyncpg.Connection, command: CertifyStatement) -> CertifiedPostings:
    """Fetch what a ``certify_statement`` commits to."""
    return await certify_postings(
        connection,
        account=command.account,
        entry_from=command.entry_from,
        entry_to=command.entry_to,
    )
