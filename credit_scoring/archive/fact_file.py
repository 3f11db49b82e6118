"""A department's file of facts, CSV or a workbook: its lines as facts, and every line that is bad.

One header line, the columns in this order. Nothing is guessed; what a line says is only read here,
whether it may stand is the machine's to decide.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from credit_scoring.archive.commands import (
    FACTS_MAX,
    INTAKE_LINES_MAX,
    QUANTITY_MAX,
    ReportedFact,
)
from credit_scoring.archive.decisions import DIGEST, REFERENCE
from kernel.workbook import WorkbookRefused, guarded_workbook, opened_workbook
from ledger.reconciliation.lines import (
    BAD_LINES_MAX,
    BadLine,
    BadLines,
    FileUnreadable,
    read_lines,
)

HEADER = ("subject", "rule", "on", "quantity", "incident", "reference", "evidence")
WORKBOOK_BYTES_MAX = 64 << 20
COLUMNS_MAX = 50
_RULE = re.compile(r"[A-Z0-9-]{1,32}\Z")
_PARTY = re.compile(r"[A-Za-z0-9_.:-]{1,64}\Z")
_WHOLE = re.compile(r"[1-9][0-9]{0,9}\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class FactFile:
    """The lines that can be read, each with its number, and what is wrong with the others."""

    facts: list[tuple[int, ReportedFact]]
    bad: list[BadLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much of a file is read: lines, bytes of a workbook when unpacked, lines named as bad."""

    lines: int = FACTS_MAX
    unpacked: int = WORKBOOK_BYTES_MAX
    bad: int = BAD_LINES_MAX


SMALL = Bounds()
LARGE = Bounds(lines=INTAKE_LINES_MAX, unpacked=1 << 30, bad=INTAKE_LINES_MAX)


def read_csv(content: bytes, bounds: Bounds = SMALL) -> FactFile:
    """Read CSV in UTF-8."""
    bad = BadLines(most=bounds.bad)
    try:
        lines = list(read_lines(content, header=HEADER, lines_max=bounds.lines, bad=bad))
    except FileUnreadable:
        return FactFile(facts=[], bad=bad.found)
    return _read(lines, bad)


def read_workbook(content: bytes, bounds: Bounds = SMALL) -> FactFile:
    """Read the first sheet of an XLSX workbook; days may be dates or text."""
    bad = BadLines(most=bounds.bad)
    try:
        lines = list(_sheet(content, bounds, bad))
    except FileUnreadable:
        return FactFile(facts=[], bad=bad.found)
    return _read(lines, bad)


def _sheet(content: bytes, bounds: Bounds, bad: BadLines) -> Iterator[tuple[int, list[str]]]:
    rows = _rows(content, bounds, bad)
    first = [_text(cell) for cell in next(rows, ())]
    if bad.count:
        raise FileUnreadable(bad)
    if first != list(HEADER):
        bad.add(1, "header", expected=",".join(HEADER), found=",".join(first))
        raise FileUnreadable(bad)
    count = 0
    for number, row in enumerate(rows, start=2):
        cells = [_text(cell) for cell in row]
        if not any(cells):
            continue
        count += 1
        if count > bounds.lines:
            bad.add(number, "lines", expected=f"at most {bounds.lines}", found="more")
            raise FileUnreadable(bad)
        if len(cells) < len(HEADER):
            cells += [""] * (len(HEADER) - len(cells))
        yield number, cells


def _rows(content: bytes, bounds: Bounds, bad: BadLines) -> Iterator[Sequence[Any]]:
    """Iterate the cells of the first sheet; a workbook that unpacks to too much is refused."""
    try:
        with guarded_workbook(content, unpacked_max=bounds.unpacked):
            book = opened_workbook(content, read_only=True, data_only=True)
            yield from book.worksheets[0].iter_rows(values_only=True, max_col=len(HEADER))
    except WorkbookRefused as refused:
        bad.add(1, "file", expected=refused.expected, found=refused.found)
        raise FileUnreadable(bad) from refused


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else str(cell)
    return str(cell)


def _read(lines: Sequence[tuple[int, list[str]]], bad: BadLines) -> FactFile:
    facts: list[tuple[int, ReportedFact]] = []
    seen: dict[str, int] = {}
    for number, line in lines:
        values = dict(zip(HEADER, line, strict=True))
        before = bad.count
        on = _day(values["on"], number, bad)
        quantity = values["quantity"] or "1"
        for name, pattern, value, expected in (
            ("subject", _PARTY, values["subject"], "a party"),
            ("rule", _RULE, values["rule"], "a rule, such as E-COMP-01"),
            ("quantity", _WHOLE, quantity, f"1 to {QUANTITY_MAX}, or nothing"),
            ("incident", REFERENCE, values["incident"] or "-", "letters, digits, _ . : / -"),
            ("reference", REFERENCE, values["reference"], "letters, digits, _ . : / -"),
            ("evidence", DIGEST, values["evidence"], "a SHA-256 in hex"),
        ):
            if pattern.match(value) is None:
                bad.add(number, name, expected=expected, found=value)
        earlier = seen.setdefault(values["reference"], number)
        if earlier != number:
            bad.add(number, "reference", expected="a reference once", found=f"line {earlier} too")
        if bad.count == before and on is not None:
            fact = ReportedFact(
                subject=values["subject"],
                rule=values["rule"],
                on=on,
                quantity=int(quantity),
                incident=values["incident"],
                reference=values["reference"],
                evidence=values["evidence"],
            )
            facts.append((number, fact))
    return FactFile(facts=facts, bad=bad.found)


def _day(text: str, number: int, bad: BadLines) -> int | None:
    if _DAY.match(text) is not None:
        try:
            return date.fromisoformat(text).toordinal()
        except ValueError:
            pass
    bad.add(number, "on", expected="a day, YYYY-MM-DD", found=text)
    return None
