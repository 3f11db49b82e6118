"""An audit as an answer: what is audited, and its findings as plain values."""

from typing import Any

from gep.accounts.making import make_account
from gep.accounts.reading import plan_of
from gep.audit.auditing import Audit
from gep.audit.own_account import printed_of
from gep.audit.printed import PrintedAccount, printed_from
from gep.document import Place


def account_to_audit(document: Place) -> PrintedAccount:
    """Return a printed account, or an account of ours as it would be printed.

    Raises:
        DomainError: it is malformed, or the account must not be made.
    """
    if "unit_yuan" in document.members():
        return printed_from(document)
    plan = plan_of(document)
    return printed_of(make_account(plan), plan)


def audit_document(found: Audit) -> dict[str, Any]:
    """Return an audit as plain values; figures are texts."""
    total = found.corrected_total_yuan
    return {
        "account": found.account,
        "findings": [
            {
                "rule": each.rule.value,
                "is_error": each.is_error,
                "place": each.place,
                "printed": f"{each.printed:f}",
                "recomputed": f"{each.recomputed:f}",
                "unit": each.unit,
                "difference_yuan": None
                if each.difference_yuan is None
                else f"{each.difference_yuan:f}",
                "detail": each.detail,
            }
            for each in found.findings
        ],
        "corrected_total_yuan": None if total is None else f"{total:f}",
    }
