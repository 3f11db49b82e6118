"""Example answers of the operations on the rights of a subject."""

from typing import Any

_AT = "2026-06-01T02:00:00.000000Z"
_HEAD = "912"
NULLABLE = frozenset(
    {
        "acknowledged_at",
        "acknowledged_by",
        "adopted",
        "answer",
        "answered_at",
        "credit_index",
        "grade",
        "held_by",
        "noted_at",
        "outcome",
        "query",
        "reviewer",
    }
)
_NAMED = {"subject": "P2", "fact": "D1/2026/7", "source": "D1", "reference": "2026/7"}
READ: dict[str, dict[str, Any]] = {
    "/v1/credit/reviews": {
        "head": _HEAD,
        "reviews": [
            {
                "review": "1",
                "subject": "P2",
                "as_of": "2026-05-15",
                "rule_set": "0.1-draft",
                "query": "7",
                "evidence": "e5" * 32,
                "requested_at": _AT,
                "due": "2026-06-16",
                "state": "answered",
                "answered_at": _AT,
                "reviewer": "R-1",
                "outcome": "facts_revoked",
                "facts": ["D1/2026/7"],
                "adopted": None,
                "answer": "5d" * 32,
            }
        ],
        "next": None,
    },
    "/v1/credit/overdue": {
        "head": _HEAD,
        "day": "2026-06-20",
        "overdue": [
            {
                "clock": "review",
                "number": "1",
                "subject": "P2",
                "due": "2026-06-16",
                "days_over": 4,
                "noted_at": None,
            }
        ],
        "next": None,
    },
    "/v1/credit/notices": {
        "head": _HEAD,
        "notices": [
            {
                "recipient": "B1",
                **_NAMED,
                "correction": "revoked",
                "query": "7",
                "parts": ["credit_index", "reasons"],
                "before": {"grade": "A", "credit_index": 597},
                "after": {"grade": "A", "credit_index": 603},
                "entry": "911",
                "raised_at": _AT,
                "acknowledged_at": None,
                "acknowledged_by": None,
            }
        ],
        "next": None,
    },
    "/v1/credit/corrections": {
        "head": _HEAD,
        "corrections": [
            {**_NAMED, "correction": "revoked", "at": _AT, "entry": "910", "notices": 1}
        ],
        "next": None,
    },
    "/v1/credit/subjects/{party}/outdated-credentials": {
        "head": _HEAD,
        "credentials": [
            {
                "credential": "0197f2c1-8b7a-7c11-9d63-000000000001",
                "as_of": "2026-05-15",
                "rule_set": "0.1-draft",
                "grade_stated": "A",
                "grade_now": "AA",
            }
        ],
    },
    "/v1/credit/retention": {
        "head": _HEAD,
        "day": "2031-05-01",
        "listed_until": "2031-05-31",
        "due": [
            {
                **_NAMED,
                "rule": "P-PROT-11",
                "on": "2026-05-06",
                "erase_on": "2031-05-06",
                "is_due": False,
                "held_by": None,
            }
        ],
        "next": None,
    },
    "/v1/credit/erasures": {
        "head": _HEAD,
        "erasures": [
            {
                "subject": "P2",
                "fact": "D1/2026/7",
                "recorded_at": _AT,
                "erased_at": "2031-05-06T02:00:00.000000Z",
                "entry": "2911",
            }
        ],
        "next": None,
    },
}
