"""A CSV of what was found of reports, as pages of lines that the service takes.

One header line, the columns in this order; what is empty is left out. What a value may be is the
service's to say: it names the line by its place on the page.
"""

from typing import Any

from exchange.supervision.commands import REPORTS_MAX
from gateway.errors import CannotRun
from ledger.reconciliation.lines import BadLines, FileUnreadable, read_lines

HEADER = (
    "party",
    "filed_on",
    "is_correct",
    "evidence",
    "quantity",
    "value_added",
    "industry_quantity",
    "industry_value_added",
)
LINES_MAX = 100_000
_CORRECT = {"": True, "yes": True, "no": False}


def pages_of(content: bytes) -> list[list[dict[str, Any]]]:
    """Return the file's lines in pages, each of which one entry takes.

    Raises:
        CannotRun: the header or a line is not one, or ``is_correct`` is neither yes nor no.
    """
    bad = BadLines()
    try:
        rows = list(read_lines(content, header=HEADER, lines_max=LINES_MAX, bad=bad))
    except FileUnreadable:
        rows = []
    if bad.found:
        first = bad.found[0]
        place = f"line {first.line}, {first.field}"
        raise CannotRun(f"{place}: expected {first.expected}, found {first.found}")
    lines = [_line(number, dict(zip(HEADER, cells, strict=True))) for number, cells in rows]
    return [lines[start : start + REPORTS_MAX] for start in range(0, len(lines), REPORTS_MAX)]


def _line(number: int, cells: dict[str, str]) -> dict[str, Any]:
    is_correct = _CORRECT.get(cells.pop("is_correct"))
    if is_correct is None:
        raise CannotRun(f"line {number}, is_correct: expected yes, no or nothing")
    return {"is_correct": is_correct} | {name: cell for name, cell in cells.items() if cell}
