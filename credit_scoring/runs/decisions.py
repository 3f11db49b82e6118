"""How it is decided whether a run is recorded, and whether it becomes a snapshot.

Nobody can see from a root whether it is right: the machine holds the entry to what it knows, which
is the days, the position, the rule sets and the sums. Whether the rows are what the facts give,
``credit_scoring.runs.checking`` computes for whoever asks, from the same entry.
"""

import re
from datetime import date

from credit_scoring.archive.decisions import DAY_FIRST, day_at, shown_day
from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.adopting.state import read_all
from credit_scoring.rule_sets.errors import RuleSetMissing
from credit_scoring.rule_sets.rule_set import RuleSet, rule_set_in_force
from credit_scoring.runs.commands import (
    GRADES_MAX,
    SCORED_MAX,
    SNAPSHOT_DAYS_MAX,
    DesignateSnapshot,
    RecordCreditRun,
    RunPurpose,
    ScoredUnder,
)
from credit_scoring.runs.effects import CreditRunRecorded, SnapshotDesignated
from credit_scoring.runs.refusals import Reject
from credit_scoring.runs.state import Runs
from ledger.machine import Context
from ledger.refusals import Refusal

_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_JOB = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_KINDS = frozenset(kind.value for kind in SubjectKind)


def record_run(state: Runs, command: RecordCreditRun, context: Context) -> Refusal | None:
    """Record a run of the past under the rule set that was in force on its day."""
    recorded = state.jobs.get(command.job)
    if recorded is not None:
        return Refusal(code=Reject.RUN_RECORDED, field="job", found=str(recorded))
    refusal = _form_fault(command, at=context.at, entry=state.ledger.entry)
    if refusal is None:
        refusal = _rule_sets_fault(state, command)
    if refusal is not None:
        return refusal
    context.emit(
        CreditRunRecorded(
            run=len(state.runs) + 1,
            job=command.job,
            purpose=command.purpose,
            as_of=command.as_of,
            known_at=command.known_at,
            position=command.position,
            subjects=command.subjects,
            scored=command.scored,
        )
    )
    return None


def _form_fault(command: RecordCreditRun, *, at: int, entry: int) -> Refusal | None:
    """Refuse days ahead of what is known, a position ahead of the log, and sums that differ."""
    known_day = day_at(command.known_at)
    sets = len(command.scored)
    for field, fits, expected in (
        ("job", _JOB.match(command.job) is not None, "a job's id"),
        ("known_at", 0 <= command.known_at <= at, "an instant that has passed"),
        (
            "as_of",
            DAY_FIRST <= command.as_of <= known_day,
            f"{shown_day(DAY_FIRST)} to {shown_day(known_day)}",
        ),
        ("position", 0 <= command.position < entry, "an entry before this one"),
        ("subjects", command.subjects > 0, "at least one subject"),
        ("scored", 1 <= sets <= SCORED_MAX, f"1 to {SCORED_MAX} rule sets"),
        ("scored", len({each.version for each in command.scored}) == sets, "each set once"),
    ):
        if not fits:
            return Refusal(code=Reject.RUN_UNFIT, field=field, expected=expected)
    for each in command.scored:
        fault = _scored_fault(each, subjects=command.subjects)
        if fault is not None:
            return Refusal(code=Reject.RUN_UNFIT, field="scored", expected=fault)
    return None


def _scored_fault(scored: ScoredUnder, *, subjects: int) -> str | None:
    """Say what was expected of the counts and digests under one rule set."""
    grades = scored.grades
    named = [(each.subject_kind, each.grade) for each in grades]
    for fits, expected in (
        (_DIGEST.match(scored.root) is not None, "a root of 64 hexadecimal digits"),
        (len(grades) <= GRADES_MAX, f"at most {GRADES_MAX} grades"),
        (len(set(named)) == len(named), "each grade of a kind once"),
        (all(each.subject_kind in _KINDS for each in grades), "kinds of subjects"),
        (all(each.subjects > 0 for each in grades), "grades that somebody has"),
        (sum(each.subjects for each in grades) == scored.rated, "grades that add up to the rated"),
        (0 <= scored.rated <= subjects, "no more rated than there are subjects"),
        (0 <= scored.complete <= subjects, "no more complete than there are subjects"),
    ):
        if not fits:
            return expected
    return None


