"""Sub-indices by the most that they could be, and the place of a firm within its trade."""

from datetime import UTC, date, datetime

import pytest

from credit_scoring.records import Fact, SubjectKind
from credit_scoring.rule_sets.rule_set import SubIndexName
from credit_scoring.rule_sets.shipped import shipped
from credit_scoring.scoring.score import score
from credit_scoring.scoring.sub_indices import sector_percentile

RESOURCES, ENERGY, PERFORMANCE = SubIndexName
KNOWN_AT = datetime(2030, 1, 1, tzinfo=UTC)


def sub_indices(*rules: str, kind: SubjectKind = SubjectKind.ENTERPRISE) -> object:
    facts = [
        Fact(
            id=f"f{number}",
            rule=rule,
            on=date(2026, 5, 1),
            recorded_at=datetime(2026, 5, 1, number, tzinfo=UTC),
        )
        for number, rule in enumerate(rules)
    ]
    found = score(kind, facts, as_of=date(2026, 5, 2), known_at=KNOWN_AT, rule_set=shipped()[-1])
    return found.sub_indices


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ((), (None, None, None)),
        (("E-SOC-11",), (None, None, None)),
        (("E-PERF-01",), (None, 1_000, None)),
        (("E-PERF-05",), (None, 0, None)),
        (("E-PERF-02",), (None, 750, None)),
        (("E-PERF-03",), (None, 500, None)),
        (("E-PERF-1B",), (571, None, None)),
        (("E-PERF-1D",), (441, None, None)),
        (("E-ECO-11",), (58, None, None)),
        (("E-MGMT-02", "E-COMP-02"), (None, None, 407)),
        (("E-VETO-06",), (None, None, 302)),
        (("E-COMP-20",), (None, None, 500)),
        (("E-PERF-01", "E-PERF-05"), (None, 0, None)),
    ],
)
def test_a_sub_index_is_of_the_counted_points_of_its_rules(
    rules: tuple[str, ...], found: tuple[int | None, ...]
) -> None:
    assert sub_indices(*rules) == dict(zip(SubIndexName, found, strict=True))


def test_only_an_enterprise_has_sub_indices() -> None:
    assert sub_indices("V-PROT-01", kind=SubjectKind.VILLAGE) == {}


@pytest.mark.parametrize(
    ("indices", "own", "found"),
    [
        ([700] * 19, 700, None),
        ([700] * 20, 700, 5_000),
        (list(range(20)), 19, 9_750),
        (list(range(20)), 0, 250),
        ([500] * 10 + [700] * 20, 700, 6_666),
        ([500] * 10 + [700] * 20, 600, 3_333),
    ],
)
def test_a_percentile_is_the_mid_rank_and_wants_twenty_firms(
    indices: list[int], own: int, found: int | None
) -> None:
    assert sector_percentile(indices, own) == found
