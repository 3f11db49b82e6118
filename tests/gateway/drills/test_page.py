"""The page names every drill, and of each who finds it."""

import re

from gateway.drills.all_drills import DRILLS
from gateway.drills.definition import Line
from gateway.settings import CHECKOUT

PAGE = (CHECKOUT / "docs" / "tamper-drill.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| `([a-z-]+)` \| (.*?) \| (.*?) \| (.*?) \| (.*?) \| (.*?) \| (.*?) \|$", re.MULTILINE
)


def test_the_page_has_a_row_for_every_drill_with_those_who_find_it() -> None:
    rows = {row[1]: row for row in ROW.finditer(PAGE)}

    assert list(rows) == [each.name for each in DRILLS]
    for drill in DRILLS:
        row = rows[drill.name]
        found = {Line(name) for name in row[4].split(", ")}
        assert row[2] == drill.what
        assert found >= drill.found_by, drill.name
        assert found.isdisjoint(Line(name) for name in row[5].split(", "))
