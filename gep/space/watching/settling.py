"""What becomes of a warning: an owner and a deadline, an answer, an end by another person."""

from collections.abc import Iterator
from datetime import date

from gep.days import beijing_day
from gep.publishing.refusals import Reject as AccountReject
from gep.space.watching.commands import (
    DEADLINE_DAYS_MAX,
    AnswerGepWarning,
    AssignGepWarning,
    CloseGepWarning,
    ClosureOutcome,
)
from gep.space.watching.effects import (
    GepWarningAnswered,
    GepWarningAssigned,
    GepWarningClosed,
)
from gep.space.watching.raising import words_fit, words_refused
from gep.space.watching.refusals import Reject
from gep.space.watching.state import StoredWarning, WarningState, Watch
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.shelf import RowKey

_Any = AssignGepWarning | AnswerGepWarning | CloseGepWarning


def reads_warning(state: Watch, command: _Any) -> Iterator[RowKey]:
    """Declare the warning and its next event, and the account that answers it."""
    yield state.warnings.named(command.warning)
    found = state.warnings.at_hand(command.warning)
    if found is not None:
        yield state.events.named(command.warning, found.events + 1)
    if isinstance(command, AnswerGepWarning) and command.account:
        yield state.accounts.accounts.named(command.account)


def assign_warning(state: Watch, command: AssignGepWarning, context: Context) -> Refusal | None:
    """Give a warning to a live person of a party, until a day."""
    found = _of_state(state, command.warning, WarningState.RAISED, WarningState.ASSIGNED)
    if isinstance(found, Refusal):
        return found
    owner = state.ledger.actors.get(command.owner)
    if owner is None or not owner.live or owner.party != command.party:
        return Refusal(
            code=Reject.OWNER_UNFIT,
            field="owner",
            expected=f"a live key of {command.party}"[:128],
            found=command.owner[:64],
        )
    today = beijing_day(context.at)
    if not today <= command.deadline <= today + DEADLINE_DAYS_MAX:
        return Refusal(
            code=Reject.DEADLINE_UNFIT,
            field="deadline",
            expected=f"{_day(today)} to {_day(today + DEADLINE_DAYS_MAX)}",
            found=_day(command.deadline),
        )
    context.emit(
        GepWarningAssigned(
            warning=command.warning,
            party=command.party,
            owner=command.owner,
            deadline=command.deadline,
            actor=context.actor.id,
        )
    )
    return None


def answer_warning(state: Watch, command: AnswerGepWarning, context: Context) -> Refusal | None:
    """Note what the owner says, and the account that they refer to."""
    found = _of_state(state, command.warning, WarningState.ASSIGNED)
    if isinstance(found, Refusal):
        return found
    if found.owner != context.actor.id:
        return Refusal(
            code=Reject.WARNING_OWNER_ONLY,
            field="warning",
            expected=found.owner,
            found=context.actor.id,
        )
    if not words_fit(command.reason, least=1):
        return words_refused(command.reason, least=1)
    refusal = _account_fault(state, command.account, found)
    if refusal is not None:
        return refusal
    context.emit(
        GepWarningAnswered(
            warning=command.warning,
            reason=command.reason,
            account=command.account,
            actor=context.actor.id,
        )
    )
    return None


def close_warning(state: Watch, command: CloseGepWarning, context: Context) -> Refusal | None:
    """End a warning, or return its answer, as another person than the one who answered."""
    found = _of_state(state, command.warning, WarningState.ANSWERED)
    if isinstance(found, Refusal):
        return found
    if context.actor.id == found.answered_by:
        return Refusal(
            code=Reject.CLOSER_IS_ANSWERER,
            field="warning",
            expected=f"another person than {found.answered_by}, who answered",
            found=context.actor.id,
        )
    least = int(command.outcome is ClosureOutcome.REJECTED)
    if not words_fit(command.reason, least=least):
        return words_refused(command.reason, least=least)
    context.emit(
        GepWarningClosed(
            warning=command.warning,
            outcome=command.outcome,
            reason=command.reason,
            actor=context.actor.id,
        )
    )
    return None


def _of_state(state: Watch, warning: str, *wanted: WarningState) -> StoredWarning | Refusal:
    found = state.warnings.get(warning)
    if found is None:
        return Refusal(code=Reject.WARNING_UNKNOWN, field="warning", found=warning[:64])
    if found.state not in {each.value for each in wanted}:
        return Refusal(
            code=Reject.WARNING_STATE_UNFIT,
            field="warning",
            expected=" or ".join(each.value for each in wanted),
            found=found.state,
        )
    return found


def _account_fault(state: Watch, account: str, warning: StoredWarning) -> Refusal | None:
    """Refuse an account that is not there, or no other account of the warning's area and year."""
    if not account:
        return None
    found = state.accounts.accounts.get(account)
    if found is None:
        return Refusal(code=AccountReject.ACCOUNT_UNKNOWN, field="account", found=account[:64])
    if (found.area, found.year) != (warning.area, warning.year) or account == warning.account:
        return Refusal(
            code=Reject.ANSWER_ACCOUNT_UNFIT,
            field="account",
            expected=f"another account of {warning.area} {warning.year}",
            found=f"{found.area} {found.year}",
        )
    return None


def _day(ordinal: int) -> str:
    in_range = 0 < ordinal <= date.max.toordinal()
    return date.fromordinal(ordinal).isoformat() if in_range else str(ordinal)
