"""A map's figures and classes: decimal, the same every time, and a reason where there is none."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gep.registry.service import Group
from gep.space.choropleth import (
    Measure,
    NoData,
    Subject,
    class_of,
    classes_of,
    contributions_of,
    figure_of,
)
from tests.gep.space.watching.test_judging import account

TOTAL, VISITS = Subject(), Subject(service="C1")
values = st.lists(st.decimals(-(10**9), 10**9, places=2), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("subject", "measure", "expected"),
    [
        (TOTAL, Measure.VALUE, "3000000.00"),
        (VISITS, Measure.VALUE, "2000000.00"),
        (Subject(group=Group.MATERIAL), Measure.VALUE, "1000000.00"),
        (TOTAL, Measure.PER_KM2, "2000.00"),
        (VISITS, Measure.PER_HEAD, "200.00"),
        (VISITS, Measure.SHARE, "0.666667"),
        (TOTAL, Measure.GROWTH_CONSTANT, "-0.250000"),
        (VISITS, Measure.GROWTH_CONSTANT, "-0.333333"),
        (Subject(group=Group.MATERIAL), Measure.GROWTH_CONSTANT, "0.000000"),
    ],
)
def test_a_figure_is_of_a_service_a_group_or_the_total(
    subject: Subject, measure: Measure, expected: str
) -> None:
    area = {"id": "1", "name": "x", "km2": "1500", "population": "10000"}
    now, base = account(2025, "20000", area=area), account(2024, "30000", area=area)

    assert str(figure_of(now, base, subject=subject, measure=measure)) == expected


@pytest.mark.parametrize(
    ("changes", "subject", "measure", "reason"),
    [
        (None, TOTAL, Measure.VALUE, NoData.NO_ACCOUNT),
        ({}, Subject(service="R1"), Measure.VALUE, NoData.NOT_IN_ACCOUNT),
        ({}, Subject(group=Group.REGULATING), Measure.VALUE, NoData.NOT_IN_ACCOUNT),
        ({}, TOTAL, Measure.PER_HEAD, NoData.POPULATION_MISSING),
        ({}, TOTAL, Measure.GROWTH_CONSTANT, NoData.NO_BASE_ACCOUNT),
    ],
)
def test_a_unit_without_a_figure_says_why(
    changes: dict[str, Any] | None, subject: Subject, measure: Measure, reason: NoData
) -> None:
    found = None if changes is None else account(2025, "20000", **changes)

    assert figure_of(found, None, subject=subject, measure=measure) is reason


def test_accounts_that_do_not_compare_have_no_growth() -> None:
    base = account(2024, "20000", land_cover={"product": "another", "resolution_m": "30"})

    found = figure_of(account(2025, "20000"), base, subject=TOTAL, measure=Measure.GROWTH_CONSTANT)

    assert found is NoData.NOT_COMPARABLE


def test_contributions_are_shares_of_what_is_shown() -> None:
    found = contributions_of({"A": Decimal(3), "B": Decimal(1)})

    assert found == {"A": Decimal("0.750000"), "B": Decimal("0.250000")}
    assert contributions_of({"A": Decimal(0)}) == {"A": NoData.TOTAL_NOT_ABOVE_ZERO}


def test_classes_are_of_as_many_units_or_as_wide() -> None:
    found = classes_of(
        [Decimal(each).quantize(Decimal("0.01")) for each in (1, 2, 3, 4, 100)], count=5
    )

    assert [str(each) for each in found.quantile] == ["1.00", "2.00", "3.00", "4.00", "100.00"]
    assert [str(each) for each in found.equal] == [
        "20.80",
        "40.60",
        "60.40",
        "80.20",
        "100.00",
    ]
    assert [class_of(Decimal(each), found.equal) for each in (1, 4, 100)] == [1, 1, 5]
    assert classes_of([], count=5).quantile == ()


@given(values, st.integers(2, 9))
def test_every_value_has_a_class_and_equal_values_have_one(
    found: list[Decimal], count: int
) -> None:
    classes = classes_of(found, count=count)

    for bounds in (classes.quantile, classes.equal):
        numbers = [class_of(each, bounds) for each in sorted(found)]
        assert len(bounds) == count
        assert list(bounds) == sorted(bounds)
        assert bounds[-1] == max(found)
        assert numbers == sorted(numbers)
    assert classes == classes_of(found[::-1], count=count)
