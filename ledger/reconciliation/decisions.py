"""How the reconciliation's commands are decided: whose file it is, whether it fits, then tasks.

The comparison itself is made before, from a snapshot (``matching``); what it gave is an input. The
machine decides whether it may stand: under the terms in force, once for a day, and only if no other
file of the counterparty came between.
"""

from ledger.decisions import CURRENCY, QUANTITY_MAX
from ledger.effects import TimerScheduled
from ledger.machine import Context
from ledger.reconciliation.commands import (
    DIFFERENCES_MAX,
    HOURS_MOST,
    INSTRUMENTS_MAX,
    LINES_MAX_MOST,
    MINUTES_OF_DAY,
    OFFSET_MINUTES_MOST,
    OPEN_TASKS_MAX,
    WINDOW_DAYS_MOST,
    AnswerTask,
    AssignTask,
    CloseTask,
    RecordReconciliation,
    ReopenTask,
    SetReconciliationTerms,
)
from ledger.reconciliation.day import MICROSECONDS_OF_HOUR, day_begin
from ledger.reconciliation.difference import FileKind
from ledger.reconciliation.effects import (
    ReconciliationRecorded,
    ReconciliationTermsSet,
    TaskAnswered,
    TaskAssigned,
    TaskClosed,
    TaskLeft,
    TaskOpened,
    TaskOverdue,
    TaskReopened,
    TaskResolved,
    TaskSeen,
)
from ledger.reconciliation.refusals import Reject
from ledger.reconciliation.state import (
    ANSWERED,
    ASSIGNED,
    CLOSED,
    OPEN,
    REOPENED,
    TIMER,
    Reconciliations,
    Run,
    Task,
    Terms,
)
from ledger.refusals import Refusal
from ledger.refusals import Reject as LedgerReject
from ledger.roles import Role

TASKS_PER_TIMER_MAX = 2_000
_MAY_ANSWER = frozenset({Role.OPERATOR, Role.SETTLEMENT_BANK})


def always(state: Reconciliations, command: object) -> bool:
    """Tell that a command needs four eyes whatever it says."""
    del state, command
    return True


def set_terms(
    state: Reconciliations, command: SetReconciliationTerms, context: Context
) -> Refusal | None:
    """Put terms with a known counterparty in force, under four eyes."""
    refusal = _check_bounds(command) or _check_scope(state, command)
    if refusal is not None:
        return refusal
    context.emit(
        ReconciliationTermsSet(
            counterparty=command.counterparty,
            file_kind=command.file_kind,
            instruments=sorted(set(command.instruments)),
            utc_offset_minutes=command.utc_offset_minutes,
            cut_off_minutes=command.cut_off_minutes,
            window_days=command.window_days,
            due_hours=command.due_hours,
            reopen_hours=command.reopen_hours,
            lines_max=command.lines_max,
            four_eyes=command.four_eyes,
        )
    )
    return None


def _check_bounds(command: SetReconciliationTerms) -> Refusal | None:
    for field, value, least, most in (
        ("instruments", len(command.instruments), 1, INSTRUMENTS_MAX),
        ("utc_offset_minutes", command.utc_offset_minutes, -OFFSET_MINUTES_MOST, None),
        ("utc_offset_minutes", command.utc_offset_minutes, None, OFFSET_MINUTES_MOST),
        ("cut_off_minutes", command.cut_off_minutes, 1, MINUTES_OF_DAY),
        ("window_days", command.window_days, 0, WINDOW_DAYS_MOST),
        ("due_hours", command.due_hours, 1, HOURS_MOST),
        ("reopen_hours", command.reopen_hours, 1, HOURS_MOST),
        ("lines_max", command.lines_max, 1, LINES_MAX_MOST),
    ):
        if (least is not None and value < least) or (most is not None and value > most):
            bounds = f"{'' if least is None else least} to {'' if most is None else most}"
            return Refusal(
                code=Reject.TERMS_UNFIT, field=field, expected=bounds.strip(), found=str(value)
            )
    return None


def _check_scope(state: Reconciliations, command: SetReconciliationTerms) -> Refusal | None:
    ledger = state.ledger
    if command.counterparty not in ledger.parties:
        return Refusal(
            code=LedgerReject.PARTY_UNKNOWN, field="counterparty", found=command.counterparty
        )
    for code in command.instruments:
        instrument = ledger.instruments.get(code)
        if instrument is None:
            return Refusal(code=LedgerReject.INSTRUMENT_UNKNOWN, field="instruments", found=code)
        if (instrument.right == CURRENCY) is not (command.file_kind is FileKind.BANK):
            return Refusal(code=Reject.TERMS_UNFIT, field="instruments", found=code)
    named = set()
    for each in command.four_eyes:
        if each.instrument not in command.instruments or each.instrument in named:
            return Refusal(code=Reject.TERMS_UNFIT, field="four_eyes", found=each.instrument)
        if not 0 < each.quantity <= QUANTITY_MAX:
            return Refusal(code=Reject.TERMS_UNFIT, field="four_eyes", found=str(each.quantity))
        named.add(each.instrument)
    return None


