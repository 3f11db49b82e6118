"""Published and own vectors of the log's formats, read where they lie beside the project."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(os.environ.get("ECORIGHTS_SHARED", Path(__file__).parents[4] / "shared"))
VECTORS = SHARED / "domain" / "ledger_vectors.json"


def vectors(name: str) -> Any:
    if not VECTORS.exists():
        pytest.skip(f"no vectors at {VECTORS}")
    return json.loads(VECTORS.read_text(encoding="utf-8"))[name]


def hashes(texts: list[str]) -> list[bytes]:
    return [bytes.fromhex(text) for text in texts]
