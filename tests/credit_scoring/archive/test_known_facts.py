"""Only the archive itself reads facts that may not count yet; everybody else reads the view."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
# What the law ends is erased whether it counts or not; what a decision named was seen by it.
BY_NAME = {
    "credit_scoring/lists/store.py",
    "credit_scoring/rights/store.py",
    "exchange/supervision/store.py",
}
HIDDEN_TOO = re.compile(r"(FROM|JOIN)\s+credit_fact\b")


def test_nobody_reads_facts_of_a_file_that_is_not_adopted() -> None:
    archive = ROOT / "credit_scoring" / "archive"
    sources = [
        path
        for package in ("credit_scoring", "gateway", "exchange")
        for path in (ROOT / package).rglob("*.py")
        if archive not in path.parents and str(path.relative_to(ROOT)) not in BY_NAME
    ]
    reading = [str(path) for path in sources if HIDDEN_TOO.search(path.read_text("utf-8"))]

    assert len(sources) > 100
    assert reading == [], "read credit_known_fact"
