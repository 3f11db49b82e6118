"""The score of one subject: records and a rule set in, an index with its whole explanation out.

``score(kind, records, as_of=, known_at=, rule_set=)`` is pure. It works in whole thousandths of a
point and on day ordinals; the answer is the same for any order of the records.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from credit_scoring.dates import add_months_to_ordinal
from credit_scoring.records import Record, SubjectKind
from credit_scoring.rule_sets.rule_set import MILLI, RuleSet, Veto
from credit_scoring.scoring.answer import FactState, Line, Score
from credit_scoring.scoring.assessing import Assessment, assess
from credit_scoring.scoring.facts import Known, KnownFact, ToldFact, known_facts
from credit_scoring.scoring.improving import Days, improvements
from credit_scoring.scoring.records_hash import records_hash
from credit_scoring.scoring.sub_indices import sub_indices_of
from credit_scoring.scoring.valuing import adjust, count
from kernel.errors import ensure

REASONS_MAX = 4
RATED_MONTHS = 12
_ACTIVE = FactState.ACTIVE
_COUNTS_FOR_NOTHING = {FactState.REVOKED, FactState.RULE_OFF, FactState.RESTING}


def score(
    kind: SubjectKind,
    records: Sequence[Record],
    *,
    as_of: date,
    known_at: datetime,
    rule_set: RuleSet,
) -> Score:
    """Score one subject as of a day, by what was known at an instant.

    Raises:
        FactDoubled: two facts have one id.
        QuantityNotWhole: a quantity below one.
    """
    known = known_facts(kind, records, known_at=known_at, rule_set=rule_set)
    day = as_of.toordinal()
    subject = rule_set.subjects[kind]
    live = _set_states(known.facts, day, rests=rule_set.disputed_rests)
    is_rated = _is_rated(known.facts, day)
    assessment = assess(live, day)
    counted = count(subject, assessment)
    base = subject.base * MILLI
    value, adjustments = adjust(base + counted, rule_set.scale, assessment)
    lines = _lines(known, day)
    ensure(
        base + sum(each.counted_milli for each in lines) + sum(each.milli for each in adjustments)
        == value,
        f"base, lines and adjustments of a {kind.value} do not add up to {value}",
    )
    grade = rule_set.scale.grade_of(value // MILLI)
    return Score(
        kind=kind,
        as_of=as_of,
        known_at=known_at,
        rule_set_version=rule_set.version,
        rule_set_hash=rule_set.hash,
        records_hash=records_hash(known.records),
        credit_index=value // MILLI,
        grade=grade.grade,
        colour=grade.colour,
        rated=is_rated,
        complete=all(each.fixed is FactState.REVOKED for each in known.strangers),
        base_milli=base,
        value_milli=value,
        lines=lines,
        adjustments=tuple(adjustments),
        reasons=_reasons(assessment),
        sub_indices=sub_indices_of(known.facts, rule_set) if kind is SubjectKind.ENTERPRISE else {},
        disputed=tuple(sorted(each.fact for each in lines if each.disputed)),
        # Last, for it assesses other days and leaves their states behind.
        improve=improvements(
            Days(known.facts, rule_set, subject), day, live=live, assessment=assessment
        ),
    )


def _set_states(facts: Iterable[KnownFact], day: int, *, rests: bool) -> list[KnownFact]:
    """Set each fact's state by its window and its dispute; return those that are active."""
    live = []
    for each in facts:
        if each.fixed is not None:
            continue
        if day < each.start:
            each.state = FactState.NOT_YET
        elif day >= each.end:
            each.state = FactState.EXPIRED
        elif rests and each.disputed_on(day):
            each.state = FactState.RESTING
        else:
            live.append(each)
    return live


def _is_rated(facts: Iterable[KnownFact], day: int) -> bool:
    """Say whether a fact is active, or happened within the last twelve months."""
    after = add_months_to_ordinal(day, -RATED_MONTHS)
    return any(
        each.state is _ACTIVE or after < each.on <= day
        for each in facts
        if each.state not in _COUNTS_FOR_NOTHING
    )


def _reasons(assessment: Assessment) -> tuple[str, ...]:
    """Return rule ids, hard vetoes first, then soft, then by points lost; each once."""
    lost: dict[str, int] = {}
    rank: dict[str, int] = {}
    for each in assessment.standing:
        rule = each.rule
        if each.state is _ACTIVE and each.counted < 0:
            lost[rule.id] = lost.get(rule.id, 0) - each.counted
        if rule.veto is not None:
            rank[rule.id] = 0 if rule.veto is Veto.HARD else 1
    named = rank.keys() | lost.keys()
    ordered = sorted(named, key=lambda rule: (rank.get(rule, 2), -lost.get(rule, 0), rule))
    return tuple(ordered[:REASONS_MAX])


def _lines(known: Known, day: int) -> tuple[Line, ...]:
    told: list[ToldFact] = sorted([*known.facts, *known.strangers], key=_place)
    return tuple([_line(each, day) for each in told])


def _place(each: ToldFact) -> tuple[int, str]:
    return each.on, each.id


def _line(each: ToldFact, day: int) -> Line:
    disputed = each.disputes is not None and each.disputed_on(day)
    if not isinstance(each, KnownFact):
        ensure(each.fixed is not None, "a fact without a rule has a state of its own")
        return Line(
            fact=each.id,
            rule=each.fact.rule,
            category=None,
            on=each.fact.on,
            start=None,
            end=None,
            state=each.fixed or FactState.UNKNOWN_RULE,
            raw_milli=0,
            counted_milli=0,
            cut_milli=0,
            absorbed_by=None,
            veto=None,
            disputed=disputed,
        )
    rule = each.rule
    return Line(
        fact=each.id,
        rule=rule.id,
        category=rule.category,
        on=each.fact.on,
        start=date.fromordinal(each.start),
        end=date.fromordinal(each.end),
        state=each.state,
        raw_milli=each.raw,
        counted_milli=each.counted,
        cut_milli=each.raw - each.counted if each.state is _ACTIVE else 0,
        absorbed_by=each.absorbed_by,
        veto=rule.veto,
        disputed=disputed,
    )
