"""Operations on positive and negative lists; each is decided by two persons."""

from typing import Annotated, Literal

from pydantic import Field

from credit_scoring.lists import commands
from gateway.api.schemas.base import Day, Identifier, Operation, Units, ordinal
from gateway.api.schemas.credit_archive import Correction, Digest, Document, Kind, RuleId

ListName = Annotated[str, Field(pattern=r"^[A-Z0-9-]{1,32}$", examples=["ECO-RED"])]
Sign = Annotated[commands.Sign, Field(strict=False)]
Reason = Annotated[commands.LeavingReason, Field(strict=False)]
Source = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{0,64}$", examples=["D1"])]


class DefineList(Operation):
    """Open a list for one kind of subject, entered by facts of its rules or by decision.

    Needs a proposal. A published list is shown to every key.
    """

    kind: Literal["credit_define_list"] = "credit_define_list"
    list_name: ListName
    sign: Sign
    subject_kind: Kind
    rules: Annotated[list[RuleId], Field(max_length=commands.RULES_PER_LIST_MAX)]
    months: Annotated[int, Field(ge=1, le=commands.STAY_MONTHS_MAX, examples=[36])]
    published: Annotated[bool, Field(examples=[True])]
    basis: Document
    decision: Document

    def to_command(self, units: Units) -> commands.DefineList:
        """Return the command."""
        del units
        return commands.DefineList(
            list_name=self.list_name,
            sign=self.sign,
            subject_kind=self.subject_kind,
            rules=self.rules,
            months=self.months,
            published=self.published,
            basis=self.basis,
            decision=self.decision,
        )


class EnterOnList(Operation):
    """Put a subject on a list for days, both ends included; needs a proposal."""

    kind: Literal["credit_enter_on_list"] = "credit_enter_on_list"
    list_name: ListName
    subject: Identifier
    day_from: Day
    day_to: Day
    source: Source = ""
    reference: Correction = ""
    decision: Document
    evidence: Digest

    def to_command(self, units: Units) -> commands.EnterOnList:
        """Return the command."""
        del units
        return commands.EnterOnList(
            list_name=self.list_name,
            subject=self.subject,
            day_from=ordinal(self.day_from, field="day_from"),
            day_to=ordinal(self.day_to, field="day_to"),
            source=self.source,
            reference=self.reference,
            decision=self.decision,
            evidence=self.evidence,
        )


class LeaveList(Operation):
    """Take a subject off a list from a day on; needs a proposal."""

    kind: Literal["credit_leave_list"] = "credit_leave_list"
    list_name: ListName
    subject: Identifier
    day: Day
    reason: Reason
    decision: Document
    evidence: Digest

    def to_command(self, units: Units) -> commands.LeaveList:
        """Return the command."""
        del units
        return commands.LeaveList(
            list_name=self.list_name,
            subject=self.subject,
            day=ordinal(self.day, field="day"),
            reason=self.reason,
            decision=self.decision,
            evidence=self.evidence,
        )


PATHS: tuple[tuple[str, type[Operation], str], ...] = (
    ("/credit/lists", DefineList, "Open a list (needs a proposal)"),
    ("/credit/lists/entries", EnterOnList, "Put a subject on a list (needs a proposal)"),
    ("/credit/lists/removals", LeaveList, "Take a subject off a list (needs a proposal)"),
)
