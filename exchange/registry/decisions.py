"""How the registry's commands are decided (markets.md 8): who, from which account, how much."""

from enum import StrEnum

from exchange.registry.commands import (
    LINES_MAX,
    Allocate,
    CancelUnits,
    CarryOver,
    Issue,
    RecordVerifiedEmissions,
    Retire,
    SetComplianceRule,
    Surrender,
    Transfer,
    VerifiedStatus,
)
from exchange.registry.effects import (
    ComplianceRuleSet,
    SurrenderRecorded,
    VerifiedRecorded,
)
from exchange.registry.state import Registry
from ledger.decisions import (
    CURRENCY,
    check_quantity,
    check_supply,
    find_account,
    too_small,
)
from ledger.effects import Moved
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.refusals import Reject as LedgerReject
from ledger.roles import (
    CANCELLED,
    ISSUANCE,
    RETIRED,
    REWARD_RIGHTS,
    SURRENDERED,
    SYSTEM_ACCOUNTS,
    AccountKind,
)
from ledger.state import Account


class Reject(StrEnum):
    """Refusals of the registry, by descending precedence."""

    INSTRUMENT_UNFIT = "registry.instrument_unfit"
    LINES_COUNT_UNFIT = "registry.lines_count_unfit"
    LINE_TWICE = "registry.line_twice"
    NOT_THE_OWNER = "registry.not_the_owner"
    SAME_ACCOUNT = "registry.same_account"
    COMPLIANCE_ONE_WAY = "registry.compliance_one_way"
    ACCOUNT_KIND_UNFIT = "registry.account_kind_unfit"
    SELLABLE_TOO_SMALL = "registry.sellable_too_small"
    VERIFIED_UNFIT = "registry.verified_unfit"
    PARTY_UNKNOWN = "registry.party_unknown"
    RULE_NOT_SET = "registry.rule_not_set"


def issue(registry: Registry, command: Issue, context: Context) -> Refusal | None:
    """Create units in an account, under four eyes."""
    refusal = _units(registry, command.instrument) or check_quantity(command.lots, field="quantity")
    account, found = find_account(registry.ledger, command.account)
    if refusal is not None or account is None:
        return refusal or found
    if account.number in SYSTEM_ACCOUNTS:
        return Refusal(code=Reject.ACCOUNT_KIND_UNFIT, field="account", found=account.kind)
    refusal = check_supply(
        registry.ledger,
        source=ISSUANCE,
        instrument=command.instrument,
        quantity=command.lots,
        field="quantity",
    )
    if refusal is not None:
        return refusal
    _move(
        context,
        source=ISSUANCE,
        target=account.number,
        instrument=command.instrument,
        lots=command.lots,
        cause="issue",
    )
    return None


def allocate(registry: Registry, command: Allocate, context: Context) -> Refusal | None:
    """Give a reserve's units to participants: every line or none."""
    refusal = _units(registry, command.instrument)
    source, found = find_account(registry.ledger, command.source, field="source")
    if refusal is not None or source is None:
        return refusal or found
    if source.kind is not AccountKind.RESERVE:
        return Refusal(code=Reject.ACCOUNT_KIND_UNFIT, field="source", found=source.kind)
    if source.party != context.actor.party:
        return Refusal(code=Reject.NOT_THE_OWNER, field="source")
    refusal = _lines(registry, command)
    if refusal is not None:
        return refusal
    total = sum(line.lots for line in command.lines)
    available = source.available(command.instrument)
    if available < total:
        instrument = registry.ledger.instruments[command.instrument]
        return too_small(instrument, available, total, field="lines")
    for line in command.lines:
        _move(
            context,
            source=source.number,
            target=line.account,
            instrument=command.instrument,
            lots=line.lots,
            cause="allocation",
        )
    return None


def _lines(registry: Registry, command: Allocate) -> Refusal | None:
    if not 0 < len(command.lines) <= LINES_MAX:
        return Refusal(
            code=Reject.LINES_COUNT_UNFIT,
            field="lines",
            expected=f"1 to {LINES_MAX}",
            found=str(len(command.lines)),
        )
    seen = set()
    for line in command.lines:
        account, refusal = find_account(registry.ledger, line.account, field="lines")
        refusal = refusal or check_quantity(line.lots, field="lines")
        if account is None or refusal is not None:
            return refusal
        if line.account in seen:
            return Refusal(code=Reject.LINE_TWICE, field="lines", found=str(line.account))
        if account.number in SYSTEM_ACCOUNTS:
            return Refusal(code=Reject.ACCOUNT_KIND_UNFIT, field="lines", found=account.kind)
        seen.add(line.account)
    return None


