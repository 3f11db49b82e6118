"""Operations on accounts of ecosystem products: draft, review, approval, publication, citation.

The account is computed here, by the engine, from the plan in the request; it has to have the hash
that its drafter computed, so that both mean the same figures.
"""

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from gateway.api.gep_examples import ACCOUNT, PLAN, PROJECT
from gateway.api.problems import Problem
from gateway.api.schemas.base import Identifier, Operation, Units, normal
from gateway.api.schemas.credit_archive import Document
from gep.accounts.making import make_account
from gep.accounts.reading import plan_of
from gep.accounts.stored import plan_text
from gep.document import read_document
from gep.publishing import commands
from gep.publishing.decisions import digest
from kernel.canonical import canonical
from kernel.errors import DomainError

Account = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-f]{64}$",
        description="SHA-256 of the account's canonical JSON: its name.",
        examples=[ACCOUNT],
    ),
]
Superseded = Annotated[
    str,
    Field(
        pattern=r"^([0-9a-f]{64})?$",
        description="The published account that this one computes again.",
        examples=[""],
    ),
]
Plan = Annotated[
    dict[str, Any],
    Field(
        description="What the account is computed from; what is not whole is a decimal string.",
        examples=[PLAN],
        json_schema_extra={"type": "object"},
    ),
]
Project = Annotated[
    dict[str, Any],
    Field(
        description="A project with its incomes; what is not whole is a decimal string.",
        examples=[PROJECT],
        json_schema_extra={"type": "object"},
    ),
]
Reference = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:/-]{1,64}$", examples=["LOAN/2026/17"])]
Note = Annotated[str, Field(max_length=commands.NOTE_LENGTH_MAX, examples=["数据来源齐全"])]


class DraftGepAccount(Operation):
    """Compute an account and put it before its reviewer."""

    kind: Literal["gep_draft_account"] = "gep_draft_account"
    plan: Plan
    account: Account
    supersedes: Superseded = ""

    def to_command(self, units: Units) -> commands.DraftGepAccount:
        """Return the command, with plan and account in their canonical form."""
        del units
        plan, document = computed(self.plan)
        found = digest(document)
        if found != self.account:
            raise Problem(
                status=409,
                code="gep.account_hash_unfit",
                field="account",
                expected=found,
                found=self.account,
            )
        return commands.DraftGepAccount(
            plan=plan, document=document, account=self.account, supersedes=self.supersedes
        )


class ReviewGepAccount(Operation):
    """Accept another person's draft, or return it with a reason."""

    kind: Literal["gep_review_account"] = "gep_review_account"
    account: Account
    outcome: Annotated[commands.ReviewOutcome, Field(strict=False)]
    note: Note = ""

    def to_command(self, units: Units) -> commands.ReviewGepAccount:
        """Return the command."""
        del units
        note = normal(self.note, field="note")
        return commands.ReviewGepAccount(account=self.account, outcome=self.outcome, note=note)


class ApproveGepAccount(Operation):
    """Approve a reviewed account; needs a proposal."""

    kind: Literal["gep_approve_account"] = "gep_approve_account"
    account: Account
    decision: Document

    def to_command(self, units: Units) -> commands.ApproveGepAccount:
        """Return the command."""
        del units
        return commands.ApproveGepAccount(account=self.account, decision=self.decision)


class PublishGepAccount(Operation):
    """Publish an approved account."""

    kind: Literal["gep_publish_account"] = "gep_publish_account"
    account: Account

    def to_command(self, units: Units) -> commands.PublishGepAccount:
        """Return the command."""
        del units
        return commands.PublishGepAccount(account=self.account)


class WithdrawGepAccount(Operation):
    """Take back an account that was not published."""

    kind: Literal["gep_withdraw_account"] = "gep_withdraw_account"
    account: Account

    def to_command(self, units: Units) -> commands.WithdrawGepAccount:
        """Return the command."""
        del units
        return commands.WithdrawGepAccount(account=self.account)


class CiteGepAccount(Operation):
    """Say that one's own party relies on an account."""

    kind: Literal["gep_cite_account"] = "gep_cite_account"
    account: Account
    party: Identifier
    purpose: Annotated[commands.CitedFor, Field(strict=False)]
    reference: Reference

    def to_command(self, units: Units) -> commands.CiteGepAccount:
        """Return the command."""
        del units
        return commands.CiteGepAccount(
            account=self.account,
            party=self.party,
            purpose=self.purpose,
            reference=self.reference,
        )


class SettleGepCitation(Operation):
    """Keep a citation beside a newer account, or end it."""

    kind: Literal["gep_settle_citation"] = "gep_settle_citation"
    account: Account
    party: Identifier
    reference: Reference
    outcome: Annotated[commands.CitationOutcome, Field(strict=False)]

    def to_command(self, units: Units) -> commands.SettleGepCitation:
        """Return the command."""
        del units
        return commands.SettleGepCitation(
            account=self.account,
            party=self.party,
            reference=self.reference,
            outcome=self.outcome,
        )


class IncomeRequest(BaseModel):
    """A project whose components' yearly income is asked for."""

    model_config = ConfigDict(extra="forbid", strict=True)

    project: Project


def document_text(document: dict[str, Any]) -> bytes:
    """Return a document of a request as JSON again, for a reader that wants exact decimals."""
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")


def refused_at(name: str, error: DomainError) -> Problem:
    """Return what the engine refuses in a member of a request as that member's fault."""
    place = (error.field or "").removeprefix("document").lstrip(".")
    return Problem(
        status=422,
        code=error.code,
        field=f"{name}.{place}" if place else name,
        expected=error.expected,
        found=error.data.get("found"),
    )


def computed(plan: dict[str, Any]) -> tuple[str, str]:
    """Return a plan's text, and the canonical text of the account that the engine makes of it.

    Raises:
        Problem: 422, no account can be made of it, with the place; 413, either is too large.
    """
    try:
        read = read_document(document_text(plan))
        text = _sized(plan_text(read))
        made = make_account(plan_of(read))
    except DomainError as error:
        raise refused_at("plan", error) from error
    return text, _sized(canonical(made.document()).decode())


def _sized(text: str) -> str:
    size = len(text.encode())
    if size > commands.DOCUMENT_BYTES_MAX:
        raise Problem(
            status=413,
            code="gep.account_too_large",
            field="plan",
            expected=f"at most {commands.DOCUMENT_BYTES_MAX} bytes of plan and of account",
            found=str(size),
        )
    return text


PATHS: tuple[tuple[str, type[Operation], str], ...] = (
    ("/gep/accounts", DraftGepAccount, "Draft an account"),
    ("/gep/accounts/reviews", ReviewGepAccount, "Review a draft"),
    ("/gep/accounts/approvals", ApproveGepAccount, "Approve an account (needs a proposal)"),
    ("/gep/accounts/publications", PublishGepAccount, "Publish an account"),
    ("/gep/accounts/withdrawals", WithdrawGepAccount, "Take back an account"),
    ("/gep/citations", CiteGepAccount, "Cite a published account"),
    ("/gep/citations/settlements", SettleGepCitation, "Keep or end a citation"),
)
