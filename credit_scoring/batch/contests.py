"""Steps 4 to 6: levels, frequencies and incidents, in which one fact puts others aside.

Each step looks only at the facts that have a rival: sorting costs the most here, and few facts
need it. A step changes the states of those that lose and returns the rows that still count.
"""

import numpy as np

from credit_scoring.batch.columns import Columns
from credit_scoring.batch.compiled import NONE, CompiledRules, Edges, Flags, Whole
from credit_scoring.batch.ordering import order_by, place_in_run, starts_of_runs
from credit_scoring.batch.states import CODE, Judged
from credit_scoring.scoring.answer import FactState


def supersede(columns: Columns, judged: Judged, rules: CompiledRules) -> Flags:
    """Step 4: of the facts of a subject on one level only the newest stays.

    Returns which of the active rows stay, and so does every step.
    """
    stays = np.ones(len(judged.active), np.bool_)
    level = rules.level[judged.rule[judged.active]]
    mine = np.flatnonzero(level != NONE)
    group = judged.subject[judged.active[mine]] * rules.levels + level[mine]
    facts, groups = columns.facts, columns.subject_count * rules.levels
    mine, group = _with_rivals(mine, group, groups)
    on = facts.on[judged.active[mine]]
    newest = np.zeros(groups, np.int32)
    np.maximum.at(newest, group, on)
    behind = on < newest[group]
    older = [mine[behind]]
    # Few levels have two facts of their newest day; for these the instant, then the id decides.
    mine, group = _with_rivals(mine[~behind], group[~behind], groups)
    rows = judged.active[mine]
    order = order_by(group, facts.recorded_at[rows], facts.id_order[rows])
    last = np.roll(starts_of_runs(group[order]), -1)
    older.append(mine[order[~last]])
    for losers in older:
        stays[losers] = False
        judged.state[judged.active[losers]] = CODE[FactState.SUPERSEDED]
    return stays


def limit_frequency(
    columns: Columns, judged: Judged, stays: Flags, *, rules: CompiledRules, edges: Edges
) -> Flags:
    """Step 5: of a subject's facts under one rule only the earliest few of a window count."""
    counts = stays.copy()
    own = judged.rule[judged.active]
    mine = np.flatnonzero(stays & (rules.frequent[own] != NONE))
    outside = columns.facts.on[judged.active[mine]] <= edges.window[own[mine]]
    over = [mine[outside]]
    mine = mine[~outside]
    group = judged.subject[judged.active[mine]] * rules.frequents + rules.frequent[own[mine]]
    places = rules.frequent_max[own[mine]]
    crowded = np.bincount(group, minlength=1)[group] > places
    mine, group, places = mine[crowded], group[crowded], places[crowded]
    rows = judged.active[mine]
    order = order_by(group, columns.facts.on[rows], columns.facts.id_order[rows])
    late = place_in_run(group[order]) >= places[order]
    over.append(mine[order[late]])
    for losers in over:
        counts[losers] = False
        judged.state[judged.active[losers]] = CODE[FactState.OVER_FREQUENCY]
    return counts


def absorb(columns: Columns, judged: Judged, counts: Flags, *, rules: CompiledRules) -> Flags:
    """Step 6: of a subject's negative facts of one incident and category the heaviest counts."""
    facts = columns.facts
    heaviest = counts.copy()
    mine = np.flatnonzero(counts & (judged.raw < 0) & (facts.incident[judged.active] != NONE))
    rows = judged.active[mine]
    bucket = judged.subject[rows] * rules.buckets + rules.bucket[judged.rule[rows]]
    incident = facts.incident[rows]
    order = order_by(bucket, incident, judged.raw[mine], facts.on[rows], facts.id_order[rows])
    first = starts_of_runs(bucket[order]) | starts_of_runs(incident[order])
    lighter = mine[order[~first]]
    heaviest[lighter] = False
    judged.state[judged.active[lighter]] = CODE[FactState.ABSORBED]
    return heaviest


def _with_rivals(mine: Whole, group: Whole, groups: int) -> tuple[Whole, Whole]:
    rivals = np.bincount(group, minlength=groups)[group] > 1
    return mine[rivals], group[rivals]