def transfer(registry: Registry, command: Transfer, context: Context) -> Refusal | None:
    """Move one's own units; what was bought today stays until the next trading day."""
    refusal = _units(registry, command.instrument) or check_quantity(command.lots, field="quantity")
    source, found = _own(registry, command.source, context, field="source")
    if refusal is not None or source is None:
        return refusal or found
    target, found = find_account(registry.ledger, command.target, field="target")
    if target is None:
        return found
    if target is source:
        return Refusal(code=Reject.SAME_ACCOUNT, field="target")
    if source.kind is AccountKind.COMPLIANCE:
        return Refusal(code=Reject.COMPLIANCE_ONE_WAY, field="source")
    if target.kind is AccountKind.COMPLIANCE and target.party != source.party:
        return Refusal(code=Reject.COMPLIANCE_ONE_WAY, field="target")
    if target.number in SYSTEM_ACCOUNTS:
        return Refusal(code=Reject.ACCOUNT_KIND_UNFIT, field="target", found=target.kind)
    holding = source.holdings.get(command.instrument)
    day = registry.trading_day(command.instrument)
    sellable = 0 if holding is None else holding.sellable(day=day)
    if sellable < command.lots:
        return too_small(
            registry.ledger.instruments[command.instrument],
            sellable,
            command.lots,
            field="quantity",
            code=Reject.SELLABLE_TOO_SMALL,
        )
    _move(
        context,
        source=source.number,
        target=target.number,
        instrument=command.instrument,
        lots=command.lots,
        cause=f"transfer_{command.cause.value}",
    )
    return None


def large(registry: Registry, command: Transfer) -> bool:
    """Tell whether a transfer reaches the instrument's four-eyes quantity."""
    bound = registry.four_eyes_lots(command.instrument)
    return bound is not None and command.lots >= bound


def always(registry: Registry, command: object) -> bool:
    """Tell that a command needs four eyes whatever it says."""
    del registry, command
    return True


def surrender(registry: Registry, command: Surrender, context: Context) -> Refusal | None:
    """Give one's own units against a year; never out of a reserve."""
    account, refusal = _ending(
        registry,
        context,
        account=command.account,
        instrument=command.instrument,
        lots=command.lots,
    )
    if account is None:
        return refusal
    if account.kind is AccountKind.RESERVE:
        return Refusal(code=Reject.ACCOUNT_KIND_UNFIT, field="account", found=account.kind)
    if registry.ledger.instruments[command.instrument].right != command.right:
        return Refusal(code=Reject.INSTRUMENT_UNFIT, field="right", found=command.right)
    _move(
        context,
        source=account.number,
        target=SURRENDERED,
        instrument=command.instrument,
        lots=command.lots,
        cause="surrender",
    )
    context.emit(
        SurrenderRecorded(
            party=account.party, right=command.right, year=command.year, lots=command.lots
        )
    )
    return None


def retire(registry: Registry, command: Retire, context: Context) -> Refusal | None:
    """Give one's own units up for ever."""
    account, refusal = _ending(
        registry,
        context,
        account=command.account,
        instrument=command.instrument,
        lots=command.lots,
    )
    if account is None:
        return refusal
    _move(
        context,
        source=account.number,
        target=RETIRED,
        instrument=command.instrument,
        lots=command.lots,
        cause="retire",
    )
    return None


def cancel_units(registry: Registry, command: CancelUnits, context: Context) -> Refusal | None:
    """Remove units of any account by decision, under four eyes."""
    account, refusal = _taken(
        registry, account=command.account, instrument=command.instrument, lots=command.lots
    )
    if account is None:
        return refusal
    _move(
        context,
        source=account.number,
        target=CANCELLED,
        instrument=command.instrument,
        lots=command.lots,
        cause=f"cancel_{command.cause.value}",
    )
    return None


