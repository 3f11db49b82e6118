"""What can happen to keys, signed batches and intakes, and how each changes the archives' state."""

from collections.abc import Mapping
from typing import Any

import msgspec

from credit_scoring.archive.effects import replace
from credit_scoring.archive.state import Archive
from credit_scoring.archive.taking_in import ADOPTED, DROPPED, OPEN, DepartmentKey, Intake
from credit_scoring.archive.taking_in import SignedBatch as BatchRow
from ledger.effects import Effect
from ledger.journal import create, remove


class DepartmentKeyRegistered(
    Effect, frozen=True, kw_only=True, tag="credit_department_key_registered"
):
    """A department may sign with a key."""

    department: str
    key_id: str
    public_key: str
    decision: str


class DepartmentKeyRetired(Effect, frozen=True, kw_only=True, tag="credit_department_key_retired"):
    """A key signs no more."""

    department: str
    key_id: str
    decision: str


class BatchAccepted(Effect, frozen=True, kw_only=True, tag="credit_batch_accepted"):
    """A signed batch was checked; its facts follow. ``digest`` is that of the signed bytes."""

    source: str
    batch: int
    key_id: str
    signature: str
    digest: str
    facts: int
    actor: str


class IntakeOpened(Effect, frozen=True, kw_only=True, tag="credit_intake_opened"):
    """A file is on its way in."""

    intake: int
    source: str
    file: str
    lines: int
    chunks: list[str]
    manifest: str
    actor: str


class ChunkRecorded(Effect, frozen=True, kw_only=True, tag="credit_chunk_recorded"):
    """A chunk of an intake is recorded; its facts follow."""

    intake: int
    chunk: int
    digest: str
    actor: str


class IntakeAdopted(Effect, frozen=True, kw_only=True, tag="credit_intake_adopted"):
    """All facts of an intake count from this entry on."""

    intake: int
    manifest: str
    lines: int
    actor: str


class IntakeDropped(Effect, frozen=True, kw_only=True, tag="credit_intake_dropped"):
    """The facts of an intake shall never count."""

    intake: int
    actor: str


def key_registered(state: Archive, effect: DepartmentKeyRegistered) -> None:
    """Add the key."""
    made = DepartmentKey(
        effect.department, effect.key_id, effect.public_key, effect.decision, state.ledger.entry
    )
    create(state.ledger.journal, state.keys, key=(effect.department, effect.key_id), value=made)


def key_retired(state: Archive, effect: DepartmentKeyRetired) -> None:
    """Note at the key which entry ended it."""
    name = (effect.department, effect.key_id)
    retired = msgspec.structs.replace(state.keys[name], retired_in=state.ledger.entry)
    replace(state.ledger.journal, state.keys, key=name, value=retired)


def batch_accepted(state: Archive, effect: BatchAccepted) -> None:
    """Put the batch on its shelf."""
    ledger = state.ledger
    made = BatchRow(
        effect.source,
        effect.batch,
        effect.key_id,
        effect.signature,
        effect.digest,
        effect.facts,
        effect.actor,
        ledger.entry,
        ledger.at,
    )
    state.batches.put(ledger.journal, made)


def intake_opened(state: Archive, effect: IntakeOpened) -> None:
    """Add the intake."""
    journal = state.ledger.journal
    journal.append((state.next, state.next.objection, state.next.intake))
    state.next.intake = effect.intake + 1
    made = Intake(
        id=effect.intake,
        source=effect.source,
        file=effect.file,
        lines=effect.lines,
        chunks=effect.chunks,
        manifest=effect.manifest,
        recorded=0,
        state=OPEN,
        opened_in=state.ledger.entry,
    )
    create(journal, state.intakes, key=made.id, value=made)


def chunk_recorded(state: Archive, effect: ChunkRecorded) -> None:
    """Count the chunk."""
    intake = state.intakes[effect.intake]
    count = effect.chunk + 1
    intake.move(state.ledger.journal, recorded=count, state=intake.state, closed=None)


def intake_adopted(state: Archive, effect: IntakeAdopted) -> None:
    """Let the intake leave: its facts are like all others."""
    _close(state, effect.intake, ADOPTED)
    remove(state.ledger.journal, state.intakes, key=effect.intake)


def intake_dropped(state: Archive, effect: IntakeDropped) -> None:
    """Keep the intake, so that its facts stay hidden."""
    _close(state, effect.intake, DROPPED)


def _close(state: Archive, number: int, how: str) -> None:
    ledger = state.ledger
    intake = state.intakes[number]
    closed = (ledger.entry, ledger.at)
    intake.move(ledger.journal, recorded=intake.recorded, state=how, closed=closed)


FOLDS: Mapping[type[Effect], Any] = {
    DepartmentKeyRegistered: key_registered,
    DepartmentKeyRetired: key_retired,
    BatchAccepted: batch_accepted,
    IntakeOpened: intake_opened,
    ChunkRecorded: chunk_recorded,
    IntakeAdopted: intake_adopted,
    IntakeDropped: intake_dropped,
}
