"""Random histories for Hypothesis: few rules, near dates, so that everything meets everything."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from credit_scoring.records import (
    DisputeClosed,
    DisputeOpened,
    Fact,
    Record,
    Repair,
    Revocation,
    SubjectKind,
)
from credit_scoring.rule_sets.reading import sealed
from credit_scoring.rule_sets.rule_set import Rule, RuleSet
from credit_scoring.scoring.answer import Score
from credit_scoring.scoring.score import score
from tests.credit_scoring.shipped_vectors import rule_set_of_vectors

AS_OF = date(2026, 2, 28)
KNOWN_AT = datetime(2026, 3, 31, tzinfo=UTC)
DAYS_BEFORE, DAYS_AFTER = 1_200, 40
FACTS_MAX = 12
EVENTS_MAX = 6

kinds = st.sampled_from(SubjectKind)
days = st.integers(-DAYS_BEFORE, DAYS_AFTER).map(lambda days: AS_OF + timedelta(days=days))
instants = st.integers(-DAYS_BEFORE * 24, 60 * 24).map(
    lambda hours: datetime(2026, 2, 28, tzinfo=UTC) + timedelta(hours=hours)
)
rule_sets = st.builds(
    lambda grace, rests: sealed(
        replace(rule_set_of_vectors(), grace_days=grace, disputed_rests=rests)
    ),
    st.sampled_from([0, 15]),
    st.booleans(),
)


def rules_of(kind: SubjectKind) -> list[Rule]:
    """Every rule of a kind, those for tests too, in the order of their ids."""
    return [each for each in rule_set_of_vectors().rules.values() if each.subject is kind]


def is_alone(rule: Rule, records: Sequence[Record]) -> bool:
    """Whether a further fact of a rule displaces none: the named exceptions of the properties."""
    others = [
        rule_set_of_vectors().rules[each.rule]
        for each in records
        if isinstance(each, Fact) and each.rule in rule_set_of_vectors().rules
    ]
    keys = {each.supersede for each in others} - {None}
    limited = {each.id for each in others if each.frequency is not None}
    return rule.supersede not in keys and rule.id not in limited


def fact_of(rule: Rule, name: str, on: date) -> Fact:
    """A fact of a rule, known on its day."""
    return Fact(
        id=name, rule=rule.id, on=on, recorded_at=datetime(on.year, on.month, on.day, tzinfo=UTC)
    )


@st.composite
def histories(draw: st.DrawFn, kind: SubjectKind) -> list[Record]:
    """Facts of a few rules, one of them unknown, with repairs, revocations and disputes."""
    rules = draw(
        st.lists(st.sampled_from(rules_of(kind)), min_size=1, max_size=5, unique_by=lambda r: r.id)
    )
    names = [*(each.id for each in rules), *(each.id for each in rules), "X-NONE"]
    facts = [
        Fact(
            id=f"f{number}",
            rule=draw(st.sampled_from(names)),
            on=draw(days),
            recorded_at=draw(instants),
            quantity=draw(st.sampled_from([1, 1, 2, 7])),
            incident=draw(st.sampled_from([None, None, "I", "J"])),
        )
        for number in range(draw(st.integers(0, FACTS_MAX)))
    ]
    records: list[Record] = list(facts)
    if facts:
        records += draw(st.lists(_events([each.id for each in facts]), max_size=EVENTS_MAX))
    return records


def _events(names: list[str]) -> st.SearchStrategy[Record]:
    fact = st.sampled_from(names)
    return st.one_of(
        st.builds(Repair, fact=fact, on=days, recorded_at=instants),
        st.builds(Revocation, fact=fact, recorded_at=instants),
        st.builds(DisputeOpened, fact=fact, recorded_at=instants),
        st.builds(DisputeClosed, fact=fact, recorded_at=instants),
    )


def scored(
    kind: SubjectKind,
    records: Sequence[Record],
    rule_set: RuleSet,
    *,
    as_of: date = AS_OF,
    known_at: datetime = KNOWN_AT,
) -> Score:
    """Score as of the tests' day."""
    return score(kind, records, as_of=as_of, known_at=known_at, rule_set=rule_set)