def carry_over(registry: Registry, command: CarryOver, context: Context) -> Refusal | None:
    """Cancel units of a vintage and issue as many of the next, under four eyes."""
    account, refusal = _taken(
        registry, account=command.account, instrument=command.instrument, lots=command.lots
    )
    if account is None:
        return refusal
    instruments = registry.ledger.instruments
    old, new = instruments[command.instrument], instruments.get(command.next_instrument)
    follows = (
        new is not None
        and new.right == old.right
        and old.vintage is not None
        and new.vintage == old.vintage + 1
    )
    if not follows:
        return Refusal(code=Reject.INSTRUMENT_UNFIT, field="next_instrument")
    refusal = check_supply(
        registry.ledger,
        source=ISSUANCE,
        instrument=command.next_instrument,
        quantity=command.lots,
        field="quantity",
    )
    if refusal is not None:
        return refusal
    for source, target, code in (
        (account.number, CANCELLED, command.instrument),
        (ISSUANCE, account.number, command.next_instrument),
    ):
        _move(
            context,
            source=source,
            target=target,
            instrument=code,
            lots=command.lots,
            cause="carry_over",
        )
    return None


def record_verified(
    registry: Registry, command: RecordVerifiedEmissions, context: Context
) -> Refusal | None:
    """Enter a year's verified emissions: every line or none."""
    if not 0 < len(command.lines) <= LINES_MAX:
        return Refusal(code=Reject.LINES_COUNT_UNFIT, field="lines", expected=f"1 to {LINES_MAX}")
    seen = set()
    for line in command.lines:
        reported = line.status is VerifiedStatus.REPORTED
        if line.party not in registry.ledger.parties:
            return Refusal(code=Reject.PARTY_UNKNOWN, field="lines", found=line.party)
        if line.party in seen:
            return Refusal(code=Reject.LINE_TWICE, field="lines", found=line.party)
        if reported != (line.lots is not None) or (line.lots is not None and line.lots < 0):
            return Refusal(code=Reject.VERIFIED_UNFIT, field="lines", found=line.party)
        seen.add(line.party)
    for line in command.lines:
        context.emit(
            VerifiedRecorded(
                party=line.party,
                right=command.right,
                year=command.year,
                status=line.status,
                lots=line.lots,
            )
        )
    return None


def set_rule(registry: Registry, command: SetComplianceRule, context: Context) -> Refusal | None:
    """Say how obligations of a right settle."""
    del registry
    context.emit(
        ComplianceRuleSet(right=command.right, mode=command.mode, first_year=command.first_year)
    )
    return None


def _units(registry: Registry, code: str) -> Refusal | None:
    instrument = registry.ledger.instruments.get(code)
    if instrument is None:
        return Refusal(code=LedgerReject.INSTRUMENT_UNKNOWN, field="instrument", found=code)
    if instrument.right == CURRENCY or instrument.right in REWARD_RIGHTS:
        return Refusal(code=Reject.INSTRUMENT_UNFIT, field="instrument", found=code)
    return None


def _own(
    registry: Registry, number: int, context: Context, *, field: str
) -> tuple[Account | None, Refusal | None]:
    account, refusal = find_account(registry.ledger, number, field=field)
    if account is not None and account.party != context.actor.party:
        return None, Refusal(code=Reject.NOT_THE_OWNER, field=field)
    return account, refusal


def _ending(
    registry: Registry, context: Context, *, account: int, instrument: str, lots: int
) -> tuple[Account | None, Refusal | None]:
    """Return the caller's own account that may give up ``lots``, or why not."""
    own, refusal = _own(registry, account, context, field="account")
    if own is None:
        return None, refusal
    return _taken(registry, account=account, instrument=instrument, lots=lots)


def _taken(
    registry: Registry, *, account: int, instrument: str, lots: int
) -> tuple[Account | None, Refusal | None]:
    refusal = _units(registry, instrument) or check_quantity(lots, field="quantity")
    found, missing = find_account(registry.ledger, account)
    if refusal is not None or found is None:
        return None, refusal or missing
    if found.number in SYSTEM_ACCOUNTS:
        return None, Refusal(code=Reject.ACCOUNT_KIND_UNFIT, field="account", found=found.kind)
    available = found.available(instrument)
    if available < lots:
        units = registry.ledger.instruments[instrument]
        return None, too_small(units, available, lots, field="quantity")
    return found, None


def _move(
    context: Context, *, source: int, target: int, instrument: str, lots: int, cause: str
) -> None:
    context.emit(
        Moved(source=source, target=target, instrument=instrument, quantity=lots, cause=cause)
    )
