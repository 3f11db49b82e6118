"""Steps 7 and 8: caps, the clamp and the vetoes; and the reasons of step 9.

A side of a category whose sum stays within its cap counts whole; only the facts of the others are
put in order. Sums take no more of one fact than its cap and a thousandth, so that they say whether
the cap is passed and stay far within 64 bits.
"""

from dataclasses import dataclass

import numpy as np

from credit_scoring.batch.columns import Columns
from credit_scoring.batch.compiled import HARD, NO_VETO, NONE, SOFT, CompiledRules, Flags, Whole
from credit_scoring.batch.ordering import order_by, place_in_run, starts_of_runs, sum_before
from credit_scoring.batch.states import Judged
from credit_scoring.rule_sets.rule_set import MILLI

REASONS_MAX = 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Values:
    """A row a subject, in thousandths: total + clamp + soft + hard = value."""

    total: Whole
    clamp: Whole
    soft: Whole
    hard: Whole
    value: Whole


def fill_caps(
    columns: Columns, judged: Judged, counts: Flags, *, rules: CompiledRules
) -> tuple[Whole, Whole]:
    """Return what each active fact counts, by active row, and each subject's total."""
    mine = np.flatnonzero(counts)
    rows, size = judged.active[mine], np.abs(judged.raw[mine])
    side = judged.subject[rows] * rules.buckets + rules.bucket[judged.rule[rows]]
    caps = rules.caps[columns.kind]
    cap = caps.ravel()[side]
    weighed = np.minimum(size, cap + 1)
    sums = np.zeros(caps.size, np.int64)
    np.add.at(sums, side, weighed)
    crowded = np.flatnonzero((sums > caps.ravel())[side])
    taken = rows[crowded]
    order = crowded[
        order_by(
            side[crowded],
            -size[crowded],
            columns.facts.on[taken],
            columns.facts.id_order[taken],
        )
    ]
    left = cap[order] - sum_before(weighed[order], side[order])
    size[order] = np.minimum(size[order], np.maximum(left, 0))
    counted = np.zeros(len(judged.active), np.int64)
    counted[mine] = np.where(judged.raw[mine] < 0, -size, size)
    sums = np.minimum(sums.reshape(caps.shape), caps)
    return counted, rules.base[columns.kind] + sums[:, ::2].sum(1) - sums[:, 1::2].sum(1)


def value_of(
    columns: Columns, judged: Judged, stands: Flags, *, total: Whole, rules: CompiledRules
) -> Values:
    """Clamp the totals, take the steps of soft vetoes, hold hard ones below the red line.

    ``stands`` tells the active rows that no newer fact supersedes: their vetoes hold.
    """
    scale = rules.rule_set.scale
    clamped = np.clip(total, scale.min * MILLI, scale.max * MILLI)
    veto = rules.veto[judged.rule[judged.active]]
    steps = _soft_steps(columns, judged, judged.active[stands & (veto == SOFT)])
    stepped = clamped
    for step in range(scale.soft_veto_max_steps):
        floor = rules.grade_floors[grade_of(stepped, rules)]
        falls = (steps > step) & (floor > scale.min * MILLI)
        stepped = np.where(falls, np.minimum(stepped, floor - MILLI), stepped)
    red = np.zeros(columns.subject_count, np.bool_)
    red[judged.subject[judged.active[stands & (veto == HARD)]]] = True
    value = np.where(red, np.minimum(stepped, scale.hard_veto_cap * MILLI), stepped)
    return Values(
        total=total,
        clamp=clamped - total,
        soft=stepped - clamped,
        hard=value - stepped,
        value=value,
    )


def grade_of(value: Whole, rules: CompiledRules) -> Whole:
    """Return the place of each value's grade, from the lowest grade up."""
    return np.searchsorted(rules.grade_floors, value, side="right") - 1


def reasons_of(
    columns: Columns, judged: Judged, stands: Flags, *, counted: Whole, rules: CompiledRules
) -> Whole:
    """Return up to four rule codes a subject, the weightiest first, ``NONE`` after the last.

    Vetoes come first, hard, then soft; then the points that the rule's facts lost; then rule ids.
    """
    reasons = np.full((columns.subject_count, REASONS_MAX), NONE, np.int64)
    own = judged.rule[judged.active]
    mine = np.flatnonzero(stands & ((rules.veto[own] != NO_VETO) | (counted < 0)))
    if not len(mine):
        return reasons
    pair = judged.subject[judged.active[mine]] * len(rules.kind) + own[mine]
    order = np.argsort(pair, kind="stable")
    pair = pair[order]
    first = np.flatnonzero(starts_of_runs(pair))
    lost = np.add.reduceat(np.maximum(-counted[mine[order]], 0), first)
    subject, rule = np.divmod(pair[first], len(rules.kind))
    order = order_by(subject, -rules.veto[rule], -lost, rule)
    place = place_in_run(subject[order])
    kept = order[place < REASONS_MAX]
    reasons[subject[kept], place[place < REASONS_MAX]] = rule[kept]
    return reasons


def _soft_steps(columns: Columns, judged: Judged, rows: Whole) -> Whole:
    """Return how many steps each subject takes: one a fact, but one alone for an incident."""
    subject, incident = judged.subject[rows], columns.facts.incident[rows]
    alone = incident == NONE
    order = order_by(subject[~alone], incident[~alone])
    told, event = subject[~alone][order], incident[~alone][order]
    first = starts_of_runs(told) | starts_of_runs(event)
    steps: Whole = np.bincount(subject[alone], minlength=columns.subject_count)
    return steps + np.bincount(told[first], minlength=columns.subject_count)
