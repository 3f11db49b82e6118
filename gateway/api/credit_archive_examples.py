"""Example answers of the archives' operations."""

from typing import Any

from gateway.api.credit_facts import CSV_PATH, WORKBOOK_PATH

_AT = "2026-06-01T02:00:00.000000Z"
_HEAD = "912"
# Of the archives' own answers, by the names of their members.
NULLABLE = frozenset(
    {
        "absorbed_by",
        "adopted_in",
        "answer",
        "category",
        "colour",
        "corrected_by",
        "credit_index",
        "decided_at",
        "decision",
        "end",
        "expected",
        "file",
        "found",
        "grade",
        "impact_ratio",
        "incident",
        "interval_high",
        "interval_low",
        "kind",
        "missing",
        "objection",
        "reference",
        "repaired_on",
        "native_score",
        "start",
        "sub_index",
        "veto",
    }
)
_FACT = {
    "fact": "D/2026/17",
    "source": "D",
    "reference": "2026/17",
    "rule": "E-COMP-01",
    "on": "2026-05-01",
    "recorded_at": _AT,
    "quantity": 1,
    "incident": None,
    "evidence": "e5" * 32,
    "file": None,
    "entry": "910",
    "decision": None,
    "repaired_on": None,
    "revoked": False,
    "disputed": False,
    "objection": None,
}
_SCORE = {
    "subject_kind": "enterprise",
    "as_of": "2026-06-01",
    "known_at": _AT,
    "rule_set_version": "0.1-draft",
    "rule_set_hash": "fb" * 32,
    "records_hash": "5d" * 32,
    "credit_index": 650,
    "grade": "A",
    "colour": "blue",
    "rated": True,
    "complete": True,
    "base_milli": 700_000,
    "value_milli": 650_000,
    "lines": [
        {
            "fact": "D/2026/17",
            "rule": "E-COMP-01",
            "category": "compliance",
            "on": "2026-05-01",
            "start": "2026-05-01",
            "end": "2026-08-01",
            "state": "active",
            "raw_milli": -50_000,
            "counted_milli": -50_000,
            "cut_milli": 0,
            "absorbed_by": None,
            "veto": None,
            "disputed": False,
        }
    ],
    "adjustments": [{"kind": "soft_veto", "milli": -1, "facts": ["D/2026/17"]}],
    "reasons": ["E-COMP-01"],
    "improve": [
        {
            "fact": "D/2026/17",
            "rule": "E-COMP-01",
            "day": "2026-06-01",
            "credit_index": 700,
            "grade": "AA",
            "gain": 50,
        }
    ],
    "disputed": ["D/2026/17"],
    "sub_indices": [{"name": "resources", "sub_index": 500}],
    "erased": 0,
}
_BAD = {
    "line": 3,
    "field": "rule",
    "code": "credit.rule_unknown",
    "expected": "a rule of the adopted rule sets",
    "found": "E-COMP-99",
}
UPLOADED = {
    "outcome": "applied",
    "at": _AT,
    "lines": 41,
    "bad": [_BAD],
    "receipt": {"entry": _HEAD},
}
UPLOADED_ALWAYS = ("outcome", "lines", "bad")
UPLOADS = dict.fromkeys((CSV_PATH, WORKBOOK_PATH), (UPLOADED, UPLOADED_ALWAYS))
_SUBJECTS = "/v1/credit/subjects"
_SUBJECT = f"{_SUBJECTS}/{{party}}"
_WHO = {
    "party": "E01",
    "subject_kind": "enterprise",
    "code": "91990101E00000096K",
    "division": "D44",
    "region": "331102",
    "registered_in": "900",
}
_FAIRNESS = {
    "as_of": "2026-06-01",
    "known_at": _AT,
    "rule_set_version": "0.1-draft",
    "rule_set_hash": "fb" * 32,
    "favourable": ["AAA", "AA", "A"],
    "least": 30,
    "four_fifths": "0.8",
    "columns": [
        {
            "column": "region",
            "kind": "enterprise",
            "reference": "331102",
            "groups": [
                {
                    "group": "331127",
                    "subjects": 64,
                    "not_rated": 4,
                    "shares": [{"grade": "AAA", "share": "0.1000"}],
                    "favourable_rate": "0.5000",
                    "impact_ratio": "0.6250",
                    "interval_low": "0.4741",
                    "interval_high": "0.8239",
                    "opens_review": True,
                    "may_be_chance": False,
                }
            ],
            "suppressed_groups": 2,
            "suppressed_subjects": 41,
        }
    ],
}
READ: dict[str, dict[str, Any]] = {
    _SUBJECTS: {"head": _HEAD, "subjects": [_WHO], "next": None},
    _SUBJECT: {"head": _HEAD, **_WHO},
    f"{_SUBJECT}/facts": {"head": _HEAD, "facts": [_FACT], "next": None},
    f"{_SUBJECT}/schemes": {
        "head": _HEAD,
        "party": "E01",
        "as_of": "2026-06-01",
        "rule_set_version": "0.1-draft",
        "credit_index": 650,
        "sub_indices": [{"name": "resources", "sub_index": 500}],
        "schemes": [
            {
                "scheme": "JS12",
                "zh": "江苏12分制",
                "source": "JS19",
                "evaluator": "demerit_bands",
                "state": "rated",
                "missing": "the table of points",
                "needs": ["score"],
                "native_score": "10",
                "grade": "blue",
                "credit_index": 700,
            }
        ],
    },
    f"{_SUBJECT}/score": {"head": _HEAD, "party": "E01", **_SCORE},
    "/v1/credit/fairness": {"head": _HEAD, **_FAIRNESS},
    "/v1/credit/objections": {
        "head": _HEAD,
        "objections": [
            {
                "objection": "1",
                "subject": "E01",
                "fact": "D/2026/17",
                "ground": "wrong_quantity",
                "evidence": "e5" * 32,
                "opened_at": _AT,
                "due": "2026-06-21",
                "state": "open",
                "decided_at": None,
                "answer": None,
                "corrected_by": None,
            }
        ],
        "next": None,
    },
    "/v1/credit/departments": {
        "head": _HEAD,
        "departments": [
            {"department": "D", "rules": ["E-COMP-01"], "decision": "2026/2", "entry": "898"}
        ],
        "next": None,
    },
}
