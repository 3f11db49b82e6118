"""Example answers of the reconciliation's operations."""

from typing import Any

_AT = "2026-03-17T01:00:00.000000Z"
_HEAD = "912"
FILE_PATH = "/v1/reconciliations"
NULLABLE = frozenset(
    {
        "actor",
        "assignee",
        "at_stake",
        "booked_in",
        "detail",
        "difference",
        "finding",
        "here",
        "line",
        "outcome",
        "reconciliation",
        "superseded_by",
        "supersedes",
        "there",
        "words",
    }
)
_THERE: dict[str, Any] = {
    "holder": "104",
    "amount": "2000.00",
    "reference": "B2-0001",
    "day": "2026-03-16",
    "line": "2",
    "booked_in": None,
}
_HERE = _THERE | {"amount": "200.00", "line": None, "booked_in": "810"}
_FOUND = {
    "task": "7",
    "difference": "amount_differs",
    "instrument": "CNY",
    "there": _THERE,
    "here": _HERE,
    "at_stake": "1800.00",
}
_COUNTS = {"opened": 1, "seen": 0, "resolved": 0}
_FILE = {
    "reconciliation": "3",
    "counterparty": "B2",
    "file_kind": "bank",
    "day": "2026-03-16",
    "as_of": "905",
    "digest": "5d" * 32,
    "entry": _HEAD,
    "at": _AT,
    "actor": "X-1",
    "lines": 41,
    "matched": 40,
    "differences": 1,
    "left_out": 0,
    "supersedes": None,
    "superseded_by": None,
}
_TASK = {
    "task": "7",
    "reconciliation": "3",
    "last_seen": "3",
    "counterparty": "B2",
    "file_kind": "bank",
    "day": "2026-03-16",
    **{key: value for key, value in _FOUND.items() if key != "task"},
    "state": "answered",
    "assignee": "X-2",
    "finding": "our_error",
    "due": "2026-03-18T01:00:00.000000Z",
    "overdue": False,
    "outcome": None,
    "until": None,
}
_RECORDED_ONLY = {"entry", "at", "actor", "superseded_by"}
UPLOADED_ALWAYS = ("outcome", *_COUNTS, *(key for key in _FILE if key not in _RECORDED_ONLY))
UPLOADED: dict[str, Any] = {
    "outcome": "applied",
    "receipt": {"entry": _HEAD},
    **_FILE,
    **_COUNTS,
    "resolved_tasks": ["5"],
    "found": [_FOUND],
}
READ: dict[str, dict[str, Any]] = {
    "/v1/reconciliations/terms": {
        "head": _HEAD,
        "file_terms": [
            {
                "counterparty": "B2",
                "file_kind": "bank",
                "instruments": ["CNY"],
                "utc_offset_minutes": 480,
                "cut_off_minutes": 1440,
                "window_days": 3,
                "due_hours": 24,
                "reopen_hours": 720,
                "lines_max": 100000,
                "four_eyes": [{"instrument": "CNY", "quantity": "10000.00"}],
            }
        ],
        "next": None,
    },
    "/v1/reconciliations": {"head": _HEAD, "reconciliations": [_FILE], "next": None},
    "/v1/reconciliations/{reconciliation}": {
        "head": _HEAD,
        **_FILE,
        **_COUNTS,
        "found": [
            {
                "task": "7",
                "event": "opened",
                "difference": "amount_differs",
                "there": _THERE,
                "here": _HERE,
            }
        ],
        "next": None,
    },
    "/v1/reconciliation-tasks": {"head": _HEAD, "tasks": [_TASK], "next": None},
    "/v1/reconciliation-tasks/{task}": {
        "head": _HEAD,
        **_TASK,
        "history": [
            {
                "event": "answered",
                "at": _AT,
                "entry": "915",
                "actor": "X-2",
                "reconciliation": None,
                "detail": "our_error",
                "words": "Typed one zero too few",
            }
        ],
    },
}