def _rule_sets_fault(state: Runs, command: RecordCreditRun) -> Refusal | None:
    """Refuse another champion than the set in force on the day, or a hash that is not a set's."""
    champion, *challengers = command.scored
    in_force = _in_force(state, as_of=command.as_of, position=command.position)
    if in_force is None or (in_force.version, in_force.hash) != _named(champion):
        return Refusal(
            code=Reject.RUN_RULE_SET_UNFIT,
            field="scored",
            expected="none is in force" if in_force is None else in_force.version,
            found=champion.version,
        )
    for each in challengers:
        # One that was dropped while the run went on is known by its hash, from its own entry.
        known = state.rule_sets.challengers.get(each.version) or state.rule_sets.adopted.get(
            each.version
        )
        if known is not None and known.hash != each.rule_set_hash:
            return Refusal(
                code=Reject.RUN_RULE_SET_UNFIT,
                field="scored",
                expected=known.hash,
                found=each.version,
            )
    return None


def _named(scored: ScoredUnder) -> tuple[str, str]:
    return scored.version, scored.rule_set_hash


def _in_force(state: Runs, *, as_of: int, position: int) -> RuleSet | None:
    adopted = state.rule_sets.adopted.values()
    sets = read_all(each.document for each in adopted if each.entry <= position)
    try:
        return rule_set_in_force(sets, date.fromordinal(as_of))
    except RuleSetMissing:
        return None


def designate_snapshot(state: Runs, command: DesignateSnapshot, context: Context) -> Refusal | None:
    """Let a run count for some days, on none of which another snapshot of its purpose does."""
    run = state.runs.get(command.run)
    if run is None:
        return Refusal(code=Reject.RUN_UNKNOWN, field="run", found=str(command.run))
    if run.purpose == RunPurpose.REVIEW:
        return Refusal(
            code=Reject.RUN_FOR_REVIEW, field="run", expected="a run for banks or price lists"
        )
    refusal = _replacing_fault(state, command, purpose=run.purpose) or _days_fault(command)
    if refusal is not None:
        return refusal
    other = state.overlapping(
        run.purpose, first=command.valid_from, last=command.valid_until, but=command.replaces
    )
    if other is not None:
        days = f"{shown_day(other.valid_from)} to {shown_day(other.valid_until)}"
        return Refusal(
            code=Reject.SNAPSHOT_OVERLAPS,
            field="valid_from",
            expected=f"other days than {days} of snapshot {other.number}, or to replace it",
            found=shown_day(command.valid_from),
        )
    context.emit(
        SnapshotDesignated(
            snapshot=len(state.snapshots) + 1,
            run=run.number,
            purpose=RunPurpose(run.purpose),
            valid_from=command.valid_from,
            valid_until=command.valid_until,
            replaces=command.replaces,
            decision=command.decision,
        )
    )
    return None


def _replacing_fault(state: Runs, command: DesignateSnapshot, *, purpose: str) -> Refusal | None:
    if command.replaces is None:
        return None
    found = str(command.replaces)
    replaced = state.snapshots.get(command.replaces)
    if replaced is None or replaced.purpose != purpose:
        return Refusal(
            code=Reject.SNAPSHOT_UNKNOWN,
            field="replaces",
            expected=f"a snapshot for {purpose}",
            found=found,
        )
    if replaced.number in state.replaced:
        newer = str(state.replaced[replaced.number])
        return Refusal(code=Reject.SNAPSHOT_REPLACED, field="replaces", expected=newer, found=found)
    return None


def _days_fault(command: DesignateSnapshot) -> Refusal | None:
    days = command.valid_until - command.valid_from + 1
    for field, fits, expected in (
        ("valid_from", 1 <= command.valid_from <= date.max.toordinal(), "a day"),
        ("valid_until", command.valid_until <= date.max.toordinal(), "a day"),
        ("valid_until", 1 <= days <= SNAPSHOT_DAYS_MAX, f"1 to {SNAPSHOT_DAYS_MAX} days"),
    ):
        if not fits:
            return Refusal(code=Reject.SNAPSHOT_UNFIT, field=field, expected=expected)
    return None
