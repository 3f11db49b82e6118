"""Days in a row: what the two sides book on different days is one task each, and no more."""

from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st

from ledger.reconciliation.books import Booking, Carried
from ledger.reconciliation.difference import DifferenceKind
from ledger.reconciliation.statement_file import read_statement
from ledger.reconciliation.statement_matching import match_statement
from tests.ledger.reconciliation.own_books import DAY, STEPS, Line, books, iso, statement

DAYS = 5
WINDOW = 5


@dataclass(frozen=True, kw_only=True)
class Payment:
    """One payment, and the days on which the bank and we book it."""

    amount: int
    there: int
    here: int


payments = st.builds(
    Payment,
    amount=st.integers(1, 3),  # few amounts, so that different payments look alike
    there=st.integers(0, DAYS - 1),
    here=st.integers(0, DAYS - 1),
)


class Desk:
    """The tasks as the machine would keep them."""

    def __init__(self) -> None:
        self.tasks: dict[str, Carried] = {}

    def open(self) -> list[Carried]:
        return [each for each in self.tasks.values() if each.is_open]

    def take(self, day: int, lines: list[Line], bookings: list[Booking]) -> None:
        """Compare one day's statement, and keep what it gives."""
        as_of = max((each.entry for each in bookings if each.day <= DAY + day), default=0)
        of = books(day=DAY + day, as_of=as_of, bookings=bookings, carried=list(self.tasks.values()))
        read = read_statement(
            statement(lines), day=of.day, steps=STEPS, lines_max=99, window_days=WINDOW
        )
        comparison = match_statement(read, of)
        for each in comparison.differences:
            assert each.subject not in self.tasks
            self.tasks[each.subject] = Carried(
                task=len(self.tasks) + 1,
                is_open=True,
                kind=each.kind,
                subject=each.subject,
                instrument=each.instrument,
                day=of.day,
                seen_day=of.day,
                as_of=as_of,
                there=each.there,
                here=each.here,
            )
        for subject, task in self.tasks.items():
            if task.task in comparison.resolved:
                assert task.is_open
                self.tasks[subject] = replace(task, is_open=False)


def line(number: int, payment: Payment) -> Line:
    return Line(
        record="movement",
        account="100",
        currency="CNY",
        direction="in",
        amount=f"0.0{payment.amount}",
        reference=f"P-{number}",
        value_date=iso(DAY + payment.there),
    )


def bookings_of(made: list[Payment]) -> list[Booking]:
    """Return our bookings in the order of their days, as entries have them."""
    order = sorted(range(len(made)), key=lambda number: made[number].here)
    return [
        Booking(
            entry=10 + place,
            number=0,
            account=100,
            currency="CNY",
            quantity=made[number].amount,
            reference=f"P-{number}",
            day=DAY + made[number].here,
        )
        for place, number in enumerate(order)
    ]


def lines_of_day(made: list[Payment], day: int) -> list[Line]:
    return [line(number, each) for number, each in enumerate(made) if each.there == day]


def of_apart(made: list[Payment]) -> int:
    return sum(each.there != each.here for each in made)


@given(st.lists(payments, max_size=8))
def test_payments_booked_on_different_days_settle_themselves(made: list[Payment]) -> None:
    """Each file comes on the evening of its day: later bookings are not there yet."""
    desk = Desk()
    bookings = bookings_of(made)
    for day in range(DAYS):
        known = [each for each in bookings if each.day <= DAY + day]
        desk.take(day, lines_of_day(made, day), known)

    kinds = {each.kind for each in desk.tasks.values()}
    assert kinds <= {
        DifferenceKind.MISSING_HERE,
        DifferenceKind.MISSING_THERE,
        DifferenceKind.REFERENCE_DIFFERS,
    }
    guessed = [t for t in desk.tasks.values() if t.kind == DifferenceKind.REFERENCE_DIFFERS]
    assert len(desk.tasks) + len(guessed) == of_apart(made)
    assert all(each in guessed for each in desk.open())


@given(st.lists(payments, max_size=8))
def test_files_that_come_late_see_the_other_day_and_alarm_once(made: list[Payment]) -> None:
    """All files come after the last day: what was booked later is seen on its day."""
    desk = Desk()
    for day in range(DAYS):
        desk.take(day, lines_of_day(made, day), bookings_of(made))

    guessed = [t for t in desk.tasks.values() if t.kind == DifferenceKind.REFERENCE_DIFFERS]
    assert len(desk.tasks) + len(guessed) == of_apart(made)
    unsettled = {each.kind for each in desk.open()}
    assert unsettled <= {DifferenceKind.WRONG_DAY, DifferenceKind.REFERENCE_DIFFERS}
