"""Files of loans and outcomes: read whole, or refused with every bad line and its column."""

from collections.abc import Callable

import pytest

from credit_scoring.cards.loans_file import read_loans
from credit_scoring.cards.monitoring.outcomes_file import read_outcomes
from ledger.reconciliation.lines import FileUnreadable
from tests.credit_scoring.cards.small_card import card

LOANS = {"a-1", "a-2", "a-3"}


def bad_lines(read: Callable[[], object]) -> list[tuple[int, str, str]]:
    with pytest.raises(FileUnreadable) as caught:
        read()
    assert all(each.expected for each in caught.value.bad.found)
    return [(each.line, each.field, each.found) for each in caught.value.bad.found]


def test_loans_are_read_in_their_order_with_empty_cells_as_missing() -> None:
    loans = read_loans(card(), b"loan,ratio,purpose\r\nb,0.35,\r\na,,forestry\r\n")

    assert loans.names == ["b", "a"]
    assert loans.texts == {"ratio": ("0.35", ""), "purpose": ("", "forestry")}


def test_a_file_without_loans_has_none() -> None:
    assert read_loans(card(), b"loan,ratio,purpose\n").names == []


def test_every_bad_line_of_loans_is_told_with_its_column() -> None:
    content = (
        "loan,ratio,purpose\n"
        "a,0.35,forestry\n"
        "a,1,homestay\n"
        ',"0,35",homestay\n'
        "b,NaN," + "x" * 65 + "\n"
        "c,1\n"
        "d e,2,homestay\n"
    )

    found = bad_lines(lambda: read_loans(card(), content.encode()))

    assert found == [
        (3, "loan", "a"),
        (4, "loan", ""),
        (4, "ratio", "0,35"),
        (5, "ratio", "NaN"),
        (5, "purpose", "x" * 64),
        (6, "fields", "2"),
        (7, "loan", "d e"),
    ]


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b"loan,purpose,ratio\n", "header"),
        (b"", "header"),
        (b"loan,ratio,purpose\n\xff", "file"),
    ],
)
def test_another_header_or_no_text_is_refused(content: bytes, field: str) -> None:
    ((_, found, _),) = bad_lines(lambda: read_loans(card(), content))

    assert found == field


def test_outcomes_are_read_by_loan() -> None:
    assert read_outcomes(b"loan,outcome\na-1,good\na-3,bad\n", loans=LOANS) == {
        "a-1": False,
        "a-3": True,
    }


def test_every_bad_line_of_outcomes_is_told_with_its_column() -> None:
    content = b"loan,outcome\na-1,good\na-1,bad\nb-9,good\na-2,1\n*,bad\na-3\n"

    found = bad_lines(lambda: read_outcomes(content, loans=LOANS))

    assert found == [
        (3, "loan", "a-1"),
        (4, "loan", "b-9"),
        (5, "outcome", "1"),
        (6, "loan", "*"),
        (7, "fields", "1"),
    ]
