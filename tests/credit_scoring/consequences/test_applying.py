"""What applies to a subject on a day: by scheme, region, time, grade and list, and why not."""

from datetime import date, timedelta
from typing import Any

import pytest

from credit_scoring.consequences.applying import Outcome, Reason, Standing, State, consequences
from credit_scoring.consequences.lists import half_year_end_before, list_in_force, list_of
from credit_scoring.consequences.reading import shipped_rows
from credit_scoring.consequences.row import Effect, Missing
from credit_scoring.records import SubjectKind
from kernel.calendar_source import is_working_day
from tests.credit_scoring.consequences.test_reading import GRADES, PERSON, read

ON = date(2026, 7, 20)
FIRM = {
    "kind": SubjectKind.ENTERPRISE,
    "scheme": "INDEX",
    "grade": "AAA",
    "colour": "green",
    "region": "331102",
}


def standing(**changes: Any) -> Standing:
    return Standing(**(FIRM | changes))


def of(changes: dict[str, Any], on: date = ON, **who: Any) -> Outcome:
    """What one row is for a subject."""
    (found,) = consequences(read(changes), standing(**who), on=on)
    return found


def test_a_row_applies_until_its_last_day() -> None:
    found = of({})

    assert (found.state, found.reasons, found.until) == (State.APPLIES, (), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("who", "on", "reason"),
    [
        ({"scheme": "JS12"}, ON, Reason.OTHER_SCHEME),
        ({"region": "331200"}, ON, Reason.OTHER_REGION),
        ({}, date(2025, 12, 31), Reason.NOT_YET),
        ({}, date(2027, 1, 1), Reason.ENDED),
        ({"grade": None, "colour": None}, ON, Reason.NOT_RATED),
        ({"grade": "A", "colour": "blue"}, ON, Reason.OTHER_GRADE),
        ({"scheme": "JS12", "region": "110000", "grade": None}, ON, Reason.OTHER_SCHEME),
    ],
)
def test_a_row_that_does_not_apply_says_why(who: dict[str, Any], on: date, reason: Reason) -> None:
    found = of({}, on, **who)

    assert (found.state, found.reasons) == (State.DOES_NOT_APPLY, (reason,))


@pytest.mark.parametrize("on", [date(2026, 1, 1), date(2026, 12, 31)])
def test_it_applies_on_its_first_and_its_last_day(on: date) -> None:
    assert of({}, on).state is State.APPLIES


@pytest.mark.parametrize("region", ["CN", "33", "3311", "331102"])
def test_a_region_is_that_of_all_within_it(region: str) -> None:
    assert of({"region": region}).state is State.APPLIES


def test_a_colour_is_as_good_as_a_grade() -> None:
    assert of({"grades": ["green"]}).state is State.APPLIES
    assert of({"grades": ["blue"]}).state is State.DOES_NOT_APPLY


def test_a_row_that_is_off_applies_to_nobody_and_says_what_is_missing() -> None:
    found = of({"end": ...})

    assert (found.state, found.reasons) == (State.OFF, (Missing.END,))


def test_rows_of_other_kinds_of_subject_are_not_spoken_of() -> None:
    assert consequences(read(PERSON), standing(), on=ON) == ()


JIANGSU: dict[str, Any] = {"scheme": "JS12", "region": "320100", "colour": None}


def prices(on: date = ON, **who: Any) -> dict[str, Outcome]:
    found = consequences(shipped_rows(GRADES), standing(**(JIANGSU | who)), on=on)
    return {each.row.id: each for each in found}


def test_a_power_price_goes_by_the_list_and_not_by_the_grade_of_the_day() -> None:
    better = prices(grade="blue", lists=("red",))
    worse = prices(grade="red", lists=("blue",))
    unlisted = prices(grade="red")
    gone = prices(grade=None, lists=("black",))

    assert better["JS12-POWER-RED"].state is State.APPLIES
    assert worse["JS12-POWER-RED"].reasons == (Reason.OTHER_GRADE,)
    assert unlisted["JS12-POWER-RED"].reasons == (Reason.NOT_LISTED,)
    assert gone["JS12-POWER-BLACK"].state is State.APPLIES


