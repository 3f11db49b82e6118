"""What can happen in the reconciliation, and how each thing that happened changes its state."""

from collections.abc import Mapping
from typing import Any

from ledger.deciding import record_decision
from ledger.effects import Effect
from ledger.journal import create, remove
from ledger.reconciliation.commands import Finding, Threshold
from ledger.reconciliation.difference import Difference, FileKind
from ledger.reconciliation.state import (
    ANSWERED,
    ASSIGNED,
    CLOSED,
    CLOSED_BY_HAND,
    REOPENED,
    RESOLVED_BY_FILE,
    Reconciliations,
    Run,
    Task,
    TaskEvent,
    Terms,
    side_text,
    subject_of,
)


class ReconciliationTermsSet(Effect, frozen=True, kw_only=True, tag="reconciliation_terms_set"):
    """A counterparty's files are read and followed up in this way from here on."""

    counterparty: str
    file_kind: FileKind
    instruments: list[str]
    utc_offset_minutes: int
    cut_off_minutes: int
    window_days: int
    due_hours: int
    reopen_hours: int
    lines_max: int
    four_eyes: list[Threshold]


class ReconciliationRecorded(Effect, frozen=True, kw_only=True, tag="reconciliation_recorded"):
    """A file was compared with the books; ``supersedes`` is the file in whose place it stands."""

    reconciliation: int
    counterparty: str
    file_kind: FileKind
    day: int
    as_of: int
    digest: str
    lines: int
    matched: int
    differences: int
    left_out: int
    supersedes: int | None
    actor: str


class TaskOpened(Effect, frozen=True, kw_only=True, tag="reconciliation_task_opened"):
    """A difference opened a task."""

    task: int
    reconciliation: int
    counterparty: str
    file_kind: FileKind
    day: int
    difference: Difference
    due: int
    actor: str


class TaskSeen(Effect, frozen=True, kw_only=True, tag="reconciliation_task_seen"):
    """A further file shows an open task's difference, with these figures."""

    task: int
    reconciliation: int
    day: int
    difference: Difference
    actor: str


class TaskResolved(Effect, frozen=True, kw_only=True, tag="reconciliation_task_resolved"):
    """A file shows that a task's difference is gone; the task is closed."""

    task: int
    reconciliation: int
    until: int
    actor: str


class TaskAssigned(Effect, frozen=True, kw_only=True, tag="reconciliation_task_assigned"):
    """A task is a person's."""

    task: int
    assignee: str
    due: int
    actor: str


class TaskAnswered(Effect, frozen=True, kw_only=True, tag="reconciliation_task_answered"):
    """The cause of a difference was found."""

    task: int
    finding: Finding
    actor: str


class TaskClosed(Effect, frozen=True, kw_only=True, tag="reconciliation_task_closed"):
    """An answer was accepted; ``checker`` is the second person, where there was one."""

    task: int
    until: int
    actor: str
    checker: str | None


class TaskReopened(Effect, frozen=True, kw_only=True, tag="reconciliation_task_reopened"):
    """A closed task is open again."""

    task: int
    due: int
    actor: str


class TaskOverdue(Effect, frozen=True, kw_only=True, tag="reconciliation_task_overdue"):
    """A task is not closed, and its time has passed."""

    task: int


class TaskLeft(Effect, frozen=True, kw_only=True, tag="reconciliation_task_left"):
    """A closed task can be reopened no more and leaves the state; its rows stay."""

    task: int


def terms_set(state: Reconciliations, effect: ReconciliationTermsSet) -> None:
    """Put terms in force; the last file stays known."""
    journal = state.ledger.journal
    key = (effect.counterparty, effect.file_kind.value)
    old = state.terms.get(key)
    if old is not None:
        remove(journal, state.terms, key=key)
    terms = Terms(
        counterparty=effect.counterparty,
        file_kind=effect.file_kind.value,
        instruments=list(effect.instruments),
        utc_offset_minutes=effect.utc_offset_minutes,
        cut_off_minutes=effect.cut_off_minutes,
        window_days=effect.window_days,
        due_hours=effect.due_hours,
        reopen_hours=effect.reopen_hours,
        lines_max=effect.lines_max,
        four_eyes={each.instrument: each.quantity for each in effect.four_eyes},
        latest=0 if old is None else old.latest,
    )
    create(journal, state.terms, key=key, value=terms)
    subject = f"{effect.counterparty}/{effect.file_kind.value}"
    record_decision(state.ledger, kind="reconciliation_terms", subject=subject, terms=effect)


def recorded(state: Reconciliations, effect: ReconciliationRecorded) -> None:
    """Add a file; the one in whose place it stands leaves the state, its row stays."""
    ledger = state.ledger
    kind = effect.file_kind.value
    key = (effect.counterparty, kind, effect.day)
    old = state.runs.get(key)
    if old is not None:
        ledger.journal.append((old, old.superseded_by))
        old.superseded_by = effect.reconciliation
        remove(ledger.journal, state.runs, key=key)
    run = Run(
        id=effect.reconciliation,
        counterparty=effect.counterparty,
        file_kind=kind,
        day=effect.day,
        as_of=effect.as_of,
        digest=effect.digest,
        entry=ledger.entry,
        at=ledger.at,
        actor=effect.actor,
        lines=effect.lines,
        matched=effect.matched,
        differences=effect.differences,
        left_out=effect.left_out,
        supersedes=effect.supersedes,
    )
    create(ledger.journal, state.runs, key=key, value=run)
    terms = state.terms[effect.counterparty, kind]
    ledger.journal.append((terms, terms.latest))
    terms.latest = run.id
    _number(state, run=run.id + 1, task=state.next.task)


