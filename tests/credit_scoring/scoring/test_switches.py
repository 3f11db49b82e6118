"""What the vectors leave out: the switches of a rule set, and facts that no set knows."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from credit_scoring.records import (
    DisputeClosed,
    DisputeOpened,
    Fact,
    Record,
    Repair,
    SubjectKind,
)
from credit_scoring.rule_sets.reading import sealed
from credit_scoring.rule_sets.rule_set import RuleSet
from credit_scoring.rule_sets.shipped import shipped
from credit_scoring.scoring.answer import FactState, Score
from credit_scoring.scoring.errors import FactDoubled, QuantityNotWhole
from credit_scoring.scoring.score import score

FIRST, SECOND = shipped()
KNOWN_AT = datetime(2030, 1, 1, tzinfo=UTC)
ENTERPRISE, PERSON = SubjectKind.ENTERPRISE, SubjectKind.PERSON


def fact(name: str, rule: str, on: str, **more: str) -> Fact:
    day = date.fromisoformat(on)
    return Fact(
        id=name,
        rule=rule,
        on=day,
        recorded_at=datetime(day.year, day.month, day.day, tzinfo=UTC),
        incident=more.get("incident"),
    )


def scored(
    records: list[Record],
    as_of: str,
    rule_set: RuleSet = SECOND,
    kind: SubjectKind = ENTERPRISE,
) -> Score:
    return score(
        kind, records, as_of=date.fromisoformat(as_of), known_at=KNOWN_AT, rule_set=rule_set
    )


@pytest.mark.parametrize(
    ("as_of", "index", "state", "rated"),
    [
        ("2026-05-24", 700, FactState.NOT_YET, True),
        ("2026-05-25", 550, FactState.ACTIVE, True),
        ("2026-11-24", 550, FactState.ACTIVE, True),
        ("2026-11-25", 700, FactState.EXPIRED, True),
    ],
)
def test_grace_moves_a_facts_whole_window(
    as_of: str, index: int, state: FactState, *, rated: bool
) -> None:
    graced = sealed(replace(SECOND, grace_days=15))

    found = scored([fact("a", "E-COMP-02", "2026-05-10")], as_of, graced)

    assert (found.credit_index, found.lines[0].state, found.rated) == (index, state, rated)


def test_a_repair_counts_from_the_document_not_from_the_end_of_grace() -> None:
    graced = sealed(replace(SECOND, grace_days=15))
    records: list[Record] = [
        fact("a", "E-COMP-02", "2026-05-10"),
        Repair(fact="a", on=date(2026, 6, 1), recorded_at=datetime(2026, 6, 1, tzinfo=UTC)),
    ]

    assert scored(records, "2026-08-09", graced).credit_index == 550
    assert scored(records, "2026-08-10", graced).credit_index == 700


def test_a_fact_repaired_within_its_grace_never_counts() -> None:
    graced = sealed(replace(SECOND, grace_days=15))
    records: list[Record] = [
        fact("a", "E-COMP-01", "2026-05-10"),
        Repair(fact="a", on=date(2026, 5, 12), recorded_at=datetime(2026, 5, 12, tzinfo=UTC)),
    ]

    states = [scored(records, f"2026-05-{day}", graced).lines[0].state for day in (11, 24, 25)]

    assert states == [FactState.NOT_YET, FactState.NOT_YET, FactState.EXPIRED]


def disputed() -> list[Record]:
    return [
        fact("a", "E-COMP-02", "2026-05-10"),
        DisputeOpened(fact="a", recorded_at=datetime(2026, 5, 20, 16, tzinfo=UTC)),
        DisputeClosed(fact="a", recorded_at=datetime(2026, 6, 1, 15, 59, 59, tzinfo=UTC)),
    ]


def test_a_disputed_fact_counts_and_says_so() -> None:
    found = scored(disputed(), "2026-05-25")

    assert (found.credit_index, found.disputed) == (550, ("a",))
    assert (found.lines[0].state, found.lines[0].disputed) == (FactState.ACTIVE, True)


@pytest.mark.parametrize(
    ("as_of", "index", "state", "rated", "disputed_facts"),
    [
        ("2026-05-20", 550, FactState.ACTIVE, True, ()),
        ("2026-05-21", 700, FactState.RESTING, False, ("a",)),
        ("2026-05-31", 700, FactState.RESTING, False, ("a",)),
        ("2026-06-01", 550, FactState.ACTIVE, True, ()),
        ("2026-05-09", 700, FactState.NOT_YET, False, ()),
    ],
)
def test_a_disputed_fact_rests_by_a_switch_and_rates_nothing(
    as_of: str, index: int, state: FactState, *, rated: bool, disputed_facts: tuple[str, ...]
) -> None:
    resting = sealed(replace(SECOND, disputed_rests=True))

    found = scored(disputed(), as_of, resting)

    assert (found.credit_index, found.lines[0].state) == (index, state)
    assert (found.rated, found.disputed) == (rated, disputed_facts)
    assert found.complete


def test_a_resting_veto_and_a_resting_level_do_nothing() -> None:
    resting = sealed(replace(SECOND, disputed_rests=True))
    at = datetime(2026, 5, 20, tzinfo=UTC)
    records: list[Record] = [
        fact("a", "E-VETO-06", "2026-05-10"),
        fact("b", "E-PERF-01", "2026-05-01"),
        fact("c", "E-PERF-05", "2026-05-10"),
        DisputeOpened(fact="a", recorded_at=at),
        DisputeOpened(fact="c", recorded_at=at),
    ]

    found = scored(records, "2026-05-25", resting)

    assert (found.credit_index, found.reasons, found.improve) == (760, (), ())


def test_an_improvement_knows_that_a_dispute_is_over_by_then() -> None:
    resting = sealed(replace(SECOND, disputed_rests=True))
    records: list[Record] = [
        fact("a", "E-COMP-02", "2026-05-10"),
        fact("b", "E-SOC-02", "2026-05-10"),
        DisputeOpened(fact="a", recorded_at=datetime(2026, 5, 20, tzinfo=UTC)),
        DisputeClosed(fact="a", recorded_at=datetime(2026, 7, 1, tzinfo=UTC)),
    ]

    found = scored(records, "2026-06-01", resting)

    assert found.credit_index == 680
    assert [(each.fact, each.credit_index) for each in found.improve] == [("b", 550)]


def test_a_rule_that_is_off_counts_for_nothing_and_is_named() -> None:
    found = scored([fact("a", "P-PROT-14", "2026-05-10")], "2026-06-01", kind=PERSON)

    assert (found.credit_index, found.lines[0].state) == (600, FactState.RULE_OFF)
    assert (found.rated, found.complete, found.reasons) == (False, True, ())


def test_a_test_row_is_off_in_a_live_set() -> None:
    found = scored([fact("a", "T-REP-01", "2026-05-10")], "2026-06-01")

    assert (found.credit_index, found.lines[0].state) == (700, FactState.RULE_OFF)


def test_the_older_set_repairs_nothing_and_promises_nothing() -> None:
    records: list[Record] = [
        fact("a", "E-COMP-02", "2026-01-10"),
        Repair(fact="a", on=date(2026, 2, 1), recorded_at=datetime(2026, 2, 1, tzinfo=UTC)),
    ]

    older, newer = scored(records, "2026-05-01", FIRST), scored(records, "2026-05-01", SECOND)

    assert (older.credit_index, older.improve) == (550, ())
    assert newer.credit_index == 700


def test_two_facts_of_one_id_are_refused() -> None:
    twice: list[Record] = [
        fact("a", "E-COMP-02", "2026-01-10"),
        fact("a", "E-SOC-01", "2026-01-10"),
    ]

    with pytest.raises(FactDoubled) as refusal:
        scored(twice, "2026-05-01")

    assert (refusal.value.code, refusal.value.fact) == ("credit_scoring.fact_doubled", "a")


def test_a_quantity_below_one_is_refused() -> None:
    none = replace(fact("a", "E-COMP-30", "2026-01-10"), quantity=0)

    with pytest.raises(QuantityNotWhole):
        scored([none], "2026-05-01")


def test_an_event_of_an_unknown_fact_has_no_effect() -> None:
    at = datetime(2026, 5, 1, tzinfo=UTC)
    records: list[Record] = [Repair(fact="x", on=at.date(), recorded_at=at)]

    assert scored(records, "2026-05-02").credit_index == 700
