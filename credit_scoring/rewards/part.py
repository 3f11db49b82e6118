"""The rewards' part of the machine, and how its state comes back from the rows."""

from collections.abc import Iterable
from typing import Any

import asyncpg

from credit_scoring.rewards import commands, earning, expiring, reducing, setting, spending
from credit_scoring.rewards.carbon import EmissionYear, Factor
from credit_scoring.rewards.coins import Holder, Merchant, Scheme, rules_of
from credit_scoring.rewards.folds import FOLDS
from credit_scoring.rewards.lots import CoinExpiry
from credit_scoring.rewards.state import CARBON, HOLDER, MERCHANT, Rewards, Source
from ledger.loading import rows_of
from ledger.machine import Part, Rule
from ledger.roles import AccountKind, Role

_OPERATES = frozenset({Role.OPERATOR})
_REPORTS = frozenset({Role.INTAKE})
_REVOKES = frozenset({Role.INTAKE, Role.OPERATOR})
_ENROLS = frozenset({Role.INTAKE, Role.OPERATOR})
_REDEEMS = frozenset({Role.SUBJECT, Role.MERCHANT})
_GIVES_UP = frozenset({Role.SUBJECT, Role.OPERATOR})
_VERIFIES = frozenset({Role.VERIFIER, Role.REGULATOR})


def rewards_part(state: Rewards) -> Part:
    """Return what the rewards register with the machine."""
    always = setting.always
    return Part(
        state=state,
        rules={
            commands.OpenCoinScheme: Rule(
                decide=setting.open_scheme, roles=_OPERATES, four_eyes=always
            ),
            commands.SetCoinRules: Rule(
                decide=setting.set_rules, roles=_OPERATES, four_eyes=always
            ),
            commands.IssueCoins: Rule(
                decide=setting.issue_coins, roles=_OPERATES, four_eyes=always
            ),
            commands.OpenCoinAccount: Rule(decide=setting.open_coin_account, roles=_ENROLS),
            commands.SetRewardSource: Rule(
                decide=setting.set_source, roles=_OPERATES, four_eyes=always
            ),
            commands.SetCoinMerchant: Rule(decide=setting.set_merchant, roles=_OPERATES),
            commands.EarnCoins: Rule(decide=earning.earn, roles=_REPORTS, reads=earning.reads_act),
            commands.PresentSlip: Rule(
                decide=earning.present_slip, roles=_ENROLS, reads=earning.reads_slip
            ),
            commands.RevokeCoins: Rule(
                decide=earning.revoke, roles=_REVOKES, reads=earning.reads_revoked
            ),
            commands.RedeemCoins: Rule(
                decide=spending.redeem,
                roles=_REDEEMS,
                checkers=frozenset({Role.SUBJECT}),
                may_check=spending.is_holder,
                reads=spending.reads_bill,
            ),
            commands.SettleMerchant: Rule(decide=spending.settle, roles=_OPERATES),
            commands.GiveUpRewards: Rule(
                decide=spending.give_up, roles=_GIVES_UP, reads=expiring.reads_given_up
            ),
            commands.OpenCarbonAccount: Rule(decide=reducing.open_carbon_account, roles=_ENROLS),
            commands.SetCarbonFactor: Rule(
                decide=reducing.set_factor, roles=_OPERATES, four_eyes=always
            ),
            commands.CreditCarbon: Rule(
                decide=reducing.credit, roles=_REPORTS, reads=reducing.reads_credit
            ),
            commands.RevokeCarbon: Rule(
                decide=reducing.revoke, roles=_REVOKES, reads=reducing.reads_revoked
            ),
            commands.ReportEmissions: Rule(decide=reducing.report_emissions, roles=_VERIFIES),
        },
        folds=FOLDS,
        rows=_rows,
        check=Rewards.check,
        binds=_binds,
        shelves=(state.acts, state.months, state.bills, state.credits, state.carbon_days),
    )


def _binds(state: Rewards, party: str) -> str | None:
    """Return the first claim against a party's coins, in words."""
    accounts = state.ledger.accounts
    owing = sorted(
        number
        for number, holder in state.holders.items()
        if holder.claim and accounts[number].party == party
    )
    return f"a claim of {state.holders[owing[0]].claim} coins" if owing else None


def _rows(state: Rewards) -> Iterable[Any]:
    for table in (
        state.schemes,
        state.rules,
        state.holders,
        state.merchants,
        state.sources,
        state.factors,
        state.emissions,
        state.expiries,
    ):
        things: dict[Any, Any] = table
        yield from (things[key] for key in sorted(things))


async def load_rewards(state: Rewards, connection: asyncpg.Connection) -> None:
    """Fill an empty state, after its ledger, with what is committed and resident."""
    await _load_terms(state, connection)
    await _load_accounts(state, connection)
    for row in await rows_of(connection, "SELECT * FROM coin_expiry"):
        expiry = CoinExpiry(**dict(row))
        state.expiries[expiry.instrument, expiry.day] = expiry
    for row in await rows_of(connection, "SELECT * FROM carbon_emission"):
        year = EmissionYear(**dict(row))
        state.emissions[year.account, year.year] = year
    state.next.act = (await connection.fetchval("SELECT max(id) FROM coin_act") or 0) + 1
    state.next.bill = (await connection.fetchval("SELECT max(id) FROM coin_bill") or 0) + 1
    state.next.credit = (await connection.fetchval("SELECT max(id) FROM carbon_credit") or 0) + 1


async def _load_terms(state: Rewards, connection: asyncpg.Connection) -> None:
    for row in await rows_of(connection, "SELECT * FROM coin_scheme"):
        state.schemes[row["instrument"]] = Scheme(**dict(row))
    for row in await rows_of(connection, "SELECT * FROM coin_rules"):
        state.rules[row["instrument"], row["version"]] = rules_of(row)
    for row in await rows_of(connection, "SELECT * FROM reward_source"):
        state.sources[row["id"]] = Source(**dict(row))
    for row in await rows_of(connection, "SELECT * FROM carbon_factor"):
        state.factors[row["behaviour"], row["version"]] = Factor(**dict(row))


async def _load_accounts(state: Rewards, connection: asyncpg.Connection) -> None:
    accounts = state.ledger.accounts
    for row in await rows_of(connection, "SELECT * FROM coin_holder"):
        holder = Holder(**dict(row))
        state.holders[holder.account] = holder
        name = (HOLDER, holder.instrument, accounts[holder.account].party)
        state.account_of[name] = holder.account
    for row in await rows_of(connection, "SELECT * FROM coin_merchant"):
        merchant = Merchant(**dict(row))
        state.merchants[merchant.account] = merchant
        name = (MERCHANT, merchant.instrument, accounts[merchant.account].party)
        state.account_of[name] = merchant.account
    for number, account in accounts.items():
        if account.kind is AccountKind.CARBON:
            state.account_of[CARBON, "", account.party] = number
