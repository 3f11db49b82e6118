"""Example answers of the operations on jobs."""

from typing import Any

from gateway.api.schemas.jobs import JOB

_AT = "2026-03-16T02:00:00.000000Z"
JOBS_PATH = "/v1/jobs"
CANCEL_PATH = "/v1/jobs/cancellations"
RESULT_PATH = "/v1/jobs/{job}/result"
NULLABLE = frozenset({"field", "file", "started_at", "finished_at", "expires_at"})
OPEN = frozenset({"parameters", "value"})
SHOWN: dict[str, Any] = {
    "job": JOB,
    "kind": "audit_bundle",
    "owner": "A-1",
    "parameters": {"scope": "everything"},
    "state": "done",
    "shards_done": 12,
    "shards_total": 12,
    "value": {"scope": "everything", "entries": "58211", "size": "58211", "all_bodies": True},
    "file": {
        "name": "bundle.zip",
        "media_type": "application/zip",
        "size": "18220114",
        "sha256": "5d" * 32,
    },
    "error": {
        "code": "gep.raster_value_out_of_range",
        "message": "rasters.rain: expected from 0 to 20000 mm, found -1 at row 14, column 14",
        "field": "rasters.rain",
        "expected": "from 0 to 20000 mm",
        "found": "-1 at row 14, column 14",
    },
    "created_at": _AT,
    "started_at": _AT,
    "finished_at": _AT,
    "expires_at": _AT,
}
WITH_WORKER = {**SHOWN, "worker": "up, 2 processes, PostgreSQL queue"}
TRIED: dict[str, Any] = {"outcome": "dry_run"}
READ: dict[str, dict[str, Any]] = {
    "/v1/jobs": {"jobs": [SHOWN], "next": None},
    "/v1/jobs/{job}": WITH_WORKER,
}
