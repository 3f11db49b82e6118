"""Example documents and answers of the rule sets."""

from typing import Any

_HEAD = "912"
NULLABLE = frozenset({"in_force"})


def _subject(zh: str) -> dict[str, Any]:
    category = {"zh": "合规守法", "max_plus": "300", "max_minus": "700"}
    return {"zh": zh, "base": "700", "categories": {"compliance": category}}


DOCUMENT: dict[str, Any] = {
    "version": "0.2-draft",
    "effective_from": "2030-01-01",
    "grace_days": "0",
    "disputed_rests": False,
    "repair_periods": "as_rows",
    "reason": "the list of 2030",
    "status": "proposal",
    "index": {
        "min": "0",
        "max": "1000",
        "soft_veto_max_steps": "2",
        "hard_veto_cap": "299",
        "grades": [
            {"grade": "A", "min": "550", "colour": "blue", "zh": "良好"},
            {"grade": "D", "min": "0", "colour": "black", "zh": "严重失信"},
        ],
    },
    "subjects": {
        "enterprise": _subject("企业"),
        "village": _subject("行政村"),
        "person": _subject("自然人"),
    },
    "schemes": [],
    "rules": [
        {
            "id": "E-COMP-01",
            "subject": "enterprise",
            "category": "compliance",
            "indicator": "warning, or order to stop or correct",
            "indicator_zh": "警告/责令停止或改正违法行为",
            "direction": "minus",
            "points": "-50",
            "validity_months": "3",
            "severity": "minor",
            "min_months": "0",
            "repairable": True,
            "decay": "step",
            "veto": None,
            "status": "source_derived",
            "source": "JS19",
        }
    ],
}
_DECIDED = {"version": "0.2-draft", "rule_set_hash": "5d" * 32, "decision": "2026/17"}
_ADOPTED = _DECIDED | {"effective_from": "2030-01-01", "adopted_in": _HEAD}
_CHALLENGER = _DECIDED | {"appointed_in": _HEAD}
_SOURCE = {"source": "JS19", "title": "江苏省企事业环保信用评价办法", "number": "", "date": "2019"}
_CHANGE = {"path": "rules.E-COMP-01.points", "before": "-50", "after": "-60"}
_WHOLE = {"document": DOCUMENT, "sources": [_SOURCE], "changes": [_CHANGE]}
READ: dict[str, dict[str, Any]] = {
    "/v1/credit/rule-sets": {"head": _HEAD, "in_force": "0.2-draft", "rule_sets": [_ADOPTED]},
    "/v1/credit/rule-sets/{version}": {"head": _HEAD, **_ADOPTED, **_WHOLE},
    "/v1/credit/challengers": {"head": _HEAD, "challengers": [_CHALLENGER]},
    "/v1/credit/challengers/{version}": {"head": _HEAD, **_CHALLENGER, **_WHOLE},
}
