"""Operations on valuations of projects: draft, review, approval, publication, withdrawal.

The valuation is computed here, by the engine, from the project in the request; it has to have the
hash that its drafter computed, so that both mean the same figures.
"""

from typing import Annotated, Any, Literal

from pydantic import Field

from gateway.api.gep_valuation_examples import PROJECT, VALUATION
from gateway.api.problems import Problem
from gateway.api.schemas.base import Operation, Units, normal
from gateway.api.schemas.credit_archive import Document
from gateway.api.schemas.gep import Note, document_text, refused_at
from gep.accounts.stored import plan_text
from gep.document import read_document
from gep.publishing.commands import ReviewOutcome
from gep.publishing.decisions import digest
from gep.publishing.valuations import commands
from gep.valuations.guards import refuse_unnamed
from gep.valuations.making import make_valuation
from gep.valuations.reading import project_of
from kernel.canonical import canonical
from kernel.errors import DomainError

Valuation = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-f]{64}$",
        description="SHA-256 of the valuation's canonical JSON: its name.",
        examples=[VALUATION],
    ),
]
Superseded = Annotated[
    str,
    Field(
        pattern=r"^([0-9a-f]{64})?$",
        description="The published valuation that this one computes again.",
        examples=[""],
    ),
]
NamedProject = Annotated[
    dict[str, Any],
    Field(
        description="What is valued, with its names; what is not whole is a decimal string.",
        examples=[PROJECT],
        json_schema_extra={"type": "object"},
    ),
]


class DraftGepValuation(Operation):
    """Value a project and put the valuation before its reviewers."""

    kind: Literal["gep_draft_valuation"] = "gep_draft_valuation"
    project: NamedProject
    valuation: Valuation
    supersedes: Superseded = ""

    def to_command(self, units: Units) -> commands.DraftGepValuation:
        """Return the command, with project and valuation in their canonical form."""
        del units
        project, document = _computed(self.project)
        found = digest(document)
        if found != self.valuation:
            raise Problem(
                status=409,
                code="gep.valuation_hash_unfit",
                field="valuation",
                expected=found,
                found=self.valuation,
            )
        return commands.DraftGepValuation(
            project=project,
            document=document,
            valuation=self.valuation,
            supersedes=self.supersedes,
        )


class ReviewGepValuation(Operation):
    """Accept another person's valuation, or return it with a reason; a large one takes two."""

    kind: Literal["gep_review_valuation"] = "gep_review_valuation"
    valuation: Valuation
    outcome: Annotated[ReviewOutcome, Field(strict=False)]
    note: Note = ""

    def to_command(self, units: Units) -> commands.ReviewGepValuation:
        """Return the command."""
        del units
        note = normal(self.note, field="note")
        return commands.ReviewGepValuation(
            valuation=self.valuation, outcome=self.outcome, note=note
        )


class ApproveGepValuation(Operation):
    """Approve a reviewed valuation; needs a proposal."""

    kind: Literal["gep_approve_valuation"] = "gep_approve_valuation"
    valuation: Valuation
    decision: Document

    def to_command(self, units: Units) -> commands.ApproveGepValuation:
        """Return the command."""
        del units
        return commands.ApproveGepValuation(valuation=self.valuation, decision=self.decision)


class PublishGepValuation(Operation):
    """Publish an approved valuation."""

    kind: Literal["gep_publish_valuation"] = "gep_publish_valuation"
    valuation: Valuation

    def to_command(self, units: Units) -> commands.PublishGepValuation:
        """Return the command."""
        del units
        return commands.PublishGepValuation(valuation=self.valuation)


class WithdrawGepValuation(Operation):
    """Take back a valuation that was not published."""

    kind: Literal["gep_withdraw_valuation"] = "gep_withdraw_valuation"
    valuation: Valuation

    def to_command(self, units: Units) -> commands.WithdrawGepValuation:
        """Return the command."""
        del units
        return commands.WithdrawGepValuation(valuation=self.valuation)


def _computed(project: dict[str, Any]) -> tuple[str, str]:
    """Return a project's text, and the canonical text of its valuation.

    Raises:
        Problem: 422, no valuation can be made of it, with the place; 413, either is too large.
    """
    try:
        read = read_document(document_text(project))
        made = make_valuation(project_of(read))
        refuse_unnamed(made)
    except DomainError as error:
        raise refused_at("project", error) from error
    found = plan_text(read), canonical(made.document()).decode()
    for text in found:
        size = len(text.encode())
        if size > commands.DOCUMENT_BYTES_MAX:
            raise Problem(
                status=413,
                code="gep.valuation_too_large",
                field="project",
                expected=f"at most {commands.DOCUMENT_BYTES_MAX} bytes of project and of valuation",
                found=str(size),
            )
    return found


PATHS: tuple[tuple[str, type[Operation], str], ...] = (
    ("/gep/valuations", DraftGepValuation, "Draft a valuation of a project"),
    ("/gep/valuations/reviews", ReviewGepValuation, "Review a valuation"),
    ("/gep/valuations/approvals", ApproveGepValuation, "Approve a valuation (needs a proposal)"),
    ("/gep/valuations/publications", PublishGepValuation, "Publish a valuation"),
    ("/gep/valuations/withdrawals", WithdrawGepValuation, "Take back a valuation"),
)
