"""Operations on the rights of a subject: reviews, notices of corrections, erasures, periods."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from credit_scoring.archive.commands import MONTHS_MAX, Months, SetMonths
from credit_scoring.rights import commands
from gateway.api.schemas.base import Day, Identifier, Number, Operation, Units, ordinal
from gateway.api.schemas.credit_archive import Digest, Document, FactReference, Version

Term = Annotated[Months, Field(strict=False)]
Outcome = Annotated[commands.ReviewOutcome, Field(strict=False)]
Clock = Annotated[commands.Clock, Field(strict=False)]
Correction = Annotated[commands.Correction, Field(strict=False)]
OptionalVersion = Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]{0,32}$", examples=["0.1-draft"])]


class SetCreditMonths(Operation):
    """Set a period in months, with its law; needs a proposal. 0 keeps facts for good."""

    kind: Literal["credit_set_months"] = "credit_set_months"
    term: Term
    months: Annotated[int, Field(ge=0, le=MONTHS_MAX, examples=[12])]
    basis: Document

    def to_command(self, units: Units) -> SetMonths:
        """Return the command."""
        del units
        return SetMonths(term=self.term, months=self.months, basis=self.basis)


class RequestReview(Operation):
    """Ask that a person look at an automated result about oneself; a day and its rules name it."""

    kind: Literal["credit_request_review"] = "credit_request_review"
    subject: Identifier
    as_of: Day
    rule_set: Version
    query: Number | None = None
    evidence: Digest

    def to_command(self, units: Units) -> commands.RequestReview:
        """Return the command."""
        del units
        return commands.RequestReview(
            subject=self.subject,
            as_of=ordinal(self.as_of, field="as_of"),
            rule_set=self.rule_set,
            query=None if self.query is None else int(self.query),
            evidence=self.evidence,
        )


class FactName(BaseModel):
    """A fact, by its source and the source's own reference."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    source: Identifier
    reference: FactReference

    def to_name(self) -> commands.FactName:
        """Return the name as a command has it."""
        return commands.FactName(source=self.source, reference=self.reference)


class AnswerReview(Operation):
    """Answer a review in one's own name, by pointing at facts or at an adopted rule set."""

    kind: Literal["credit_answer_review"] = "credit_answer_review"
    review: Number
    outcome: Outcome
    facts: Annotated[
        list[FactName], Field(max_length=commands.FACTS_NAMED_MAX, default_factory=list)
    ]
    rule_set: OptionalVersion = ""
    evidence: Digest

    def to_command(self, units: Units) -> commands.AnswerReview:
        """Return the command."""
        del units
        return commands.AnswerReview(
            review=int(self.review),
            outcome=self.outcome,
            facts=[each.to_name() for each in self.facts],
            rule_set=self.rule_set,
            evidence=self.evidence,
        )


class NoteOverdue(Operation):
    """Record, once each, that objections or reviews have no answer although their day is over."""

    kind: Literal["credit_note_overdue"] = "credit_note_overdue"
    clock: Clock
    numbers: Annotated[list[Number], Field(min_length=1, max_length=commands.OVERDUE_MAX)]

    def to_command(self, units: Units) -> commands.NoteOverdue:
        """Return the command."""
        del units
        return commands.NoteOverdue(clock=self.clock, numbers=[int(n) for n in self.numbers])


class AcknowledgeNotice(Operation):
    """Say, as its recipient, that a notice of a correction has arrived."""

    kind: Literal["credit_acknowledge_notice"] = "credit_acknowledge_notice"
    recipient: Identifier
    source: Identifier
    reference: FactReference
    correction: Correction

    def to_command(self, units: Units) -> commands.AcknowledgeNotice:
        """Return the command."""
        del units
        return commands.AcknowledgeNotice(
            recipient=self.recipient,
            source=self.source,
            reference=self.reference,
            correction=self.correction,
        )


class EraseFacts(Operation):
    """Erase the content of facts whose legal period is over, all of them or none."""

    kind: Literal["credit_erase_facts"] = "credit_erase_facts"
    subject: Identifier
    facts: Annotated[list[FactName], Field(min_length=1, max_length=commands.FACTS_ERASED_MAX)]

    def to_command(self, units: Units) -> commands.EraseFacts:
        """Return the command."""
        del units
        return commands.EraseFacts(
            subject=self.subject, facts=[each.to_name() for each in self.facts]
        )


class NoticeRequest(BaseModel):
    """A correction of a fact; whom it concerns and what it changes the service finds out."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    source: Identifier
    reference: FactReference
    correction: Correction


PATHS: tuple[tuple[str, type[Operation], str], ...] = (
    ("/credit/months", SetCreditMonths, "Set a period in months (needs a proposal)"),
    ("/credit/reviews", RequestReview, "Ask for a person's review"),
    ("/credit/reviews/answers", AnswerReview, "Answer a review"),
    ("/credit/overdue", NoteOverdue, "Note overdue answers"),
    (
        "/credit/notices/acknowledgements",
        AcknowledgeNotice,
        "Acknowledge a notice of a correction",
    ),
    ("/credit/erasures", EraseFacts, "Erase facts whose period is over"),
)
