"""Native results from a subject's archive: points of its active facts, or its worst record.

Active are the facts whose line in the score says so: in force on the day, and neither superseded,
over their frequency nor absorbed.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from credit_scoring.native.errors import NativeInputRefused
from credit_scoring.native.rating import NativeResult, rate, scheme_of
from credit_scoring.records import Fact, Record, SubjectKind
from credit_scoring.rule_sets.rule_set import (
    ArchiveGrades,
    Direction,
    Evaluator,
    Rule,
    RuleSet,
    Scheme,
)
from credit_scoring.scoring.answer import FactState, Score


def archive_schemes(rule_set: RuleSet) -> tuple[str, ...]:
    """Return the schemes that can be worked out from an archive, in the order of their names."""
    return tuple(
        name
        for name, scheme in rule_set.schemes.items()
        if scheme.is_on and (scheme.archive_points or scheme.archive_grades is not None)
    )


def rate_archive(
    rule_set: RuleSet, name: str, *, score: Score, records: Sequence[Record]
) -> NativeResult:
    """Rate a subject by a native scheme, from the facts that are active in its score.

    Raises:
        SchemeUnknown, SchemeOff: the scheme does not run.
        NativeInputRefused: the scheme is not worked out from an archive, or not for this kind.
    """
    scheme = scheme_of(rule_set, name)
    if score.kind is not SubjectKind.ENTERPRISE:
        raise NativeInputRefused(
            name, field="subject", expected=SubjectKind.ENTERPRISE, found=score.kind
        )
    active = {line.fact for line in score.lines if line.state is FactState.ACTIVE}
    facts = [each for each in records if isinstance(each, Fact) and each.id in active]
    if scheme.evaluator is Evaluator.WORST_RECORD and scheme.archive_grades is not None:
        rules = [rule_set.rules[each.rule] for each in facts]
        grade = _worst(scheme, scheme.archive_grades, rules)
        return NativeResult(scheme=name, score=None, grade=grade, credit_index=None)
    if not scheme.archive_points:
        raise NativeInputRefused(
            name, field="scheme", expected="a scheme with rules of the archive", found=name
        )
    return rate(scheme, _points(scheme, facts))


def _points(scheme: Scheme, facts: Sequence[Fact]) -> Decimal:
    rows = {each.rule: each for each in scheme.archive_points}
    total = scheme.base or 0
    for fact in facts:
        row = rows.get(fact.rule)
        if row is not None:
            units = 1 if row.units_max is None else min(fact.quantity, row.units_max)
            total += row.points * units
    return Decimal(total if scheme.max is None else min(total, scheme.max))


def _worst(scheme: Scheme, grades: ArchiveGrades, rules: Sequence[Rule]) -> str:
    """Return the worst grade that a rule brings; bands stand in order, the best first."""
    order: Mapping[str, int] = {band.grade: place for place, band in enumerate(scheme.bands)}
    worst = grades.none
    for rule in rules:
        grade = _grade_of(grades, rule)
        if grade is not None and order[grade] > order[worst]:
            worst = grade
    return worst


def _grade_of(grades: ArchiveGrades, rule: Rule) -> str | None:
    if rule.id in grades.by_rule:
        return grades.by_rule[rule.id]
    is_bad = rule.direction is Direction.MINUS or rule.veto is not None
    if not is_bad or rule.category not in grades.categories:
        return None
    return grades.by_severity.get(rule.severity)
