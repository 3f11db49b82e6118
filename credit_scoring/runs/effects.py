"""What can happen to runs and snapshots, and how each thing that happened changes their state."""

from collections.abc import Mapping
from typing import Any

from credit_scoring.runs.commands import RunPurpose, ScoredUnder
from credit_scoring.runs.state import CreditRun, Runs, Snapshot
from kernel.canonical import canonical, to_builtins_with_decimal_strings
from ledger.effects import Effect
from ledger.journal import create


class CreditRunRecorded(Effect, frozen=True, kw_only=True, tag="credit_run_recorded"):
    """The rows that a job staged are those of a run."""

    run: int
    job: str
    purpose: RunPurpose
    as_of: int
    known_at: int
    position: int
    subjects: int
    scored: list[ScoredUnder]


class SnapshotDesignated(Effect, frozen=True, kw_only=True, tag="credit_snapshot_designated"):
    """A run's rows count for a purpose from a day to a day."""

    snapshot: int
    run: int
    purpose: RunPurpose
    valid_from: int
    valid_until: int
    replaces: int | None
    decision: str


def credit_run_recorded(state: Runs, effect: CreditRunRecorded) -> None:
    """Add the run: from here on its rows are there."""
    ledger = state.ledger
    run = CreditRun(
        effect.run,
        ledger.entry,
        ledger.at,
        effect.job,
        effect.purpose.value,
        effect.as_of,
        effect.known_at,
        effect.position,
        effect.subjects,
        canonical([to_builtins_with_decimal_strings(each) for each in effect.scored]).decode(),
    )
    create(ledger.journal, state.runs, key=run.number, value=run)
    create(ledger.journal, state.jobs, key=run.job, value=run.number)


def snapshot_designated(state: Runs, effect: SnapshotDesignated) -> None:
    """Add the snapshot; the one that it corrects counts no more."""
    journal = state.ledger.journal
    snapshot = Snapshot(
        effect.snapshot,
        state.ledger.entry,
        effect.run,
        effect.purpose.value,
        effect.valid_from,
        effect.valid_until,
        effect.replaces,
        effect.decision,
    )
    create(journal, state.snapshots, key=snapshot.number, value=snapshot)
    if effect.replaces is not None:
        create(journal, state.replaced, key=effect.replaces, value=snapshot.number)


FOLDS: Mapping[type[Effect], Any] = {
    CreditRunRecorded: credit_run_recorded,
    SnapshotDesignated: snapshot_designated,
}
