"""Example answers about packages of rasters."""

from typing import Any

from gateway.api.gep_packages import PACKAGES_PATH

_KEPT: dict[str, Any] = {
    "upload": "5d" * 32,
    "job": "county-2026",
    "bytes": 2_553_404,
    "kept_until": "2026-03-19T02:00:00.000000Z",
}
UPLOADED = {"outcome": "kept", **_KEPT, "files": 10}
UPLOADS = {PACKAGES_PATH: (UPLOADED, ("outcome", "upload", "job", "bytes", "files"))}
READ: dict[str, dict[str, Any]] = {PACKAGES_PATH: {"packages": [_KEPT]}}
