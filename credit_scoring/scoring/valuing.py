"""Steps 7 and 8: from sums to a value, by caps, the clamp and the vetoes.

A side of a category counts up to its cap, so its sum decides the value, whatever is cut; which fact
is cut matters to the lines alone.
"""

from collections.abc import Mapping

from credit_scoring.rule_sets.rule_set import MILLI, Scale, Subject
from credit_scoring.scoring.answer import Adjustment, AdjustmentKind
from credit_scoring.scoring.assessing import Assessment
from credit_scoring.scoring.facts import KnownFact


def total_of(subject: Subject, plus: Mapping[str, int], minus: Mapping[str, int]) -> int:
    """Return base and counted points in thousandths, from the raw sums of each side."""
    total = subject.base * MILLI
    for category, amount in plus.items():
        total += min(amount, subject.categories[category].max_plus * MILLI)
    for category, amount in minus.items():
        total -= min(amount, subject.categories[category].max_minus * MILLI)
    return total


def value_of(total: int, scale: Scale, *, soft_steps: int, is_red: bool) -> int:
    """Return the value in thousandths: clamped, steps taken, held below the red line."""
    value = clamped(total, scale)
    for _ in range(min(soft_steps, scale.soft_veto_max_steps)):
        value = one_grade_down(value, scale)
    return min(value, scale.hard_veto_cap * MILLI) if is_red else value


def clamped(total: int, scale: Scale) -> int:
    """Return the total within the index's range, in thousandths."""
    return max(scale.min * MILLI, min(scale.max * MILLI, total))


def one_grade_down(value: int, scale: Scale) -> int:
    """Return the value one grade lower: a point under its grade's floor; the lowest grade stays."""
    floor = scale.grade_of(value // MILLI).min
    return value if floor == scale.min else min(value, (floor - 1) * MILLI)


def adjust(total: int, scale: Scale, assessment: Assessment) -> tuple[int, list[Adjustment]]:
    """Return the value and a line for each adjustment, those that change nothing too."""
    value = clamped(total, scale)
    lines = [Adjustment(kind=AdjustmentKind.RANGE_CLAMP, milli=value - total)]
    for each in assessment.soft[: scale.soft_veto_max_steps]:
        before, value = value, one_grade_down(value, scale)
        lines.append(
            Adjustment(kind=AdjustmentKind.SOFT_VETO, milli=value - before, facts=(each.id,))
        )
    if assessment.hard:
        before, value = value, min(value, scale.hard_veto_cap * MILLI)
        facts = tuple(sorted(each.id for each in assessment.hard))
        lines.append(Adjustment(kind=AdjustmentKind.HARD_VETO, milli=value - before, facts=facts))
    return value, lines


def count(subject: Subject, assessment: Assessment) -> int:
    """Set what of each counting fact counts, the heaviest first; return the sum in thousandths."""
    left: dict[tuple[str, bool], int] = {}
    total = 0
    for each in sorted(assessment.counting, key=_by_weight):
        raw = each.raw
        is_plus = raw > 0
        side = (each.rule.category, is_plus)
        room = left.get(side)
        if room is None:
            category = subject.categories[each.rule.category]
            room = (category.max_plus if is_plus else category.max_minus) * MILLI
        counted = min(raw, room) if is_plus else max(raw, -room)
        left[side] = room - abs(counted)
        each.counted = counted
        total += counted
    return total


def _by_weight(each: KnownFact) -> tuple[int, int, str]:
    return -abs(each.raw), each.on, each.id
