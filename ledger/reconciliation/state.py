"""The state that the reconciliation owns: terms with counterparties, recorded files, tasks.

Invariants
1. A subject of a counterparty and kind of file has at most one task that is not closed.
2. Each resident task waits for exactly one instant, and that instant has a timer: an open task for
   its due time until it is overdue, a closed one for the end of its reopening.
3. A day of a counterparty and kind has one recorded file; those before it are superseded.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec

from kernel.canonical import struct_writer
from kernel.errors import ensure
from ledger.journal import Journal, create, remove
from ledger.reconciliation.difference import Difference, Side
from ledger.state import Ledger, Row

OPEN = "open"
ASSIGNED = "assigned"
ANSWERED = "answered"
CLOSED = "closed"
REOPENED = "reopened"
STATES = (OPEN, ASSIGNED, ANSWERED, CLOSED, REOPENED)

CLOSED_BY_HAND = "closed_by_hand"
RESOLVED_BY_FILE = "resolved_by_file"
TIMER = "reconciliation_task"

_write_side = struct_writer(Side)

Counterparty = tuple[str, str]
Subject = tuple[str, str, str]


class Terms:
    """What is agreed with a counterparty about one kind of file, and its last file."""

    TABLE: ClassVar[str] = "reconciliation_terms"
    __slots__ = (
        "counterparty",
        "cut_off_minutes",
        "due_hours",
        "file_kind",
        "four_eyes",
        "instruments",
        "latest",
        "lines_max",
        "reopen_hours",
        "utc_offset_minutes",
        "window_days",
    )

    def __init__(  # noqa: PLR0913  one column, one argument
        self,
        *,
        counterparty: str,
        file_kind: str,
        instruments: list[str],
        utc_offset_minutes: int,
        cut_off_minutes: int,
        window_days: int,
        due_hours: int,
        reopen_hours: int,
        lines_max: int,
        four_eyes: dict[str, int],
        latest: int = 0,
    ) -> None:
        self.counterparty = counterparty
        self.file_kind = file_kind
        self.instruments = instruments
        self.utc_offset_minutes = utc_offset_minutes
        self.cut_off_minutes = cut_off_minutes
        self.window_days = window_days
        self.due_hours = due_hours
        self.reopen_hours = reopen_hours
        self.lines_max = lines_max
        self.four_eyes = four_eyes
        self.latest = latest

    def row(self) -> Row:
        """Return the columns of table ``reconciliation_terms`` in their order."""
        named = sorted(self.four_eyes)
        return (
            self.counterparty,
            self.file_kind,
            self.instruments,
            self.utc_offset_minutes,
            self.cut_off_minutes,
            self.window_days,
            self.due_hours,
            self.reopen_hours,
            self.lines_max,
            named,
            [self.four_eyes[code] for code in named],
            self.latest,
        )

    def restore(self, latest: int) -> None:
        """Take an old last file back."""
        self.latest = latest


def terms_of(row: Mapping[str, Any]) -> Terms:
    """Return the terms that a row is."""
    values = dict(row)
    named = values.pop("four_eyes_instruments")
    thresholds = dict(zip(named, values.pop("four_eyes_quantities"), strict=True))
    return Terms(**values, four_eyes=thresholds)


class Run:
    """One recorded file: what it was, and what its comparison gave."""

    TABLE: ClassVar[str] = "reconciliation"
    __slots__ = (
        "actor",
        "as_of",
        "at",
        "counterparty",
        "day",
        "differences",
        "digest",
        "entry",
        "file_kind",
        "id",
        "left_out",
        "lines",
        "matched",
        "superseded_by",
        "supersedes",
    )

    def __init__(  # noqa: PLR0913  one column, one argument
        self,
        *,
        id: int,  # noqa: A002  the glossary's word
        counterparty: str,
        file_kind: str,
        day: int,
        as_of: int,
        digest: str,
        entry: int,
        at: int,
        actor: str,
        lines: int,
        matched: int,
        differences: int,
        left_out: int,
        supersedes: int | None,
        superseded_by: int | None = None,
    ) -> None:
        self.id = id
        self.counterparty = counterparty
        self.file_kind = file_kind
        self.day = day
        self.as_of = as_of
        self.digest = digest
        self.entry = entry
        self.at = at
        self.actor = actor
        self.lines = lines
        self.matched = matched
        self.differences = differences
        self.left_out = left_out
        self.supersedes = supersedes
        self.superseded_by = superseded_by

    def row(self) -> Row:
        """Return the columns of table ``reconciliation`` in their order."""
        return (
            self.id,
            self.counterparty,
            self.file_kind,
            self.day,
            self.as_of,
            self.digest,
            self.entry,
            self.at,
            self.actor,
            self.lines,
            self.matched,
            self.differences,
            self.left_out,
            self.supersedes,
            self.superseded_by,
        )

    def restore(self, superseded_by: int | None) -> None:
        """Take back that a later file stands in the place of this one."""
        self.superseded_by = superseded_by


_CHANGING = (
    "seen",
    "seen_day",
    "kind",
    "there",
    "here",
    "here_entry",
    "here_number",
    "at_stake",
    "state",
    "assignee",
    "finding",
    "due",
    "overdue",
    "outcome",
    "until",
)


class Task:
    """One difference that somebody has to explain (对账差异任务).

    ``seen`` is the last file in which the difference was found, ``seen_day`` its day. ``until`` is
    the end of the time in which a closed task may be reopened; it has none once it has left.
    """

    TABLE: ClassVar[str] = "reconciliation_task"
    __slots__ = (
        "assignee",
        "at_stake",
        "counterparty",
        "day",
        "due",
        "file_kind",
        "finding",
        "here",
        "here_entry",
        "here_number",
        "id",
        "instrument",
        "kind",
        "outcome",
        "overdue",
        "reconciliation",
        "seen",
        "seen_day",
        "state",
        "subject",
        "there",
        "until",
    )

    def __init__(  # noqa: PLR0913  one column, one argument
        self,
        *,
        id: int,  # noqa: A002
        reconciliation: int,
        counterparty: str,
        file_kind: str,
        day: int,
        subject: str,
        instrument: str,
        seen: int,
        seen_day: int,
        kind: str,
        there: str,
        here: str,
        here_entry: int | None,
        here_number: int | None,
        at_stake: int,
        due: int,
        state: str = OPEN,
        assignee: str = "",
        finding: str = "",
        overdue: bool = False,
        outcome: str = "",
        until: int | None = None,
    ) -> None:
        self.id = id
        self.reconciliation = reconciliation
        self.counterparty = counterparty
        self.file_kind = file_kind
        self.day = day
        self.subject = subject
        self.instrument = instrument
        self.seen = seen
        self.seen_day = seen_day
        self.kind = kind
        self.there = there
        self.here = here
        self.here_entry = here_entry
        self.here_number = here_number
        self.at_stake = at_stake
        self.due = due
        self.state = state
        self.assignee = assignee
        self.finding = finding
        self.overdue = overdue
        self.outcome = outcome
        self.until = until

    def row(self) -> Row:
        """Return the columns of table ``reconciliation_task`` in their order."""
        return (
            self.id,
            self.reconciliation,
            self.counterparty,
            self.file_kind,
            self.day,
            self.subject,
            self.instrument,
            *(getattr(self, name) for name in _CHANGING),
        )

    def note(self, journal: Journal) -> None:
        """Push the task as it is, before a change."""
        journal.append((self, *(getattr(self, name) for name in _CHANGING)))

    def restore(self, *old: Any) -> None:
        """Take old values back."""
        for name, value in zip(_CHANGING, old, strict=True):
            setattr(self, name, value)

    def show(self, difference: Difference) -> None:
        """Take over the figures of a difference; the caller has noted the old ones."""
        here = difference.here
        self.kind = difference.kind.value
        self.there = side_text(difference.there)
        self.here = side_text(here)
        self.here_entry = None if here is None else here.entry
        self.here_number = None if here is None else here.number
        self.at_stake = difference.at_stake

    def waits_for(self) -> int | None:
        """Return the instant at which a timer has something to do with this task."""
        if self.state == CLOSED:
            return self.until
        return None if self.overdue else self.due


class TaskEvent:
    """One thing that happened to a task, as an append-only row; its words are in the entry."""

    TABLE: ClassVar[str] = "reconciliation_event"
    __slots__ = ("_row",)

    def __init__(self, *row: str | int | None) -> None:
        self._row = row

    def row(self) -> Row:
        """Return the columns of table ``reconciliation_event`` in their order."""
        return self._row

    def restore(self) -> None:
        """Nothing to take back: the row was never part of the resident state."""


class Numbering:
    """The numbers of the next file and the next task; their rows' keys determine both."""

    __slots__ = ("run", "task")

    def __init__(self) -> None:
        self.run = 1
        self.task = 1

    def restore(self, run: int, task: int) -> None:
        """Take old numbers back."""
        self.run, self.task = run, task


