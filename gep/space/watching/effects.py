"""What can happen to warnings and thresholds, and how each thing that happened changes them."""

from collections.abc import Mapping
from typing import Any

import msgspec

from gep.space.watching.commands import ClosureOutcome
from gep.space.watching.judging import Severity, WarningRule
from gep.space.watching.state import (
    StoredWarning,
    Threshold,
    WarningEvent,
    WarningState,
    Watch,
)
from kernel.errors import InvariantBroken
from ledger.effects import Effect


class GepThresholdSet(Effect, frozen=True, kw_only=True, tag="gep_threshold_set"):
    """Another limit holds."""

    rule: WarningRule
    limit_ppm: int
    reason: str
    actor: str
    party: str


class GepWarningRaised(Effect, frozen=True, kw_only=True, tag="gep_warning_raised"):
    """An account crosses a threshold; amounts in fen, shares in millionths."""

    warning: str
    rule: WarningRule
    area: str
    year: int
    account: str
    base: str
    service: str
    before: int
    after: int
    measured_ppm: int
    limit_ppm: int
    severity: Severity
    actor: str


class GepWarningAssigned(Effect, frozen=True, kw_only=True, tag="gep_warning_assigned"):
    """A warning has an owner and a deadline."""

    warning: str
    party: str
    owner: str
    deadline: int
    actor: str


class GepWarningAnswered(Effect, frozen=True, kw_only=True, tag="gep_warning_answered"):
    """Its owner has said what a warning comes from."""

    warning: str
    reason: str
    account: str
    actor: str


class GepWarningClosed(Effect, frozen=True, kw_only=True, tag="gep_warning_closed"):
    """An answer ended a warning, or was returned."""

    warning: str
    outcome: ClosureOutcome
    reason: str
    actor: str


def threshold_set(state: Watch, effect: GepThresholdSet) -> None:
    """Put the limit on its shelf."""
    ledger = state.ledger
    made = Threshold(
        effect.rule.value,
        effect.limit_ppm,
        effect.actor,
        effect.party,
        effect.reason,
        ledger.entry,
    )
    state.thresholds.put(ledger.journal, made)


def warning_raised(state: Watch, effect: GepWarningRaised) -> None:
    """Put the warning on its shelf."""
    ledger = state.ledger
    made = StoredWarning(
        warning=effect.warning,
        rule=effect.rule.value,
        area=effect.area,
        year=effect.year,
        account=effect.account,
        base=effect.base,
        service=effect.service,
        before=effect.before,
        after=effect.after,
        measured_ppm=effect.measured_ppm,
        limit_ppm=effect.limit_ppm,
        severity=effect.severity.value,
        raised_by=effect.actor,
        entry=ledger.entry,
    )
    state.warnings.put(ledger.journal, made)
    _note(state, effect.warning, number=1, event="raised", actor=effect.actor)


def warning_assigned(state: Watch, effect: GepWarningAssigned) -> None:
    """Note the owner and the deadline."""
    number = _change(
        state,
        effect.warning,
        state=WarningState.ASSIGNED.value,
        party=effect.party,
        owner=effect.owner,
        deadline=effect.deadline,
    )
    _note(
        state,
        effect.warning,
        number=number,
        event="assigned",
        actor=effect.actor,
        party=effect.party,
        owner=effect.owner,
        deadline=effect.deadline,
    )


def warning_answered(state: Watch, effect: GepWarningAnswered) -> None:
    """Note the answer."""
    number = _change(
        state,
        effect.warning,
        state=WarningState.ANSWERED.value,
        answered_by=effect.actor,
        answer_account=effect.account,
    )
    _note(
        state,
        effect.warning,
        number=number,
        event="answered",
        actor=effect.actor,
        words=effect.reason,
        account=effect.account,
    )


def warning_closed(state: Watch, effect: GepWarningClosed) -> None:
    """Note that the warning ended, or that it is its owner's again."""
    is_over = effect.outcome is ClosureOutcome.ACCEPTED
    changes: dict[str, Any] = (
        {
            "state": WarningState.CLOSED.value,
            "closed_by": effect.actor,
            "closed_in": state.ledger.entry,
        }
        if is_over
        else {"state": WarningState.ASSIGNED.value, "answered_by": "", "answer_account": ""}
    )
    number = _change(state, effect.warning, **changes)
    event = "closed" if is_over else "returned"
    _note(
        state,
        effect.warning,
        number=number,
        event=event,
        actor=effect.actor,
        words=effect.reason,
    )


def _change(state: Watch, warning: str, /, **changes: Any) -> int:
    """Change a warning, and return the number of its next event."""
    found = state.warnings.get(warning)
    if found is None:
        raise InvariantBroken(f"warning {warning} was never raised")
    made = msgspec.structs.replace(found, events=found.events + 1, **changes)
    state.warnings.put(state.ledger.journal, made)
    return made.events


def _note(state: Watch, warning: str, *, number: int, **more: Any) -> None:
    ledger = state.ledger
    made = WarningEvent(warning=warning, number=number, entry=ledger.entry, at=ledger.at, **more)
    state.events.put(ledger.journal, made)


FOLDS: Mapping[type[Effect], Any] = {
    GepThresholdSet: threshold_set,
    GepWarningRaised: warning_raised,
    GepWarningAssigned: warning_assigned,
    GepWarningAnswered: warning_answered,
    GepWarningClosed: warning_closed,
}
