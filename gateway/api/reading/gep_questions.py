"""Questions whose body is a document: an account audited, a plan tried out; nothing is kept."""

from typing import Any

from fastapi import APIRouter

from gateway.api.door import Door
from gateway.api.problems import Problem
from gateway.api.schemas.gep import computed, document_text, refused_at
from gateway.api.schemas.gep_analysis import AuditRequest, PreviewRequest
from gep.accounts.stored import read_account
from gep.audit.answer import audit_document
from gep.audit.auditing import Audit
from gep.exchange.auditing import audit_of
from gep.publishing.commands import DOCUMENT_BYTES_MAX
from gep.publishing.decisions import digest
from kernel.errors import DomainError


def add_gep_questions(router: APIRouter, door: Door) -> None:
    """Add the questions; the route itself has asked who calls."""

    @router.post("/gep/audits", tags=["gep"])
    async def audit_gep_account(body: AuditRequest) -> dict[str, Any]:
        """Audit an account as it is printed, or one of a plan; nothing is kept."""
        found = await door.turns.run(_audited, body.account)
        return audit_document(found) | {"errors": len(found.errors)}

    @router.post("/gep/previews", tags=["gep"])
    async def preview_gep_account(body: PreviewRequest) -> dict[str, Any]:
        """Compute the account of a plan: its hash, warnings and lines; nothing is drafted."""
        return await door.turns.run(_previewed, body.plan)


def _audited(account: dict[str, Any]) -> Audit:
    text = document_text(account)
    if len(text) > DOCUMENT_BYTES_MAX:
        raise Problem(
            status=413,
            code="gep.account_too_large",
            field="account",
            expected=f"at most {DOCUMENT_BYTES_MAX} bytes",
            found=str(len(text)),
        )
    try:
        return audit_of(text)
    except DomainError as error:
        raise refused_at("account", error) from error


def _previewed(plan: dict[str, Any]) -> dict[str, Any]:
    _, text = computed(plan)
    made = read_account(text)
    document = made.document()
    return {
        "account": digest(text),
        "total_yuan": document["total_yuan"],
        "warnings": document["warnings"],
        "bytes": len(text.encode()),
        "document": document,
    }
