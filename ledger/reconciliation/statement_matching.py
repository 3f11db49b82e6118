"""The bank's statement against our bookings and balances.

Order of steps, each on what the one before left:
1. References of earlier files' tasks: if all amounts under one have become equal on both sides,
   its tasks are settled. So what the bank books today and we tomorrow is no new difference.
2. Lines and bookings with one reference are paired: equal ones first, then in their order. What
   differs within a pair is one difference; what is left over on a side is a duplicate.
3. Lines and bookings without a partner that agree in all but the reference are paired.
4. What is then left is missing on the other side.
5. Closing balances are compared with our holdings as of the entry.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import zip_longest

from ledger.reconciliation.books import Booking, Books, Carried
from ledger.reconciliation.difference import DifferenceKind, Side
from ledger.reconciliation.matching import Comparison, Findings
from ledger.reconciliation.statement_file import TOTAL, BalanceLine, CashLine, Statement

K = DifferenceKind
# Amounts that become equal settle these; other differences are not of amounts.
_SETTLED_BY_AMOUNTS = frozenset(
    {
        K.UNKNOWN_ACCOUNT,
        K.CURRENCY_DIFFERS,
        K.DIRECTION_DIFFERS,
        K.AMOUNT_DIFFERS,
        K.ACCOUNT_DIFFERS,
        K.DUPLICATE_REFERENCE,
        K.MISSING_HERE,
        K.MISSING_THERE,
    }
)
_Sums = dict[tuple[str, str], Decimal]


def match_statement(statement: Statement, books: Books) -> Comparison:
    """Compare a statement with our books of its day."""
    return _StatementMatching(statement, books).run()


class _StatementMatching:
    def __init__(self, statement: Statement, books: Books) -> None:
        self.day = statement.day
        self.statement = statement
        self.books = books
        self.findings = Findings()
        others = [each for each in books.carried if each.day != self.day]
        taken = {
            (each.here.entry, each.here.number)
            for each in others
            if each.here is not None and each.here.entry is not None
        }
        self.earlier = [part for each in others for part in _parts(each)]
        self.halves: set[int] = set()
        self.lines = {line.line: line for line in statement.movements}
        self.bookings = {
            (each.entry, each.number): each
            for each in books.bookings
            if (each.entry, each.number) not in taken
        }

    def run(self) -> Comparison:
        self._settle_earlier()
        alone_there, alone_here = self._pair_references()
        alone_there, alone_here = self._pair_amounts(alone_there, alone_here)
        for line in alone_there:
            self._differ(self._fault(line) or K.MISSING_HERE, line, None)
        for booking in alone_here:
            self._differ(K.MISSING_THERE, None, booking)
        compared = self._compare_balances()
        gone = [
            each
            for each in self.books.carried
            if (each.day == self.day and each.subject.startswith("movement|"))
            or (each.subject in compared and each.seen_day <= self.day)
        ]
        return self.findings.comparison(lines=self.statement.lines, gone=gone)

    def _settle_earlier(self) -> None:
        lines: dict[str, list[CashLine]] = defaultdict(list)
        for line in self.lines.values():
            lines[line.reference].append(line)
        bookings = self._bookings_by_reference()
        tasks: dict[str, list[Carried]] = defaultdict(list)
        for each in self.earlier:
            tasks[_reference(each)].append(each)
        for reference, its_tasks in tasks.items():
            seen = max(each.as_of for each in its_tasks)
            its_bookings = [
                each
                for each in bookings.get(reference, [])
                if each.entry > seen or self._is_of_day(each)
            ]
            its_lines = lines.get(reference, [])
            if its_lines or its_bookings:
                self._settle(its_tasks, its_lines, bookings=its_bookings)

    def _settle(
        self, tasks: list[Carried], lines: list[CashLine], *, bookings: list[Booking]
    ) -> None:
        there: _Sums = defaultdict(Decimal)
        here: _Sums = defaultdict(Decimal)
        for task in tasks:
            for side, sums in ((task.there, there), (task.here, here)):
                if side is not None:
                    sums[side.holder, task.instrument] += Decimal(side.amount)
        for line in lines:
            there[line.account, line.currency] += Decimal(line.amount)
        for each in bookings:
            amount = Decimal(self.books.amount(each.currency, each.quantity))
            here[str(each.account), each.currency] += amount
        if _without_zeros(there) != _without_zeros(here):
            return
        for task in tasks:
            self._note_settled(task)
        self.findings.matched += len(lines)
        for line in lines:
            del self.lines[line.line]
        for each in bookings:
            del self.bookings[each.entry, each.number]

    def _note_settled(self, task: Carried) -> None:
        """Note a task as settled; two payments that were taken for one, when both are."""
        if task.kind == K.REFERENCE_DIFFERS and task.task not in self.halves:
            self.halves.add(task.task)
        elif task.is_open:
            self.findings.settled.add(task.task)

    def _pair_references(self) -> tuple[list[CashLine], list[Booking]]:
        """Pair by reference; return what has no partner of its reference at all."""
        bookings = self._bookings_by_reference()
        lines: dict[str, list[CashLine]] = defaultdict(list)
        for line in self.lines.values():
            lines[line.reference].append(line)
        alone_there, alone_here = [], list(bookings.pop("", []))
        for reference, its_lines in lines.items():
            pairs = list(self._pairs(its_lines, bookings.pop(reference, [])))
            alone = pairs[0][0] if pairs[0][1] is None else None
            if alone is not None:
                alone_there.append(alone)
                del pairs[0]
            for a_line, booking in pairs:
                self._compare(a_line, booking)
        for rest_of_bookings in bookings.values():
            alone_here += rest_of_bookings
        return alone_there, [each for each in alone_here if self._is_of_day(each)]

    def _bookings_by_reference(self) -> dict[str, list[Booking]]:
        """Return bookings by reference, those of the day before the others."""
        found: dict[str, list[Booking]] = defaultdict(list)
        for each in sorted(self.bookings.values(), key=lambda b: not self._is_of_day(b)):
            found[each.reference].append(each)
        return found

    def _pairs(
        self, lines: list[CashLine], bookings: list[Booking]
    ) -> Iterator[tuple[CashLine | None, Booking | None]]:
        """Iterate pairs: equal also in their day, equal in all else, then in their order."""
        for with_day in (True, False):
            equal: dict[object, list[Booking]] = defaultdict(list)
            for booking in reversed(bookings):
                day = self._day_key(booking) if with_day else 0
                equal[str(booking.account), booking.currency, booking.quantity, day].append(booking)
            rest, used = [], set()
            for line in lines:
                day = line.day if with_day else 0
                found = equal.get((line.account, line.currency, line.quantity, day))
                if found:
                    booking = found.pop()
                    used.add((booking.entry, booking.number))
                    yield line, booking
                else:
                    rest.append(line)
            lines = rest
            bookings = [each for each in bookings if (each.entry, each.number) not in used]
        # Banks use references again, so what is unequal is one movement only on one day.
        bookings = [each for each in bookings if self._is_of_day(each)]
        yield from zip_longest(lines, bookings)

    def _day_key(self, booking: Booking) -> int:
        """Return a booking's day where it may match without a difference, else none of any line."""
        return booking.day if self._is_of_day(booking) else -1

    def _compare(self, line: CashLine | None, booking: Booking | None) -> None:
        if line is None:
            if booking is not None:
                self._differ(K.DUPLICATE_REFERENCE, None, booking)
            return
        kind = self._fault(line)
        if kind is None and booking is None:
            kind = K.DUPLICATE_REFERENCE
        if kind is None and booking is not None:
            kind = self._how_they_differ(line, booking)
        if kind is None:
            self.findings.matched += 1
        else:
            self._differ(kind, line, booking)

    def _fault(self, line: CashLine | BalanceLine) -> DifferenceKind | None:
        """Return what of a line nobody here knows."""
        if line.currency not in self.books.steps:
            return K.UNKNOWN_INSTRUMENT
        if line.currency not in self.books.scope:
            return K.OUTSIDE_SCOPE
        if line.account != TOTAL and not self.books.has_account(int(line.account)):
            return K.UNKNOWN_ACCOUNT
        return None

    def _how_they_differ(self, line: CashLine, booking: Booking) -> DifferenceKind | None:
        if line.currency != booking.currency:
            return K.CURRENCY_DIFFERS
        if line.quantity == -booking.quantity:
            return K.DIRECTION_DIFFERS
        if line.quantity != booking.quantity:
            return K.AMOUNT_DIFFERS
        if line.account != str(booking.account):
            return K.ACCOUNT_DIFFERS
        return None if line.day == booking.day == self.day else K.WRONG_DAY

    def _pair_amounts(
        self, lines: list[CashLine], bookings: list[Booking]
    ) -> tuple[list[CashLine], list[Booking]]:
        """Pair what agrees in all but the reference; return the rest."""
        equal: dict[tuple[str, str, int], list[Booking]] = defaultdict(list)
        for booking in reversed(bookings):
            equal[str(booking.account), booking.currency, booking.quantity].append(booking)
        rest, used = [], set()
        for line in lines:
            found = equal.get((line.account, line.currency, line.quantity))
            if found and self._fault(line) is None:
                booking = found.pop()
                used.add((booking.entry, booking.number))
                self._differ(K.REFERENCE_DIFFERS, line, booking)
            else:
                rest.append(line)
        return rest, [each for each in bookings if (each.entry, each.number) not in used]

    def _compare_balances(self) -> set[str]:
        """Compare closing balances; return the subjects that the statement speaks of."""
        subjects: set[str] = set()
        for line in self.statement.balances:
            subject = f"balance|{line.account}|{line.currency}"
            kind = self._fault(line)
            ours = 0
            if kind is None and subject in subjects:
                kind = K.DUPLICATE_REFERENCE
            elif kind is None:
                ours = self._balance(line)
                kind = None if ours == line.quantity else K.BALANCE_DIFFERS
            subjects.add(subject)
            if kind is None:
                self.findings.matched += 1
                continue
            here = None
            if kind is K.BALANCE_DIFFERS:
                amount = self.books.amount(line.currency, ours)
                here = Side(holder=line.account, amount=amount)
            self.findings.differ(
                kind,
                subject,
                instrument=line.currency,
                there=Side(holder=line.account, amount=line.amount, line=line.line),
                here=here,
                at_stake=abs(line.quantity - ours),
            )
        return subjects

    def _balance(self, line: BalanceLine) -> int:
        if line.account == TOTAL:
            return self.books.total(line.currency)
        return self.books.holdings.get((int(line.account), line.currency), 0)

    def _is_of_day(self, booking: Booking) -> bool:
        in_scope = booking.currency in self.books.scope
        return in_scope and booking.day == self.day and booking.entry <= self.books.as_of

    def _differ(self, kind: DifferenceKind, line: CashLine | None, booking: Booking | None) -> None:
        there, here = None, None
        instrument = thing = ""
        if booking is not None:
            here = _side_of_booking(self.books, booking)
            instrument = booking.currency
            thing = booking.reference or f"{booking.entry}.{booking.number}"
        if line is not None:
            there = _side_of_line(line)
            instrument, thing = line.currency, line.reference
        self.findings.differ(
            kind,
            f"movement|{self.day}|{thing}",
            instrument=instrument,
            there=there,
            here=here,
            at_stake=_at_stake(kind, line, booking),
        )