def record(
    state: Reconciliations, command: RecordReconciliation, context: Context
) -> Refusal | None:
    """Record a file: what it shows opens tasks, shows them again, or closes them.

    The same file again changes nothing.
    """
    kind = command.file_kind.value
    terms = state.terms.get((command.counterparty, kind))
    if terms is None:
        found = f"{command.counterparty}/{kind}"
        return Refusal(code=Reject.TERMS_UNKNOWN, field="counterparty", found=found)
    run = state.runs.get((command.counterparty, kind, command.day))
    refusal = _check_owner(command, context) or _check_file(state, command, terms)
    if refusal is not None:
        return refusal
    if run is not None and run.digest == command.digest and not command.supersede:
        return None
    refusal = _check_place(command, terms, run)
    if refusal is not None:
        return refusal
    _emit(state, command, context, terms=terms, run=run)
    return None


def _check_owner(command: RecordReconciliation, context: Context) -> Refusal | None:
    """Let the settlement bank record its own statement, and the operator any file."""
    own = (
        command.file_kind is FileKind.BANK
        and Role.SETTLEMENT_BANK in context.actor.roles
        and command.counterparty == context.actor.party
    )
    if own or Role.OPERATOR in context.actor.roles:
        return None
    return Refusal(code=Reject.NOT_THE_OWNER, field="counterparty", found=command.counterparty)


def _check_file(
    state: Reconciliations, command: RecordReconciliation, terms: Terms
) -> Refusal | None:
    begin = day_begin(
        command.day,
        utc_offset_minutes=terms.utc_offset_minutes,
        cut_off_minutes=terms.cut_off_minutes,
    )
    if begin > state.ledger.at:
        return Refusal(code=Reject.DAY_AHEAD, field="day")
    if not 0 <= command.as_of < state.ledger.entry:
        return Refusal(
            code=LedgerReject.ENTRY_NOT_COMMITTED, field="as_of", found=str(command.as_of)
        )
    if command.due is not None and command.due <= state.ledger.at:
        return Refusal(code=LedgerReject.TIME_NOT_AHEAD, field="due")
    for field, count, most in (
        ("lines", command.lines, terms.lines_max),
        ("matched", command.matched, command.lines),
        ("differences", len(command.differences), DIFFERENCES_MAX),
        ("resolved", len(command.resolved), OPEN_TASKS_MAX),
        ("left_out", command.left_out, QUANTITY_MAX),
    ):
        if not 0 <= count <= most:
            return Refusal(
                code=Reject.COUNTS_UNFIT,
                field=field,
                expected=f"at most {most}",
                found=str(count),
            )
    if len({each.subject for each in command.differences}) < len(command.differences):
        return Refusal(
            code=Reject.COUNTS_UNFIT, field="differences", expected="one for each subject"
        )
    return None


def _check_place(command: RecordReconciliation, terms: Terms, run: Run | None) -> Refusal | None:
    if run is not None and not command.supersede:
        return Refusal(code=Reject.DAY_RECORDED, field="day", found=str(run.id))
    if run is None and command.supersede:
        return Refusal(code=Reject.NOTHING_TO_SUPERSEDE, field="supersede")
    if command.previous != terms.latest:
        return Refusal(
            code=Reject.CHANGED_MEANWHILE,
            field="previous",
            expected=str(terms.latest),
            found=str(command.previous),
        )
    return None


def _emit(
    state: Reconciliations,
    command: RecordReconciliation,
    context: Context,
    *,
    terms: Terms,
    run: Run | None,
) -> None:
    kind = command.file_kind.value
    open_before = state.open_tasks(command.counterparty, kind)
    gone = [number for number in sorted(set(command.resolved)) if _is_open_of(state, number, terms)]
    subjects = {state.tasks[number].subject for number in gone}
    known, new = [], []
    for each in command.differences:
        number = state.by_subject.get((command.counterparty, kind, each.subject))
        if number is None or each.subject in subjects:
            new.append(each)
        elif state.tasks[number].seen_day <= command.day:
            known.append((number, each))
    room = max(0, OPEN_TASKS_MAX - open_before + len(gone))
    actor = context.actor.id
    number = state.next.run
    context.emit(
        ReconciliationRecorded(
            reconciliation=number,
            counterparty=command.counterparty,
            file_kind=command.file_kind,
            day=command.day,
            as_of=command.as_of,
            digest=command.digest,
            lines=command.lines,
            matched=command.matched,
            differences=len(command.differences) + command.left_out,
            left_out=command.left_out + max(0, len(new) - room),
            supersedes=None if run is None else run.id,
            actor=actor,
        )
    )
    until = context.at + terms.reopen_hours * MICROSECONDS_OF_HOUR
    for task in gone:
        context.emit(TaskResolved(task=task, reconciliation=number, until=until, actor=actor))
    for task, each in known:
        context.emit(
            TaskSeen(
                task=task, reconciliation=number, day=command.day, difference=each, actor=actor
            )
        )
    due = command.due or context.at + terms.due_hours * MICROSECONDS_OF_HOUR
    for each in new[:room]:
        context.emit(
            TaskOpened(
                task=state.next.task,
                reconciliation=number,
                counterparty=command.counterparty,
                file_kind=command.file_kind,
                day=command.day,
                difference=each,
                due=due,
                actor=actor,
            )
        )


