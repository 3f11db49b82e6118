"""An example answer for every operation of the API; the answers' schemas are made from them.

``NULLABLE`` names the members that an answer may leave ``null``.
"""

from typing import Any

from gateway.api import (
    consent_examples,
    consequence_examples,
    credential_examples,
    credit_archive_examples,
    credit_intake_examples,
    credit_list_examples,
    credit_rights_examples,
    credit_run_examples,
    gep_analysis_examples,
    gep_examples,
    gep_packages_examples,
    gep_space_examples,
    gep_tables_examples,
    gep_valuation_examples,
    job_examples,
    reconciliation_examples,
    reward_examples,
    rule_set_examples,
    supervision_examples,
)

AT = "2026-03-16T02:00:00.000000Z"
HEAD = "812"
NULLABLE = frozenset(
    {
        "confirmed_at",
        "error",
        "place",
        "stated_at",
        "submitted_at",
        "band_high",
        "band_low",
        "beneficiary",
        "day",
        "expires",
        "filled",
        "identifier",
        "lag_entries",
        "last_entry",
        "lost_from",
        "lost_to",
        "last_use",
        "lease_left_ms",
        "published_entries",
        "name",
        "name_en",
        "next",
        "price",
        "reason",
        "scheme",
        "sellable_from",
        "status",
        "subject",
        "tick",
        "until",
        "valid_from",
        "valid_until",
        "verified_lots",
        "verified_status",
        "vintage",
        *reconciliation_examples.NULLABLE,
        *rule_set_examples.NULLABLE,
        *reward_examples.NULLABLE,
        *credential_examples.NULLABLE,
        *consequence_examples.NULLABLE,
        *consent_examples.NULLABLE,
        *credit_archive_examples.NULLABLE,
        *credit_intake_examples.NULLABLE,
        *credit_run_examples.NULLABLE,
        *credit_rights_examples.NULLABLE,
        *credit_list_examples.NULLABLE,
        *job_examples.NULLABLE,
        *supervision_examples.NULLABLE,
        *gep_examples.NULLABLE,
        *gep_analysis_examples.NULLABLE,
        *gep_space_examples.NULLABLE,
        *gep_valuation_examples.NULLABLE,
        *gep_tables_examples.NULLABLE,
    }
)
_NODE = "dziFphNIniTOLPdhmdakI/BC5LvxLX7s7pEu8nbGVwE="
_HEADER = {
    "at": AT,
    "format": "1",
    "index": "812",
    "origin": "ecorights.example/yunxi",
    "personal": "3f" * 32,
    "postings": "9a" * 32,
    "previous": "c1" * 32,
}
_DISCLOSURE = {
    "header": '{"index":"702","origin":"ecorights.example/yunxi"}',
    "index": "702",
    "leaf_hash": "5d" * 32,
    "personal": None,
    "personal_key": None,
    "personal_state": "withheld",
    "postings": '{"actor":"system","effects":[]}',
    "postings_key": "1f" * 32,
    "postings_state": "shown",
}
_LEVEL = {"price": "74.60", "quantity": "300", "orders": 1}
_TRADE = {
    "trade": "41",
    "entry": "640",
    "at": AT,
    "price": "74.50",
    "quantity": "1000",
    "aggressor": "buy",
}
_ORDER = {
    "order": "57",
    "entry": "811",
    "account": "104",
    "instrument": "CEA25",
    "side": "buy",
    "type": "limit",
    "time_in_force": "day",
    "price": "74.60",
    "quantity": "300",
    "left": "300",
    "filled": "0",
    "status": "resting",
    "reason": None,
    "reference": "",
}
_ANCHOR = {
    "kind": "chain",
    "origin": "ecorights.example/yunxi",
    "size": "4096",
    "root": "7d" * 32,
    "note_hash": "2b" * 32,
    "state": "confirmed",
    "place": "eip155:20200:0x5FbDB2315678afecb367f032d93F642f64180aa3",
    "reference": "0x" + "a9" * 32,
    "attempts": 1,
    "error": None,
    "planned_at": AT,
    "submitted_at": AT,
    "confirmed_at": AT,
    "stated_at": AT,
}

WRITTEN: dict[str, Any] = {
    "outcome": "applied",
    "at": AT,
    "effects": [{"effect": "account_opened", "account": "117", "party": "E01"}],
    "receipt": {"entry": HEAD},
    "account": "117",
}
TRIED: dict[str, Any] = {
    "outcome": "dry_run",
    "at": AT,
    "effects": [{"effect": "order_accepted", "order": "58", "held": "7520"}],
    "holds": [{"account": "104", "instrument": "CNY", "quantity": "75.20"}],
    "fees": [{"account": "104", "instrument": "CNY", "quantity": "0.02"}],
    "rules_passed": ["ledger.role_missing", "exchange.price_outside_band"],
}
BATCH: dict[str, Any] = {
    "results": [
        {"outcome": "applied", "at": AT, "effects": [], "receipt": {"entry": "812"}, "order": "58"},
        {"outcome": "refused", "code": "exchange.cash_too_small", "entry": "813"},
    ]
}
HEALTH: dict[str, Any] = {
    "status": "ok",
    "live": True,
    "ready": True,
    "database": "up",
    "writer": "up",
    "head": HEAD,
    "lag_entries": "0",
    "lease_left_ms": "1640",
    "published_entries": "4096",
    "anchor": "chain: ok, 4096 entries; timestamp: ok, 4096 entries",
    "durability": "one machine, no standby",
    "worker": "up, 2 processes, PostgreSQL queue",
    "jobs_open": 0,
}

