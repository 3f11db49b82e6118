"""Example answers of the supervision's operations."""

from typing import Any

_AT = "2026-12-15T02:00:00.000000Z"
_HEAD = "920"
# Of the supervision's own answers, by the names of their members.
NULLABLE = frozenset(
    {
        "annulled_by",
        "annulled_ground",
        "annulled_in",
        "filed_on",
        "fine",
        "incident",
        "level",
        "quantity",
        "reason",
        "value_added",
    }
)
_DECISION = {
    "decision": "17",
    "authority": "R",
    "case_number": "示环罚〔2026〕15号",
    "rule": "E-COMP-06",
    "subjects": ["E02"],
    "served_on": "2026-12-15",
    "document": "d0" * 32,
    "fine": "4050000.00",
    "incident": None,
    "drafted_by": "R-1",
    "approved_by": "R-2",
    "entry": "915",
    "recorded_at": _AT,
    "annulled_in": None,
    "annulled_ground": None,
    "annulled_by": None,
}
READ: dict[str, dict[str, Any]] = {
    "/v1/supervision/decisions": {"head": _HEAD, "decisions": [_DECISION], "next": None},
    "/v1/supervision/decisions/{number}": {
        "head": _HEAD,
        **_DECISION,
        "facts": [
            {
                "fact": "R/case#9f2c5e0a1b7d4c6e8f3a2b1c0d9e8f7a/1",
                "subject": "E02",
                "entry": "915",
                "revoked": False,
                "disputed": False,
            }
        ],
        "reason": "未按时足额清缴2025年度碳排放配额",
    },
    "/v1/supervision/origins": {
        "head": _HEAD,
        "origins": [
            {
                "origin": "surrendered_in_full",
                "department": "R",
                "rules": ["E-COMP-31"],
                "threshold_ppm": 0,
                "basis": "2026/3",
                "entry": "880",
            }
        ],
        "next": None,
    },
    "/v1/compliance/closures": {
        "head": _HEAD,
        "closures": [
            {
                "right": "CARBON",
                "year": 2025,
                "on": "2026-11-30",
                "entry": "900",
                "settled": 5,
                "recorded": 5,
                "passed_over": 0,
                "waiting": 0,
            }
        ],
        "next": None,
    },
    "/v1/compliance/reports": {
        "head": _HEAD,
        "reports": [
            {
                "report": "carbon",
                "year": 2025,
                "party": "E01",
                "due_on": "2026-03-31",
                "filed_on": "2026-03-20",
                "report_outcome": "on_time",
                "quantity": "160000000",
                "value_added": "90000000000",
                "level": "2",
                "facts": 1,
                "evidence": "e5" * 32,
                "entry": "760",
            }
        ],
        "next": None,
    },
}