class Reconciliations:
    """The resident state: terms and files, and the tasks that may still change."""

    __slots__ = ("by_subject", "ledger", "next", "runs", "tasks", "terms", "waiting")

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.next = Numbering()
        self.terms: dict[Counterparty, Terms] = {}
        self.runs: dict[tuple[str, str, int], Run] = {}
        self.tasks: dict[int, Task] = {}
        # Indexes hold numbers, not tasks: what leaves an index has not left the state.
        self.by_subject: dict[Subject, int] = {}
        self.waiting: dict[int, dict[int, bool]] = {}

    def open_tasks(self, counterparty: str, file_kind: str) -> int:
        """Count the tasks about a counterparty's files that are not closed."""
        return sum(
            task.state != CLOSED
            for task in self.tasks.values()
            if (task.counterparty, task.file_kind) == (counterparty, file_kind)
        )

    def adopt(self, task: Task) -> None:
        """Add a task without journal records (loading)."""
        self.tasks[task.id] = task
        if task.state != CLOSED:
            self.by_subject[subject_of(task)] = task.id
        instant = task.waits_for()
        if instant is not None:
            self.waiting.setdefault(instant, {})[task.id] = True

    def wait(self, task: Task) -> None:
        """Let a task wait for its next instant; the first one for an instant starts its timer."""
        instant = task.waits_for()
        if instant is None:
            return
        journal = self.ledger.journal
        others = self.waiting.setdefault(instant, {})
        if not others:
            self.ledger.timers.schedule(journal, kind=TIMER, subject=str(instant), due=instant)
        create(journal, others, key=task.id, value=True)

    def stop_waiting(self, task: Task) -> None:
        """Take a task from the instant it waits for; the last one takes the timer along."""
        instant = task.waits_for()
        others = {} if instant is None else self.waiting.get(instant, {})
        if task.id in others:
            journal = self.ledger.journal
            remove(journal, others, key=task.id)
            if not others:
                self.ledger.timers.cancel(journal, (TIMER, str(instant)))

    def check(self) -> None:
        """Prove the invariants.

        Raises:
            InvariantBroken: naming the first contradiction.
        """
        subjects = {subject_of(t): t.id for t in self.tasks.values() if t.state != CLOSED}
        ensure(subjects == self.by_subject, "subjects of open tasks part from their index")
        waiting: dict[int, dict[int, bool]] = {}
        for task in self.tasks.values():
            instant = task.waits_for()
            if instant is not None:
                waiting.setdefault(instant, {})[task.id] = True
        kept = {instant: tasks for instant, tasks in self.waiting.items() if tasks}
        ensure(waiting == kept, "tasks wait for other instants than their index says")
        timers = {int(s) for k, s in self.ledger.timers.pending if k == TIMER}
        ensure(timers == set(waiting), "instants of tasks part from their timers")


def subject_of(task: Task) -> Subject:
    """Return what a task is about, among all counterparties."""
    return task.counterparty, task.file_kind, task.subject


def side_text(side: Side | None) -> str:
    """Return a side as canonical text, "" for none."""
    return "" if side is None else _write_side(side)


def read_side(text: str) -> Side | None:
    """Read a side back."""
    return msgspec.json.decode(text, type=Side, strict=False) if text else None
