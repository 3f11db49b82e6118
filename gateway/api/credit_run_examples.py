"""Example answers of runs and snapshots."""

from typing import Any

_HEAD = "912"
_AT = "2026-07-01T02:00:00.000000Z"
NULLABLE = frozenset(
    {
        "credit_index",
        "grade",
        "value_milli",
        "proof",
        "replaced_by",
        "replaces",
        "sector_percentile",
    }
)
_GRADE = {"subject_kind": "enterprise", "grade": "AAA", "subjects": "637", "percent": "13.90"}
_SCORED = {
    "role": "champion",
    "version": "0.1-draft",
    "rule_set_hash": "5d" * 32,
    "root": "7a" * 32,
    "rated": "4585",
    "complete": "205485",
    "grades": [_GRADE],
}
_RUN: dict[str, Any] = {
    "run": "2",
    "entry": "911",
    "at": _AT,
    "job": "019ddc4e-7b30-7c11-9d5e-0f6f2b9a4c11",
    "purpose": "price_list",
    "as_of": "2026-06-30",
    "known_at": _AT,
    "position": "910",
    "subjects": "205485",
    "rule_set_version": "0.1-draft",
    "root": "7a" * 32,
}
_MOVER = {
    "party": "E01",
    "index_before": "700",
    "index_after": "299",
    "grade_before": "AA",
    "grade_after": "D",
}
_ROW: dict[str, Any] = {
    "version": "0.1-draft",
    "role": "champion",
    "number": "7",
    "rated": True,
    "complete": True,
    "credit_index": "700",
    "grade": "AA",
    "value_milli": "700000",
    "reasons": ["E-COMP-01"],
    "proof": {
        "format": "ecorights-run-row/1",
        "leaf": '{"complete":true,"credit_index":"700","division":"D44","grade":"AA"}',
        "leaf_hash": "0e" * 32,
        "index": "7",
        "size": "205485",
        "path": ["c1" * 32],
        "root": "7a" * 32,
        "entry": "911",
    },
}
_SNAPSHOT = {
    "snapshot": "1",
    "entry": "912",
    "run": "2",
    "purpose": "price_list",
    "valid_from": "2026-07-01",
    "valid_until": "2026-12-31",
    "replaces": None,
    "replaced_by": None,
    "decision": "2026/31",
}
READ: dict[str, dict[str, Any]] = {
    "/v1/credit/runs": {"head": _HEAD, "runs": [_RUN], "next": None},
    "/v1/credit/runs/{run}": {
        "head": _HEAD,
        **_RUN,
        "scored": [_SCORED],
        "comparisons": [
            {
                "against": "run:1",
                "moved": "12",
                "psi": "0.0312",
                "stability": "stable",
                "cells": [{"before": "AA", "after": "D", "subjects": "3"}],
            }
        ],
        "movers": [_MOVER],
    },
    "/v1/credit/runs/{run}/subjects/{party}": {
        "head": _HEAD,
        "run": "2",
        "as_of": "2026-06-30",
        "purpose": "price_list",
        "party": "E01",
        "subject_kind": "enterprise",
        "division": "D44",
        "sector_percentile": "51.25",
        "rows": [_ROW],
    },
    "/v1/credit/snapshots": {
        "head": _HEAD,
        "on": "2026-07-20",
        "in_force": [{"purpose": "price_list", "snapshot": "1", "run": "2"}],
        "snapshots": [_SNAPSHOT],
        "next": None,
    },
}