def _is_open_of(state: Reconciliations, number: int, terms: Terms) -> bool:
    """Tell whether a task is still open and belongs to these terms' counterparty and kind."""
    task = state.tasks.get(number)
    return (
        task is not None
        and task.state != CLOSED
        and (task.counterparty, task.file_kind) == (terms.counterparty, terms.file_kind)
    )


def assign(state: Reconciliations, command: AssignTask, context: Context) -> Refusal | None:
    """Give a task to a live person of the operator or of its counterparty."""
    task, refusal = _find(state, command.task, OPEN, REOPENED, ASSIGNED, ANSWERED)
    if task is None:
        return refusal
    assignee = state.ledger.actors.get(command.assignee)
    fits = (
        assignee is not None
        and assignee.live
        and not _MAY_ANSWER.isdisjoint(assignee.roles)
        and (Role.OPERATOR in assignee.roles or assignee.party == task.counterparty)
    )
    if not fits:
        return Refusal(code=Reject.ASSIGNEE_UNFIT, field="assignee", found=command.assignee)
    if command.due is not None and command.due <= context.at:
        return Refusal(code=LedgerReject.TIME_NOT_AHEAD, field="due")
    context.emit(
        TaskAssigned(
            task=task.id,
            assignee=command.assignee,
            due=task.due if command.due is None else command.due,
            actor=context.actor.id,
        )
    )
    return None


def answer(state: Reconciliations, command: AnswerTask, context: Context) -> Refusal | None:
    """Note what the person whose task it is has found."""
    task, refusal = _find(state, command.task, ASSIGNED)
    if task is None:
        return refusal
    if task.assignee != context.actor.id:
        return Refusal(code=Reject.ASSIGNEE_ONLY, field="task", expected=task.assignee)
    context.emit(TaskAnswered(task=task.id, finding=command.finding, actor=context.actor.id))
    return None


def close(state: Reconciliations, command: CloseTask, context: Context) -> Refusal | None:
    """Accept an answer."""
    task, refusal = _find(state, command.task, ANSWERED)
    if task is None:
        return refusal
    terms = state.terms[task.counterparty, task.file_kind]
    checker = context.approver
    context.emit(
        TaskClosed(
            task=task.id,
            until=context.at + terms.reopen_hours * MICROSECONDS_OF_HOUR,
            actor=context.actor.id,
            checker=None if checker is None else checker.id,
        )
    )
    return None


def is_large(state: Reconciliations, command: CloseTask) -> bool:
    """Tell whether what is at stake in a task reaches the agreed threshold of its instrument."""
    task = state.tasks.get(command.task)
    if task is None:
        return False
    terms = state.terms[task.counterparty, task.file_kind]
    threshold = terms.four_eyes.get(task.instrument)
    return threshold is not None and task.at_stake >= threshold


def reopen(state: Reconciliations, command: ReopenTask, context: Context) -> Refusal | None:
    """Open a closed task again, if no other task is open about the same thing."""
    task, refusal = _find(state, command.task, CLOSED)
    if task is None:
        return refusal
    actor = context.actor
    if Role.OPERATOR not in actor.roles and actor.party != task.counterparty:
        return Refusal(code=Reject.NOT_THE_OWNER, field="task", found=str(task.id))
    other = state.by_subject.get((task.counterparty, task.file_kind, task.subject))
    if other is not None:
        return Refusal(
            code=Reject.TASK_STATE_UNFIT,
            field="task",
            expected="no other open task about the same",
            found=str(other),
        )
    if command.due is not None and command.due <= context.at:
        return Refusal(code=LedgerReject.TIME_NOT_AHEAD, field="due")
    terms = state.terms[task.counterparty, task.file_kind]
    due = command.due or context.at + terms.due_hours * MICROSECONDS_OF_HOUR
    context.emit(TaskReopened(task=task.id, due=due, actor=actor.id))
    return None


def _find(state: Reconciliations, number: int, *states: str) -> tuple[Task | None, Refusal | None]:
    task = state.tasks.get(number)
    if task is None:
        return None, Refusal(code=Reject.TASK_UNKNOWN, field="task", found=str(number))
    if task.state not in states:
        return None, Refusal(
            code=Reject.TASK_STATE_UNFIT,
            field="task",
            expected=" or ".join(states),
            found=task.state,
        )
    return task, None


def fire(state: Reconciliations, subject: str, context: Context) -> None:
    """Timer: open tasks are late from now on, closed ones can be reopened no more."""
    due = int(subject)
    tasks = sorted(state.waiting.get(due, ()))
    for number in tasks[:TASKS_PER_TIMER_MAX]:
        if state.tasks[number].state == CLOSED:
            context.emit(TaskLeft(task=number))
        else:
            context.emit(TaskOverdue(task=number))
    if len(tasks) > TASKS_PER_TIMER_MAX:
        context.emit(TimerScheduled(kind=TIMER, subject=subject, due=due))
