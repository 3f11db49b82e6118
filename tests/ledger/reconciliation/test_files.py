"""What a file must look like: every bad line is named, and bounds hold."""

import time
import tracemalloc

import pytest

from ledger.reconciliation.books import Booking
from ledger.reconciliation.lines import BAD_LINES_MAX, FILE_BYTES_MAX, FileUnreadable
from ledger.reconciliation.positions_file import read_positions
from ledger.reconciliation.statement_file import Statement, read_statement
from ledger.reconciliation.statement_matching import match_statement
from tests.ledger.reconciliation.own_books import (
    DAY,
    LOTS,
    OWNERS,
    STEPS,
    books,
    iso,
    lines_of,
    positions,
    statement,
)

HEADER = "record,account,currency,direction,amount,reference,value_date"
ON = iso(DAY)
GOOD = f"movement,104,CNY,in,2000.00,B2-0001,{ON}"


def read(content: bytes, *, lines_max: int = 100) -> Statement:
    return read_statement(content, day=DAY, steps=STEPS, lines_max=lines_max, window_days=2)


def with_lines(*lines: str) -> bytes:
    return "\n".join((HEADER, *lines, "")).encode()


def bad_of(content: bytes, *, lines_max: int = 100) -> list[tuple[int, str]]:
    with pytest.raises(FileUnreadable) as caught:
        read(content, lines_max=lines_max)
    return [(each.line, each.field) for each in caught.value.bad.found]


def test_a_byte_order_mark_empty_lines_and_dos_lines_are_tolerated() -> None:
    content = b"\xef\xbb\xbf" + with_lines(GOOD, "", '"balance",total,CNY,,"1.00",,')
    dos = content.replace(b"\n", b"\r\n")

    assert read(content) == read(dos)
    assert read(content).lines == 2


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (GOOD.replace("movement", "transfer"), "record"),
        (GOOD.replace("104", "E01"), "account"),
        (GOOD.replace("104", "0104"), "account"),
        (GOOD.replace("CNY", "C N Y"), "currency"),
        (GOOD.replace("in", "IN"), "direction"),
        (GOOD.replace("2000.00", "-2000.00"), "amount"),
        (GOOD.replace("2000.00", "2000.005"), "amount"),
        (GOOD.replace("2000.00", "2e3"), "amount"),
        (GOOD.replace("2000.00", "0.00"), "amount"),
        (GOOD.replace("2000.00", "٣"), "amount"),
        (GOOD.replace("2000.00", "9" * 19), "amount"),
        (GOOD.replace("2000.00", "9" * 18), "amount"),
        (GOOD.replace("B2-0001", ""), "reference"),
        (GOOD.replace("B2-0001", "张三"), "reference"),
        (GOOD.replace(ON, "2026-02-30"), "value_date"),
        (GOOD.replace(ON, "16.03.2026"), "value_date"),
        (GOOD.replace(ON, iso(DAY + 3)), "value_date"),
        (f"{GOOD},more", "fields"),
        ("balance,total,CNY,in,1.00,,", "direction"),
        ("balance,total,CNY,,1.00,R,", "reference"),
        (f"balance,total,CNY,,1.00,,{iso(DAY - 1)}", "value_date"),
        ('movement,1"04,"CNY"x,in,1.00,R,', "line"),
    ],
)
def test_a_bad_line_is_named_with_its_field(line: str, field: str) -> None:
    assert bad_of(with_lines(GOOD, line, GOOD)) == [(3, field)]


def test_every_bad_line_is_named_and_each_of_its_fields() -> None:
    content = with_lines(GOOD, "movement,x,CNY,up,1.00,R,", GOOD, "balance,x,CNY,,y,,")

    assert bad_of(content) == [
        (3, "account"),
        (3, "direction"),
        (3, "value_date"),
        (5, "account"),
        (5, "amount"),
    ]


def test_bad_lines_are_shown_up_to_a_bound_and_all_counted() -> None:
    with pytest.raises(FileUnreadable) as caught:
        read(with_lines(*["x,,,,,,"] * (BAD_LINES_MAX + 50)), lines_max=5_000)

    assert len(caught.value.bad.found) == BAD_LINES_MAX
    assert caught.value.bad.count == BAD_LINES_MAX + 50


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", (1, "header")),
        (b"account,amount\n", (1, "header")),
        (with_lines(GOOD).replace(b",", b";"), (1, "header")),
        (with_lines(GOOD) + b"\xff\xfe\n", (3, "file")),
        (with_lines(*[GOOD] * 101), (102, "lines")),
        (b"x" * (FILE_BYTES_MAX + 1), (1, "file")),
    ],
)
def test_a_file_that_is_none_is_refused_at_once(content: bytes, place: tuple[int, str]) -> None:
    assert bad_of(content) == [place]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("CEA25,Account,100,1", "holder_scheme"),
        ("CEA25,account,E01,1", "holder"),
        ("CEA25,uscc,,1", "holder"),
        ("CEA25,account,100,1.5", "quantity"),
        ("CEA 25,account,100,1", "instrument"),
    ],
)
def test_a_bad_position_is_named(line: str, field: str) -> None:
    with pytest.raises(FileUnreadable) as caught:
        read_positions(positions(["NOX,account,100,1.125", line]), steps=LOTS, lines_max=9)

    assert [(each.line, each.field) for each in caught.value.bad.found] == [(3, field)]


def test_a_hundred_thousand_lines_take_bounded_time_and_memory(
    capsys: pytest.CaptureFixture[str],
) -> None:
    count = 100_000
    accounts = sorted(number for number in OWNERS if number >= 100)
    bookings = [
        Booking(
            entry=number,
            number=0,
            account=accounts[number % len(accounts)],
            currency="CNY",
            quantity=100 + number,
            reference=f"R-{number}",
            day=DAY,
        )
        for number in range(count)
    ]
    of = books(bookings=bookings, as_of=count)
    content = statement(lines_of(of))
    tracemalloc.start()
    begin = time.perf_counter()

    comparison = match_statement(read(content, lines_max=count + 1), of)

    seconds = time.perf_counter() - begin
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    with capsys.disabled():
        print(f"\n{count} lines, {len(content) >> 20} MiB: {seconds:.1f} s, {most >> 20} MiB")  # noqa: T201
    assert (comparison.matched, comparison.differences) == (count + 1, [])
    assert most < 400 << 20
    assert seconds < 60
