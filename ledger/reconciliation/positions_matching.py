"""Another register's holdings against ours, as of one entry.

A party that the file names by its public identifier is compared by the sum of its accounts, an
account that it names by number alone. What we hold in the counterparty's scope and the file does
not name is missing there; zero and nothing are the same.
"""

from collections import defaultdict

from ledger.reconciliation.books import Books
from ledger.reconciliation.commands import UnknownHolder
from ledger.reconciliation.difference import DifferenceKind, Side
from ledger.reconciliation.matching import Comparison, Findings
from ledger.reconciliation.positions_file import ACCOUNT, PositionLine

K = DifferenceKind
UNKNOWN = "unknown"


def match_positions(lines: list[PositionLine], books: Books) -> Comparison:
    """Compare a register's lines with our holdings."""
    return _PositionsMatching(lines, books).run()


def unknown_holders(lines: list[PositionLine], comparison: Comparison) -> list[UnknownHolder]:
    """Return who the unknown holders of a comparison are; only for the personal part."""
    by_line = {line.line: line for line in lines}
    found = []
    for each in comparison.differences:
        there = each.there
        if there is not None and there.line is not None and there.holder == "":
            line = by_line[there.line]
            found.append(UnknownHolder(line=line.line, scheme=line.scheme, identifier=line.holder))
    return found


class _PositionsMatching:
    def __init__(self, lines: list[PositionLine], books: Books) -> None:
        self.lines = lines
        self.books = books
        self.findings = Findings()
        self.accounts: dict[tuple[str, str], list[int]] = defaultdict(list)
        for account, instrument in sorted(books.holdings):
            if books.is_party_account(account):
                self.accounts[books.owners[account], instrument].append(account)
        # What the file has spoken of: whole parties, and accounts, each in an instrument.
        self.parties: set[tuple[str, str]] = set()
        self.named: set[tuple[int, str]] = set()

    def run(self) -> Comparison:
        # Whole parties first, so that one of their accounts beside them counts twice.
        for line in sorted(self.lines, key=lambda each: (each.scheme == ACCOUNT, each.line)):
            self._compare(line)
        self._find_missing()
        gone = [
            each
            for each in self.books.carried
            if each.seen_day <= self.books.day and each.instrument in self.books.scope
        ]
        return self.findings.comparison(lines=len(self.lines), gone=gone)

    def _compare(self, line: PositionLine) -> None:
        kind, holder = self._fault(line)
        if kind is not None:
            self._differ(kind, line, holder=holder, ours=None)
            return
        ours = self._ours(line, holder)
        if ours == line.quantity:
            self.findings.matched += 1
        elif ours == 0:
            self._differ(K.MISSING_HERE, line, holder=holder, ours=None)
        elif line.quantity == 0:
            self._differ(K.MISSING_THERE, line, holder=holder, ours=ours)
        else:
            self._differ(K.AMOUNT_DIFFERS, line, holder=holder, ours=ours)

    def _fault(self, line: PositionLine) -> tuple[DifferenceKind | None, str]:
        """Return what nobody here knows of a line, or that it speaks again; and its holder."""
        books = self.books
        account = int(line.holder) if line.scheme == ACCOUNT else None
        if account is None:
            party = books.parties.get((line.scheme, line.holder))
            holder = "" if party is None else f"party {party}"
            is_known = party is not None
        else:
            holder, is_known = line.holder, account in books.owners
            party = books.owners.get(account)
        if line.instrument not in books.steps:
            return K.UNKNOWN_INSTRUMENT, holder
        if line.instrument not in books.scope:
            return K.OUTSIDE_SCOPE, holder
        if not is_known or party is None:
            return K.UNKNOWN_ACCOUNT, holder
        if (party, line.instrument) in self.parties:
            return K.DUPLICATE_REFERENCE, holder
        if account is None:
            self.parties.add((party, line.instrument))
        elif (account, line.instrument) in self.named:
            return K.DUPLICATE_REFERENCE, holder
        else:
            self.named.add((account, line.instrument))
        return None, holder

    def _ours(self, line: PositionLine, holder: str) -> int:
        holdings = self.books.holdings
        if line.scheme == ACCOUNT:
            return holdings.get((int(line.holder), line.instrument), 0)
        key = (holder.removeprefix("party "), line.instrument)
        return sum(holdings[account, line.instrument] for account in self.accounts.get(key, ()))

    def _find_missing(self) -> None:
        """Find holdings that the file does not name, in the way in which it names holders."""
        whole = {instrument for _, instrument in self.parties}
        for (party, instrument), accounts in self.accounts.items():
            if instrument not in self.books.scope or (party, instrument) in self.parties:
                continue
            silent = [each for each in accounts if (each, instrument) not in self.named]
            by_party = instrument in whole and len(silent) == len(accounts)
            quantities = {each: self.books.holdings[each, instrument] for each in silent}
            if by_party:
                self._missing(f"party {party}", instrument, sum(quantities.values()))
                continue
            for account, quantity in quantities.items():
                self._missing(str(account), instrument, quantity)

    def _missing(self, holder: str, instrument: str, quantity: int) -> None:
        if not quantity:
            return
        self.findings.differ(
            K.MISSING_THERE,
            f"holding|{holder}|{instrument}",
            instrument=instrument,
            there=None,
            here=Side(holder=holder, amount=self.books.amount(instrument, quantity)),
            at_stake=abs(quantity),
        )

    def _differ(
        self, kind: DifferenceKind, line: PositionLine, *, holder: str, ours: int | None
    ) -> None:
        here = None
        if ours is not None:
            here = Side(holder=holder, amount=self.books.amount(line.instrument, ours))
        self.findings.differ(
            kind,
            f"holding|{holder or UNKNOWN}|{line.instrument}",
            instrument=line.instrument,
            there=Side(holder=holder, amount=line.amount, line=line.line),
            here=here,
            at_stake=abs(line.quantity - (ours or 0)),
        )
