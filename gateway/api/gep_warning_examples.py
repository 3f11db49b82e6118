"""Example answers of warnings and their thresholds."""

from typing import Any

_HEAD = "931"
_ACCOUNT = "9a" * 32
WARNING = "5e" * 16
NULLABLE = frozenset(
    {
        "answer_account",
        "answered_by",
        "author",
        "base",
        "closed_by",
        "closed_in",
        "days_overdue",
        "deadline",
        "newer_account",
        "owner",
        "owner_party",
        "place",
        "raised",
        "reason",
        "service",
        "set_in",
        "words",
    }
)
_CROSSING = {
    "warning": WARNING,
    "rule": "service_share",
    "area": "990103",
    "year": 2025,
    "account": _ACCOUNT,
    "base": None,
    "service": "R1",
    "before_yuan": "5645400000.00",
    "after_yuan": "3951780000.00",
    "measured": "0.700000",
    "limit": "0.600000",
    "severity": "notice",
}
_SHOWN = {
    **_CROSSING,
    "warning_state": "assigned",
    "raised_by": "R-1",
    "entry": "911",
    "owner_party": "M",
    "owner": "M-1",
    "deadline": "2026-03-31",
    "days_overdue": None,
    "answered_by": None,
    "answer_account": None,
    "closed_by": None,
    "closed_in": None,
    "place": {"longitude": "121.2000000", "latitude": "29.2500000"},
    "standing": "counts",
    "newer_account": None,
}
READ: dict[str, dict[str, Any]] = {
    "/v1/gep/thresholds": {
        "head": _HEAD,
        "thresholds": [
            {
                "rule": "decline",
                "limit": "0.050000",
                "proposed": "0.050000",
                "author": None,
                "reason": None,
                "set_in": None,
            }
        ],
    },
    "/v1/gep/warnings": {"head": _HEAD, "day": "2026-03-17", "warnings": [_SHOWN], "next": None},
    "/v1/gep/warnings/due": {
        "head": _HEAD,
        "year": 2025,
        "due": [{**_CROSSING, "raised": "assigned"}],
        "not_judged": [{"area": "990102", "account": _ACCOUNT, "reasons": ["no_earlier_account"]}],
        "next": None,
    },
    "/v1/gep/warnings/{warning}": {
        "head": _HEAD,
        "day": "2026-03-17",
        **_SHOWN,
        "history": [
            {
                "number": 2,
                "event": "assigned",
                "actor": "R-1",
                "entry": "912",
                "at": "2026-01-12T02:00:00.000000Z",
                "owner_party": "M",
                "owner": "M-1",
                "deadline": "2026-03-31",
                "words": None,
                "answer_account": None,
            }
        ],
    },
}