def task_opened(state: Reconciliations, effect: TaskOpened) -> None:
    """Add a task."""
    difference = effect.difference
    here = difference.here
    task = Task(
        id=effect.task,
        reconciliation=effect.reconciliation,
        counterparty=effect.counterparty,
        file_kind=effect.file_kind.value,
        day=effect.day,
        subject=difference.subject,
        instrument=difference.instrument,
        seen=effect.reconciliation,
        seen_day=effect.day,
        kind=difference.kind.value,
        there=side_text(difference.there),
        here=side_text(here),
        here_entry=None if here is None else here.entry,
        here_number=None if here is None else here.number,
        at_stake=difference.at_stake,
        due=effect.due,
    )
    journal = state.ledger.journal
    create(journal, state.tasks, key=task.id, value=task)
    create(journal, state.by_subject, key=subject_of(task), value=task.id)
    state.wait(task)
    _number(state, run=state.next.run, task=task.id + 1)
    _happened(
        state,
        task,
        "opened",
        actor=effect.actor,
        reconciliation=effect.reconciliation,
        detail=task.kind,
        shows=True,
    )


def task_seen(state: Reconciliations, effect: TaskSeen) -> None:
    """Take over the figures of the newer file."""
    task = state.tasks[effect.task]
    task.note(state.ledger.journal)
    task.seen = effect.reconciliation
    task.seen_day = effect.day
    task.show(effect.difference)
    _happened(
        state,
        task,
        "seen",
        actor=effect.actor,
        reconciliation=effect.reconciliation,
        detail=task.kind,
        shows=True,
    )


def task_resolved(state: Reconciliations, effect: TaskResolved) -> None:
    """Close a task because a file shows that its difference is gone."""
    task = state.tasks[effect.task]
    _close(state, task, outcome=RESOLVED_BY_FILE, until=effect.until)
    task.seen = effect.reconciliation
    _happened(state, task, "resolved", actor=effect.actor, reconciliation=effect.reconciliation)


def task_assigned(state: Reconciliations, effect: TaskAssigned) -> None:
    """Give a task to a person; a later due time takes the mark of lateness away."""
    task = state.tasks[effect.task]
    task.note(state.ledger.journal)
    if task.due != effect.due:
        state.stop_waiting(task)
        task.due = effect.due
        task.overdue = False
        state.wait(task)
    task.state = ASSIGNED
    task.assignee = effect.assignee
    _happened(state, task, "assigned", actor=effect.actor, detail=effect.assignee)


def task_answered(state: Reconciliations, effect: TaskAnswered) -> None:
    """Note what was found."""
    task = state.tasks[effect.task]
    task.note(state.ledger.journal)
    task.state = ANSWERED
    task.finding = effect.finding.value
    _happened(state, task, "answered", actor=effect.actor, detail=effect.finding.value)


def task_closed(state: Reconciliations, effect: TaskClosed) -> None:
    """Close a task by hand."""
    task = state.tasks[effect.task]
    _close(state, task, outcome=CLOSED_BY_HAND, until=effect.until)
    _happened(state, task, "closed", actor=effect.actor, detail=effect.checker or "")


def task_reopened(state: Reconciliations, effect: TaskReopened) -> None:
    """Open a closed task again."""
    task = state.tasks[effect.task]
    journal = state.ledger.journal
    state.stop_waiting(task)
    task.note(journal)
    task.state = REOPENED
    task.outcome = ""
    task.until = None
    task.overdue = False
    task.due = effect.due
    create(journal, state.by_subject, key=subject_of(task), value=task.id)
    state.wait(task)
    _happened(state, task, "reopened", actor=effect.actor)


def task_overdue(state: Reconciliations, effect: TaskOverdue) -> None:
    """Mark a task as late."""
    task = state.tasks[effect.task]
    state.stop_waiting(task)
    task.note(state.ledger.journal)
    task.overdue = True
    _happened(state, task, "overdue", actor="")


def task_left(state: Reconciliations, effect: TaskLeft) -> None:
    """Let a closed task go; its row stays."""
    task = state.tasks[effect.task]
    state.stop_waiting(task)
    task.note(state.ledger.journal)
    task.until = None
    remove(state.ledger.journal, state.tasks, key=task.id)


def _close(state: Reconciliations, task: Task, *, outcome: str, until: int) -> None:
    journal = state.ledger.journal
    state.stop_waiting(task)
    task.note(journal)
    task.state = CLOSED
    task.outcome = outcome
    task.until = until
    remove(journal, state.by_subject, key=subject_of(task))
    state.wait(task)


def _number(state: Reconciliations, *, run: int, task: int) -> None:
    numbering = state.next
    state.ledger.journal.append((numbering, numbering.run, numbering.task))
    numbering.run, numbering.task = run, task


def _happened(
    state: Reconciliations,
    task: Task,
    event: str,
    *,
    actor: str,
    reconciliation: int | None = None,
    detail: str = "",
    shows: bool = False,
) -> None:
    """Append the row of an event to the write set; with ``shows`` it keeps the figures."""
    ledger = state.ledger
    row = (ledger.entry, ledger.ordinal, ledger.at, task.id, event, actor, reconciliation, detail)
    figures = (task.there, task.here) if shows else ("", "")
    ledger.journal.append((TaskEvent(*row, *figures),))
    ledger.ordinal += 1


FOLDS: Mapping[type[Effect], Any] = {
    ReconciliationTermsSet: terms_set,
    ReconciliationRecorded: recorded,
    TaskOpened: task_opened,
    TaskSeen: task_seen,
    TaskResolved: task_resolved,
    TaskAssigned: task_assigned,
    TaskAnswered: task_answered,
    TaskClosed: task_closed,
    TaskReopened: task_reopened,
    TaskOverdue: task_overdue,
    TaskLeft: task_left,
}
