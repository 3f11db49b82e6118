"""Example documents and answers of valuations of projects."""

from typing import Any

from gateway.api.gep_examples import ACCOUNT

_HEAD = "931"
NULLABLE = frozenset(
    {
        "account_with",
        "account_without",
        "contract_years",
        "figure",
        "net_p10_yuan",
        "second_note",
        "second_reviewed_by",
        "second_reviewed_in",
        "vep_market_p10_yuan",
        "vep_market_p50_yuan",
        "vep_market_p90_yuan",
    }
)
PROJECT: dict[str, Any] = {
    "id": "egret-wetland",
    "name": "白鹭湿地",
    "valued_on": "2026-01-18",
    "area": {"id": "E11-EGRET", "name": "白鹭湿地", "km2": "6"},
    "right": {"title": "CONCESSION/2026/3", "holder": "E11", "years": "18"},
    "basis": {"edition": "DB33/T 2274-2020", "parameters": "zhejiang-0.1", "price_year": "2025"},
    "years": "2",
    "rate": "0.042",
    "flows": [
        {
            "service": "R1",
            "with": {"first": "4000000", "unit": "m3"},
            "without": {"first": "3640000", "unit": "m3"},
            "price_yuan": "7",
        }
    ],
    "incomes": [
        {
            "component": "tickets",
            "service": "C1",
            "payer": "visitors",
            "title": "CONCESSION/2026/3",
            "income": {"first": "6000000"},
            "cost": {"first": "2500000"},
        }
    ],
}
VALUATION = "a40850bdc623cb649e1fea870231c971f83b120c401d23c69ce626a604617510"
_BASIS = {
    "valuation": VALUATION,
    "id": "egret-wetland",
    "area": "E11-EGRET",
    "valuation_status": "published",
    "published_in": "921",
    "superseded_by": None,
    "account_with": ACCOUNT,
    "account_without": "3e" * 32,
    "accounts_superseded": False,
}
_SHOWN = {
    **_BASIS,
    "name": "白鹭湿地",
    "project": "7a" * 32,
    "valued_on": "2026-01-18",
    "years": 2,
    "right_years": 18,
    "vep_gain_yuan": "4739372.46",
    "vep_market_yuan": "6582461.75",
    "vep_market_p10_yuan": None,
    "drafted_by": "V-1",
    "entry": "916",
    "reviewed_by": "X-1",
    "reviewed_in": "917",
    "note": None,
    "second_reviewed_by": None,
    "second_reviewed_in": None,
    "second_note": None,
    "approved_by": "R-2",
    "approved_in": "920",
    "decision": "2026/18",
    "supersedes": None,
}
_WARNING = {"code": "service_dominates", "place": "R1", "figure": "1.0000"}
READ: dict[str, dict[str, Any]] = {
    "/v1/gep/valuations": {"head": _HEAD, "valuations": [_SHOWN], "next": None},
    "/v1/gep/valuations/{valuation}": {
        "head": _HEAD,
        **_SHOWN,
        "document": {"id": "egret-wetland", "vep_market_yuan": "6582461.75"},
        "project_document": PROJECT,
    },
    "/v1/gep/valuations/{valuation}/recomputation": {
        "head": _HEAD,
        "valuation": VALUATION,
        "recomputed": VALUATION,
        "agrees": True,
        "error": None,
    },
    "/v1/gep/valuations/{valuation}/marketable-income": {
        "head": _HEAD,
        **_BASIS,
        "name": "白鹭湿地",
        "valued_on": "2026-01-18",
        "right": {"title": "CONCESSION/2026/3", "holder": "E11", "years": "18"},
        "basis": {
            "edition": "DB33/T 2274-2020",
            "parameter_set": "zhejiang-0.1",
            "parameter_set_hash": "02" * 32,
            "parameter_set_unchecked": "76",
            "price_year": "2025",
            "price_basis": None,
        },
        "due": False,
        "years": 2,
        "right_years": 18,
        "rate": "0.042",
        "components": [
            {
                "component": "tickets",
                "service": "C1",
                "payer": "visitors",
                "title": "CONCESSION/2026/3",
                "contract": None,
                "contract_years": None,
                "income_yuan": ["6000000.00", "6000000.00"],
                "cost_yuan": ["2500000.00", "2500000.00"],
                "net_yuan": ["3500000.00", "3500000.00"],
                "net_p10_yuan": None,
                "years_left": 18,
            }
        ],
        "net_yuan": ["3500000.00", "3500000.00"],
        "vep_market_yuan": "6582461.75",
        "vep_market_p10_yuan": None,
        "vep_market_p50_yuan": None,
        "vep_market_p90_yuan": None,
        "warnings": [_WARNING],
    },
}
