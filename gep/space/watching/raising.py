"""How a warning is raised: only what the stored accounts, read again, really cross."""

from collections.abc import Iterator
from typing import assert_never

from gep.accounts.account import Account
from gep.accounts.stored import read_account
from gep.publishing.commands import TOTAL_FEN_MAX
from gep.publishing.decisions import of_status
from gep.publishing.status import Status
from gep.space.watching.commands import WORDS_LENGTH_MAX, RaiseGepWarning, SetGepThreshold
from gep.space.watching.effects import GepThresholdSet, GepWarningRaised
from gep.space.watching.judging import (
    PPM,
    PROPOSED,
    Crossing,
    Unjudged,
    WarningRule,
    decline_of,
    missing_of,
    share_of,
    warning_id,
)
from gep.space.watching.refusals import Reject
from gep.space.watching.state import Watch
from kernel.errors import InvariantBroken
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.shelf import RowKey


def reads_threshold(state: Watch, command: SetGepThreshold) -> Iterator[RowKey]:
    """Declare the threshold."""
    yield state.thresholds.named(command.rule.value)


def set_threshold(state: Watch, command: SetGepThreshold, context: Context) -> Refusal | None:
    """Let another limit hold."""
    if command.rule not in PROPOSED or not 0 < command.limit_ppm < PPM:
        return Refusal(
            code=Reject.THRESHOLD_UNFIT,
            field="rule" if command.rule not in PROPOSED else "limit",
            expected=f"one of {', '.join(PROPOSED)}, above 0 and below 1",
            found=f"{command.rule}, {command.limit_ppm} millionths",
        )
    if command.limit_ppm == state.limit(command.rule):
        return Refusal(
            code=Reject.THRESHOLD_UNFIT,
            field="limit",
            expected="another limit than the one that holds",
            found=f"{command.limit_ppm} millionths",
        )
    if not words_fit(command.reason, least=1):
        return words_refused(command.reason, least=1)
    context.emit(
        GepThresholdSet(
            rule=command.rule,
            limit_ppm=command.limit_ppm,
            reason=command.reason,
            actor=context.actor.id,
            party=context.actor.party,
        )
    )
    return None


def reads_raising(state: Watch, command: RaiseGepWarning) -> Iterator[RowKey]:
    """Declare the warning, its threshold, and the accounts with their documents and places."""
    name = _name(command)
    yield state.warnings.named(name)
    yield state.events.named(name, 1)
    yield state.thresholds.named(command.rule.value)
    accounts = state.accounts
    for account in (command.account, command.base):
        if account:
            yield accounts.accounts.named(account)
            found = accounts.accounts.at_hand(account)
            if found is not None:
                yield accounts.counting.named(*found.place)
                yield accounts.documents.named(account, found.plan)


def raise_warning(state: Watch, command: RaiseGepWarning, context: Context) -> Refusal | None:
    """Raise a warning if its account counts and crosses the limit that holds."""
    account = _counting(state, command.account, field="account")
    if isinstance(account, Refusal):
        return account
    earlier = state.warnings.get(_name(command))
    if earlier is not None:
        return Refusal(
            code=Reject.WARNING_DOUBLED,
            field="account",
            expected="a warning that was not raised",
            found=f"{earlier.warning}, of entry {earlier.entry}",
        )
    found = _judged(state, command, account)
    if isinstance(found, Refusal):
        return found
    context.emit(
        GepWarningRaised(
            warning=found.id,
            rule=found.rule,
            area=account.area.id,
            year=account.year,
            account=found.account,
            base=found.base,
            service=found.service,
            before=found.before,
            after=found.after,
            measured_ppm=found.measured,
            limit_ppm=found.limit,
            severity=found.severity,
            actor=context.actor.id,
        )
    )
    return None


def words_fit(words: str, *, least: int) -> bool:
    """Say whether words are neither too few nor too many."""
    return least <= len(words.strip()) and len(words) <= WORDS_LENGTH_MAX


def words_refused(words: str, *, least: int) -> Refusal:
    """Refuse words."""
    return Refusal(
        code=Reject.WORDS_UNFIT,
        field="reason",
        expected=f"{least} to {WORDS_LENGTH_MAX} characters",
        found=str(len(words)),
    )


def _name(command: RaiseGepWarning) -> str:
    return warning_id(command.rule, account=command.account, service=command.service)


def _judged(state: Watch, command: RaiseGepWarning, account: Account) -> Crossing | Refusal:
    limit = state.limit(command.rule)
    found: Crossing | Unjudged | None
    match command.rule:
        case WarningRule.DECLINE:
            base = _counting(state, command.base, field="base")
            if isinstance(base, Refusal):
                return base
            # A decline is of the whole account; a service would give it a second name.
            found = None if command.service else decline_of(base, account, limit=limit)
        case WarningRule.SERVICE_SHARE:
            found = None if command.base else share_of(account, command.service, limit=limit)
        case WarningRule.MANDATORY_MISSING:
            found = None if command.base else missing_of(account, command.service)
        case never:
            assert_never(never)
    if isinstance(found, Unjudged):
        return Refusal(
            code=Reject.NOT_COMPARABLE,
            field="base",
            expected="an earlier account of the area without a break",
            found=", ".join(found.breaks),
        )
    if found is not None and max(abs(found.before), abs(found.after)) > TOTAL_FEN_MAX:
        return Refusal(
            code=Reject.NOT_COMPARABLE,
            field="base",
            expected=f"at the base's prices at most {TOTAL_FEN_MAX} fen",
            found=str(found.after)[:64],
        )
    if found is None:
        return Refusal(
            code=Reject.THRESHOLD_NOT_CROSSED,
            field="rule",
            expected=f"an account that crosses {command.rule} at {limit} millionths",
            found=command.service[:64] or "the whole account",
        )
    return found


def _counting(state: Watch, account: str, *, field: str) -> Account | Refusal:
    """Return an account that counts, read from its stored document."""
    found = of_status(state.accounts, account, Status.PUBLISHED)
    if isinstance(found, Refusal):
        return Refusal(code=found.code, field=field, expected=found.expected, found=found.found)
    counting = state.accounts.counting.get(*found.place)
    if counting is None or counting.account != account:
        return Refusal(
            code=Reject.ACCOUNT_NOT_COUNTING,
            field=field,
            expected="the account that counts now",
            found=f"superseded by {found.superseded_by}",
        )
    document = state.accounts.documents.get(account, found.plan)
    if document is None:
        raise InvariantBroken(f"account {account} has no document")
    return read_account(document.document)