READ: dict[str, dict[str, Any]] = {
    "/v1/health": HEALTH,
    "/v1/instruments": {
        "head": HEAD,
        "instruments": [
            {
                "code": "CEA25",
                "right": "CARBON",
                "substance": "",
                "unit": "t",
                "lot": "1",
                "tick": "0.01",
                "zone": "",
                "vintage": 2025,
                "valid_from": None,
                "valid_until": None,
            }
        ],
        "next": None,
    },
    "/v1/instruments/{instrument}/supply": {
        "head": HEAD,
        "instrument": "CEA25",
        "issued": "880000",
        "surrendered": "0",
        "retired": "0",
        "cancelled": "0",
        "in_circulation": "880000",
    },
    "/v1/instruments/{instrument}/trades": {"head": HEAD, "trades": [_TRADE], "next": None},
    "/v1/instruments/{instrument}/candles": {
        "head": HEAD,
        "candles": [
            {
                "day": "2026-03-16",
                "open": "74.50",
                "high": "75.50",
                "low": "74.50",
                "last": "75.50",
                "volume": "4000",
                "trades": 3,
            }
        ],
        "next": None,
    },
    "/v1/books/{instrument}": {
        "head": HEAD,
        "instrument": "CEA25",
        "phase": "continuous",
        "reason": None,
        "day": "2026-03-17",
        "previous_close": "74.85",
        "last": "75.50",
        "band_low": "67.37",
        "band_high": "82.34",
        "volume": "0",
        "bids": [_LEVEL],
        "asks": [_LEVEL | {"price": "75.00"}],
    },
    "/v1/parties": {
        "head": HEAD,
        "parties": [
            {
                "party": "E01",
                "party_kind": "enterprise",
                "scheme": "uscc",
                "identifier": "91990101E00000010Q",
            }
        ],
        "next": None,
    },
    "/v1/parties/{party}": {
        "head": HEAD,
        "party": "P01",
        "party_kind": "person",
        "scheme": None,
        "identifier": None,
        "name": "林溪",
        "name_en": None,
        "personal_state": "shown",
    },
    "/v1/parties/{party}/disclosures": {
        "head": HEAD,
        "disclosures": [
            {
                "disclosure": "790",
                "recipient": "A",
                "purpose": "audit",
                "entries": ["31"],
                "granted_by": "P01",
                "until": "2026-12-31T16:00:00.000000Z",
                "live": True,
                "uses": 1,
                "last_use": "801",
            }
        ],
        "next": None,
    },
    "/v1/accounts": {
        "head": HEAD,
        "accounts": [{"account": "104", "party": "E01", "kind": "trading", "open": True}],
        "next": None,
    },
    "/v1/accounts/{account}/holdings": {
        "head": HEAD,
        "holdings": [
            {
                "instrument": "CEA25",
                "available": "319200",
                "held": "800",
                "bought_for_later": "0",
                "sellable_from": None,
            }
        ],
        "next": None,
    },
    "/v1/accounts/{account}/holds": {
        "head": HEAD,
        "holds": [
            {
                "hold": "3",
                "instrument": "CNY",
                "quantity": "1000.00",
                "purpose": "deposit",
                "reference": "A-7",
                "beneficiary": None,
                "until": None,
            }
        ],
        "next": None,
    },
    "/v1/accounts/{account}/statement": {
        "head": HEAD,
        "postings": [
            {"entry": "60", "instrument": "CNY", "quantity": "2000000.00", "cause": "cash_in"}
        ],
        "next": None,
    },
    "/v1/accounts/{account}/trades": {
        "head": HEAD,
        "trades": [
            {
                "trade": "41",
                "entry": "640",
                "at": AT,
                "instrument": "CEA25",
                "side": "sell",
                "order": "31",
                "price": "74.50",
                "quantity": "1000",
                "fee": "0.00",
            }
        ],
        "next": None,
    },
    "/v1/orders": {"head": HEAD, "orders": [_ORDER], "next": None},
    "/v1/orders/{order}": {"head": HEAD, **_ORDER, "expires": None},
    "/v1/obligations": {
        "head": HEAD,
        "obligations": [
            {
                "party": "E01",
                "right": "CARBON",
                "year": 2025,
                "verified_status": "reported",
                "verified_lots": "318500",
                "surrendered_lots": "0",
                "status": None,
            }
        ],
        "next": None,
    },
    "/v1/proposals": {
        "head": HEAD,
        "proposals": [{"proposal": "4", "maker": "R-1", "command": {"kind": "issue"}}],
        "next": None,
    },
    "/v1/decisions": {
        "head": HEAD,
        "day": "2026-03-16",
        "decisions": [
            {
                "kind": "compliance_rule",
                "subject": "CARBON",
                "entry": "70",
                "at": AT,
                "terms": {"effect": "compliance_rule_set", "mode": "per_year"},
            }
        ],
        "next": None,
    },
    **reconciliation_examples.READ,
    **rule_set_examples.READ,
    **reward_examples.READ,
    **credential_examples.READ,
    **consequence_examples.READ,
    **consent_examples.READ,
    **credit_archive_examples.READ,
    **credit_intake_examples.READ,
    **credit_run_examples.READ,
    **credit_rights_examples.READ,
    **credit_list_examples.READ,
    **job_examples.READ,
    **supervision_examples.READ,
    **gep_examples.READ,
    **gep_analysis_examples.READ,
    **gep_packages_examples.READ,
    **gep_space_examples.READ,
    **gep_valuation_examples.READ,
    "/v1/ledger/head": {"head": HEAD, "leaf_hash": "5d" * 32},
    "/v1/ledger/entries": {"head": HEAD, "headers": [_HEADER], "next": None},
    "/v1/ledger/entries/{index}": {"head": HEAD, "header": _HEADER},
    "/v1/ledger/entries/{index}/disclosure": {
        "head": HEAD,
        "index": "812",
        "header": '{"index":"812","origin":"ecorights.example/yunxi"}',
        "leaf_hash": "5d" * 32,
        "postings": '{"actor":"X-1","command":{"kind":"register_party"}}',
        "postings_key": "9a" * 32,
        "postings_state": "shown",
        "personal": '{"name":"林溪"}',
        "personal_key": "3f" * 32,
        "personal_state": "shown",
    },
    "/v1/ledger/anchors": {"head": HEAD, "anchors": [_ANCHOR], "next": None},
    "/v1/ledger/proofs/inclusion": {"index": "812", "size": "4096", "proof": [_NODE]},
    "/v1/ledger/state-roots": {
        "head": HEAD,
        "state_roots": [
            {
                "entry": "702",
                "as_of": "700",
                "at": AT,
                "instrument": "CEA25",
                "leaves": "48",
                "total": "880000",
                "issued": "880000",
                "ended": "0",
                "root": "b7" * 32,
            }
        ],
        "next": None,
    },
    "/v1/ledger/state-roots/{entry}": {"head": HEAD, "disclosure": _DISCLOSURE},
    "/v1/accounts/{account}/holding-proof": {
        "head": HEAD,
        "proof": {
            "account": "104",
            "entry": _DISCLOSURE,
            "format": "ecorights-holding-proof/1",
            "instrument": "CEA25",
            "leaves": "48",
            "parts": [
                {
                    "amount": "40117",
                    "path": [{"hash": "0e" * 32, "total": "9120"}],
                    "position": "7",
                    "salt": "4c" * 32,
                }
            ],
            "quantity": "320000",
            "receipt": "c2sp.org/tlog-proof@v1\nindex 702\n",
        },
    },
    "/v1/ledger/logs": {
        "head": HEAD,
        "logs": [
            {
                "log": "1",
                "origin": "ecorights.example/yunxi/2027",
                "first_entry": "640",
                "last_entry": None,
                "published_entries": "172",
                "opened": {
                    "reason": "year",
                    "old_origin": "ecorights.example/yunxi/2026",
                    "old_size": "640",
                    "old_root": "7d" * 32,
                    "lost_from": None,
                    "lost_to": None,
                },
            }
        ],
    },
    "/v1/ledger/proofs/consistency": {"old": "1024", "new": "4096", "proof": [_NODE]},
}
NOTE_PATH = "/v1/ledger/anchors/{kind}/{size}/note"
TOKEN_PATH = "/v1/ledger/anchors/{kind}/{size}/token"  # noqa: S105  a path
NOTE = (
    f"ecorights.example/yunxi\n4096\n{_NODE}\n\n\u2014 ecorights.example/yunxi da6e7553AZLsncMP\n"
)
RECEIPT_PATH = "/v1/ledger/receipts/{index}"
RECEIPT = (
    f"c2sp.org/tlog-proof@v1\nindex 812\n{_NODE}\n\necorights.example/yunxi\n4096\n{_NODE}\n\n"
    "\u2014 ecorights.example/yunxi da6e7553AZLsncMP\n"
)
# Members that depend on the case: open objects, and what only some callers or questions get.
OPEN = (
    gep_space_examples.OPEN
    | gep_analysis_examples.OPEN
    | gep_tables_examples.OPEN
    | job_examples.OPEN
    | frozenset(["changes", "command", "document", "plan_document", "terms", "header", "headers"])
    | frozenset({"effects", "results", "receipt"})
)
OPTIONAL = frozenset(
    {"receipt", "opened", "account", "available", "held", "bought_for_later", "changes"}
)
OPTIONAL_IN_HOLDINGS = frozenset({"sellable_from"})
