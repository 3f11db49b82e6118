"""Example answers of keys, signed batches, intakes and uploads."""

from typing import Any

from gateway.api.credit_uploads import CSV_PATH, WORKBOOK_PATH

_HEAD = "912"
NULLABLE = frozenset({"closed_in", "retired_in"})
_BATCH: dict[str, Any] = {
    "source": "D",
    "batch": 17,
    "key_id": "2026-a",
    "signature": "9a" * 64,
    "digest": "5d" * 32,
    "facts": 1,
    "entry": "910",
    "at": "2026-06-01T02:00:00.000000Z",
}
_FACT = {
    "subject": "E01",
    "rule": "E-COMP-01",
    "on": "2026-05-01",
    "quantity": 1,
    "incident": "",
    "reference": "2026/17",
    "evidence": "e5" * 32,
}
_DOCUMENT = {
    "format": "ecorights-facts-v1",
    "venue": "yunxi",
    "source": "D",
    "key": "2026-a",
    "batch": 17,
    "facts": [_FACT],
}
UPLOADED = {"outcome": "kept", "upload": "5d" * 32, "bytes": 8_400_112}
UPLOADS = dict.fromkeys((CSV_PATH, WORKBOOK_PATH), (UPLOADED, tuple(UPLOADED)))
READ: dict[str, dict[str, Any]] = {
    "/v1/credit/department-keys": {
        "head": _HEAD,
        "keys": [
            {
                "department": "D",
                "key_id": "2026-a",
                "public_key": "7c" * 32,
                "decision": "2026/2",
                "entry": "899",
                "retired_in": None,
            }
        ],
        "next": None,
    },
    "/v1/credit/signed-batches": {"head": _HEAD, "batches": [_BATCH], "next": None},
    "/v1/credit/signed-batches/{source}/{batch}": {
        "head": _HEAD,
        **_BATCH,
        "public_key": "7c" * 32,
        "document": _DOCUMENT,
    },
    "/v1/credit/intakes": {
        "head": _HEAD,
        "intakes": [
            {
                "intake": "1",
                "source": "D",
                "file": "5d" * 32,
                "manifest": "6e" * 32,
                "lines": 100_000,
                "chunks": 400,
                "recorded": 400,
                "state": "adopted",
                "opened_in": "510",
                "closed_in": "911",
            }
        ],
        "next": None,
    },
}
