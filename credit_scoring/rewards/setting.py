"""How the terms of rewards are decided: coins and their rules, accounts, sources, merchants."""

from credit_scoring.rewards.commands import (
    ACTS_MAX,
    COINS_MOST,
    LATE_DAYS_MOST,
    MONTHS_MOST,
    IssueCoins,
    OpenCoinAccount,
    OpenCoinScheme,
    SetCoinMerchant,
    SetCoinRules,
    SetRewardSource,
)
from credit_scoring.rewards.days import day_of
from credit_scoring.rewards.effects import (
    CoinHolderOpened,
    CoinMerchantSet,
    CoinRulesSet,
    CoinSchemeOpened,
    CoinsIssued,
    RewardSourceSet,
)
from credit_scoring.rewards.refusals import Reject
from credit_scoring.rewards.slips import KEY_DIGITS
from credit_scoring.rewards.state import HOLDER, MERCHANT, Rewards
from ledger.decisions import check_quantity, check_supply
from ledger.effects import AccountOpened, InstrumentDefined, Moved
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.refusals import Reject as LedgerReject
from ledger.roles import COIN, FIRST_PARTY_ACCOUNT, ISSUANCE, AccountKind

_HEX = frozenset("0123456789abcdef")


def always(state: Rewards, command: object) -> bool:
    """Tell that a command needs four eyes whatever it says."""
    del state, command
    return True


def open_scheme(state: Rewards, command: OpenCoinScheme, context: Context) -> Refusal | None:
    """Define a coin and open its issuer's three accounts."""
    refusal = known_party(state, command.issuer, field="issuer")
    if refusal is not None:
        return refusal
    if command.instrument in state.ledger.instruments:
        return Refusal(code=Reject.VERSION_EXISTS, field="instrument", found=command.instrument)
    define(context, command.instrument, right=COIN, unit="coin", lot="1")
    kinds = (AccountKind.COIN_ISSUER, AccountKind.COIN_EXPIRED, AccountKind.COIN_CLAWBACK)
    numbers = [open_account(state, context, party=command.issuer, kind=kind) for kind in kinds]
    context.emit(
        CoinSchemeOpened(
            instrument=command.instrument,
            issuer=command.issuer,
            issuer_account=numbers[0],
            expired_account=numbers[1],
            clawback_account=numbers[2],
        )
    )
    return None


def set_rules(state: Rewards, command: SetCoinRules, context: Context) -> Refusal | None:
    """Put a version of rules in force, after every earlier one and not in the past."""
    refusal = _known_scheme(state, command.instrument) or _check_rules(command)
    if refusal is not None:
        return refusal
    earlier = [
        each.effective_from for (code, _), each in state.rules.items() if code == command.instrument
    ]
    known = (command.instrument, command.version) in state.rules
    refusal = check_version(
        known, earlier, version=command.version, day=command.effective_from, at=context.at
    )
    if refusal is not None:
        return refusal
    context.emit(
        CoinRulesSet(
            instrument=command.instrument,
            version=command.version,
            effective_from=command.effective_from,
            acts=sorted(command.acts, key=lambda each: each.act),
            day_max=command.day_max,
            month_max=command.month_max,
            expiry_months=command.expiry_months,
            bill_max=command.bill_max,
            late_days=command.late_days,
            decision=command.decision,
        )
    )
    return None


def _check_rules(command: SetCoinRules) -> Refusal | None:
    for field, value, least, most in (
        ("acts", len(command.acts), 1, ACTS_MAX),
        ("day_max", command.day_max, 1, COINS_MOST),
        ("month_max", command.month_max, 1, COINS_MOST),
        ("expiry_months", command.expiry_months, 1, MONTHS_MOST),
        ("bill_max", command.bill_max, 1, COINS_MOST),
        ("late_days", command.late_days, 0, LATE_DAYS_MOST),
        *(("acts", each.coins, 1, COINS_MOST) for each in command.acts),
    ):
        if not least <= value <= most:
            return unfit(field, expected=f"{least} to {most}", found=str(value))
    if len({each.act for each in command.acts}) < len(command.acts):
        return unfit("acts", expected="each act once", found=str(len(command.acts)))
    return None


def check_version(
    known: bool,  # noqa: FBT001  the caller's look-up
    earlier: list[int],
    *,
    version: str,
    day: int,
    at: int,
) -> Refusal | None:
    """Refuse a version that exists, or one that would change a day that has passed."""
    if known:
        return Refusal(code=Reject.VERSION_EXISTS, field="version", found=version)
    if earlier and (day <= max(earlier) or day < day_of(at)):
        return Refusal(code=Reject.NOT_AHEAD, field="effective_from")
    return None


