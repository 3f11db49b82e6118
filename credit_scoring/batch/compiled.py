"""A rule set as arrays: one row a rule, in the order of rule ids, and a last row for unknown ones.

A fact's rule is a code, the row's number; ``UNKNOWN_RULE`` (-1) falls on the last row. ``edges_on``
turns every period of the rules into the one day that decides on a given date, so that no month is
added for a fact: a day later by months is never before an earlier day later by as many.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from credit_scoring.dates import add_months
from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.rule_set import MILLI, Decay, Rule, RuleSet, Veto

Whole = npt.NDArray[np.int64]
Days = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

UNKNOWN_RULE = -1
NONE = -1
NEVER = 0  # before every date's ordinal: a period that never is over
UNLIMITED = np.iinfo(np.int64).max
NO_VETO, SOFT, HARD = 0, 1, 2
RATED_MONTHS = 12
KINDS = tuple(SubjectKind)
RULE_SETS_KEPT = 16
EDGES_KEPT = 256


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompiledRules:
    """The rules of a set by code, and its scale; amounts in thousandths of a point.

    ``bucket`` is twice the category's number within its kind, for a plus, and one more for a minus;
    ``caps`` holds the caps of a kind by bucket. ``level`` and ``frequent`` number the supersede
    keys and the rules with a frequency, ``NONE`` elsewhere. ``grade_floors`` ascend.
    """

    rule_set: RuleSet
    rule_ids: tuple[str, ...]
    codes: Mapping[str, int]
    kind: npt.NDArray[np.int8]
    is_on: Flags
    points: Whole
    divisor: Whole
    event_cap: Whole
    is_linear: Flags
    validity: Whole
    veto: npt.NDArray[np.int8]
    level: Whole
    levels: int
    frequent: Whole
    frequent_max: Whole
    frequents: int
    bucket: Whole
    buckets: int
    base: Whole
    caps: Whole
    grades: tuple[str, ...]
    colours: tuple[str, ...]
    grade_floors: Whole


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Edges:
    """The days that decide on a date, as ordinals; by rule code where they are arrays.

    A fact has started if its day is at or before ``started``; it is over if that is at or before
    ``expired``, and its repair counts if it is at or before ``repairable``; under a frequency it
    is within the window if it is after ``window``; it makes a subject rated if after ``recent``.
    """

    as_of: int
    started: int
    recent: int
    expired: Days
    repairable: Days
    window: Days


@lru_cache(maxsize=RULE_SETS_KEPT)
def compiled(rule_set: RuleSet) -> CompiledRules:
    """Return a rule set's arrays."""
    rules = [rule_set.rules[name] for name in sorted(rule_set.rules)]
    names = tuple(rule.id for rule in rules)
    levels = sorted({(rule.subject, rule.supersede) for rule in rules if rule.supersede})
    frequents = [rule.id for rule in rules if rule.frequency is not None]
    base, caps = _caps_of(rule_set)
    floors = rule_set.scale.grades[::-1]
    return CompiledRules(
        rule_set=rule_set,
        rule_ids=names,
        codes={name: code for code, name in enumerate(names)},
        kind=_column(rules, lambda rule: KINDS.index(rule.subject), NONE).astype(np.int8),
        is_on=_column(rules, lambda rule: int(rule.is_on), 0).astype(np.bool_),
        points=_column(rules, lambda rule: rule.points * MILLI, 0),
        divisor=_column(rules, lambda rule: rule.quantity_divisor or 1, 1),
        event_cap=_column(rules, _event_cap_of, UNLIMITED),
        is_linear=_column(rules, lambda rule: int(rule.decay is Decay.LINEAR), 0).astype(np.bool_),
        validity=_column(rules, lambda rule: rule.validity_months, 1),
        veto=_column(rules, _veto_of, NO_VETO).astype(np.int8),
        level=_column(
            rules, lambda r: levels.index((r.subject, r.supersede)) if r.supersede else NONE, NONE
        ),
        levels=len(levels),
        frequent=_column(rules, lambda r: frequents.index(r.id) if r.frequency else NONE, NONE),
        frequent_max=_column(rules, lambda r: r.frequency.max if r.frequency else 0, 0),
        frequents=len(frequents),
        bucket=_column(rules, lambda rule: _bucket_of(rule, rule_set), 0),
        buckets=caps.shape[1],
        base=base,
        caps=caps,
        grades=tuple(grade.grade for grade in floors),
        colours=tuple(grade.colour for grade in floors),
        grade_floors=np.array([grade.min * MILLI for grade in floors], np.int64),
    )


@lru_cache(maxsize=EDGES_KEPT)
def edges_on(rule_set: RuleSet, as_of: date) -> Edges:
    """Return the days that decide on a date under a rule set."""
    rules = [rule_set.rules[name] for name in sorted(rule_set.rules)]
    grace = timedelta(days=rule_set.grace_days)

    def repairable(rule: Rule) -> int:
        if not rule.repairable or rule.min_months is None:
            return NEVER
        return _last_over(rule.min_months, as_of).toordinal()

    def window(rule: Rule) -> int:
        months = rule.frequency.months if rule.frequency is not None else 0
        return add_months(as_of, -months).toordinal()

    return Edges(
        as_of=as_of.toordinal(),
        started=(as_of - grace).toordinal(),
        recent=add_months(as_of, -RATED_MONTHS).toordinal(),
        expired=_column(
            rules, lambda r: (_last_over(r.validity_months, as_of) - grace).toordinal(), NEVER
        ).astype(np.int32),
        repairable=_column(rules, repairable, NEVER).astype(np.int32),
        window=_column(rules, window, NEVER).astype(np.int32),
    )


def _last_over(months: int, as_of: date) -> date:
    """Return the last day from which so many months are over on a date."""
    day = add_months(as_of, -months)
    while add_months(day + timedelta(days=1), months) <= as_of:
        day += timedelta(days=1)
    return day


def _column(rules: list[Rule], value: Callable[[Rule], int], unknown: int) -> Whole:
    return np.array([*map(value, rules), unknown], np.int64)


def _event_cap_of(rule: Rule) -> int:
    return UNLIMITED if rule.per_event_cap is None else rule.per_event_cap * MILLI


def _veto_of(rule: Rule) -> int:
    match rule.veto:
        case Veto.HARD:
            return HARD
        case Veto.SOFT:
            return SOFT
        case None:
            return NO_VETO


def _bucket_of(rule: Rule, rule_set: RuleSet) -> int:
    names = sorted(rule_set.subjects[rule.subject].categories)
    return 2 * names.index(rule.category) + (rule.points < 0)


def _caps_of(rule_set: RuleSet) -> tuple[Whole, Whole]:
    subjects = [rule_set.subjects[kind] for kind in KINDS]
    width = 2 * max(len(subject.categories) for subject in subjects)
    caps = np.zeros((len(KINDS), width), np.int64)
    for row, subject in zip(caps, subjects, strict=True):
        for place, name in enumerate(sorted(subject.categories)):
            row[2 * place] = subject.categories[name].max_plus * MILLI
            row[2 * place + 1] = subject.categories[name].max_minus * MILLI
    return np.array([subject.base * MILLI for subject in subjects], np.int64), caps
