"""Examples of tables of consequences and of what follows from a grade."""

from typing import Any

NULLABLE = frozenset({"list", "region", "until"})
DOCUMENT: dict[str, Any] = {
    "version": "2026-a",
    "effective_from": "2030-01-01",
    "rows": [
        {
            "id": "P-SUBSIDY",
            "subject": "person",
            "kind": "insurance",
            "effect": "incentive",
            "what": "premium subsidy",
            "zh": "保费补贴",
            "scheme": "INDEX",
            "grades": ["A"],
            "region": "33",
            "basis": "an order of the province of 2029",
            "effective_from": "2030-01-01",
            "end": "2031-12-31",
            "default": "on",
        }
    ],
}
_ROW: dict[str, Any] = {
    "id": "JS12-POWER-RED",
    "state": "applies",
    "reasons": ["other_grade"],
    "kind": "prices",
    "effect": "penalty",
    "what": "power price +0.05 yuan/kWh",
    "zh": "电价每千瓦时加价0.05元",
    "basis": "JSP",
    "region": "32",
    "until": "2026-12-31",
    "by_list": True,
}
_TOLD: dict[str, Any] = {
    "head": "812",
    "on": "2026-07-20",
    "table": "2026-a",
    "consequences": [_ROW],
    "list": {"as_of": "2026-06-30", "sent_by": "2026-07-07"},
}
_ADOPTED: dict[str, Any] = {
    "version": "2026-a",
    "table_hash": "5d" * 32,
    "decision": "2026/17",
    "effective_from": "2030-01-01",
    "rule_set": "0.1-draft",
    "adopted_in": "812",
}
_TABLES = "/v1/credit/consequence-tables"
READ: dict[str, dict[str, Any]] = {
    "/v1/credit/consequences": _TOLD,
    "/v1/credit/subjects/{party}/consequences": _TOLD | {"party": "E01"},
    _TABLES: {"head": "812", "in_force": "2026-a", "tables": [_ADOPTED]},
    f"{_TABLES}/{{version}}": {"head": "812", **_ADOPTED, "document": DOCUMENT},
}
