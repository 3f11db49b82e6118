"""Native schemes fed by the archive: the twelve points of Jiangsu, Ningxia's worst record."""

from datetime import UTC, date, datetime

import pytest

from credit_scoring.native.archive import archive_schemes, rate_archive
from credit_scoring.native.errors import NativeInputRefused, SchemeOff
from credit_scoring.native.rating import NativeResult
from credit_scoring.records import Fact, SubjectKind
from credit_scoring.rule_sets.shipped import shipped
from credit_scoring.scoring.score import score

SET = shipped()[-1]
AS_OF = date(2026, 6, 1)
KNOWN_AT = datetime(2030, 1, 1, tzinfo=UTC)


def rated(name: str, *facts: Fact, kind: SubjectKind = SubjectKind.ENTERPRISE) -> NativeResult:
    found = score(kind, facts, as_of=AS_OF, known_at=KNOWN_AT, rule_set=SET)
    return rate_archive(SET, name, score=found, records=facts)


def facts(*rules: str, on: str = "2026-05-20") -> tuple[Fact, ...]:
    day = date.fromisoformat(on)
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return tuple(
        Fact(id=f"f{number}", rule=rule, on=day, recorded_at=at)
        for number, rule in enumerate(rules)
    )


@pytest.mark.parametrize(
    ("rules", "points", "grade", "index"),
    [
        ((), 9, "blue", 700),
        (("E-COMP-01",), 8, "blue", 650),
        (("E-COMP-02",), 6, "blue", 550),
        (("E-COMP-01", "E-COMP-02"), 5, "yellow", 500),
        (("E-COMP-02", "E-COMP-02", "E-COMP-02"), 0, "black", 250),
        (("E-COMP-05",), -3, "black", 250),
        (("E-COMP-30",), 10, "blue", 750),
        (("E-SOC-02", "E-VETO-06"), 9, "blue", 700),
    ],
)
def test_jiangsu_counts_nine_and_the_points_of_active_facts(
    rules: tuple[str, ...], points: int, grade: str, index: int
) -> None:
    found = rated("JS12", *facts(*rules))

    assert (found.grade, found.credit_index) == (grade, index)
    assert found.score == points


@pytest.mark.parametrize(("years", "points"), [(1, 10), (2, 11), (5, 11)])
def test_clean_years_bring_two_points_at_most(years: int, points: int) -> None:
    at = datetime(2026, 5, 20, tzinfo=UTC)
    clean = Fact(id="c", rule="E-COMP-30", on=at.date(), recorded_at=at, quantity=years)

    assert rated("JS12", clean).score == points


def test_the_quantity_of_a_penalty_does_not_multiply_its_points() -> None:
    at = datetime(2026, 5, 20, tzinfo=UTC)
    fine = Fact(id="c", rule="E-COMP-02", on=at.date(), recorded_at=at, quantity=3)

    assert rated("JS12", fine).score == 6


def test_what_has_ended_costs_no_point() -> None:
    assert rated("JS12", *facts("E-COMP-02", on="2025-12-01")).score == 9


@pytest.mark.parametrize(
    ("rules", "grade"),
    [
        ((), "A"),
        (("E-SOC-02",), "A"),
        (("E-PERF-05",), "A"),
        (("E-COMP-01",), "B"),
        (("E-MGMT-11",), "B"),
        (("E-COMP-01", "E-COMP-02"), "C"),
        (("E-ECO-11",), "C"),
        (("E-COMP-20",), "C"),
        (("E-COMP-09",), "D"),
        (("E-COMP-09", "E-COMP-04"), "D"),
        (("E-COMP-30", "E-ECO-01"), "A"),
    ],
)
def test_ningxia_grades_by_the_worst_record(rules: tuple[str, ...], grade: str) -> None:
    found = rated("NX25", *facts(*rules))

    assert (found.grade, found.score, found.credit_index) == (grade, None, None)


def test_two_schemes_are_worked_out_from_an_archive() -> None:
    assert archive_schemes(SET) == ("JS12", "NX25")


def test_a_village_has_no_points_of_jiangsu() -> None:
    with pytest.raises(NativeInputRefused) as refusal:
        rated("JS12", kind=SubjectKind.VILLAGE)

    assert refusal.value.field == "subject"


def test_a_scheme_that_the_archive_does_not_feed_is_refused() -> None:
    with pytest.raises(NativeInputRefused):
        rated("CQ")


def test_a_scheme_that_is_off_stays_off_for_an_archive() -> None:
    with pytest.raises(SchemeOff):
        rated("WUXI")