def issue_coins(state: Rewards, command: IssueCoins, context: Context) -> Refusal | None:
    """Give the issuer a budget of coins."""
    refusal = _known_scheme(state, command.instrument) or check_quantity(
        command.coins, field="coins"
    )
    refusal = refusal or check_supply(
        state.ledger,
        source=ISSUANCE,
        instrument=command.instrument,
        quantity=command.coins,
        field="coins",
    )
    if refusal is not None:
        return refusal
    context.emit(
        Moved(
            source=ISSUANCE,
            target=state.schemes[command.instrument].issuer,
            instrument=command.instrument,
            quantity=command.coins,
            cause="coin_issued",
        )
    )
    context.emit(
        CoinsIssued(instrument=command.instrument, coins=command.coins, decision=command.decision)
    )
    return None


def open_coin_account(state: Rewards, command: OpenCoinAccount, context: Context) -> Refusal | None:
    """Open the one account of a party for a coin."""
    refusal = _known_scheme(state, command.instrument) or known_party(state, command.party)
    if refusal is not None:
        return refusal
    found = state.account_of.get((HOLDER, command.instrument, command.party))
    if found is not None:
        return Refusal(code=Reject.ACCOUNT_EXISTS, field="party", found=str(found))
    number = open_account(state, context, party=command.party, kind=AccountKind.COIN_HOLDER)
    context.emit(CoinHolderOpened(instrument=command.instrument, account=number))
    return None


def set_merchant(state: Rewards, command: SetCoinMerchant, context: Context) -> Refusal | None:
    """Let a party take a coin, or end that; its account stays for what it has taken."""
    refusal = _known_scheme(state, command.instrument) or known_party(state, command.party)
    if refusal is not None:
        return refusal
    number = state.account_of.get((MERCHANT, command.instrument, command.party))
    if number is None:
        if not command.live:
            return Refusal(code=Reject.MERCHANT_UNKNOWN, field="party", found=command.party)
        kind = AccountKind.COIN_MERCHANT
        number = open_account(state, context, party=command.party, kind=kind)
    context.emit(CoinMerchantSet(instrument=command.instrument, account=number, live=command.live))
    return None


def set_source(state: Rewards, command: SetRewardSource, context: Context) -> Refusal | None:
    """Say what a party may report; a source stays its party's."""
    refusal = known_party(state, command.party)
    if refusal is not None:
        return refusal
    known = state.sources.get(command.source)
    if known is not None and known.party != command.party:
        return Refusal(code=Reject.NOT_THE_OWNER, field="party", expected=known.party)
    for field, names in (("acts", command.acts), ("behaviours", command.behaviours)):
        if len(names) > ACTS_MAX or len(set(names)) < len(names):
            return unfit(field, expected=f"at most {ACTS_MAX}, each once", found=str(len(names)))
    key = command.public_key
    if key and (len(key) != KEY_DIGITS or not _HEX.issuperset(key)):
        return unfit("public_key", expected=f"{KEY_DIGITS} hexadecimal digits", found=str(len(key)))
    context.emit(
        RewardSourceSet(
            source=command.source,
            party=command.party,
            acts=sorted(command.acts),
            behaviours=sorted(command.behaviours),
            public_key=key,
        )
    )
    return None


def define(context: Context, code: str, *, right: str, unit: str, lot: str) -> None:
    """Define an instrument of rewards, which has no book."""
    context.emit(
        InstrumentDefined(
            instrument=code,
            right=right,
            substance="",
            unit=unit,
            lot=lot,
            zone="",
            vintage=None,
            valid_from=None,
            valid_until=None,
        )
    )


def open_account(state: Rewards, context: Context, *, party: str, kind: AccountKind) -> int:
    """Open an account of a kind that only rewards have; return its number."""
    number = max(state.ledger.next_account, FIRST_PARTY_ACCOUNT)
    context.emit(AccountOpened(account=number, party=party, account_kind=kind))
    return number


def known_party(state: Rewards, party: str, *, field: str = "party") -> Refusal | None:
    """Refuse a party that nobody registered, or that was erased."""
    ledger = state.ledger
    if party not in ledger.parties:
        return Refusal(code=LedgerReject.PARTY_UNKNOWN, field=field, found=party)
    if party in ledger.privacy.erasures:
        return Refusal(code=LedgerReject.PARTY_ERASED, field=field, found=party)
    return None


def _known_scheme(state: Rewards, instrument: str) -> Refusal | None:
    if instrument in state.schemes:
        return None
    return Refusal(code=Reject.SCHEME_UNKNOWN, field="instrument", found=instrument)


def unfit(field: str, *, expected: str, found: str) -> Refusal:
    """Return the refusal of terms that are out of bounds."""
    return Refusal(code=Reject.TERMS_UNFIT, field=field, expected=expected, found=found)
