"""What must hold of every score, over random histories."""

import json
from datetime import date, timedelta
from hashlib import sha256
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from credit_scoring.dates import add_months
from credit_scoring.records import Fact, Record, Repair, Revocation, SubjectKind
from credit_scoring.rule_sets.document import read_json
from credit_scoring.rule_sets.reading import read_rule_set
from credit_scoring.rule_sets.rule_set import Direction, RuleSet
from credit_scoring.scoring.answer import FactState, Improvement, Score
from credit_scoring.scoring.records_hash import document_of_record, records_hash
from credit_scoring.vectors.records import records_of
from kernel.canonical import canonical
from tests.credit_scoring.scoring.drawing import (
    AS_OF,
    KNOWN_AT,
    days,
    fact_of,
    histories,
    is_alone,
    kinds,
    rule_sets,
    rules_of,
    scored,
)

STANDING = {FactState.ACTIVE, FactState.ABSORBED, FactState.OVER_FREQUENCY}
Drawn = tuple[SubjectKind, list[Record], RuleSet]


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    kind = draw(kinds)
    return kind, draw(histories(kind)), draw(rule_sets)


@given(drawn(), st.randoms(use_true_random=False))
def test_the_order_of_the_records_does_not_matter(of: Drawn, random: Random) -> None:
    kind, records, rule_set = of
    shuffled = records[:]
    random.shuffle(shuffled)

    assert scored(kind, shuffled, rule_set) == scored(kind, records, rule_set)


@given(drawn())
def test_every_thousandth_is_explained(of: Drawn) -> None:
    found = scored(*of)

    counted = sum(line.counted_milli for line in found.lines)
    adjusted = sum(each.milli for each in found.adjustments)
    assert found.base_milli + counted + adjusted == found.value_milli
    assert 0 <= found.credit_index == found.value_milli // 1_000 <= 1_000
    assert len(found.reasons) <= 4
    assert len(found.improve) <= 2


@given(drawn(), st.data(), days)
def test_a_plus_never_lowers_the_index(of: Drawn, data: st.DataObject, on: date) -> None:
    kind, records, rule_set = of
    rules = [
        each
        for each in rules_of(kind)
        if each.direction is Direction.PLUS and is_alone(each, records)
    ]
    fact = fact_of(data.draw(st.sampled_from(rules)), "plus", on)

    before, after = scored(kind, records, rule_set), scored(kind, [*records, fact], rule_set)

    assert after.credit_index >= before.credit_index


@given(drawn(), st.data(), days)
def test_a_minus_never_raises_the_index(of: Drawn, data: st.DataObject, on: date) -> None:
    kind, records, rule_set = of
    rules = [each for each in rules_of(kind) if each.points <= 0 and is_alone(each, records)]
    fact = fact_of(data.draw(st.sampled_from(rules)), "minus", on)

    before, after = scored(kind, records, rule_set), scored(kind, [*records, fact], rule_set)

    assert after.credit_index <= before.credit_index


@given(drawn(), st.data(), days)
def test_a_repair_never_lowers_the_index(of: Drawn, data: st.DataObject, on: date) -> None:
    kind, records, rule_set = of
    facts = [
        each
        for each in records
        if isinstance(each, Fact)
        and each.rule in rule_set.rules
        and is_alone(rule_set.rules[each.rule], [other for other in records if other is not each])
        and rule_set.rules[each.rule].direction is not Direction.PLUS
    ]
    if not facts:
        return
    fact = data.draw(st.sampled_from(facts))
    repair = Repair(fact=fact.id, on=on, recorded_at=fact.recorded_at)

    before, after = scored(kind, records, rule_set), scored(kind, [*records, repair], rule_set)

    assert after.credit_index >= before.credit_index


@given(drawn(), st.data())
def test_a_revoked_fact_is_as_if_never_recorded(of: Drawn, data: st.DataObject) -> None:
    kind, records, rule_set = of
    facts = [each for each in records if isinstance(each, Fact)]
    if not facts:
        return
    fact = data.draw(st.sampled_from(facts))
    revocation = Revocation(fact=fact.id, recorded_at=KNOWN_AT)
    never = [
        each for each in records if (each.id if isinstance(each, Fact) else each.fact) != fact.id
    ]

    revoked, without = scored(kind, [*records, revocation], rule_set), scored(kind, never, rule_set)

    assert all(line.state is FactState.REVOKED for line in revoked.lines if line.fact == fact.id)
    assert told_without(revoked, fact.id) == told_without(without, fact.id)


