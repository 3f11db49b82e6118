"""Example answers of the operations on positive and negative lists."""

from typing import Any

_HEAD = "912"
NULLABLE = frozenset({"fact", "fact_repaired_on", "holds", "left_decision", "left_on", "reason"})
_STAY = {
    "listing": "1",
    "list_name": "ECO-RED",
    "subject": "E01",
    "day_from": "2026-05-12",
    "day_to": "2027-05-11",
    "holds": True,
    "fact": "D/2026/17",
    "fact_revoked": False,
    "fact_repaired_on": "2026-09-01",
    "decision": "2026/18",
    "evidence": "e5" * 32,
    "entry": "910",
    "left_on": "2026-10-01",
    "reason": "decision",
    "left_decision": "2026/31",
}
READ: dict[str, dict[str, Any]] = {
    "/v1/credit/lists": {
        "head": _HEAD,
        "lists": [
            {
                "list_name": "ECO-RED",
                "sign": "negative",
                "subject_kind": "enterprise",
                "rules": ["E-COMP-09"],
                "months": 36,
                "published": True,
                "basis": "XF26",
                "decision": "2026/4",
                "entry": "899",
            }
        ],
        "next": None,
    },
    "/v1/credit/lists/{list_name}/members": {
        "head": _HEAD,
        "list_name": "ECO-RED",
        "day": "2026-06-01",
        "members": [_STAY],
        "next": None,
    },
    "/v1/credit/listings": {
        "head": _HEAD,
        "day": "2026-06-01",
        "listings": [_STAY],
        "next": None,
    },
}
