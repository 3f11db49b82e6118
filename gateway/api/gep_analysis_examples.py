"""Example documents and answers of the questions about accounts of ecosystem products."""

from typing import Any

from gateway.api.gep_examples import ACCOUNT, PLAN

_HEAD = "913"
NULLABLE = frozenset(
    {
        "basis",
        "corrected_total_yuan",
        "deduction",
        "difference_yuan",
        "down",
        "extends",
        "figure",
        "gep_to_gdp",
        "growth",
        "growth_a_year",
        "growth_at_mean_weather",
        "high",
        "in_force_from",
        "in_force_to",
        "indicators",
        "issued",
        "low",
        "mark",
        "methods",
        "p_value",
        "per_head_yuan",
        "points",
        "price_year",
        "realised",
        "regulating_share",
        "replaced_by",
        "rest",
        "seea",
        "share",
        "slope_yuan",
        "statistic",
        "total_down_yuan",
        "total_up_yuan",
        "up",
        "valid_to",
        "valuation",
        "year_on_year",
    }
)
# Objects whose members have names of their own.
OPEN = frozenset({"dims"})
# Reads that can be refused for what the accounts are.
CONFLICTS = frozenset(
    {
        "/v1/gep/accounts/{account}/audit",
        "/v1/gep/accounts/{account}/sensitivity",
        "/v1/gep/accounts/{account}/uncertainty",
        "/v1/gep/accounts/{account}/weather",
        "/v1/gep/change-contributions",
        "/v1/gep/comparisons",
        "/v1/gep/contributions",
        "/v1/gep/trend",
        "/v1/gep/weather-comparisons",
    }
)
PRINTED: dict[str, Any] = {
    "id": "yunxi-2025-printed",
    "unit_yuan": "10000",
    "lines": [
        {
            "id": "timber",
            "service": "M1",
            "quantity": {"value": "4900", "unit": "m3"},
            "price": {"value": "655", "unit": "yuan/m3"},
            "value": "329.05",
        }
    ],
    "total": {"printed": "329.05"},
}
_FINDING = {
    "rule": "swapped_digits",
    "is_error": True,
    "place": "timber",
    "printed": "3290500.00",
    "recomputed": "3209500",
    "unit": "yuan",
    "difference_yuan": "-81000.00",
    "detail": "",
}
_ASKED = {"head": _HEAD, "account": ACCOUNT, "agrees": True}
_SHARE = {"value_yuan": "3209500.00", "share": "1.000000"}
_BREAK = {"code": "land_cover_unknown", "place": "land_cover"}
_EDITION = {
    "hash": "5e" * 32,
    "id": "DB33/T 2274-2020",
    "standard": "DB33/T 2274",
    "edition": "2020",
    "title": "生态系统生产总值(GEP)核算技术规范 陆域生态系统",
    "region": "330000",
    "product_zh": "生态系统生产总值",
    "issued": None,
    "in_force_from": None,
    "in_force_to": "2025-03-21",
    "replaced_by": "DB33/T 2274-2025",
    "status": "replaced",
    "inflow": "zero",
    "indicators": [{"service": "M1", "mandatory": False, "methods": None}],
    "mark": "K",
    "note": "indicator list known from the document, not read again",
}
_SET = {
    "version": "zhejiang-0.1",
    "hash": "02" * 32,
    "standard": "DB33/T 2274",
    "region": "330000",
    "base_year": 2020,
    "title": "浙江省",
    "extends": "reference-0.1",
    "rows": 2,
    "unchecked": 76,
}
_ROW = {
    "key": "pollutant.tariff",
    "dims": {"medium": "air"},
    "value": "1.2",
    "unit": "yuan/equivalent",
    "mark": "K",
    "source": "浙江省环境保护税适用税额",
    "low": None,
    "high": None,
    "price_year": None,
    "basis": None,
    "valid_from": None,
    "valid_to": None,
    "note": "",
}
READ: dict[str, dict[str, Any]] = {
    "/v1/gep/accounts/{account}/uncertainty": {
        **_ASKED,
        "draws": 1000,
        "seed": 20250321,
        "doubted": 1,
        "p10_yuan": "2900000.00",
        "p50_yuan": "3200000.00",
        "p90_yuan": "3500000.00",
        "drivers": [
            {
                "name": "timber",
                "low": "4400",
                "central": "4900",
                "high": "5400",
                "unit": "m3",
                "rank_correlation": "1.000000",
                "share": "1.000000",
            }
        ],
        "unchecked": ["oxygen.price"],
    },
    "/v1/gep/accounts/{account}/sensitivity": {
        **_ASKED,
        "total_yuan": "3209500.00",
        "figures": [
            {
                "name": "timber",
                "value": "4900",
                "unit": "m3",
                "source": "林业统计年鉴 2025",
                "mark": None,
                "overridden": False,
                "lines": ["timber"],
                "up": "1.000000",
                "down": "1.000000",
                "total_up_yuan": "4814250.00",
                "total_down_yuan": "1604750.00",
                "elastic": False,
            }
        ],
    },
    "/v1/gep/accounts/{account}/weather": {
        **_ASKED,
        "inputs": [{"name": "rain", "unit": "mm", "own": "1280", "mean_5y": "1423"}],
        "lines": [
            {
                "line": "water",
                "service": "R1",
                "own_yuan": "244758788.48",
                "mean_yuan": "300638658.90",
            }
        ],
        "total_yuan": "293792400.00",
        "mean_total_yuan": "347985300.00",
        "difference_yuan": "-54192900.00",
        "as_observed": ["flood"],
    },
    "/v1/gep/accounts/{account}/audit": {
        **_ASKED,
        "findings": [_FINDING],
        "corrected_total_yuan": "3209500.00",
        "errors": 1,
    },
    "/v1/gep/accounts/{account}/indices": {
        "head": _HEAD,
        "account": ACCOUNT,
        "per_km2_yuan": "2139.67",
        "per_head_yuan": "16.05",
        "gep_to_gdp": "0.290500",
        "regulating_share": "0.000000",
        "conversion_yuan": "3209500.00",
        "realised": "1.000000",
    },
    "/v1/gep/contributions": {
        "head": _HEAD,
        "year": 2025,
        "total_yuan": "3209500.00",
        "areas": [{"area": "990101", "name": "云汐县", "account": ACCOUNT, **_SHARE}],
        "services": [{"service": "M1", **_SHARE}],
        "groups": [{"group": "material", **_SHARE}],
        "deduction": None,
        "rest": None,
        "differing": ["edition: DB33/T 2274-2020, DB33/T 2274-2025"],
    },
    "/v1/gep/change-contributions": {
        "head": _HEAD,
        "base": {"id": "yunxi-2023", "hash": ACCOUNT, "year": 2023},
        "current": {"id": "yunxi-2025", "hash": ACCOUNT, "year": 2025},
        "change_yuan": "816000000.00",
        "services": [
            {
                "service": "R1",
                "quantity_effect_yuan": "571200000.00",
                "price_effect_yuan": "0.00",
                "change_yuan": "571200000.00",
                "share": "0.700000",
                "points": "0.057120",
            }
        ],
        "breaks": [_BREAK],
    },
    "/v1/gep/weather-comparisons": {
        "head": _HEAD,
        "base": ACCOUNT,
        "current": ACCOUNT,
        "agrees": True,
        "growth": "-0.222970",
        "growth_at_mean_weather": "-0.000099",
        "base_mean_total_yuan": "347946378.61",
        "constant_mean_total_yuan": "347911817.77",
        "breaks": [_BREAK],
    },
    "/v1/gep/trend": {
        "head": _HEAD,
        "area": "990101",
        "years": [
            {
                "year": 2025,
                "account": ACCOUNT,
                "current_yuan": "10816000000.00",
                "constant_yuan": "10816000000.00",
                "year_on_year": "0.040000",
                "breaks": ["land_cover_unknown"],
            }
        ],
        "years_needed": 5,
        "growth_a_year": "0.040000",
        "slope_yuan": "408000000.00",
        "statistic": 10,
        "p_value": "0.027486",
    },
    "/v1/gep/editions": {"editions": [_EDITION]},
    "/v1/gep/parameter-sets": {"parameter_sets": [_SET]},
    "/v1/gep/parameter-sets/{version}": {**_SET, "parameters": [_ROW]},
    "/v1/gep/services": {
        "services": [
            {
                "code": "R1",
                "zh": "水源涵养",
                "en": "water conservation",
                "group": "regulating",
                "units": ["m3"],
                "methods": ["R1.balance"],
                "value_methods": ["R1.value"],
                "valuation": "shadow_project",
                "seea": "water flow regulation",
            }
        ]
    },
}
# What ships with the service, so that no answer is of a snapshot.
OF_NO_SNAPSHOT = frozenset(
    {
        "/v1/gep/editions",
        "/v1/gep/parameter-sets",
        "/v1/gep/parameter-sets/{version}",
        "/v1/gep/services",
    }
)
# A question that stores nothing: what is asked, and what is answered.
ASKED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "/v1/gep/audits": (
        {"account": PRINTED},
        {
            "account": "yunxi-2025-printed",
            "findings": [_FINDING],
            "corrected_total_yuan": "3209500.00",
            "errors": 1,
        },
    ),
    "/v1/gep/previews": (
        {"plan": PLAN},
        {
            "account": ACCOUNT,
            "total_yuan": "3209500.00",
            "warnings": [{"code": "edition_unchecked", "place": PLAN["edition"], "figure": None}],
            "bytes": 2048,
            "document": {"id": "yunxi-2025", "total_yuan": "3209500.00"},
        },
    ),
}
