"""Example answers about tables of an account: templates, and files that are read."""

from typing import Any

from gateway.api.gep_examples import ACCOUNT, PLAN

WORKBOOK_PATH = "/v1/gep/tables"
ARCHIVE_PATH = "/v1/gep/table-archives"
NULLABLE = frozenset({"account_hash", "account_total_yuan", "table_plan"})
OPEN = frozenset({"table_plan"})
DOWNLOADS: dict[str, tuple[str, str]] = {
    "/v1/gep/templates": ("application/octet-stream", "PK..."),
}
_FAULT = {
    "severity": "warning",
    "code": "gep.unit_scaled",
    "title": "单位含倍数,已换算",
    "sheet": "输入",
    "row": 3,
    "column": "数值",
    "cell": "B3",
    "expected": "4900 m3, as it was read",
    "found": "0.49 x 10000",
    "also": "",
}
READ: dict[str, Any] = {
    "valid": True,
    "table_plan": PLAN,
    "account_hash": ACCOUNT,
    "account_total_yuan": "3209500.00",
    "error_count": 0,
    "errors": [_FAULT | {"severity": "error"}],
    "warnings": [_FAULT],
}
# Questions that are files: what is asked, and what is answered.
ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    WORKBOOK_PATH: ("PK...", READ),
    ARCHIVE_PATH: ("PK...", READ),
}
