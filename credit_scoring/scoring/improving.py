"""Step 9, improve (改善路径): which repair would raise the index, when, and to what.

A repair on the first day on which it could count ends the fact on that very day. So the index with
it is that day's index without the fact, and for a fact that keeps no other from counting it follows
from the day's sums. Only where it does (it supersedes, fills a frequency, absorbs or steps for
another of its incident) is the day assessed again.
"""

from datetime import date

from credit_scoring.dates import add_months_to_ordinal
from credit_scoring.rule_sets.rule_set import MILLI, Direction, Grade, RuleSet, Subject, Veto
from credit_scoring.scoring.answer import Improvement
from credit_scoring.scoring.assessing import Assessment, assess
from credit_scoring.scoring.facts import KnownFact
from credit_scoring.scoring.valuing import total_of, value_of

IMPROVEMENTS_MAX = 2


class Days:
    """A subject's facts, assessed for each day that is asked for."""

    def __init__(self, facts: list[KnownFact], rule_set: RuleSet, subject: Subject) -> None:
        self.facts = [each for each in facts if each.fixed is None]
        self.rule_set = rule_set
        self.subject = subject
        self.assessed: dict[int, tuple[list[KnownFact], Assessment, int]] = {}

    def live_on(self, day: int) -> list[KnownFact]:
        """Return the facts that do not rest on a day."""
        if not self.rule_set.disputed_rests:
            return self.facts
        return [each for each in self.facts if not each.disputed_on(day)]

    def index_of(self, assessment: Assessment) -> int:
        """Return the index that an assessment gives."""
        return self._index(
            assessment.plus,
            assessment.minus,
            soft_steps=len(assessment.soft),
            is_red=bool(assessment.hard),
        )

    def index_with_repair(self, fact: KnownFact, day: int) -> tuple[int, int]:
        """Return a day's index with the repair of a fact on that day, and without."""
        if not fact.start <= day < fact.end:
            # It has ended by itself, or by the repair that it has: nothing is gained.
            return 0, 0
        found = self.assessed.get(day)
        if found is None:
            live = self.live_on(day)
            assessment = assess(live, day)
            found = self.assessed[day] = live, assessment, self.index_of(assessment)
        live, assessment, index = found
        if fact not in assessment.standing:
            return index, index
        if fact.id in assessment.entangled:
            return self.index_of(assess(live, day, without=fact)), index
        return self._index_without(fact, assessment, day), index

    def _index_without(self, fact: KnownFact, assessment: Assessment, day: int) -> int:
        """Return the day's index without a fact that keeps no other from counting."""
        rule, minus = fact.rule, assessment.minus
        if fact in assessment.counting:
            raw = fact.raw_on(day)
            if raw < 0:
                minus = minus | {rule.category: minus[rule.category] + raw}
        return self._index(
            assessment.plus,
            minus,
            soft_steps=len(assessment.soft) - (rule.veto is Veto.SOFT),
            is_red=len(assessment.hard) > (rule.veto is Veto.HARD),
        )

    def _index(
        self, plus: dict[str, int], minus: dict[str, int], *, soft_steps: int, is_red: bool
    ) -> int:
        total = total_of(self.subject, plus, minus)
        value = value_of(total, self.rule_set.scale, soft_steps=soft_steps, is_red=is_red)
        return value // MILLI


def improvements(
    days: Days, as_of: int, *, live: list[KnownFact], assessment: Assessment
) -> tuple[Improvement, ...]:
    """Return the repairs that would raise the index, the best first, at most two.

    ``live`` are the facts that were assessed for ``as_of``; their states change.
    """
    repairable = [each for each in assessment.standing if _is_repairable(each)]
    days.assessed[as_of] = live, assessment, days.index_of(assessment)
    grade_of = days.rule_set.scale.grade_of
    found = []
    for each in repairable:
        minimum = each.rule.min_months
        if minimum is None:
            continue
        day = max(as_of, add_months_to_ordinal(each.on, minimum))
        index, before = days.index_with_repair(each, day)
        if index > before:
            grade = grade_of(index)
            order = (-grade.min, before - index, day, each.rule.id, each.id)
            found.append((order, index, grade))
    return tuple(
        _improvement(order, index, grade)
        for order, index, grade in sorted(found, key=lambda each: each[0])[:IMPROVEMENTS_MAX]
    )


def _is_repairable(each: KnownFact) -> bool:
    rule = each.rule
    return rule.repairable and (rule.direction is Direction.MINUS or rule.veto is not None)


def _improvement(order: tuple[int, int, int, str, str], index: int, grade: Grade) -> Improvement:
    _, loss, day, rule, fact = order
    return Improvement(
        fact=fact,
        rule=rule,
        day=date.fromordinal(day),
        credit_index=index,
        grade=grade.grade,
        gain=-loss,
    )
