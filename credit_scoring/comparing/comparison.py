"""Champion and challenger: two rule sets on the same archives, day and instant.

Every difference of a value is told to the thousandth: the sum of what its lines differ by is what
the value differs by, and that is checked whenever it is told.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import numpy as np

from credit_scoring.batch.building import Archives
from credit_scoring.batch.compiled import Whole
from credit_scoring.batch.scoring import BatchScores, score_batch
from credit_scoring.batch.states import state_name
from credit_scoring.comparing.stability import stability_index
from credit_scoring.rule_sets.rule_set import RuleSet
from credit_scoring.scoring.answer import AdjustmentKind, FactState
from kernel.errors import ensure

NOT_RATED = "not_rated"
BASE = "base"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison:
    """Two scores of every subject, and the matrix of their grades (迁移矩阵).

    ``matrix[b][a]`` counts the subjects with the grade ``grades[b]`` before and ``grades[a]``
    after; the last place is for those that are not rated. ``changed`` are the rows with another
    index, or another answer to whether they are rated: the largest difference first.
    """

    archives: Archives
    champion: BatchScores
    challenger: BatchScores
    grades: tuple[str, ...]
    matrix: tuple[tuple[int, ...], ...]
    psi: Decimal
    changed: Whole

    @property
    def moved(self) -> int:
        """How many subjects change their grade."""
        stay = sum(self.matrix[place][place] for place in range(len(self.grades)))
        return sum(map(sum, self.matrix)) - stay


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One line that differs: of a fact, of an adjustment, or the base; thousandths of a point."""

    line: str
    rule: str | None
    state_before: FactState | None
    state_after: FactState | None
    milli_before: int
    milli_after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEffect:
    """What a rule's lines differ by, over all subjects; thousandths of a point."""

    rule: str
    subjects: int
    raised_milli: int
    lowered_milli: int


def compare(
    archives: Archives,
    *,
    as_of: date,
    known_at: datetime,
    champion: RuleSet,
    challenger: RuleSet,
) -> Comparison:
    """Score every archive under both rule sets and set the answers side by side."""
    before, after = (
        score_batch(archives.columns, as_of=as_of, known_at=known_at, rule_set=rule_set)
        for rule_set in (champion, challenger)
    )
    # Grades stand from the highest down; one that only the challenger has comes after the others.
    grades = tuple(
        dict.fromkeys((*before.rules.grades[::-1], *after.rules.grades[::-1], NOT_RATED))
    )
    pairs = _places(before, grades) * len(grades) + _places(after, grades)
    matrix = np.bincount(pairs, minlength=len(grades) ** 2).reshape(len(grades), len(grades))
    return Comparison(
        archives=archives,
        champion=before,
        challenger=after,
        grades=grades,
        matrix=tuple(map(tuple, matrix.tolist())),
        psi=stability_index(matrix.sum(1).tolist(), matrix.sum(0).tolist()),
        changed=_changed(before, after),
    )


def differences(comparison: Comparison, row: int) -> tuple[Difference, ...]:
    """Return the lines of a subject that differ; together they are what its value differs by."""
    before, after = comparison.champion, comparison.challenger
    columns = comparison.archives.columns
    kind = int(columns.kind[row])
    found = [
        _plain(BASE, before.rules.base[kind], after.rules.base[kind]),
        *_facts_that_differ(comparison, row),
        _plain(AdjustmentKind.RANGE_CLAMP, before.clamp_milli[row], after.clamp_milli[row]),
        _plain(AdjustmentKind.SOFT_VETO, before.soft_milli[row], after.soft_milli[row]),
        _plain(AdjustmentKind.HARD_VETO, before.hard_milli[row], after.hard_milli[row]),
    ]
    differ = tuple(
        each
        for each in found
        if each.milli_before != each.milli_after or each.state_before is not each.state_after
    )
    ensure(
        sum(each.milli_after - each.milli_before for each in differ)
        == int(after.value_milli[row] - before.value_milli[row]),
        f"the lines of row {row} do not add up to what its value differs by",
    )
    return differ


def effects_of_rules(comparison: Comparison) -> tuple[RuleEffect, ...]:
    """Return what each rule's facts differ by, the largest sum of both directions first."""
    columns = comparison.archives.columns
    change = comparison.challenger.counted_milli - comparison.champion.counted_milli
    rows = np.flatnonzero(change)
    subject = np.searchsorted(columns.offsets, rows, side="right") - 1
    rule = columns.facts.rule[rows]
    effects = []
    for code, name in enumerate(columns.rule_ids):
        mine = rule == code
        own = change[rows[mine]]
        if len(own):
            effects.append(
                RuleEffect(
                    rule=name,
                    subjects=len(np.unique(subject[mine])),
                    raised_milli=int(own[own > 0].sum()),
                    lowered_milli=int(-own[own < 0].sum()),
                )
            )
    return tuple(
        sorted(effects, key=lambda each: (-each.raised_milli - each.lowered_milli, each.rule))
    )


def _places(scores: BatchScores, grades: tuple[str, ...]) -> Whole:
    places = np.array([grades.index(grade) for grade in scores.rules.grades], np.int64)
    found: Whole = np.where(scores.rated, places[scores.grade], len(grades) - 1)
    return found


def _changed(before: BatchScores, after: BatchScores) -> Whole:
    difference = np.abs(after.credit_index - before.credit_index)
    rows = np.flatnonzero((difference > 0) | (before.rated != after.rated))
    found: Whole = rows[np.lexsort((rows, -difference[rows]))]
    return found


def _facts_that_differ(comparison: Comparison, row: int) -> Iterable[Difference]:
    before, after = comparison.champion, comparison.challenger
    columns = comparison.archives.columns
    for fact in range(int(columns.offsets[row]), int(columns.offsets[row + 1])):
        yield Difference(
            line=comparison.archives.fact_ids[fact],
            rule=columns.rule_ids[int(columns.facts.rule[fact])],
            state_before=state_name(int(before.state[fact])),
            state_after=state_name(int(after.state[fact])),
            milli_before=int(before.counted_milli[fact]),
            milli_after=int(after.counted_milli[fact]),
        )


def _plain(line: str, before: int, after: int) -> Difference:
    return Difference(
        line=line,
        rule=None,
        state_before=None,
        state_after=None,
        milli_before=int(before),
        milli_after=int(after),
    )
