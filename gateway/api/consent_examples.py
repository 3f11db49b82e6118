"""Example answers of the operations on consents and queries."""

from typing import Any

_AT = "2026-06-15T02:00:00.000000Z"
_HEAD = "912"
QUERY_PATH = "/v1/credit/queries"
NULLABLE = frozenset(
    {
        "colour",
        "consent",
        "credit_index",
        "grade",
        "improve",
        "reasons",
        "refusal",
        "revoked_at",
        "sub_index",
        "sub_indices",
    }
)
_CONSENT = {
    "consent": "3",
    "entry": "640",
    "at": "2026-04-01T02:00:00.000000Z",
    "subject": "P1",
    "grantee": "B1",
    "purpose": "eco_credit_loan",
    "scope": ["grade", "reasons"],
    "day_from": "2026-04-01",
    "day_to": "2026-06-30",
    "evidence": "5d" * 32,
    "actor": "P1-1",
    "revoked_at": None,
}
_QUERY = {
    "query": "7",
    "entry": "812",
    "at": _AT,
    "actor": "B1-1",
    "bank": "B1",
    "subject": "P1",
    "purpose": "eco_credit_loan",
    "scope": ["grade", "reasons"],
    "answered": True,
    "consent": "3",
    "refusal": None,
    "rule_set": "0.1-draft",
    "rule_set_hash": "9a" * 32,
    "as_of": "2026-06-15",
    "known_at": _AT,
    "answer_hash": "3f" * 32,
}
READ: dict[str, Any] = {
    "/v1/credit/consents": {"head": _HEAD, "consents": [_CONSENT], "next": None},
    "/v1/credit/queries": {"head": _HEAD, "queries": [_QUERY], "next": None},
    "/v1/credit/recipients": {
        "head": _HEAD,
        "since": "2025-06-14T16:00:00.000000Z",
        "recipients": [_QUERY],
        "next": None,
    },
}
ANSWERED: dict[str, Any] = {
    "outcome": "applied",
    "at": _AT,
    "effects": [{"effect": "credit_queried", "query": "7", "consent": "3"}],
    "receipt": {"entry": "812"},
    "query": "7",
    "answer": {
        "subject": "P1",
        "as_of": "2026-06-15",
        "known_at": _AT,
        "rule_set_version": "0.1-draft",
        "rule_set_hash": "9a" * 32,
        "records_hash": "c1" * 32,
        "rated": True,
        "complete": True,
        "disputed": False,
        "grade": "AA",
        "colour": "blue",
        "credit_index": "742",
        "sub_indices": [{"name": "resources", "sub_index": "80"}],
        "reasons": ["P-LIVE-01"],
        "improve": [{"rule": "P-LIVE-07", "day": "2026-09-01", "grade": "AAA"}],
    },
    "nonce": "3f" * 32,
}
