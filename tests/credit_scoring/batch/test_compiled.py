from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from credit_scoring.batch.compiled import compiled, edges_on
from credit_scoring.batch.states import add_months as add_months_to_all
from credit_scoring.dates import add_months
from credit_scoring.rule_sets.reading import sealed
from credit_scoring.rule_sets.shipped import shipped

RULE_SET = shipped()[-1]
FIVE_YEARS = [date(2023, 1, 1) + timedelta(days=number) for number in range(1_827)]


@pytest.mark.parametrize(
    "as_of", [date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 1), date(2026, 8, 31)]
)
@pytest.mark.parametrize("grace_days", [0, 15])
def test_one_day_decides_what_adding_months_to_every_date_would(
    as_of: date, grace_days: int
) -> None:
    rule_set = sealed(replace(RULE_SET, grace_days=grace_days))
    grace = timedelta(days=grace_days)

    edges, rules = edges_on(rule_set, as_of), compiled(rule_set)

    for name, rule in rule_set.rules.items():
        code = rules.codes[name]
        assert [add_months(on + grace, rule.validity_months) <= as_of for on in FIVE_YEARS] == [
            on.toordinal() <= edges.expired[code] for on in FIVE_YEARS
        ]
        assert [
            rule.repairable
            and rule.min_months is not None
            and add_months(on, rule.min_months) <= as_of
            for on in FIVE_YEARS
        ] == [on.toordinal() <= edges.repairable[code] for on in FIVE_YEARS]


@pytest.mark.parametrize("months", [0, 1, 6, 11, 12, 60, 1_200])
def test_months_are_added_to_many_days_as_to_one(months: int) -> None:
    ordinals = np.array([day.toordinal() for day in FIVE_YEARS])

    later = add_months_to_all(ordinals, np.full(len(ordinals), months))

    assert later.tolist() == [add_months(day, months).toordinal() for day in FIVE_YEARS]


def test_a_rule_set_is_compiled_once() -> None:
    again = sealed(replace(RULE_SET))

    assert compiled(again) is compiled(RULE_SET)
