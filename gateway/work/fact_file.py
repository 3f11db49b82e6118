"""The kind ``credit_fact_file``: a department's large file, checked row by row and taken in whole.

Each shard checks some lines with the machine's own checks. If a line is bad, or the job only tries,
nothing is recorded, and what is wrong is a CSV. Else the end records chunk after chunk in an
intake, which nobody sees until one entry adopts all of it. Whoever dies on the way, the next one
goes on where the ledger says that it stands.
"""

import asyncio
import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar

import asyncpg
import msgspec
from pydantic import Field

from credit_scoring.archive.checking import department_named, faults_of, taken
from credit_scoring.archive.commands import (
    CHUNK_FACTS_MAX,
    AdoptIntake,
    DropIntake,
    OpenIntake,
    RecordIntakeFacts,
    ReportedFact,
)
from credit_scoring.archive.fact_file import LARGE, FactFile, read_csv, read_workbook
from credit_scoring.archive.intake_effects import IntakeOpened
from credit_scoring.archive.intake_store import IntakeStore
from credit_scoring.archive.refusals import Reject
from credit_scoring.archive.state import Department
from credit_scoring.archive.taking_in import OPEN, chunk_digest
from credit_scoring.archive.uploads import UploadStore
from gateway.caller import Caller
from gateway.embedded.runtime_folder import socket_of
from gateway.wiring import new_machine
from gateway.work.folders import described
from gateway.work.job import Job, OwnerRevoked, ResultFile
from gateway.work.kinds import Finished, JobKind, Outcome, Parameters, Plan, Work
from gateway.work.store import JobStore
from kernel.errors import DomainError, Kind
from ledger.commands import Command
from ledger.refusals import Refusal
from ledger.roles import Role
from ledger.sequencer.client import WriterClient
from ledger.sequencer.submission import Answer, Submission

CSV = "text/csv"
ERRORS = "errors.csv"
UNREADABLE = "credit.file_unreadable"
UNREADABLE_FILE = "unreadable.json"
_REPORTS = frozenset({Role.INTAKE, Role.REGULATOR})
_Lines = list[tuple[int, ReportedFact]]
_lines = msgspec.json.Decoder(_Lines)


