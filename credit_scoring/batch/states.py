"""Steps 1 to 3: which facts are known, which are active on the day, and what each is worth.

A state is the place of a ``FactState`` in its enumeration, ``NOT_KNOWN`` for a fact that became
known too late. States are set from the last that is asked to the first, so that the first holds.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from credit_scoring.batch.columns import Columns, Events
from credit_scoring.batch.compiled import (
    UNLIMITED,
    CompiledRules,
    Days,
    Edges,
    Flags,
    Whole,
)
from credit_scoring.batch.ordering import order_by, starts_of_runs
from credit_scoring.scoring.answer import FactState

States = npt.NDArray[np.int8]
NOT_KNOWN = -1
_STATES = tuple(FactState)
CODE = {state: code for code, state in enumerate(_STATES)}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Moment:
    """The day and the instant that a score is of: the end of the day, and what is known by then."""

    edges: Edges
    day_end: int
    known_at: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    """The facts of a part of the subjects after step 3; ``rule`` is a code of the rule set.

    ``active`` holds the rows of active facts, in order. ``state`` is changed by steps 4 to 6.
    """

    subject: Whole
    rule: Whole
    state: States
    disputed: Flags
    active: Whole
    raw: Whole
    rated: Flags
    complete: Flags


def state_name(code: int) -> FactState | None:
    """Return the state of a code; None for a fact that is not known."""
    return None if code == NOT_KNOWN else _STATES[code]


def judge(columns: Columns, moment: Moment, *, rules: CompiledRules, codes: Whole) -> Judged:
    """Take steps 1 to 3 for every fact; ``codes`` translates the columns' rules to the set's."""
    facts, edges = columns.facts, moment.edges
    subject = np.repeat(np.arange(columns.subject_count), np.diff(columns.offsets))
    rule = codes[facts.rule]
    disputed = _disputed(columns.disputes, moment, rows=len(rule))
    state = np.full(len(rule), CODE[FactState.ACTIVE], np.int8)
    if rules.rule_set.disputed_rests:
        state[disputed] = CODE[FactState.RESTING]
    state[facts.on <= edges.expired[rule]] = CODE[FactState.EXPIRED]
    state[_repaired(columns, moment, rule)] = CODE[FactState.EXPIRED]
    state[facts.on > edges.started] = CODE[FactState.NOT_YET]
    state[~rules.is_on[rule]] = CODE[FactState.RULE_OFF]
    unknown = rules.kind[rule] != np.repeat(columns.kind, np.diff(columns.offsets))
    state[unknown] = CODE[FactState.UNKNOWN_RULE]
    revoked = columns.revocations
    state[revoked.fact[revoked.recorded_at <= moment.known_at]] = CODE[FactState.REVOKED]
    late = facts.recorded_at > moment.known_at
    state[late] = NOT_KNOWN
    disputed[late] = False
    active = np.flatnonzero(state == CODE[FactState.ACTIVE])
    return Judged(
        subject=subject,
        rule=rule,
        state=state,
        disputed=disputed,
        active=active,
        raw=_raw(columns, rule, active, rules=rules, edges=edges),
        rated=_rated(columns, subject, state=state, edges=edges),
        complete=~_any_of(subject[state == CODE[FactState.UNKNOWN_RULE]], columns.subject_count),
    )


def _any_of(subjects: Whole, count: int) -> Flags:
    found = np.zeros(count, np.bool_)
    found[subjects] = True
    return found


def _disputed(disputes: Events, moment: Moment, *, rows: int) -> Flags:
    """Return which facts are disputed: by the last event, of several at once an opening."""
    disputed = np.zeros(rows, np.bool_)
    if len(disputes.fact):
        told = disputes.recorded_at <= moment.known_at
        told &= disputes.recorded_at < moment.day_end
        fact, opens = disputes.fact[told], disputes.detail[told]
        order = order_by(fact, disputes.recorded_at[told], opens)
        fact, opens = fact[order], opens[order]
        last = np.roll(starts_of_runs(fact), -1)
        disputed[fact[last]] = opens[last] == 1
    return disputed


def _repaired(columns: Columns, moment: Moment, rule: Whole) -> Whole:
    """Return the rows of facts whose end a repair has brought forward to the day or before."""
    repairs, edges = columns.repairs, moment.edges
    told = (repairs.recorded_at <= moment.known_at) & (repairs.detail <= edges.as_of)
    rows = repairs.fact[told]
    return rows[columns.facts.on[rows] <= edges.repairable[rule[rows]]]


def _raw(
    columns: Columns, rule: Whole, active: Whole, *, rules: CompiledRules, edges: Edges
) -> Whole:
    own = rule[active]
    units = columns.facts.quantity[active]
    divided = np.flatnonzero(rules.divisor[own] > 1)
    units[divided] //= rules.divisor[own[divided]]
    raw = rules.points[own] * units
    capped = np.flatnonzero(rules.event_cap[own] < UNLIMITED)
    cap = rules.event_cap[own[capped]]
    raw[capped] = np.clip(raw[capped], -cap, cap)
    linear = np.flatnonzero(rules.is_linear[own])
    if len(linear):
        on = columns.facts.on[active[linear]]
        raw[linear] = _decayed(raw[linear], on, own[linear], rules=rules, edges=edges)
    return raw


def _decayed(raw: Whole, on: Days, rule: Whole, *, rules: CompiledRules, edges: Edges) -> Whole:
    """Return raw points x days left / days in all, toward zero; no product leaves 64 bits."""
    start = on.astype(np.int64) + rules.rule_set.grace_days
    end = add_months(start, rules.validity[rule])
    left, total = end - edges.as_of, end - start
    whole, rest = np.divmod(np.abs(raw), total)
    return np.sign(raw) * (whole * left + rest * left // total)


_EPOCH_ORDINAL = 719_163  # 1970-01-01


def add_months(ordinals: Whole, months: Whole) -> Whole:
    """Return the days so many months later, clamped to the end of their month, as ordinals."""
    day = (ordinals - _EPOCH_ORDINAL).astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    place = day - month.astype("datetime64[D]")
    later = month + months
    length = (later + 1).astype("datetime64[D]") - later.astype("datetime64[D]")
    clamped = np.minimum(place, length - 1)
    found: Whole = (later.astype("datetime64[D]") + clamped).astype(np.int64) + _EPOCH_ORDINAL
    return found


def _rated(columns: Columns, subject: Whole, *, state: States, edges: Edges) -> Flags:
    on = columns.facts.on
    recent = (on > edges.recent) & (on <= edges.as_of)
    recent &= (state == CODE[FactState.NOT_YET]) | (state == CODE[FactState.EXPIRED])
    recent |= state == CODE[FactState.ACTIVE]
    return _any_of(subject[recent], columns.subject_count)
