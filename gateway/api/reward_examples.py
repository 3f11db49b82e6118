"""Example answers of what is read of coins and carbon."""

from typing import Any

_HEAD = "1204"
NULLABLE = frozenset({"day_limit_grams", "factor_grams", "next_expiry", "public_key"})
_RULES = {
    "version": "2026-1",
    "effective_from": "2026-01-01",
    "acts": [{"act": "sorted_waste", "coins": 2, "source": "XJ22"}],
    "day_max": 10,
    "month_max": 70,
    "expiry_months": 24,
    "bill_max": 10,
    "late_days": 30,
    "decision": "2026-4",
}
READ: dict[str, dict[str, Any]] = {
    "/v1/coins/schemes": {
        "head": _HEAD,
        "coins": [
            {"instrument": "GREEN-COIN", "issuer": "X", "budget": "99970", "rules": [_RULES]}
        ],
    },
    "/v1/coins/accounts/{account}": {
        "head": _HEAD,
        "account": "131",
        "instrument": "GREEN-COIN",
        "coins": "20",
        "claim": "0",
        "balance": "20",
        "earned_today": "2",
        "earned_this_month": "30",
        "next_expiry": "2028-04-15",
    },
    "/v1/coins/accounts/{account}/acts": {
        "head": _HEAD,
        "acts": [
            {
                "act": "15",
                "entry": "1190",
                "source": "VILLAGE-TEAM",
                "reference": "bag-20260424-0001",
                "behaviour": "sorted_waste",
                "quantity": 1,
                "day": "2026-04-24",
                "coins": "2",
                "cut": "0",
                "repaid": "0",
                "left": "2",
                "expires_on": "2028-04-24",
                "state": "earned",
                "rules_version": "2026-1",
            }
        ],
        "next": None,
    },
    "/v1/coins/accounts/{account}/bills": {
        "head": _HEAD,
        "bills": [
            {
                "bill": "1",
                "entry": "1201",
                "account": "131",
                "merchant": "133",
                "bill_digest": "7e" * 32,
                "coins": "10",
                "on": "2026-05-06",
            }
        ],
        "next": None,
    },
    "/v1/coins/{instrument}/liability": {
        "head": _HEAD,
        "instrument": "GREEN-COIN",
        "issuer": "X",
        "budget": "99970",
        "expired": "0",
        "expired_unposted": "0",
        "taken_back": "0",
        "held": "20",
        "unsettled": "10",
        "liability": "30",
        "by_expiry_month": [{"month": "2028-04", "coins": "20", "acts": 10}],
        "claims": {"holders": 0, "coins": "0"},
        "merchants": [
            {
                "merchant": "133",
                "party": "SHOP",
                "live": True,
                "redeemed": "10",
                "unsettled": "10",
            }
        ],
    },
    "/v1/rewards/sources": {
        "head": _HEAD,
        "sources": [
            {
                "source": "VILLAGE-TEAM",
                "party": "V1",
                "reports_acts": ["sorted_waste"],
                "reports_behaviours": ["bus_ride"],
                "public_key": "5d" * 32,
            }
        ],
        "next": None,
    },
    "/v1/carbon/factors": {
        "head": _HEAD,
        "factors": [
            {
                "behaviour": "bus_ride",
                "version": "2024",
                "effective_from": "2026-01-01",
                "unit": "ride",
                "factor_grams": "80",
                "day_limit_grams": None,
                "late_days": 30,
                "method": "baseline less chosen mode",
                "source": "LZ24",
            }
        ],
        "next": None,
    },
    "/v1/carbon/accounts/{account}": {
        "head": _HEAD,
        "account": "132",
        "layer": "person",
        "reduced_grams": "3200.000",
        "by_behaviour": [
            {"behaviour": "bus_ride", "grams": "3200.000", "cut_grams": "0.000", "credits": 40}
        ],
        "emissions": [
            {
                "year": 2025,
                "grams": "320000000000",
                "method": "GB/T 32150",
                "report_digest": "9a" * 32,
                "reports": 1,
            }
        ],
    },
    "/v1/carbon/accounts/{account}/credits": {
        "head": _HEAD,
        "credits": [
            {
                "credit": "40",
                "entry": "1203",
                "source": "VILLAGE-TEAM",
                "reference": "ride-40",
                "behaviour": "bus_ride",
                "factor_version": "2024",
                "method": "baseline less chosen mode",
                "activity": "1.000",
                "on": "2026-05-06",
                "grams": "80.000",
                "cut_grams": "0.000",
                "state": "credited",
            }
        ],
        "next": None,
    },
}
