"""Operations on the terms of counterparties' files and on the tasks of their differences."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from gateway.api.schemas.base import (
    DecimalText,
    Identifier,
    Instant,
    InstrumentCode,
    Number,
    Operation,
    Reference,
    Units,
    instant,
    normal,
)
from ledger.reconciliation import commands
from ledger.reconciliation.difference import FileKind

FOUR_EYES_MOST = 100
WORDS_MOST = 2_000
Text = Annotated[str, Field(min_length=1, max_length=WORDS_MOST, examples=["Bank charge"])]


class Threshold(BaseModel):
    """From this quantity at stake on, closing a task needs four eyes."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    instrument: InstrumentCode
    quantity: DecimalText


class SetReconciliationTerms(Operation):
    """Agree with a counterparty on its daily file; needs four eyes, so it is proposed."""

    kind: Literal["set_reconciliation_terms"] = "set_reconciliation_terms"
    counterparty: Identifier
    file_kind: Annotated[FileKind, Field(strict=False)]
    instruments: Annotated[
        list[InstrumentCode], Field(min_length=1, max_length=commands.INSTRUMENTS_MAX)
    ]
    utc_offset_minutes: Annotated[int, Field(ge=-840, le=840)] = 480
    cut_off_minutes: Annotated[int, Field(ge=1, le=1440)] = 1440
    window_days: Annotated[int, Field(ge=0, le=commands.WINDOW_DAYS_MOST, examples=[3])]
    due_hours: Annotated[int, Field(ge=1, le=commands.HOURS_MOST, examples=[24])]
    reopen_hours: Annotated[int, Field(ge=1, le=commands.HOURS_MOST, examples=[720])]
    lines_max: Annotated[int, Field(ge=1, le=commands.LINES_MAX_MOST, examples=[100_000])]
    four_eyes: Annotated[list[Threshold], Field(max_length=FOUR_EYES_MOST, default_factory=list)]
    decision: Reference

    def to_command(self, units: Units) -> commands.SetReconciliationTerms:
        """Return the command."""
        thresholds = [
            commands.Threshold(
                instrument=each.instrument,
                quantity=units.lots(each.quantity, instrument=each.instrument, field="four_eyes"),
            )
            for each in self.four_eyes
        ]
        return commands.SetReconciliationTerms(
            counterparty=self.counterparty,
            file_kind=self.file_kind,
            instruments=list(self.instruments),
            utc_offset_minutes=self.utc_offset_minutes,
            cut_off_minutes=self.cut_off_minutes,
            window_days=self.window_days,
            due_hours=self.due_hours,
            reopen_hours=self.reopen_hours,
            lines_max=self.lines_max,
            four_eyes=thresholds,
            decision=self.decision,
        )


class AssignTask(Operation):
    """Give a task to a person of the operator or of the counterparty, or send an answer back."""

    kind: Literal["assign_task"] = "assign_task"
    task: Number
    assignee: Identifier
    due: Instant | None = None

    def to_command(self, units: Units) -> commands.AssignTask:
        """Return the command."""
        del units
        return commands.AssignTask(task=int(self.task), assignee=self.assignee, due=_due(self.due))


class AnswerTask(Operation):
    """Say what a difference comes from; the explanation is erasable."""

    kind: Literal["answer_task"] = "answer_task"
    task: Number
    finding: Annotated[commands.Finding, Field(strict=False)]
    explanation: Text | None = None

    def to_command(self, units: Units) -> commands.AnswerTask:
        """Set the words apart as personal."""
        del units
        return commands.AnswerTask(
            task=int(self.task),
            finding=self.finding,
            personal=_words(self.explanation, field="explanation"),
        )


class CloseTask(Operation):
    """Take an answer as the end of a task; a large one needs four eyes, so it is proposed."""

    kind: Literal["close_task"] = "close_task"
    task: Number

    def to_command(self, units: Units) -> commands.CloseTask:
        """Return the command."""
        del units
        return commands.CloseTask(task=int(self.task))


class ReopenTask(Operation):
    """Open a closed task again while its terms allow it; the reason is erasable."""

    kind: Literal["reopen_task"] = "reopen_task"
    task: Number
    due: Instant | None = None
    reason: Text | None = None

    def to_command(self, units: Units) -> commands.ReopenTask:
        """Set the words apart as personal."""
        del units
        return commands.ReopenTask(
            task=int(self.task), due=_due(self.due), personal=_words(self.reason, field="reason")
        )


def _due(text: str | None) -> int | None:
    return None if text is None else instant(text, field="due")


def _words(text: str | None, *, field: str) -> commands.Words | None:
    return None if text is None else commands.Words(text=normal(text, field=field))