class BadLine(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a line of the file, in the columns of the file of errors."""

    line: int
    field: str
    code: str
    expected: str | None
    found: str | None


_EMPTY = BadLine(line=2, field="lines", code=UNREADABLE, expected="at least one fact", found="none")
_bad_lines = msgspec.json.Decoder(list[BadLine])


class FactFileParameters(Parameters):
    """Which upload, and whether its facts are recorded if every line can be."""

    upload: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    dry_run: bool = False


class NotADepartment(DomainError):
    """The caller's party may report nothing."""

    code = Reject.NOT_A_DEPARTMENT.value
    kind = Kind.FORBIDDEN


class UploadUnknown(DomainError):
    """The department has no such upload; one is kept for three days."""

    code = "credit.upload_unknown"
    kind = Kind.NOT_FOUND


class FactFileIntake(JobKind[FactFileParameters]):
    """Files of up to 200,000 facts."""

    name = "credit_fact_file"
    parameters = FactFileParameters
    lines_per_shard: ClassVar[int] = 5_000
    """Some 150 ms; a whole number of chunks."""

    async def authorise(
        self, connection: asyncpg.Connection, caller: Caller, parameters: FactFileParameters
    ) -> None:
        """Refuse who reports nothing, and files that the department did not hand in."""
        await _own_department(connection, caller)
        if not await UploadStore(connection).has(caller.party, parameters.upload):
            raise UploadUnknown(parameters.upload, field="parameters.upload")

    async def authorise_result(
        self,
        connection: asyncpg.Connection,
        caller: Caller,
        parameters: FactFileParameters,
        *,
        job: Job,
    ) -> None:
        """Refuse who reports nothing; the file itself need not be there any more."""
        del parameters, job
        if not caller.watches():
            await _own_department(connection, caller)

    async def plan(self, work: Work, parameters: FactFileParameters) -> Plan:
        """Read the file; what can be read is cut, what cannot is noted."""
        async with work.reading() as connection:
            owner = await _owner(connection, work.job)
            upload = await UploadStore(connection).find(owner.party, parameters.upload)
        if upload is None:
            raise UploadUnknown(parameters.upload, field="parameters.upload")
        read = read_csv if upload.media_type == CSV else read_workbook
        found: FactFile = await asyncio.to_thread(read, upload.content, LARGE)
        bad = [
            BadLine(
                line=each.line,
                field=each.field,
                code=UNREADABLE,
                expected=each.expected,
                found=each.found,
            )
            for each in found.bad
        ]
        if not found.facts and not bad:
            bad = [_EMPTY]
        size = self.lines_per_shard
        firsts = range(0, len(found.facts), size)
        for first in firsts:
            _write(work, _piece(work, first), found.facts[first : first + size])
        _write(work, work.folder / UNREADABLE_FILE, bad)
        common = {"source": owner.party, "lines": len(found.facts), "bad": len(bad)}
        return Plan(shards=[{"first": first} for first in firsts], common=common)

    async def run_shard(self, work: Work, parameters: FactFileParameters, shard: Any) -> Any:
        """Check some lines."""
        numbered = _lines.decode(_piece(work, shard["first"]).read_bytes())
        facts = [fact for _, fact in numbered]
        async with work.reading() as connection:
            department = await _own_department(connection, await _owner(connection, work.job))
            faults = await faults_of(connection, department, facts, file=parameters.upload)
        bad = [
            _refused(line, fault)
            for (line, _), fault in zip(numbered, faults, strict=True)
            if fault is not None
        ]
        _write(work, _errors_of(work, shard["first"]), bad)
        return {"bad": len(bad)}

    async def finish(
        self, work: Work, parameters: FactFileParameters, finished: Finished
    ) -> Outcome:
        """Say what is wrong; else adopt the whole file, unless it is only tried."""
        firsts = [shard["first"] for shard in finished.shards]
        common = finished.common
        count = common["bad"] + sum(result["bad"] for result in finished.results)
        value = {"lines": common["lines"], "bad": count}
        if count:
            return Outcome(value=value | {"state": "refused"}, file=_told(work, firsts))
        if parameters.dry_run:
            return Outcome(value=value | {"state": "tried"})
        numbered = [
            each for first in firsts for each in _lines.decode(_piece(work, first).read_bytes())
        ]
        client = WriterClient(socket_of(work.settings.home, work.settings.venue), new_machine())
        try:
            intake = _TakingIn(work, client, source=common["source"], file=parameters.upload)
            return await intake.take(numbered, value)
        finally:
            await client.close()


class _TakingIn:
    """One file on its way into the ledger, by commands of the job's owner."""

    def __init__(self, work: Work, client: WriterClient, *, source: str, file: str) -> None:
        self._work = work
        self._client = client
        self._source = source
        self._file = file

    async def take(self, numbered: _Lines, value: dict[str, Any]) -> Outcome:
        """Record what is not recorded yet, then adopt everything."""
        facts = [fact for _, fact in numbered]
        chunks = [
            facts[first : first + CHUNK_FACTS_MAX]
            for first in range(0, len(facts), CHUNK_FACTS_MAX)
        ]
        intake, refusal = await self._opened(facts, chunks)
        if refusal is not None:
            return self._stopped(value, [_refused(1, refusal)])
        value = value | {"intake": str(intake)}
        found = await self._standing(intake)
        if found["state"] == OPEN:
            # Nothing of the source comes between from here on; before, something may have.
            doubled = await self._doubled(numbered)
            if doubled:
                await self._send(DropIntake(intake=intake), "drop")
                return self._stopped(value, doubled)
            for number in range(found["recorded"], len(chunks)):
                self._work.check()
                command = RecordIntakeFacts(intake=intake, chunk=number, facts=chunks[number])
                refusal = await self._send(command, str(number))
                if refusal is not None:
                    lines = [line for line, _ in numbered[number * CHUNK_FACTS_MAX :]]
                    return self._stopped(value, [_in_chunk(lines, refusal)])
            refusal = await self._send(AdoptIntake(intake=intake), "adopt")
            if refusal is not None:
                return self._stopped(value, [_refused(1, refusal)])
            found = await self._standing(intake)
        entry = {"entry": str(found["closed_in"]), "manifest": found["manifest"]}
        return Outcome(value=value | {"state": found["state"]} | entry)

    async def _opened(
        self, facts: Sequence[ReportedFact], chunks: Sequence[Sequence[ReportedFact]]
    ) -> tuple[int, Refusal | None]:
        """Return the intake of this file: a new one, or one that somebody left open."""
        command = OpenIntake(
            source=self._source,
            file=self._file,
            lines=len(facts),
            chunks=[chunk_digest(each) for each in chunks],
        )
        answer = await self._answer(command, "open")
        refusal = answer.refusal
        if refusal is None:
            opened = next(each for each in answer.effects if isinstance(each, IntakeOpened))
            return opened.intake, None
        if refusal.code == Reject.INTAKE_OPEN and refusal.found is not None:
            earlier = int(refusal.found)
            if (await self._standing(earlier))["file"] == self._file:
                return earlier, None
        return 0, refusal

    async def _standing(self, intake: int) -> dict[str, Any]:
        async with self._work.reading() as connection:
            return await IntakeStore(connection).intake(intake)

    async def _doubled(self, numbered: _Lines) -> list[BadLine]:
        """Return the lines whose references the source has used since they were checked."""
        facts = [fact for _, fact in numbered]
        async with self._work.reading() as connection:
            used = await taken(connection, self._source, facts, file=self._file)
        return [
            BadLine(
                line=line,
                field="reference",
                code=Reject.SOURCE_DOUBLED.value,
                expected="a reference of the source's that no fact has",
                found=f"{fact.reference}, of entry {used[fact.reference]}",
            )
            for line, fact in numbered
            if fact.reference in used
        ]

    async def _send(self, command: Command, name: str) -> Refusal | None:
        return (await self._answer(command, name)).refusal

    async def _answer(self, command: Command, name: str) -> Answer:
        """Send a command under a key of the job's own, so that a step may run again."""
        job = self._work.job
        submission = Submission(actor=job.owner, key=f"job-{job.id}-{name}", command=command)
        [answer] = await self._client.submit_each([submission])
        if isinstance(answer, DomainError):
            raise answer
        return answer

    def _stopped(self, value: dict[str, Any], errors: Sequence[BadLine]) -> Outcome:
        file = _error_file(self._work, errors)
        return Outcome(value=value | {"state": "stopped", "bad": len(errors)}, file=file)


async def _owner(connection: asyncpg.Connection, job: Job) -> Caller:
    owner = await JobStore(connection).owner(job.owner)
    if owner is None:
        raise OwnerRevoked(f"{job.owner} has no live key")
    return owner


async def _own_department(connection: asyncpg.Connection, caller: Caller) -> Department:
    """Return the department that a caller speaks for.

    Raises:
        NotADepartment: it may report nothing.
    """
    department = await department_named(connection, caller.party)
    if department is None or caller.roles.isdisjoint(_REPORTS):
        raise NotADepartment(caller.party)
    return department


def _refused(line: int, refusal: Refusal) -> BadLine:
    field = (refusal.field or "line").rpartition(".")[2]
    return BadLine(
        line=line,
        field=field,
        code=refusal.code,
        expected=refusal.expected,
        found=refusal.found,
    )


def _in_chunk(lines: Sequence[int], refusal: Refusal) -> BadLine:
    """Return a chunk's refusal at the line of the file that it names by its place."""
    parts = (refusal.field or "").split(".")
    place = int(parts[1]) if parts[0] == "facts" and len(parts) > 1 else 0
    return _refused(lines[place], refusal)


def _piece(work: Work, first: int) -> Path:
    return work.folder / f"lines-{first}.json"


def _errors_of(work: Work, first: int) -> Path:
    return work.folder / f"errors-{first}.json"


def _write(work: Work, path: Path, value: Any) -> None:
    draft = path.with_suffix(f".{work.attempt}")
    draft.write_bytes(msgspec.json.encode(value))
    draft.replace(path)


def _told(work: Work, firsts: Sequence[int]) -> ResultFile:
    """Put what was found wrong in the shards and before them into one file, by line."""
    paths = [work.folder / UNREADABLE_FILE, *(_errors_of(work, first) for first in firsts)]
    errors = [each for path in paths for each in _bad_lines.decode(path.read_bytes())]
    return _error_file(work, sorted(errors, key=lambda each: (each.line, each.field)))


def _error_file(work: Work, errors: Sequence[BadLine]) -> ResultFile:
    path = work.folder / ERRORS
    draft = path.with_suffix(f".{work.attempt}")
    with draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(BadLine.__struct_fields__)
        writer.writerows(map(msgspec.structs.astuple, errors))
    draft.replace(path)
    return described(path, media_type=CSV)
