"""A subject's own grades and lists: as of the day on which a list is fixed, by what was known."""

from datetime import UTC, date, datetime

import pytest

from credit_scoring.consequences.applying import Reason, State
from credit_scoring.consequences.of_subject import Archived, Question, consequences_of
from credit_scoring.consequences.reading import grades_of, shipped_rows
from credit_scoring.records import Fact, SubjectKind
from credit_scoring.rule_sets.shipped import shipped
from kernel.calendar_source import is_working_day

ROWS = shipped_rows(grades_of(shipped()[-1]))
RED = "JS12-POWER-RED"


def fact(name: str, rule: str, on: date, recorded: date) -> Fact:
    at = datetime(recorded.year, recorded.month, recorded.day, 4, tzinfo=UTC)
    return Fact(id=name, rule=rule, on=on, recorded_at=at)


def of_firm(on: date, *facts: Fact) -> dict[str, tuple[State, tuple[object, ...]]]:
    subject = Archived(kind=SubjectKind.ENTERPRISE, region="320100", records=facts)
    question = Question(
        on=on,
        known_at=datetime(2026, 12, 30, tzinfo=UTC),
        sets=shipped(),
        is_working_day=is_working_day,
    )
    found = consequences_of(ROWS, subject, question)
    return {each.row.id: (each.state, each.reasons) for each in found}


# Two fines and an order to correct: 9 - 2 * 3 - 1 = 2 points, red in Jiangsu's scheme.
RULES = ("E-COMP-02", "E-COMP-02", "E-COMP-01")
BEFORE, LATE = (
    [fact(f"D/{n}", rule, date(2026, 6, n), day) for n, rule in enumerate(RULES, start=1)]
    for day in (date(2026, 6, 20), date(2026, 7, 1))
)


@pytest.mark.parametrize(
    ("on", "facts", "expected"),
    [
        (date(2026, 7, 7), BEFORE, State.APPLIES),
        (date(2026, 7, 6), BEFORE, State.DOES_NOT_APPLY),
        (date(2026, 12, 31), BEFORE, State.APPLIES),
        (date(2026, 7, 7), LATE, State.DOES_NOT_APPLY),
        (date(2026, 7, 7), [], State.DOES_NOT_APPLY),
    ],
)
def test_a_price_follows_the_list_that_is_in_force(
    on: date, facts: list[Fact], expected: State
) -> None:
    state, _ = of_firm(on, *facts)[RED]

    assert state is expected


def test_what_nothing_rates_is_on_no_list() -> None:
    assert of_firm(date(2026, 7, 7))[RED] == (State.DOES_NOT_APPLY, (Reason.NOT_LISTED,))
