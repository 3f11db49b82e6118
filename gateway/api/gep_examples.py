"""Example documents and answers of the accounts of ecosystem products."""

from typing import Any

_HEAD = "913"
NULLABLE = frozenset(
    {
        "approved_by",
        "approved_in",
        "contract",
        "decision",
        "due_since",
        "ended_in",
        "mark",
        "note",
        "payer",
        "price_basis",
        "price_yuan",
        "published_in",
        "recomputed",
        "reviewed_by",
        "reviewed_in",
        "superseded_by",
        "supersedes",
        "unit",
    }
)
PLAN: dict[str, Any] = {
    "id": "yunxi-2025",
    "area": {"id": "990101", "name": "云汐县", "km2": "1500"},
    "year": "2025",
    "edition": "DB33/T 2274-2020",
    "parameters": "zhejiang-0.1",
    "inputs": {
        "timber": {"value": "4900", "unit": "m3", "source": "林业统计年鉴 2025"},
        "price": {"value": "655", "unit": "yuan/m3", "source": "林业统计年鉴 2025"},
    },
    "lines": [{"id": "timber", "service": "M1", "quantity": "timber", "price": "price"}],
}
ACCOUNT = "3ff6e2330f05942edbda02e0ef0d65772ac51f5a8f48d89805718e706a15f385"
_LINE = {
    "id": "timber",
    "service": "M1",
    "group": "material",
    "name": "agriculture, forestry, animal and fishery products",
    "place": "land",
    "worth": "use",
    "method": "stated",
    "quantity": "4900.000000",
    "unit": "m3",
    "price_yuan": "655",
    "price_basis": None,
    "value_yuan": "3209500.00",
    "counted": True,
    "used": [
        {
            "name": "timber",
            "value": "4900",
            "unit": "m3",
            "source": "林业统计年鉴 2025",
            "mark": None,
            "overridden": False,
        }
    ],
}
_SHOWN = {
    "account": ACCOUNT,
    "id": "yunxi-2025",
    "area": "990101",
    "year": 2025,
    "price_year": 2025,
    "profile": "GEP",
    "edition": "DB33/T 2274-2020",
    "parameter_set": "zhejiang-0.1",
    "parameter_set_hash": "02" * 32,
    "plan": "7a" * 32,
    "total_yuan": "3209500.00",
    "overrides": 0,
    "account_status": "published",
    "drafted_by": "V-1",
    "entry": "840",
    "reviewed_by": "R-1",
    "reviewed_in": "841",
    "note": None,
    "approved_by": "R-2",
    "approved_in": "843",
    "decision": "2026/17",
    "published_in": "844",
    "supersedes": None,
    "superseded_by": None,
}
PROJECT: dict[str, Any] = {
    "id": "egret-wetland",
    "years": "2",
    "right_years": "18",
    "rate": "0.042",
    "incomes": [
        {
            "component": "tickets",
            "service": "C1",
            "income": {"first": "6000000"},
            "cost": {"first": "2500000"},
        }
    ],
}
READ: dict[str, dict[str, Any]] = {
    "/v1/gep/accounts": {"head": _HEAD, "accounts": [_SHOWN], "next": None},
    "/v1/gep/accounts/{account}": {
        "head": _HEAD,
        **_SHOWN,
        "doubts": ["km2_differs"],
        "document": {"id": "yunxi-2025", "lines": [_LINE], "total_yuan": "3209500.00"},
        "plan_document": PLAN,
    },
    "/v1/gep/accounts/{account}/lines": {"head": _HEAD, "account": ACCOUNT, "lines": [_LINE]},
    "/v1/gep/accounts/{account}/recomputation": {
        "head": _HEAD,
        "account": ACCOUNT,
        "recomputed": ACCOUNT,
        "agrees": True,
        "error": None,
    },
    "/v1/gep/comparisons": {
        "head": _HEAD,
        "document": {"growth": "0.081600", "quantity_effect_yuan": "816000000.00"},
    },
    "/v1/gep/citations": {
        "head": _HEAD,
        "citations": [
            {
                "account": ACCOUNT,
                "cites": "account",
                "id": "yunxi-2025",
                "area": "990101",
                "year": 2025,
                "party": "B1",
                "reference": "LOAN/2026/17",
                "purpose": "loan",
                "cited_by": "B1-1",
                "entry": "850",
                "since": "2026-05-18T02:00:00.000000Z",
                "counting": "9a" * 32,
                "review_due": True,
                "due_since": "901",
                "accounts_superseded": False,
                "ended_in": None,
            }
        ],
        "next": None,
    },
}
# A question that stores nothing: what is asked, and what is answered.
ASKED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "/v1/gep/marketable-income": (
        {"project": PROJECT},
        {
            "project": "egret-wetland",
            "years": 2,
            "components": [
                {
                    "component": "tickets",
                    "service": "C1",
                    "payer": None,
                    "contract": None,
                    "net_yuan": ["3500000.00", "3500000.00"],
                }
            ],
            "vep_gain_yuan": "0.00",
            "vep_market_yuan": "6582461.75",
        },
    ),
}
