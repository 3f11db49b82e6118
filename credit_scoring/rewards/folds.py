"""How each thing that happens to coins and carbon accounts changes the state."""

from collections.abc import Mapping
from typing import Any

import msgspec

from credit_scoring.rewards import effects as e
from credit_scoring.rewards.carbon import REVOKED as CREDIT_REVOKED
from credit_scoring.rewards.carbon import Credit, EmissionYear, Factor
from credit_scoring.rewards.coins import Act, Bill, CoinRules, Holder, Merchant, Scheme
from credit_scoring.rewards.days import month_of
from credit_scoring.rewards.lots import Lot
from credit_scoring.rewards.state import CARBON, HOLDER, MERCHANT, Rewards, Source
from ledger.deciding import record_decision
from ledger.effects import Effect
from ledger.journal import create


def scheme_opened(state: Rewards, effect: e.CoinSchemeOpened) -> None:
    """Add a coin."""
    scheme = Scheme(
        instrument=effect.instrument,
        party=effect.issuer,
        issuer=effect.issuer_account,
        expired=effect.expired_account,
        clawback=effect.clawback_account,
    )
    create(state.ledger.journal, state.schemes, key=scheme.instrument, value=scheme)
    record_decision(state.ledger, kind="coin_scheme", subject=scheme.instrument, terms=effect)


def rules_set(state: Rewards, effect: e.CoinRulesSet) -> None:
    """Add a version of a coin's rules."""
    rules = CoinRules(
        instrument=effect.instrument,
        version=effect.version,
        effective_from=effect.effective_from,
        acts={each.act: each for each in effect.acts},
        day_max=effect.day_max,
        month_max=effect.month_max,
        expiry_months=effect.expiry_months,
        bill_max=effect.bill_max,
        late_days=effect.late_days,
        decision=effect.decision,
    )
    key = (rules.instrument, rules.version)
    create(state.ledger.journal, state.rules, key=key, value=rules)
    record_decision(state.ledger, kind="coin_rules", subject=rules.instrument, terms=effect)


def holder_opened(state: Rewards, effect: e.CoinHolderOpened) -> None:
    """Add a holder; its account was opened beside."""
    holder = Holder(account=effect.account, instrument=effect.instrument)
    create(state.ledger.journal, state.holders, key=holder.account, value=holder)
    _name(state, HOLDER, instrument=holder.instrument, account=holder.account)


def merchant_set(state: Rewards, effect: e.CoinMerchantSet) -> None:
    """Add a merchant, or change whether it takes coins."""
    journal = state.ledger.journal
    found = state.merchants.get(effect.account)
    if found is None:
        merchant = Merchant(account=effect.account, instrument=effect.instrument, live=effect.live)
        create(journal, state.merchants, key=merchant.account, value=merchant)
        _name(state, MERCHANT, instrument=merchant.instrument, account=merchant.account)
    else:
        journal.append((found, found.live))
        found.live = effect.live
    subject = str(effect.account)
    record_decision(state.ledger, kind="coin_merchant", subject=subject, terms=effect)


def source_set(state: Rewards, effect: e.RewardSourceSet) -> None:
    """Add a source, or change what it may report."""
    journal = state.ledger.journal
    found = state.sources.get(effect.source)
    if found is None:
        source = Source(
            id=effect.source,
            party=effect.party,
            acts=list(effect.acts),
            behaviours=list(effect.behaviours),
            public_key=effect.public_key,
        )
        create(journal, state.sources, key=source.id, value=source)
    else:
        journal.append((found, found.acts, found.behaviours, found.public_key))
        found.acts = list(effect.acts)
        found.behaviours = list(effect.behaviours)
        found.public_key = effect.public_key
    record_decision(state.ledger, kind="reward_source", subject=effect.source, terms=effect)


def earned(state: Rewards, effect: e.CoinsEarned) -> None:
    """Add an act with its lot; the claim shrinks by what was repaid."""
    ledger = state.ledger
    act = Act(
        id=effect.act,
        entry=ledger.entry,
        account=effect.account,
        source=effect.source,
        reference=effect.reference,
        behaviour=effect.behaviour,
        quantity=effect.quantity,
        day=effect.day,
        expires=effect.expires,
        coins=effect.coins,
        cut=effect.cut,
        repaid=effect.repaid,
        rules=effect.rules,
    )
    state.acts.put(ledger.journal, act)
    lot = Lot(
        act=act.id,
        day=act.day,
        expires=act.expires,
        coins=act.coins,
        left=act.coins - act.repaid,
    )
    state.put_month(state.month(act.account, month_of(act.day)).with_lot(lot))
    state.note_numbers()
    state.next.act = act.id + 1
    _claim(state, effect.account, -effect.repaid)


