"""`./ecorights gep` at a terminal: published figures, accounts, audits, uncertainty."""

import json
from pathlib import Path
from typing import Any

import pytest

from gateway.settings import CHECKOUT
from tests.gateway.cli.commands import ecorights, result_of

VECTORS = CHECKOUT / "tests" / "gep" / "data" / "gep_vectors.json"


def changed(tmp_path: Path, change: dict[str, Any] | None = None, *, index: int = 0) -> Path:
    document = json.loads(VECTORS.read_bytes())
    document["vectors"][index] |= change or {}
    path = tmp_path / "vectors.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_all_published_figures_pass_and_are_counted_apart() -> None:
    shown = ecorights("gep", "check-vectors", str(VECTORS), "--json")

    assert shown.returncode == 0, shown.stderr
    assert result_of(shown) == {"passed": 144, "failed": [], "by_engine": 132}


@pytest.mark.parametrize(
    "change",
    [
        {"expected": {"value": 3.6, "unit": "1e8 yuan/a"}},
        {"formula": "Q*P*s*1.01"},
        {"engine": {"call": "M.value", "args": {"quantity": "Q", "price": "P"}, "times": 2}},
        {"formula": "Q*P*s/(s-s)"},
        {"second_check": {"value": 3.5, "tolerance_abs": 0.001}},
    ],
    ids=["expected", "formula", "engine", "no result", "second check"],
)
def test_a_failed_figure_is_named_and_ends_with_one(tmp_path: Path, change: dict[str, Any]) -> None:
    path = str(changed(tmp_path, change))

    shown = ecorights("gep", "check-vectors", path, "--json")

    assert shown.returncode == 1
    assert result_of(shown) == {"passed": 143, "failed": ["GZ01"], "by_engine": 131}
    assert "GZ01: " in shown.stdout


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        (None, "gep.file_unreadable", "vectors.json"),
        (b"{", "gep.not_json", "line 1, column 2"),
        (b"\xff", "gep.not_utf8", "byte 0"),
        (b"[]", "gep.wrong_type", "document"),
        (b"{}", "gep.key_missing", "document"),
        (b'{"vectors": 3}', "gep.wrong_type", "document.vectors"),
        (b'{"vectors": [{"id": "A"}]}', "gep.key_missing", "document.vectors[0]"),
        (b'{"vectors": [NaN]}', "gep.not_json", "document"),
    ],
)
def test_a_malformed_file_ends_with_two_and_a_named_error(
    tmp_path: Path, text: bytes | None, code: str, field: str
) -> None:
    path = tmp_path / "vectors.json"
    if text is not None:
        path.write_bytes(text)

    shown = ecorights("gep", "check-vectors", str(path), "--json")

    assert shown.returncode == 2
    error = result_of(shown)["error"]
    assert (error["code"], error["field"].endswith(field)) == (code, True)
    assert error["expected"]
