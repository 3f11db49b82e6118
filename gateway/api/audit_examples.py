"""Examples of what audits answer with: files, and the evidence of a trade."""

from typing import Any

DOWNLOADS: dict[str, tuple[str, str]] = {
    "/v1/audit/bundle": ("application/zip", "PK..."),
    "/v1/audit/trades/{trade}/evidence.pdf": ("application/pdf", "%PDF-1.4..."),
    "/v1/jobs/{job}/result": ("application/zip", "PK..."),
}
_KEY = "b2c1" * 16
JSON_DOWNLOADS: dict[str, dict[str, Any]] = {
    "/v1/audit/evidence-key": {"algorithm": "Ed25519", "public_key": _KEY},
    "/v1/audit/trades/{trade}/evidence": {
        "document": {"format": "ecorights-evidence/1"},
        "signature": {
            "algorithm": "Ed25519",
            "over": "RFC 8785",
            "public_key": _KEY,
            "sha256": "5d" * 32,
            "signature": "3f" * 64,
        },
    },
}
