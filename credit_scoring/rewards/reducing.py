"""How carbon accounts are decided: factors, credits with their method, revocations, emissions."""

from collections.abc import Iterator

from credit_scoring.rewards.carbon import (
    EMITTED,
    KEPT_MONTHS,
    REDUCED,
    REVOKED,
    Factor,
    milligrams,
)
from credit_scoring.rewards.commands import (
    ACTIVITY_MAX,
    LATE_DAYS_MOST,
    MICROGRAMS_MAX,
    CreditCarbon,
    OpenCarbonAccount,
    ReportEmissions,
    RevokeCarbon,
    SetCarbonFactor,
)
from credit_scoring.rewards.days import add_months, day_of, is_day
from credit_scoring.rewards.effects import (
    CarbonAccountOpened,
    CarbonCredited,
    CarbonFactorSet,
    CarbonRevoked,
    EmissionsReported,
)
from credit_scoring.rewards.refusals import Reject
from credit_scoring.rewards.setting import check_version, define, known_party, open_account, unfit
from credit_scoring.rewards.state import CARBON, Rewards, Source
from ledger.decisions import QUANTITY_MAX, check_supply
from ledger.effects import Moved
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.roles import CANCELLED, ISSUANCE, AccountKind, PartyKind, Role
from ledger.roles import EMITTED as EMITTED_RIGHT
from ledger.roles import REDUCTION as REDUCTION_RIGHT
from ledger.shelf import RowKey

_INSTRUMENTS = (
    (REDUCED, REDUCTION_RIGHT, "0.001"),
    (EMITTED, EMITTED_RIGHT, "1"),
)
_YEARS = range(1990, 2201)
CREDITS_OF_DAY_MAX = 200


def open_carbon_account(
    state: Rewards, command: OpenCarbonAccount, context: Context
) -> Refusal | None:
    """Open the one carbon account of a party; the first one defines what is held in them."""
    refusal = known_party(state, command.party)
    if refusal is not None:
        return refusal
    found = state.account_of.get((CARBON, "", command.party))
    if found is not None:
        return Refusal(code=Reject.ACCOUNT_EXISTS, field="party", found=str(found))
    instruments = state.ledger.instruments
    for code, right, _ in _INSTRUMENTS:
        known = instruments.get(code)
        if known is not None and known.right != right:
            return unfit("party", expected=f"{code} of {right}", found=known.right)
    for code, right, lot in _INSTRUMENTS:
        if code not in instruments:
            define(context, code, right=right, unit="g", lot=lot)
    number = open_account(state, context, party=command.party, kind=AccountKind.CARBON)
    context.emit(CarbonAccountOpened(account=number))
    return None


def set_factor(state: Rewards, command: SetCarbonFactor, context: Context) -> Refusal | None:
    """Put a version of a factor in force, after every earlier one and not in the past."""
    for field, value, least, most in (
        ("grams", 1 if command.micrograms is None else command.micrograms, 1, MICROGRAMS_MAX),
        ("day_limit", 1 if command.day_limit is None else command.day_limit, 1, QUANTITY_MAX),
        ("late_days", command.late_days, 0, LATE_DAYS_MOST),
    ):
        if not least <= value <= most:
            return unfit(field, expected=f"{least} to {most} of the smallest", found=str(value))
    earlier = [
        each.effective_from
        for (name, _), each in state.factors.items()
        if name == command.behaviour
    ]
    known = (command.behaviour, command.version) in state.factors
    refusal = check_version(
        known, earlier, version=command.version, day=command.effective_from, at=context.at
    )
    if refusal is not None:
        return refusal
    context.emit(
        CarbonFactorSet(
            behaviour=command.behaviour,
            version=command.version,
            effective_from=command.effective_from,
            unit=command.unit,
            micrograms=command.micrograms,
            day_limit=command.day_limit,
            late_days=command.late_days,
            method=command.method,
            source=command.source,
        )
    )
    return None


def reads_credit(state: Rewards, command: CreditCarbon) -> Iterator[RowKey]:
    """Declare a credit, and the day under whose limit it falls."""
    yield state.credits.named(command.source, command.reference)
    if is_day(command.day):
        yield state.carbon_days.named(command.account, command.day)


def reads_revoked(state: Rewards, command: RevokeCarbon) -> Iterator[RowKey]:
    """Declare a credit and, as soon as it is known which that is, its day."""
    yield state.credits.named(command.source, command.reference)
    found = state.credits.at_hand(command.source, command.reference)
    if found is not None:
        yield state.carbon_days.named(found.account, found.day)


def credit(state: Rewards, command: CreditCarbon, context: Context) -> Refusal | None:
    """Credit an activity that a source reports itself."""
    source = state.sources.get(command.source)
    if source is None:
        return Refusal(code=Reject.SOURCE_UNKNOWN, field="source", found=command.source)
    if source.party != context.actor.party:
        return Refusal(code=Reject.NOT_THE_OWNER, field="source", found=command.source)
    return credit_report(state, command, context, source=source)


