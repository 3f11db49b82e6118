"""Outcomes of loans as CSV: `loan,outcome`, each outcome `good` or `bad`, each loan once.

A loan whose outcome is not known yet has no line. All that is wrong is told at once, each with its
line and column, and then nothing of the file is used.
"""

from collections.abc import Collection

from credit_scoring.cards.loans_file import LOAN, LOANS_MAX, take_name
from ledger.reconciliation.lines import BadLines, FileUnreadable, read_lines

HEADER = (LOAN, "outcome")
OUTCOMES = {"good": False, "bad": True}


def read_outcomes(content: bytes, *, loans: Collection[str]) -> dict[str, bool]:
    """Return the outcome of each loan that has one; true is bad.

    Raises:
        FileUnreadable: with every bad line: no loan of the other file, a loan twice, no outcome.
    """
    bad = BadLines()
    seen: dict[str, int] = {}
    outcomes: dict[str, bool] = {}
    for line, (loan, outcome) in read_lines(content, header=HEADER, lines_max=LOANS_MAX, bad=bad):
        take_name(loan, line, seen=seen, bad=bad)
        if loan not in loans and seen.get(loan) == line:
            bad.add(line, LOAN, expected="a loan of the file of loans", found=loan)
        if outcome not in OUTCOMES:
            bad.add(line, HEADER[1], expected="good or bad", found=outcome)
        outcomes[loan] = OUTCOMES.get(outcome, False)
    if bad.count:
        raise FileUnreadable(bad)
    return outcomes