def told_without(found: Score, fact: str) -> object:
    """Everything that an answer says, but of one fact and of the hash of all records."""
    return (
        (found.value_milli, found.grade, found.rated, found.complete, found.reasons),
        (found.adjustments, found.improve, found.sub_indices),
        tuple(line for line in found.lines if line.fact != fact),
        tuple(each for each in found.disputed if each != fact),
    )


@given(drawn(), st.data(), days)
def test_what_became_known_later_never_matters(of: Drawn, data: st.DataObject, on: date) -> None:
    kind, records, rule_set = of
    later = KNOWN_AT + timedelta(microseconds=1)
    rule = data.draw(st.sampled_from(rules_of(kind)))
    fact = Fact(id="later", rule=rule.id, on=on, recorded_at=later)
    names = [each.id for each in records if isinstance(each, Fact)]
    told: list[Record] = [Revocation(fact=name, recorded_at=later) for name in names]

    assert scored(kind, [*records, fact, *told], rule_set) == scored(kind, records, rule_set)


@given(drawn())
def test_past_every_end_the_base_is_left(of: Drawn) -> None:
    kind, records, rule_set = of

    found = scored(kind, records, rule_set, as_of=date(2099, 1, 1))

    assert found.value_milli == rule_set.subjects[kind].base * 1_000
    assert (found.reasons, found.improve, found.rated) == ((), (), False)


@given(drawn())
def test_a_stored_score_is_replayed_by_its_hashes(of: Drawn) -> None:
    kind, records, rule_set = of
    first = scored(kind, records, rule_set)
    stored_set = read_rule_set(read_json(rule_set.canonical))
    known = [each for each in records if each.recorded_at <= KNOWN_AT]
    # What a later knowledge refers to is not stored with it.
    facts = {each.id for each in known if isinstance(each, Fact)}
    stored = [each for each in known if isinstance(each, Fact) or each.fact in facts]
    text = json.dumps([document_of_record(each) for each in stored])

    replayed = scored(kind, records_of(read_json(text.encode())), stored_set)

    assert stored_set.hash == first.rule_set_hash
    assert replayed == scored(kind, stored, rule_set)
    assert told_without(replayed, "") == told_without(first, "")


@given(drawn())
def test_the_hash_is_of_the_canonical_list_of_all_records(of: Drawn) -> None:
    _, records, _ = of
    documents = sorted(
        (document_of_record(each) for each in records),
        key=lambda each: (
            each["recorded_at"],
            each["type"],
            each.get("id") or each["ref"],
            canonical(each).decode(),
        ),
    )

    assert records_hash(records) == sha256(canonical(documents)).hexdigest()


@given(drawn())
def test_improvements_are_those_of_scoring_anew_with_each_repair(of: Drawn) -> None:
    kind, records, rule_set = of
    first = scored(kind, records, rule_set)
    found = []
    for line in first.lines:
        rule = rule_set.rules.get(line.rule)
        if line.state not in STANDING or rule is None or rule.min_months is None:
            continue
        if not rule.repairable or not (rule.direction is Direction.MINUS or rule.veto):
            continue
        day = max(AS_OF, add_months(line.on, rule.min_months))
        repair = Repair(fact=line.fact, on=day, recorded_at=KNOWN_AT)
        before = scored(kind, records, rule_set, as_of=day)
        after = scored(kind, [*records, repair], rule_set, as_of=day)
        gain = after.credit_index - before.credit_index
        if gain > 0:
            floor = rule_set.scale.grade_of(after.credit_index).min
            found.append(((-floor, -gain, day, line.rule, line.fact), after))

    assert first.improve == tuple(
        Improvement(
            fact=order[4],
            rule=order[3],
            day=order[2],
            credit_index=after.credit_index,
            grade=after.grade,
            gain=-order[1],
        )
        for order, after in sorted(found, key=lambda each: each[0])[:2]
    )
