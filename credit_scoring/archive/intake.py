"""How a large file comes in: a manifest first, its chunks in order, and one entry that adopts all.

The machine decides every fact of every chunk as it decides any other. Until the intake is adopted
its facts count nowhere, and nothing else of the department comes between them.
"""

from collections.abc import Iterable

from credit_scoring.archive.commands import (
    CHUNK_FACTS_MAX,
    INTAKE_LINES_MAX,
    AdoptIntake,
    DropIntake,
    OpenIntake,
    RecordIntakeFacts,
)
from credit_scoring.archive.decisions import (
    DIGEST,
    Recording,
    department_of,
    record_all,
    rows_of_facts,
    source_of,
)
from credit_scoring.archive.intake_effects import (
    ChunkRecorded,
    IntakeAdopted,
    IntakeDropped,
    IntakeOpened,
)
from credit_scoring.archive.refusals import Reject
from credit_scoring.archive.state import Archive
from credit_scoring.archive.taking_in import Intake, chunk_digest, manifest_of
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.roles import Role
from ledger.shelf import RowKey


def open_intake(state: Archive, command: OpenIntake, context: Context) -> Refusal | None:
    """Begin an intake: as many chunks as its lines need, each by its digest."""
    department, refusal = source_of(state, command.source, context)
    if department is None:
        return refusal
    refusal = _manifest_fault(command)
    if refusal is not None:
        return refusal
    number = state.next.intake
    manifest = manifest_of(
        intake=number,
        source=command.source,
        file=command.file,
        lines=command.lines,
        chunks=command.chunks,
    )
    context.emit(
        IntakeOpened(
            intake=number,
            source=command.source,
            file=command.file,
            lines=command.lines,
            chunks=command.chunks,
            manifest=manifest,
            actor=context.actor.id,
        )
    )
    return None


def _manifest_fault(command: OpenIntake) -> Refusal | None:
    if not 1 <= command.lines <= INTAKE_LINES_MAX:
        return Refusal(
            code=Reject.INTAKE_UNFIT,
            field="lines",
            expected=f"1 to {INTAKE_LINES_MAX}",
            found=str(command.lines),
        )
    needed = -(-command.lines // CHUNK_FACTS_MAX)
    if len(command.chunks) != needed:
        return Refusal(
            code=Reject.INTAKE_UNFIT,
            field="chunks",
            expected=f"{needed} of up to {CHUNK_FACTS_MAX} lines",
            found=str(len(command.chunks)),
        )
    named = [("file", command.file)]
    named += [(f"chunks.{number}", each) for number, each in enumerate(command.chunks)]
    for field, each in named:
        if DIGEST.match(each) is None:
            return Refusal(code=Reject.INTAKE_UNFIT, field=field, expected="a SHA-256 in hex")
    return None


def reads_chunk(state: Archive, command: RecordIntakeFacts) -> Iterable[RowKey]:
    """Declare what a chunk's facts read."""
    intake = state.intakes.get(command.intake)
    return () if intake is None else rows_of_facts(state, command.facts, source=intake.source)


def record_chunk(state: Archive, command: RecordIntakeFacts, context: Context) -> Refusal | None:
    """Record the next chunk, if it is what the manifest says."""
    department, refusal = department_of(state, context)
    if department is None:
        return refusal
    intake, refusal = _own_intake(state, command.intake, department.party)
    if intake is None:
        return refusal
    if command.chunk != intake.recorded or command.chunk >= len(intake.chunks):
        return Refusal(
            code=Reject.CHUNK_UNFIT,
            field="chunk",
            expected=str(intake.recorded),
            found=str(command.chunk),
        )
    first = command.chunk * CHUNK_FACTS_MAX
    count = min(CHUNK_FACTS_MAX, intake.lines - first)
    digest = chunk_digest(command.facts)
    if len(command.facts) != count or digest != intake.chunks[command.chunk]:
        return Refusal(
            code=Reject.CHUNK_UNFIT,
            field="facts",
            expected=f"{count} facts with digest {intake.chunks[command.chunk]}",
            found=f"{len(command.facts)} with {digest}",
        )
    context.emit(
        ChunkRecorded(intake=intake.id, chunk=command.chunk, digest=digest, actor=context.actor.id)
    )
    recording = Recording(department=department, file=intake.manifest, most=CHUNK_FACTS_MAX)
    return record_all(state, command.facts, recording=recording, context=context)


def adopt_intake(state: Archive, command: AdoptIntake, context: Context) -> Refusal | None:
    """Let a whole intake count."""
    department, refusal = department_of(state, context)
    if department is None:
        return refusal
    intake, refusal = _own_intake(state, command.intake, department.party)
    if intake is None:
        return refusal
    if intake.recorded < len(intake.chunks):
        return Refusal(
            code=Reject.INTAKE_INCOMPLETE,
            field="intake",
            expected=f"{len(intake.chunks)} chunks",
            found=str(intake.recorded),
        )
    context.emit(
        IntakeAdopted(
            intake=intake.id,
            manifest=intake.manifest,
            lines=intake.lines,
            actor=context.actor.id,
        )
    )
    return None


def drop_intake(state: Archive, command: DropIntake, context: Context) -> Refusal | None:
    """End an intake of one's own, or any as the operator or the regulator."""
    supervises = not context.actor.roles.isdisjoint({Role.OPERATOR, Role.REGULATOR})
    source = None if supervises else context.actor.party
    intake, refusal = _own_intake(state, command.intake, source)
    if intake is None:
        return refusal
    context.emit(IntakeDropped(intake=intake.id, actor=context.actor.id))
    return None


def _own_intake(
    state: Archive, number: int, source: str | None
) -> tuple[Intake | None, Refusal | None]:
    """Return an open intake of a source, or of any."""
    intake = state.intakes.get(number)
    if intake is not None and intake.is_open and source in {None, intake.source}:
        return intake, None
    mine = None if source is None else state.intake_of(source)
    expected = "an open intake" if mine is None else str(mine.id)
    return None, Refusal(
        code=Reject.INTAKE_UNKNOWN, field="intake", expected=expected, found=str(number)
    )