def credit_report(
    state: Rewards, command: CreditCarbon, context: Context, *, source: Source
) -> Refusal | None:
    """Credit an activity by the factor of its day, up to the day's limit."""
    if not _is_carbon(state, command.account):
        return Refusal(code=Reject.ACCOUNT_UNFIT, field="account", found=str(command.account))
    if command.behaviour not in source.behaviours:
        return Refusal(code=Reject.ACT_UNKNOWN, field="behaviour", found=command.behaviour)
    factor = state.factor_on(command.behaviour, command.day)
    if factor is None:
        return Refusal(code=Reject.RULES_NOT_SET, field="behaviour", found=command.behaviour)
    if factor.micrograms is None:
        return Refusal(code=Reject.FACTOR_EMPTY, field="behaviour", rule=factor.version)
    refusal = _check_report(state, command, context, factor=factor)
    if refusal is not None:
        return refusal
    whole = milligrams(activity=command.activity, micrograms=factor.micrograms)
    counted = whole
    if factor.day_limit is not None:
        saved = state.carbon_day(command.account, command.day).saved(command.behaviour)
        counted = min(whole, max(0, factor.day_limit - saved))
    refusal = _supply(state, REDUCED, counted)
    if refusal is not None:
        return refusal
    if counted:
        _issue(context, command.account, instrument=REDUCED, quantity=counted, cause="carbon_saved")
    context.emit(
        CarbonCredited(
            credit=state.next.credit,
            account=command.account,
            source=command.source,
            reference=command.reference,
            behaviour=command.behaviour,
            version=factor.version,
            activity=command.activity,
            day=command.day,
            leaves=add_months(day_of(context.at), KEPT_MONTHS),
            milligrams=counted,
            cut=whole - counted,
        )
    )
    return None


def _check_report(
    state: Rewards, command: CreditCarbon, context: Context, *, factor: Factor
) -> Refusal | None:
    today = day_of(context.at)
    if not max(0, today - factor.late_days) <= command.day <= today:
        return Refusal(
            code=Reject.DAY_UNFIT,
            field="day",
            expected=f"at most {factor.late_days} days ago",
            rule=factor.version,
        )
    if not 0 < command.activity <= ACTIVITY_MAX:
        return Refusal(
            code=Reject.QUANTITY_UNFIT, field="activity", expected=f"1 to {ACTIVITY_MAX}"
        )
    known = state.credits.get(command.source, command.reference)
    if known is not None:
        return Refusal(code=Reject.ACT_TWICE, field="reference", found=f"credit {known.id}")
    if state.carbon_day(command.account, command.day).credits >= CREDITS_OF_DAY_MAX:
        return Refusal(
            code=Reject.ACTS_TOO_MANY, field="day", expected=f"at most {CREDITS_OF_DAY_MAX} a day"
        )
    return None


def revoke(state: Rewards, command: RevokeCarbon, context: Context) -> Refusal | None:
    """Cancel the reduction of an activity that never was, or what the account still has of it."""
    source = state.sources.get(command.source)
    if source is None:
        return Refusal(code=Reject.SOURCE_UNKNOWN, field="source", found=command.source)
    if Role.OPERATOR not in context.actor.roles and source.party != context.actor.party:
        return Refusal(code=Reject.NOT_THE_OWNER, field="source", found=command.source)
    found = state.credits.get(command.source, command.reference)
    # What a list reports it cannot revoke as well: which day that is was not known in time.
    is_old = found is not None and found.entry != state.ledger.entry
    if found is None or not is_old or found.state == REVOKED or found.leaves <= day_of(context.at):
        return Refusal(code=Reject.REFERENCE_UNKNOWN, field="reference", found=command.reference)
    held = state.ledger.accounts[found.account].available(REDUCED)
    cancelled = min(held, found.milligrams)
    if cancelled:
        _cancel(context, found.account, instrument=REDUCED, quantity=cancelled)
    context.emit(
        CarbonRevoked(
            credit=found.id,
            source=found.source,
            reference=found.reference,
            cancelled=cancelled,
            reason=command.reason,
            actor=context.actor.id,
        )
    )
    return None


def report_emissions(state: Rewards, command: ReportEmissions, context: Context) -> Refusal | None:
    """Set what an enterprise or a public body emitted in a year; the difference moves."""
    if not _is_carbon(state, command.account):
        return Refusal(code=Reject.ACCOUNT_UNFIT, field="account", found=str(command.account))
    party = state.ledger.parties[state.ledger.accounts[command.account].party]
    if party.kind in {PartyKind.PERSON, PartyKind.VILLAGE}:
        return Refusal(code=Reject.ACCOUNT_UNFIT, field="account", found=party.kind)
    if command.year not in _YEARS:
        return unfit("year", expected="1990 to 2200", found=str(command.year))
    if not 0 <= command.grams <= QUANTITY_MAX:
        return unfit("grams", expected=f"0 to {QUANTITY_MAX}", found=str(command.grams))
    before = state.emissions.get((command.account, command.year))
    change = command.grams - (0 if before is None else before.grams)
    refusal = _supply(state, EMITTED, change)
    if refusal is not None:
        return refusal
    if change > 0:
        cause = "carbon_emitted"
        _issue(context, command.account, instrument=EMITTED, quantity=change, cause=cause)
    elif change < 0:
        _cancel(context, command.account, instrument=EMITTED, quantity=-change)
    context.emit(
        EmissionsReported(
            account=command.account,
            year=command.year,
            grams=command.grams,
            method=command.method,
            document=command.document,
            actor=context.actor.id,
        )
    )
    return None


def _is_carbon(state: Rewards, number: int) -> bool:
    account = state.ledger.accounts.get(number)
    return account is not None and account.open and account.kind is AccountKind.CARBON


def _supply(state: Rewards, instrument: str, quantity: int) -> Refusal | None:
    ledger = state.ledger
    field = "activity" if instrument == REDUCED else "grams"
    return check_supply(
        ledger, source=ISSUANCE, instrument=instrument, quantity=quantity, field=field
    )


def _issue(context: Context, account: int, *, instrument: str, quantity: int, cause: str) -> None:
    context.emit(
        Moved(
            source=ISSUANCE,
            target=account,
            instrument=instrument,
            quantity=quantity,
            cause=cause,
        )
    )


def _cancel(context: Context, account: int, *, instrument: str, quantity: int) -> None:
    context.emit(
        Moved(
            source=account,
            target=CANCELLED,
            instrument=instrument,
            quantity=quantity,
            cause="carbon_corrected",
        )
    )