def _side_of_line(line: CashLine) -> Side:
    return Side(
        holder=line.account,
        amount=line.amount,
        reference=line.reference,
        day=line.day,
        line=line.line,
    )


def _side_of_booking(books: Books, booking: Booking) -> Side:
    return Side(
        holder=str(booking.account),
        amount=books.amount(booking.currency, booking.quantity),
        reference=booking.reference,
        day=booking.day,
        entry=booking.entry,
        number=booking.number,
    )


def _at_stake(kind: DifferenceKind, line: CashLine | None, booking: Booking | None) -> int:
    """Return what the two sides part by; where they agree on the amount, the amount itself."""
    there = 0 if line is None else line.quantity
    here = 0 if booking is None else booking.quantity
    if kind in {K.AMOUNT_DIFFERS, K.DIRECTION_DIFFERS}:
        return abs(there - here)
    return max(abs(there), abs(here))


def _reference(carried: Carried) -> str:
    sides = (carried.there, carried.here)
    return next((side.reference for side in sides if side is not None and side.reference), "")


def _parts(carried: Carried) -> Iterator[Carried]:
    """Iterate what of a task amounts under one reference may settle.

    That two references are one payment was a guess, so each of them may find its own partner.
    """
    if not carried.subject.startswith("movement|"):
        return
    parts = [carried] if carried.kind in _SETTLED_BY_AMOUNTS else []
    if carried.kind == K.REFERENCE_DIFFERS:
        parts = [replace(carried, here=None), replace(carried, there=None)]
    yield from (part for part in parts if _reference(part))


def _without_zeros(sums: _Sums) -> _Sums:
    return {key: amount for key, amount in sums.items() if amount}
