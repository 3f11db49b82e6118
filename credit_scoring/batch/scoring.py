"""Scores of many subjects: the steps of the algorithm, each over all facts of a part at a time.

A part is some thousands of subjects: its columns stay in the processor's cache, and memory does not
grow with the number of subjects beyond the columns and the answers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import numpy.typing as npt

from credit_scoring.batch.columns import Columns, micros_of
from credit_scoring.batch.compiled import (
    UNKNOWN_RULE,
    CompiledRules,
    Flags,
    Whole,
    compiled,
    edges_on,
)
from credit_scoring.batch.contests import absorb, limit_frequency, supersede
from credit_scoring.batch.states import Moment, States, judge
from credit_scoring.batch.valuing import (
    REASONS_MAX,
    Values,
    fill_caps,
    grade_of,
    reasons_of,
    value_of,
)
from credit_scoring.dates import end_of_day
from credit_scoring.rule_sets.rule_set import MILLI, RuleSet
from kernel.errors import ensure

FACTS_A_PART = 65_536  # about 1.3 MB a column of 64 bits with what is worked out beside it


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BatchScores:
    """What many subjects are scored, a row each; the last four columns have a row a fact, or none.

    Amounts are thousandths of a point; base + the counted of a subject's facts + ``clamp_milli`` +
    ``soft_milli`` + ``hard_milli`` = ``value_milli``. ``grade`` is a place in ``rules.grades``,
    a reason a place in ``rules.rule_ids`` or -1, a state a code of ``states.state_name``.
    """

    rules: CompiledRules
    as_of: date
    known_at: datetime
    credit_index: npt.NDArray[np.int32]
    grade: npt.NDArray[np.int8]
    value_milli: Whole
    clamp_milli: Whole
    soft_milli: Whole
    hard_milli: Whole
    rated: Flags
    complete: Flags
    reasons: npt.NDArray[np.int32]
    state: States
    disputed: Flags
    raw_milli: Whole
    counted_milli: Whole

    def grade_name(self, subject: int) -> str:
        """Return the grade of the subject in a row."""
        return self.rules.grades[int(self.grade[subject])]

    def colour(self, subject: int) -> str:
        """Return the colour of the subject in a row."""
        return self.rules.colours[int(self.grade[subject])]

    def reason_ids(self, subject: int) -> tuple[str, ...]:
        """Return the reasons of the subject in a row, as rule ids."""
        return tuple(self.rules.rule_ids[code] for code in self.reasons[subject] if code >= 0)


def score_batch(
    columns: Columns,
    *,
    as_of: date,
    known_at: datetime,
    rule_set: RuleSet,
    with_lines: bool = True,
) -> BatchScores:
    """Score every subject as of a day, by what was known at an instant.

    The answers are those of ``credit_scoring.scoring.score.score`` for each subject alone. Without
    lines nothing is kept of single facts, which saves 18 bytes for each.
    """
    rules = compiled(rule_set)
    moment = Moment(
        edges=edges_on(rule_set, as_of),
        day_end=micros_of(end_of_day(as_of)),
        known_at=micros_of(known_at),
    )
    codes = np.array([rules.codes.get(name, UNKNOWN_RULE) for name in columns.rule_ids], np.int64)
    scores = _empty(
        columns.subject_count,
        columns.fact_count if with_lines else 0,
        rules=rules,
        as_of=as_of,
        known_at=known_at,
    )
    for first, end in _parts(columns.offsets):
        _score_part(columns, first, end, moment=moment, codes=codes, into=scores)
    return scores


def _parts(offsets: Whole) -> Iterator[tuple[int, int]]:
    """Yield runs of subjects with about as many facts each, at least one subject."""
    first, count = 0, len(offsets) - 1
    while first < count:
        full = int(offsets[first]) + FACTS_A_PART
        end = int(np.searchsorted(offsets, full, side="right")) - 1
        # Subjects without facts cost memory too.
        end = min(max(end, first + 1), first + FACTS_A_PART, count)
        yield first, end
        first = end


def _score_part(
    columns: Columns,
    first: int,
    end: int,
    *,
    moment: Moment,
    codes: Whole,
    into: BatchScores,
) -> None:
    rules = into.rules
    part = columns.part(first, end)
    judged = judge(part, moment, rules=rules, codes=codes)
    stands = supersede(part, judged, rules)
    counts = limit_frequency(part, judged, stands, rules=rules, edges=moment.edges)
    counts = absorb(part, judged, counts, rules=rules)
    counted, total = fill_caps(part, judged, counts, rules=rules)
    values = value_of(part, judged, stands, total=total, rules=rules)
    by_fact = np.zeros(part.fact_count, np.int64)
    by_fact[judged.active] = counted
    _check_identity(part, values, by_fact, rules=rules)
    if len(into.state):
        rows = slice(int(columns.offsets[first]), int(columns.offsets[end]))
        into.state[rows] = judged.state
        into.disputed[rows] = judged.disputed
        into.raw_milli[rows][judged.active] = judged.raw
        into.counted_milli[rows] = by_fact
    subjects = slice(first, end)
    into.value_milli[subjects] = values.value
    into.clamp_milli[subjects] = values.clamp
    into.soft_milli[subjects] = values.soft
    into.hard_milli[subjects] = values.hard
    into.credit_index[subjects] = values.value // MILLI
    into.grade[subjects] = grade_of(values.value, rules)
    into.rated[subjects] = judged.rated
    into.complete[subjects] = judged.complete
    into.reasons[subjects] = reasons_of(part, judged, stands, counted=counted, rules=rules)


def _check_identity(part: Columns, values: Values, by_fact: Whole, *, rules: CompiledRules) -> None:
    """Hold base, lines and adjustments against the value, by another way than they came."""
    running = np.concatenate(([0], np.cumsum(by_fact)))
    counted = np.diff(running[part.offsets])
    added = rules.base[part.kind] + counted + values.clamp + values.soft + values.hard
    ensure(
        bool(np.array_equal(added, values.value)),
        "base, lines and adjustments of a part do not add up to its values",
    )


def _empty(
    subjects: int, facts: int, *, rules: CompiledRules, as_of: date, known_at: datetime
) -> BatchScores:
    return BatchScores(
        rules=rules,
        as_of=as_of,
        known_at=known_at,
        credit_index=np.zeros(subjects, np.int32),
        grade=np.zeros(subjects, np.int8),
        value_milli=np.zeros(subjects, np.int64),
        clamp_milli=np.zeros(subjects, np.int64),
        soft_milli=np.zeros(subjects, np.int64),
        hard_milli=np.zeros(subjects, np.int64),
        rated=np.zeros(subjects, np.bool_),
        complete=np.zeros(subjects, np.bool_),
        reasons=np.zeros((subjects, REASONS_MAX), np.int32),
        state=np.zeros(facts, np.int8),
        disputed=np.zeros(facts, np.bool_),
        raw_milli=np.zeros(facts, np.int64),
        counted_milli=np.zeros(facts, np.int64),
    )
