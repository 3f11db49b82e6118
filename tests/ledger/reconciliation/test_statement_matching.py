"""A statement made from our own books agrees; each planted change is found as what it is."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from ledger.reconciliation.books import Booking, Books, Carried
from ledger.reconciliation.difference import Difference, DifferenceKind, Side
from ledger.reconciliation.matching import Comparison
from ledger.reconciliation.statement_file import read_statement
from ledger.reconciliation.statement_matching import match_statement
from tests.ledger.reconciliation.own_books import (
    ACCOUNTS,
    DAY,
    Line,
    books,
    cash_books,
    iso,
    lines_of,
    statement,
)

K = DifferenceKind
Plant = Callable[[list[Line], int], list[Line]]


def compare(lines: list[Line], of: Books) -> Comparison:
    content = statement(lines)
    read = read_statement(content, day=of.day, steps=of.steps, lines_max=1_000, window_days=3)
    return match_statement(read, of)


@given(cash_books())
def test_a_statement_made_from_our_books_gives_no_difference(of: Books) -> None:
    lines = lines_of(of)

    comparison = compare(lines, of)

    assert comparison.differences == []
    assert comparison.matched == comparison.lines == len(lines)


@given(cash_books(), st.randoms())
def test_the_order_of_lines_makes_no_difference(of: Books, chance: object) -> None:
    lines = lines_of(of)
    chance.shuffle(lines)  # type: ignore[attr-defined]  # Hypothesis's own Random

    assert compare(lines, of).differences == []


def changed(**changes: str) -> Plant:
    return lambda lines, place: [
        replace(line, **changes) if number == place else line for number, line in enumerate(lines)
    ]


def another_amount(lines: list[Line], place: int) -> list[Line]:
    amount = lines[place].amount
    return changed(amount=f"{amount[:-1]}{(int(amount[-1]) + 1) % 10}")(lines, place)


def other_way(lines: list[Line], place: int) -> list[Line]:
    way = "out" if lines[place].direction == "in" else "in"
    return changed(direction=way)(lines, place)


def other_account(lines: list[Line], place: int) -> list[Line]:
    number = int(lines[place].account) - ACCOUNTS.start + 1
    return changed(account=str(ACCOUNTS.start + number % len(ACCOUNTS)))(lines, place)


def other_currency(lines: list[Line], place: int) -> list[Line]:
    return changed(currency="EUR" if lines[place].currency == "CNY" else "CNY")(lines, place)


PLANTS: dict[DifferenceKind, Plant] = {
    K.MISSING_THERE: lambda lines, place: lines[:place] + lines[place + 1 :],
    K.DUPLICATE_REFERENCE: lambda lines, place: [*lines, lines[place]],
    K.AMOUNT_DIFFERS: another_amount,
    K.DIRECTION_DIFFERS: other_way,
    K.ACCOUNT_DIFFERS: other_account,
    K.CURRENCY_DIFFERS: other_currency,
    K.REFERENCE_DIFFERS: changed(reference="R-99"),
    K.UNKNOWN_ACCOUNT: changed(account="999"),
    K.UNKNOWN_INSTRUMENT: changed(currency="XYZ"),
    K.OUTSIDE_SCOPE: changed(currency="USD", amount="7"),
    K.WRONG_DAY: changed(value_date=iso(DAY + 1)),
}


@given(cash_books(), st.sampled_from(sorted(PLANTS)), st.data())
def test_a_planted_change_of_a_movement_gives_exactly_its_difference(
    of: Books, kind: DifferenceKind, data: st.DataObject
) -> None:
    lines = lines_of(of)
    place = data.draw(st.integers(0, len(of.bookings) - 1))
    same = [each for each in of.bookings if each.reference == lines[place].reference]
    # Where banks use one reference twice a day, a change of one can only be told as a pair.
    assume(len(same) == 1 or kind is K.DUPLICATE_REFERENCE)

    comparison = compare(PLANTS[kind](lines, place), of)

    [found] = comparison.differences
    assert found.kind is kind
    assert found.at_stake > 0 or kind is K.UNKNOWN_INSTRUMENT
    assert (found.there is None) is (kind is K.MISSING_THERE)
    assert (found.here is None) is (kind is K.DUPLICATE_REFERENCE)
    if found.here is not None:
        assert found.here.entry == of.bookings[place].entry


@given(cash_books())
def test_a_line_of_which_we_know_nothing_is_missing_here(of: Books) -> None:
    extra = Line(
        record="movement",
        account="100",
        currency="CNY",
        direction="in",
        amount="0.01",
        reference="N-1",
        value_date=iso(DAY),
    )

    [found] = compare([*lines_of(of), extra], of).differences

    assert (found.kind, found.at_stake, found.here) == (K.MISSING_HERE, 1, None)


@given(cash_books(), st.data())
def test_a_planted_change_of_a_balance_gives_exactly_its_difference(
    of: Books, data: st.DataObject
) -> None:
    lines = lines_of(of)
    place = data.draw(st.integers(len(of.bookings), len(lines) - 1))

    [found] = compare(another_amount(lines, place), of).differences
    [unknown] = compare(changed(account="999")(lines, place), of).differences

    assert found.kind is K.BALANCE_DIFFERS
    assert found.at_stake in {1, 9}
    assert unknown.kind is K.UNKNOWN_ACCOUNT


def booking(entry: int, quantity: int, reference: str, **changes: int) -> Booking:
    made = Booking(
        entry=entry,
        number=0,
        account=100,
        currency="CNY",
        quantity=quantity,
        reference=reference,
        day=DAY,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def line(amount: str, reference: str, *, direction: str = "in", day: int = DAY) -> Line:
    return Line(
        record="movement",
        account="100",
        currency="CNY",
        direction=direction,
        amount=amount,
        reference=reference,
        value_date=iso(day),
    )


def carried(difference: Difference, *, task: int = 1, is_open: bool = True) -> Carried:
    return Carried(
        task=task,
        is_open=is_open,
        kind=difference.kind,
        subject=difference.subject,
        instrument=difference.instrument,
        day=DAY - 1,
        seen_day=DAY - 1,
        as_of=50,
        there=difference.there,
        here=difference.here,
    )


def yesterday(lines: list[Line], bookings: list[Booking]) -> list[Carried]:
    """Return the tasks that yesterday's statement left."""
    found = compare(lines, books(day=DAY - 1, as_of=50, bookings=bookings)).differences
    return [carried(each, task=number) for number, each in enumerate(found, 1)]


