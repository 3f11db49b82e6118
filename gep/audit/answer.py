"""An audit as an answer: its findings as plain values."""

from typing import Any

from gep.audit.auditing import Audit


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
