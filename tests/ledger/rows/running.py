"""Runs and snapshots in the story of a venue with archives."""

from datetime import date
from typing import Any

from credit_scoring.archive.decisions import day_at
from credit_scoring.rule_sets.rule_set import RuleSet, rule_set_in_force
from credit_scoring.rule_sets.shipped import shipped
from credit_scoring.runs.commands import (
    DesignateSnapshot,
    GradeCount,
    RecordCreditRun,
    RunPurpose,
    ScoredUnder,
)
from tests.ledger.rows.scribe import Scribe


def ran(scribe: Scribe, number: int, purpose: RunPurpose) -> RecordCreditRun:
    """Return a run of three subjects, of the scribe's day."""
    today = day_at(scribe.at)
    champion = rule_set_in_force(shipped(), date.fromordinal(today))
    others = [each for each in shipped() if each is not champion]
    return RecordCreditRun(
        job=f"0197f2c1-8b7a-7c11-9d64-{number:012x}",
        purpose=purpose,
        as_of=today,
        known_at=scribe.at,
        position=scribe.index,
        subjects=3,
        scored=[_under(each) for each in (champion, *others)],
    )


def _under(rule_set: RuleSet) -> ScoredUnder:
    return ScoredUnder(
        version=rule_set.version,
        rule_set_hash=rule_set.hash,
        root="7a" * 32,
        rated=2,
        complete=3,
        grades=[GradeCount(subject_kind="person", grade="AA", subjects=2)],
    )


def tell_runs(scribe: Scribe) -> None:
    """Record four runs, one of them twice; two half-years' snapshots, one corrected."""
    purposes = (RunPurpose.PRICE_LIST, RunPurpose.PRICE_LIST, RunPurpose.BANKS, RunPurpose.REVIEW)
    for number, purpose in enumerate(purposes, 1):
        scribe.must(ran(scribe, number, purpose))
    assert scribe.send(ran(scribe, 1, RunPurpose.REVIEW)).refusal is not None
    days: dict[str, Any] = {
        "valid_from": date(2026, 7, 1).toordinal(),
        "valid_until": date(2026, 12, 31).toordinal(),
        "decision": "2026-31",
    }
    scribe.approved(DesignateSnapshot(run=1, **days))
    scribe.approved(DesignateSnapshot(run=2, replaces=1, **days))
    scribe.approved(DesignateSnapshot(run=3, **days))