def test_what_we_book_a_day_later_settles_the_task_and_is_no_new_difference() -> None:
    tasks = yesterday([line("5.00", "R-1", day=DAY - 1)], [])
    late = booking(60, 500, "R-1")

    comparison = compare([], books(bookings=[late], carried=tasks))

    assert [task.kind for task in tasks] == [K.MISSING_HERE]
    assert (comparison.differences, comparison.resolved) == ([], [1])


def test_what_the_bank_books_a_day_later_settles_the_task_and_is_no_new_difference() -> None:
    early = booking(40, 500, "R-1", day=DAY - 1)
    tasks = yesterday([], [early])

    comparison = compare([line("5.00", "R-1")], books(bookings=[early], carried=tasks))

    assert [task.kind for task in tasks] == [K.MISSING_THERE]
    assert (comparison.differences, comparison.resolved) == ([], [1])
    assert comparison.matched == 1


def test_a_correction_under_the_same_reference_settles_an_amount() -> None:
    wrong = booking(40, 900, "R-1", day=DAY - 1)
    tasks = yesterday([line("5.00", "R-1", day=DAY - 1)], [wrong])
    half = booking(60, -100, "R-1")
    rest = booking(61, -300, "R-1")

    part = compare([], books(bookings=[wrong, half], carried=tasks))
    whole = compare([], books(bookings=[wrong, half, rest], carried=tasks))

    assert [task.kind for task in tasks] == [K.AMOUNT_DIFFERS]
    assert ([each.kind for each in part.differences], part.resolved) == ([K.MISSING_THERE], [])
    assert (whole.differences, whole.resolved) == ([], [1])


def test_a_task_that_was_closed_by_hand_still_explains_a_late_booking() -> None:
    [task] = yesterday([line("5.00", "R-1", day=DAY - 1)], [])
    closed = replace(task, is_open=False)

    comparison = compare([], books(bookings=[booking(60, 500, "R-1")], carried=[closed]))

    assert (comparison.differences, comparison.resolved) == ([], [])


def test_a_booking_of_another_day_is_found_there_and_not_missed_on_its_own_day() -> None:
    late = booking(60, 500, "R-1", day=DAY)
    tasks = yesterday([line("5.00", "R-1", day=DAY - 1)], [late])

    comparison = compare([], books(bookings=[late], carried=tasks))

    assert [task.kind for task in tasks] == [K.WRONG_DAY]
    assert comparison.differences == []


def test_a_reference_that_a_bank_uses_again_is_not_paired_across_days() -> None:
    old = booking(40, 900, "R-1", day=DAY - 1)

    [found] = compare([line("5.00", "R-1")], books(bookings=[old])).differences

    assert found.kind is K.MISSING_HERE


def test_a_corrected_statement_settles_what_it_no_longer_shows() -> None:
    kept, gone = line("5.00", "R-1"), line("6.00", "R-2")
    balance = Line(record="balance", account="total", currency="CNY", amount="1.00")
    tasks = [
        replace(carried(each, task=number), day=DAY, seen_day=DAY)
        for number, each in enumerate(compare([kept, gone, balance], books()).differences, 1)
    ]

    without_balance = compare([kept], books(carried=tasks))
    corrected = compare([kept, replace(balance, amount="0.00")], books(carried=tasks))

    assert [task.kind for task in tasks] == [K.MISSING_HERE, K.MISSING_HERE, K.BALANCE_DIFFERS]
    # A file that is silent about a balance does not say that it agrees.
    assert without_balance.resolved == [2]
    assert corrected.resolved == [2, 3]
    assert [each.subject for each in corrected.differences] == [tasks[0].subject]


def test_a_newer_files_balance_is_not_settled_by_an_older_one() -> None:
    subject = "balance|total|CNY"
    newer = Carried(
        task=1,
        is_open=True,
        kind=K.BALANCE_DIFFERS,
        subject=subject,
        instrument="CNY",
        day=DAY,
        seen_day=DAY + 1,
        as_of=50,
        there=Side(holder="total", amount="1.00"),
        here=Side(holder="total", amount="0.00"),
    )
    balance = Line(record="balance", account="total", currency="CNY", amount="0.00")

    assert compare([balance], books(carried=[newer])).resolved == []
    assert compare([balance], books(carried=[replace(newer, seen_day=DAY)])).resolved == [1]


def test_above_the_bound_the_least_at_stake_is_left_out_and_nothing_is_called_settled() -> None:
    task = replace(yesterday([line("5.00", "R-1", day=DAY - 1)], [])[0], day=DAY)
    lines = [line(f"{number}.00", f"N-{number}") for number in range(1, 2_101)]
    content = statement(lines)
    of = books(carried=[task])
    read = read_statement(content, day=DAY, steps=of.steps, lines_max=3_000, window_days=3)

    comparison = match_statement(read, of)

    assert (len(comparison.differences), comparison.left_out) == (2_000, 100)
    assert min(each.at_stake for each in comparison.differences) == 101 * 100
    assert comparison.resolved == []