def test_of_a_grade_twice_running_both_lists_must_tell() -> None:
    row = {
        "scheme": "JS12",
        "grades": ["black", {"grade": "red", "running": 2}],
        "region": "32",
        "effect": "penalty",
        "kind": "prices",
    }

    states = {
        told: of(row, **(JIANGSU | {"grade": told[0], "lists": told})).state
        for told in [("red", "red"), ("red", "blue"), ("red",), ("black",), ("blue", "red", "red")]
    }

    assert [told for told, state in states.items() if state is State.APPLIES] == [
        ("red", "red"),
        ("black",),
    ]


def test_another_province_pays_no_price_of_jiangsu() -> None:
    found = prices(region="330100", grade="black", lists=("black", "black"))

    assert {each.state for each in found.values()} == {State.DOES_NOT_APPLY, State.OFF}


@pytest.mark.parametrize("grade", ["AAA", "AA", "A", "B", "C", "D", None])
def test_for_a_person_nothing_but_a_benefit_ever_applies(grade: str | None) -> None:
    every = sorted(GRADES["INDEX"])
    rows = read(
        PERSON | {"default": "on", "grades": every},
        PERSON | {"id": "OP-2", "kind": "credit", "grades": every},
        PERSON | {"id": "OP-3", "kind": "social_relief", "grades": every},
    )

    found = consequences(rows, standing(kind=SubjectKind.PERSON, grade=grade), on=ON)

    applying = [each for each in found if each.state is State.APPLIES]
    assert {each.row.effect for each in applying} <= {Effect.INCENTIVE}
    assert [each.row.id for each in applying] == ([] if grade is None else ["OP-1", "OP-2"])
    assert found[2].reasons == (Missing.OFF_BY_DEFAULT,)


def test_no_word_of_an_answer_denies_anything() -> None:
    words = {each.value for kind in (State, Reason, Missing, Effect) for each in kind}

    assert not words & {"deny", "denied", "refuse", "refused", "reject", "rejected"}


@pytest.mark.parametrize(
    ("on", "as_of", "sent_by"),
    [
        # 2026-07-01 is a Wednesday: five working days end on Tuesday the 7th
        (date(2026, 7, 7), date(2026, 6, 30), date(2026, 7, 7)),
        # New Year's holiday to the 3rd; Sunday the 4th is a working day
        (date(2026, 7, 6), date(2025, 12, 31), date(2026, 1, 8)),
        (date(2026, 1, 8), date(2025, 12, 31), date(2026, 1, 8)),
        (date(2026, 1, 7), date(2025, 6, 30), date(2025, 7, 7)),
        (date(2026, 12, 31), date(2026, 6, 30), date(2026, 7, 7)),
    ],
)
def test_a_list_is_in_force_from_the_fifth_working_day(
    on: date, as_of: date, sent_by: date
) -> None:
    found = list_in_force(on, is_working_day=is_working_day)

    assert (found.as_of, found.sent_by) == (as_of, sent_by)


def test_every_day_has_one_list_in_force_and_lists_follow_each_other() -> None:
    days = [date(2025, 7, 7) + timedelta(days=number) for number in range(500)]

    lists = [list_in_force(day, is_working_day=is_working_day) for day in days]

    assert all(each.sent_by <= day for each, day in zip(lists, days, strict=True))
    assert lists == sorted(lists, key=lambda each: each.as_of)
    assert {each.as_of for each in lists} == {
        date(2025, 6, 30),
        date(2025, 12, 31),
        date(2026, 6, 30),
    }


def test_a_list_without_a_holiday_is_sent_by_the_fifth() -> None:
    found = list_of(date(2026, 6, 30), is_working_day=lambda _: True)

    assert found.sent_by == date(2026, 7, 5)


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 1, 1), date(2025, 12, 31)),
        (date(2026, 6, 30), date(2025, 12, 31)),
        (date(2026, 7, 1), date(2026, 6, 30)),
        (date(2026, 12, 31), date(2026, 6, 30)),
    ],
)
def test_the_half_year_before_a_day_has_an_end(day: date, end: date) -> None:
    assert half_year_end_before(day) == end
