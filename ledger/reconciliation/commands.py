"""What can be asked of the reconciliation, as plain data."""

from enum import StrEnum
from typing import ClassVar

import msgspec

from ledger.commands import Command
from ledger.reconciliation.difference import Difference, FileKind

# A file's differences are decided in one entry, and no command may hold the writer for more than
# 50 ms: two thousand tasks took 12 ms to decide and 36 ms to encode (docs/reconciliation.md).
DIFFERENCES_MAX = 2_000
# What one counterparty and kind of file may leave open, so that closing them all is bounded too.
OPEN_TASKS_MAX = 4_000
INSTRUMENTS_MAX = 1_000
LINES_MAX_MOST = 1_000_000
WINDOW_DAYS_MOST = 31
HOURS_MOST = 24 * 366
MINUTES_OF_DAY = 24 * 60
OFFSET_MINUTES_MOST = 14 * 60


class Finding(StrEnum):
    """What the desk found to be the cause of a difference."""

    OUR_ERROR = "our_error"
    THEIR_ERROR = "their_error"
    TIMING = "timing"
    FEE_OR_INTEREST = "fee_or_interest"
    WRONG_REFERENCE = "wrong_reference"
    UNIDENTIFIED_PAYER = "unidentified_payer"
    FRAUD_SUSPECTED = "fraud_suspected"
    NO_DIFFERENCE = "no_difference"


class Threshold(msgspec.Struct, frozen=True, kw_only=True):
    """From this quantity of an instrument at stake on, closing a task needs four eyes."""

    instrument: str
    quantity: int


class UnknownHolder(msgspec.Struct, frozen=True, kw_only=True):
    """A holder whom nobody here knows, as a line of a file names it."""

    line: int
    scheme: str
    identifier: str


class FilePersonal(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says of holders whom nobody here knows; erasable."""

    holders: list[UnknownHolder]


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """Free text of a person about a task; erasable."""

    text: str


class SetReconciliationTerms(Command, frozen=True, kw_only=True, tag="set_reconciliation_terms"):
    """Agree with a counterparty on its daily file.

    ``instruments`` is the scope: what the counterparty keeps for us. Its day ends
    ``cut_off_minutes`` after midnight of a zone ``utc_offset_minutes`` east of UTC. A booking up to
    ``window_days`` away may still be the same cash movement. Tasks fall due after ``due_hours``; a
    closed one may be reopened for ``reopen_hours``. ``decision`` names the agreement.
    """

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
    decision: str


class RecordReconciliation(Command, frozen=True, kw_only=True, tag="record_reconciliation"):
    """Record what the comparison of a file with our books as of an entry gave.

    ``digest`` is SHA-256 of the file. ``previous`` is the counterparty's last reconciliation that
    the comparison saw, 0 for none. ``left_out`` differences are above the bound and stand nowhere
    else. ``resolved`` are tasks whose difference is gone. ``due`` overrides the agreed hours.
    """

    SUBJECT: ClassVar[str] = "counterparty"

    counterparty: str
    file_kind: FileKind
    day: int
    as_of: int
    digest: str
    previous: int
    lines: int
    matched: int
    differences: list[Difference]
    left_out: int
    resolved: list[int]
    supersede: bool
    due: int | None = None
    personal: FilePersonal | None = None


class AssignTask(Command, frozen=True, kw_only=True, tag="assign_task"):
    """Give a task to a person, or send an answer back; ``due`` moves the task's end."""

    task: int
    assignee: str
    due: int | None = None


class AnswerTask(Command, frozen=True, kw_only=True, tag="answer_task"):
    """Say what a difference comes from; the explanation is free text and erasable."""

    SUBJECT: ClassVar[str] = "subject"

    task: int
    finding: Finding
    personal: Words | None = None

    @property
    def subject(self) -> str:
        """Under whose key the words lie: the task's own, for they may be of anybody."""
        return subject_of(self.task)


class CloseTask(Command, frozen=True, kw_only=True, tag="close_task"):
    """Take an answer as the end of a task; four eyes where much is at stake."""

    task: int


class ReopenTask(Command, frozen=True, kw_only=True, tag="reopen_task"):
    """Open a closed task again; the reason is free text and erasable."""

    SUBJECT: ClassVar[str] = "subject"

    task: int
    due: int | None = None
    personal: Words | None = None

    @property
    def subject(self) -> str:
        """Under whose key the words lie: the task's own, for they may be of anybody."""
        return subject_of(self.task)


def subject_of(task: int) -> str:
    """Return the name in the vault of what is said about a task; no party can have it."""
    return f"reconciliation-task/{task}"
