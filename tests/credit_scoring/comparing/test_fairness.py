"""Rates of groups, four fifths of the best, their intervals, and what is too small to be shown."""

from decimal import Decimal
from math import comb

import pytest

from credit_scoring.comparing.fairness import Compared, Counted, Tally, impact_of
from credit_scoring.records import SubjectKind

GOOD = ("AAA", "AA", "A")


def tally(**groups: tuple[int, int, int]) -> Tally:
    """Persons by region: (favourable, other, not rated)."""
    found = Tally()
    for region, counts in groups.items():
        for grade, count in zip(("A", "B", None), counts, strict=True):
            for _ in range(count):
                person = Counted(kind=SubjectKind.PERSON, region=region, sector="", grade=grade)
                found.add(person)
    return found


def regions(found: Tally, *, least: int = 10) -> Compared:
    [_, by_region] = found.compared(GOOD, least=least)
    return by_region


def test_the_example_of_the_uniform_guidelines_is_one_half() -> None:
    # Questions and Answers on the Uniform Guidelines, 1979, no. 12: 48 of 80, 12 of 40.
    found = impact_of(count=12, rated=40, best=48, best_rated=80)

    assert (found.rate, found.ratio) == (Decimal("0.3000"), Decimal("0.5000"))
    # By hand: exp(-0.693147 -+ 1.959964 x 0.258199).
    assert (found.low, found.high) == (Decimal("0.3014"), Decimal("0.8294"))
    assert found.opens_review
    assert not found.may_be_chance


@pytest.mark.parametrize(
    ("count", "review"), [(40, False), (32, False), (31, True), (1, True), (0, True)]
)
def test_a_review_opens_below_four_fifths_and_not_at_them(count: int, *, review: bool) -> None:
    found = impact_of(count=count, rated=80, best=40, best_rated=80)

    assert found.opens_review is review
    assert found.low is not None
    assert found.high is not None
    assert Decimal(0) < found.low < found.high


def test_a_difference_of_few_may_be_chance() -> None:
    few = impact_of(count=3, rated=10, best=5, best_rated=10)
    many = impact_of(count=300, rated=1_000, best=500, best_rated=1_000)

    assert few.ratio == many.ratio == Decimal("0.6000")
    assert (few.may_be_chance, many.may_be_chance) == (True, False)


def test_the_interval_holds_the_true_ratio_about_as_often_as_it_says() -> None:
    def chance(count: int) -> float:
        return comb(60, count) * 0.6**count * 0.4 ** (60 - count)

    # Every outcome of two groups of 60 with the same rate of 0.6, weighed by its chance.
    held = sum(
        chance(count) * chance(best)
        for count in range(61)
        for best in range(1, 61)
        if impact_of(count=count, rated=60, best=best, best_rated=60).may_be_chance
    )

    assert 0.93 < held < 0.97


def test_the_reference_is_the_group_with_the_highest_rate() -> None:
    found = regions(tally(north=(30, 10, 0), south=(15, 25, 5), west=(29, 11, 0)))

    by_name = {group.name: impact for group, impact in found.groups}
    assert found.reference == "north"
    assert {name: each.ratio for name, each in by_name.items()} == {
        "north": Decimal("1.0000"),
        "south": Decimal("0.5000"),
        "west": Decimal("0.9667"),
    }
    assert [name for name, each in by_name.items() if each.opens_review] == ["south"]


def test_a_small_group_never_hides_alone() -> None:
    found = regions(tally(north=(30, 10, 0), south=(15, 25, 0), tiny=(1, 0, 0), west=(11, 1, 0)))

    assert [group.name for group, _ in found.groups] == ["north", "south"]
    assert (found.hidden, found.hidden_subjects) == (2, 13)


def test_small_groups_that_are_few_together_take_another_along() -> None:
    found = regions(tally(north=(30, 11, 0), south=(15, 25, 0), t1=(1, 0, 0), t2=(0, 1, 1)))

    assert [group.name for group, _ in found.groups] == ["north"]
    assert (found.hidden, found.hidden_subjects) == (3, 43)


def test_where_all_are_small_nothing_is_shown() -> None:
    found = regions(tally(one=(3, 1, 0), two=(2, 0, 0)))

    assert (found.groups, found.reference) == ((), None)
    assert (found.hidden, found.hidden_subjects) == (2, 6)


def test_groups_without_any_favourable_grade_have_no_ratio() -> None:
    found = regions(tally(north=(0, 20, 0), south=(0, 0, 20)))

    assert [(impact.ratio, impact.opens_review) for _, impact in found.groups] == [
        (None, False),
        (None, False),
    ]