def redeemed(state: Rewards, effect: e.CoinsRedeemed) -> None:
    """Add a bill, and take its coins from the lots."""
    state.take(effect.account, effect.lots)
    bill = Bill(
        id=effect.bill,
        entry=state.ledger.entry,
        account=effect.account,
        merchant=effect.merchant,
        digest=effect.digest,
        coins=effect.coins,
        day=effect.day,
    )
    state.bills.put(state.ledger.journal, bill)
    state.note_numbers()
    state.next.bill = bill.id + 1


def clawed_back(state: Rewards, effect: e.CoinsClawedBack) -> None:
    """Mark an act revoked, take from the lots, and keep the rest as a claim."""
    state.take(effect.account, effect.lots)
    act = state.acts.get(effect.source, effect.reference)
    assert act is not None
    state.put_month(state.month(act.account, month_of(act.day)).revoked(act.id))
    _claim(state, effect.account, effect.owed)


def left_account(state: Rewards, effect: e.CoinsGivenUp | e.CoinsExpired) -> None:
    """Take from the lots."""
    state.take(effect.account, effect.lots)


def carbon_account_opened(state: Rewards, effect: e.CarbonAccountOpened) -> None:
    """Note whose carbon account it is; the account was opened beside."""
    _name(state, CARBON, instrument="", account=effect.account)


def factor_set(state: Rewards, effect: e.CarbonFactorSet) -> None:
    """Add a version of a factor."""
    factor = Factor(
        behaviour=effect.behaviour,
        version=effect.version,
        effective_from=effect.effective_from,
        unit=effect.unit,
        micrograms=effect.micrograms,
        day_limit=effect.day_limit,
        late_days=effect.late_days,
        method=effect.method,
        source=effect.source,
    )
    key = (factor.behaviour, factor.version)
    create(state.ledger.journal, state.factors, key=key, value=factor)
    record_decision(state.ledger, kind="carbon_factor", subject=factor.behaviour, terms=effect)


def credited(state: Rewards, effect: e.CarbonCredited) -> None:
    """Add a credit to its day."""
    journal = state.ledger.journal
    credit = Credit(
        id=effect.credit,
        entry=state.ledger.entry,
        account=effect.account,
        source=effect.source,
        reference=effect.reference,
        behaviour=effect.behaviour,
        version=effect.version,
        activity=effect.activity,
        day=effect.day,
        leaves=effect.leaves,
        milligrams=effect.milligrams,
        cut=effect.cut,
    )
    state.credits.put(journal, credit)
    day = state.carbon_day(credit.account, credit.day)
    state.carbon_days.put(journal, day.changed(credit.behaviour, credit.milligrams, credits=1))
    state.note_numbers()
    state.next.credit = credit.id + 1


def carbon_revoked(state: Rewards, effect: e.CarbonRevoked) -> None:
    """Mark a credit revoked; its day saved less."""
    journal = state.ledger.journal
    credit = state.credits.get(effect.source, effect.reference)
    assert credit is not None
    state.credits.put(journal, msgspec.structs.replace(credit, state=CREDIT_REVOKED))
    day = state.carbon_day(credit.account, credit.day)
    state.carbon_days.put(journal, day.changed(credit.behaviour, -credit.milligrams, credits=0))


def emissions_reported(state: Rewards, effect: e.EmissionsReported) -> None:
    """Set what was emitted in a year."""
    journal = state.ledger.journal
    key = (effect.account, effect.year)
    found = state.emissions.get(key)
    if found is None:
        found = EmissionYear(account=effect.account, year=effect.year)
        create(journal, state.emissions, key=key, value=found)
    found.note(journal)
    found.grams = effect.grams
    found.method = effect.method
    found.document = effect.document
    found.reports += 1


def no_change(state: Rewards, effect: Effect) -> None:
    """Fold an effect that says what a movement beside it was."""


def _name(state: Rewards, kind: str, *, instrument: str, account: int) -> None:
    name = (kind, instrument, state.ledger.accounts[account].party)
    create(state.ledger.journal, state.account_of, key=name, value=account)


def _claim(state: Rewards, account: int, change: int) -> None:
    if change:
        holder = state.holders[account]
        holder.note(state.ledger.journal)
        holder.claim += change


FOLDS: Mapping[type[Effect], Any] = {
    e.CoinSchemeOpened: scheme_opened,
    e.CoinRulesSet: rules_set,
    e.CoinsIssued: no_change,
    e.CoinHolderOpened: holder_opened,
    e.CoinMerchantSet: merchant_set,
    e.RewardSourceSet: source_set,
    e.CoinsEarned: earned,
    e.CoinsRedeemed: redeemed,
    e.CoinsClawedBack: clawed_back,
    e.CoinsGivenUp: left_account,
    e.CoinsExpired: left_account,
    e.MerchantSettled: no_change,
    e.CarbonAccountOpened: carbon_account_opened,
    e.CarbonFactorSet: factor_set,
    e.CarbonCredited: credited,
    e.CarbonRevoked: carbon_revoked,
    e.EmissionsReported: emissions_reported,
}
