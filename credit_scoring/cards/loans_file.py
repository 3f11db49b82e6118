"""Loans to score as CSV: `loan` and a column for each feature, in the order of the card.

An empty cell is missing. All that is wrong is told at once, each with its line and column, and
then nothing of the file is used.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from credit_scoring.cards.batch import Column, column_of
from credit_scoring.cards.card import Card, Table
from credit_scoring.cards.errors import ValueUnreadable
from ledger.reconciliation.lines import BadLines, FileUnreadable, read_lines

LOAN = "loan"
LOANS_MAX = 1_000_000
NAME_EXPECTED = "letters, digits and _ . : / -, at most 64"
_NAME = re.compile(r"[A-Za-z0-9_.:/-]{1,64}\Z", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loans:
    """Loans of a file with their texts by feature, and as columns to score."""

    names: Sequence[str]
    texts: Mapping[str, Sequence[str]]
    columns: Mapping[str, Column]


def header_of(card: Card) -> list[str]:
    """Return the columns of a file of loans."""
    return [LOAN, *(table.name for table in card.tables)]


def read_loans(card: Card, content: bytes) -> Loans:
    """Read a file of loans.

    Raises:
        FileUnreadable: with every bad line, its field, what was expected and what was found.
    """
    bad = BadLines()
    lines, names, rows = [], [], []
    seen: dict[str, int] = {}
    for line, row in read_lines(content, header=header_of(card), lines_max=LOANS_MAX, bad=bad):
        take_name(row[0], line, seen=seen, bad=bad)
        lines.append(line)
        names.append(row[0])
        rows.append(row[1:])
    turned = list(zip(*rows, strict=True)) if rows else [()] * len(card.tables)
    texts = {table.name: column for table, column in zip(card.tables, turned, strict=True)}
    for table in card.tables:
        _find_bad(table, texts[table.name], lines, bad=bad)
    if bad.count:
        bad.found.sort(key=lambda each: each.line)
        raise FileUnreadable(bad)
    columns = {table.name: column_of(table, texts[table.name]) for table in card.tables}
    return Loans(names=names, texts=texts, columns=columns)


def take_name(name: str, line: int, *, seen: dict[str, int], bad: BadLines) -> None:
    """Note a loan's name with its line; what is no name, or stands twice, is bad."""
    if _NAME.match(name) is None:
        bad.add(line, LOAN, expected=NAME_EXPECTED, found=name)
    elif name in seen:
        bad.add(line, LOAN, expected=f"each loan once, and line {seen[name]} has it", found=name)
    else:
        seen[name] = line


def _find_bad(table: Table, texts: Sequence[str], lines: list[int], *, bad: BadLines) -> None:
    expected: dict[str, str] = {}
    for text in set(texts):
        try:
            table.row_of(text)
        except ValueUnreadable as trouble:
            expected[text] = trouble.expected or ""
    if expected:
        for line, text in zip(lines, texts, strict=True):
            if text in expected:
                bad.add(line, table.name, expected=expected[text], found=text)
