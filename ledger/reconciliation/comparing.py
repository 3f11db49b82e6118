"""From a file's bytes to the command that records what its comparison gave: pure."""

import hashlib

from ledger.reconciliation.books import Books
from ledger.reconciliation.commands import FilePersonal, RecordReconciliation, UnknownHolder
from ledger.reconciliation.difference import FileKind
from ledger.reconciliation.positions_file import read_positions
from ledger.reconciliation.positions_matching import match_positions, unknown_holders
from ledger.reconciliation.state import Terms
from ledger.reconciliation.statement_file import read_statement
from ledger.reconciliation.statement_matching import match_statement


def digest_of(content: bytes) -> str:
    """Return the digest under which a file is recorded."""
    return hashlib.sha256(content).hexdigest()


def compare(
    content: bytes, terms: Terms, books: Books, *, supersede: bool = False, due: int | None = None
) -> RecordReconciliation:
    """Read a file, match it with our books, and return the command that records the result.

    Raises:
        FileUnreadable: with every bad line.
    """
    unknown: list[UnknownHolder] = []
    if terms.file_kind == FileKind.BANK:
        statement = read_statement(
            content,
            day=books.day,
            steps=books.steps,
            lines_max=terms.lines_max,
            window_days=terms.window_days,
        )
        comparison = match_statement(statement, books)
    else:
        lines = read_positions(content, steps=books.steps, lines_max=terms.lines_max)
        comparison = match_positions(lines, books)
        unknown = unknown_holders(lines, comparison)
    return RecordReconciliation(
        counterparty=terms.counterparty,
        file_kind=FileKind(terms.file_kind),
        day=books.day,
        as_of=books.as_of,
        digest=digest_of(content),
        previous=terms.latest,
        lines=comparison.lines,
        matched=comparison.matched,
        differences=comparison.differences,
        left_out=comparison.left_out,
        resolved=comparison.resolved,
        supersede=supersede,
        due=due,
        personal=FilePersonal(holders=unknown) if unknown else None,
    )
