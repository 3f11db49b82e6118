"""Every query of jobs, on one connection; each method that changes rows is one transaction.

Invariants:
1. A step counts once: only the attempt that holds it may end it, and a done step is never taken.
2. At most ``at_once`` steps of a job are held.
3. A job that has ended never changes again, and has no steps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from gateway.caller import Caller
from gateway.work import statements
from gateway.work.job import (
    MESSAGE_LENGTH_MAX,
    OPEN,
    OPEN_PER_OWNER_MAX,
    PLANNING,
    RESULT_BYTES_MAX,
    SHARDS_MAX,
    Job,
    JobFault,
    JobUnknown,
    KeyReused,
    LeaseLost,
    ResultFile,
    State,
    Step,
    TooManyOpen,
)
from gateway.work.kinds import AnyKind, Outcome, Plan
from kernel.errors import ensure
from kernel.identifiers import new_uuid7
from ledger.roles import Role

MICROSECONDS = 1_000_000
DUE_MAX = 1_000
BACKOFF_SECONDS = 2.0
WORKER_LOST = "work.worker_lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A job that somebody wants; the same wish under the same key is the same job."""

    kind: AnyKind
    owner: str
    key: str
    parameters: dict[str, Any]


class JobStore:
    """The rows of one venue's jobs."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    @property
    def connection(self) -> asyncpg.Connection:
        """The connection that the rows are read and written on."""
        return self._connection

    async def create(self, wish: Wish) -> Job:
        """Make a job and wake whoever listens, or return the one of the same key.

        Raises:
            KeyReused: the key stands for another job.
            TooManyOpen: the owner has too many open ones.
        """
        async with self._connection.transaction():
            # One owner's wishes one after the other: the count below must hold.
            await self._connection.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended('job ' || $1, 0))", wish.owner
            )
            found = await self.by_key(wish)
            if found is not None:
                return found
            open_now = await self._connection.fetchval(statements.COUNT_OPEN, wish.owner)
            if open_now >= OPEN_PER_OWNER_MAX:
                raise TooManyOpen(
                    f"{open_now} jobs are open", expected=f"fewer than {OPEN_PER_OWNER_MAX}"
                )
            row = await self._connection.fetchrow(
                statements.INSERT,
                new_uuid7(),
                wish.kind.name,
                wish.owner,
                wish.key,
                msgspec.json.encode(wish.parameters, order="sorted").decode(),
                wish.kind.at_once,
                wish.kind.attempts_max,
            )
            assert row is not None, "the key was looked up under the owner's lock"
            made = _job(row)
            await self._connection.execute(statements.INSERT_STEP, made.id, [PLANNING], ["null"])
            await self._connection.execute(
                "SELECT pg_notify($1, $2)", statements.CHANNEL, str(made.id)
            )
        return made

    async def by_key(self, wish: Wish) -> Job | None:
        """Return the job that a wish has become before.

        Raises:
            KeyReused: the key stands for another job.
        """
        row = await self._connection.fetchrow(statements.BY_KEY, wish.owner, wish.key)
        if row is None:
            return None
        found = _job(row)
        if (found.kind, found.parameters) != (wish.kind.name, wish.parameters):
            raise KeyReused(f"it stands for job {found.id}", field="Idempotency-Key")
        return found

    async def find(self, job: UUID) -> Job | None:
        """Return a job."""
        row = await self._connection.fetchrow(statements.FIND, job)
        return None if row is None else _job(row)

    async def page(
        self,
        *,
        owner: str | None,
        state: State | None,
        kind: str | None,
        before: UUID | None,
        limit: int,
    ) -> list[Job]:
        """Return jobs, the newest first."""
        rows = await self._connection.fetch(
            statements.PAGE, owner, None if state is None else state.value, kind, before, limit
        )
        return [_job(row) for row in rows]

    async def open_of_kind(self, kind: str) -> list[UUID]:
        """Return the jobs of a kind that are queued or running."""
        rows = await self._connection.fetch(statements.OPEN_OF_KIND, kind)
        return [row["id"] for row in rows]

    async def has_expired(self, job: Job) -> bool:
        """Tell whether a result's time is over."""
        if job.expires_at is None:
            return False
        return bool(await self._connection.fetchval(statements.HAS_EXPIRED, job.expires_at))

    async def cancel(self, job: UUID) -> Job:
        """Cancel an open job; one that was cancelled before stays so.

        Raises:
            JobUnknown: there is none.
            JobOver: it is done or failed.
        """
        async with self._connection.transaction():
            row = await self._connection.fetchrow(statements.CANCEL, job)
            if row is not None:
                await self._connection.execute(statements.FORGET_STEPS, job)
                return _job(row)
            found = await self.find(job)
        if found is None:
            raise JobUnknown(str(job), field="job")
        found.refuse_over()
        return found

    async def owner(self, actor: str) -> Caller | None:
        """Return a job's owner as it stands now, ``None`` without a live key."""
        row = await self._connection.fetchrow(statements.OWNER, actor)
        if row is None:
            return None
        roles = frozenset(Role(role) for role in row["roles"])
        return Caller(actor=row["id"], party=row["party"], roles=roles)

    async def take(self, job: UUID, *, worker: str, lease: float) -> Step | None:
        """Hold the next step that nobody holds for ``lease`` seconds; ``None`` where none is."""
        async with self._connection.transaction():
            row = await self._connection.fetchrow(statements.LOCK, job)
            if row is None or State(row["state"]) not in OPEN:
                return None
            if await self._connection.fetchval(statements.HELD, job) >= row["at_once"]:
                return None
            found = await self._connection.fetchrow(statements.NEXT, job)
            if found is None:
                return None
            number, attempts = found["number"], found["attempts"]
            if attempts >= row["attempts_max"]:
                words = f"step {number} lost its worker {attempts} times"
                await self._fail(job, JobFault(code=WORKER_LOST, message=words))
                return None
            micros = int(lease * MICROSECONDS)
            await self._connection.execute(statements.TAKE, job, number, worker, micros)
            await self._connection.execute(statements.BEGIN, job)
        return Step(
            job=_job(row),
            number=number,
            attempt=attempts + 1,
            shard=msgspec.json.decode(found["shard"]),
        )

    async def common(self, job: UUID) -> Any:
        """Return what the shards of a planned job share."""
        text = await self._connection.fetchval("SELECT plan FROM job WHERE id = $1", job)
        return None if text is None else msgspec.json.decode(text)

    async def shards(self, step: Step) -> tuple[list[Any], list[Any]]:
        """Return all shards of a job and their results, in the order of the plan."""
        rows = await self._connection.fetch(statements.SHARDS, step.job.id, step.job.shards_total)
        decode = msgspec.json.decode
        return [decode(row["shard"]) for row in rows], [decode(row["result"]) for row in rows]

    async def planned(self, step: Step, plan: Plan) -> int:
        """Write a plan down; return how many workers to wake.

        Raises:
            LeaseLost: the step is not ours any more.
        """
        total = len(plan.shards)
        ensure(total <= SHARDS_MAX, f"a job of {total} shards, at most {SHARDS_MAX}")
        async with self._connection.transaction():
            row = await self._end(step, None)
            await self._connection.execute(
                statements.PLANNED,
                step.job.id,
                _small(plan.common),
                total,
                None if plan.value is None else _small(plan.value),
            )
            numbers = list(range(1, total + 1)) or [1]
            texts = [_small(shard) for shard in plan.shards] or ["null"]
            await self._connection.execute(statements.INSERT_STEP, step.job.id, numbers, texts)
        return min(int(row["at_once"]), len(numbers))

    async def counted(self, step: Step, result: Any) -> int:
        """Count a shard as done; return how many workers to wake.

        Raises:
            LeaseLost: the step is not ours any more.
        """
        async with self._connection.transaction():
            row = await self._end(step, result)
            await self._connection.execute(statements.COUNTED, step.job.id)
            total = row["shards_total"]
            if row["shards_done"] + 1 == total:
                await self._connection.execute(
                    statements.INSERT_STEP, step.job.id, [total + 1], ["null"]
                )
                return 1
            return 1 if await self._connection.fetchrow(statements.NEXT, step.job.id) else 0

    async def finished(self, step: Step, outcome: Outcome, *, kept: float) -> None:
        """Let the job be done, its result kept for some seconds.

        Raises:
            LeaseLost: the step is not ours any more.
        """
        value = None if outcome.value is None else _small(outcome.value)
        file = outcome.file
        async with self._connection.transaction():
            await self._end(step, None)
            await self._connection.execute(
                statements.FINISHED,
                step.job.id,
                int(kept * MICROSECONDS),
                value,
                *(
                    (None, None, None, None)
                    if file is None
                    else (file.name, file.media_type, file.size, file.sha256)
                ),
            )
            await self._connection.execute(statements.FORGET_STEPS, step.job.id)

    async def failed(self, step: Step, fault: JobFault, *, for_good: bool) -> None:
        """Let a step be tried again after a pause, or the job fail."""
        async with self._connection.transaction():
            row = await self._connection.fetchrow(statements.LOCK, step.job.id)
            if row is None or State(row["state"]) not in OPEN:
                return
            pause = int(BACKOFF_SECONDS * 2 ** (step.attempt - 1) * MICROSECONDS)
            held = await self._connection.execute(
                statements.AGAIN, step.job.id, step.number, step.attempt, pause
            )
            if held != "UPDATE 0" and (for_good or step.attempt >= row["attempts_max"]):
                await self._fail(step.job.id, fault)

    async def release(self, worker: str, *, blamed: bool) -> None:
        """Take back what a worker held that is gone."""
        await self._connection.execute(statements.RELEASE, worker, blamed)

    async def due(self, *, silent: float) -> list[tuple[UUID, int]]:
        """Return jobs with steps that nobody holds and nobody was woken for in some seconds.

        From now on they count as woken, so two that sweep never wake twice.
        """
        micros = int(silent * MICROSECONDS)
        rows = await self._connection.fetch(statements.DUE, micros, DUE_MAX)
        if not rows:
            return []
        ours = await self._connection.fetch(statements.WOKEN, [row["id"] for row in rows], micros)
        woken = {row["id"] for row in ours}
        return [(row["id"], row["wakes"]) for row in rows if row["id"] in woken]

    async def not_woken(self, jobs: Sequence[UUID]) -> None:
        """Take back that jobs were woken: the queue took nothing."""
        await self._connection.execute(statements.WOKEN_TOO_EARLY, list(jobs))

    async def kept(self, jobs: Sequence[UUID]) -> set[UUID]:
        """Return those of some jobs whose files are still wanted."""
        rows = await self._connection.fetch(statements.KEPT, list(jobs))
        return {row["id"] for row in rows}

    async def forget(self, *, after: float) -> None:
        """Delete the rows of jobs that ended some seconds ago."""
        await self._connection.execute(statements.FORGET, int(after * MICROSECONDS))

    async def _end(self, step: Step, result: Any) -> asyncpg.Record:
        row = await self._connection.fetchrow(statements.LOCK, step.job.id)
        ours = row is not None and State(row["state"]) in OPEN
        if ours:
            ours = await self._connection.fetchval(
                statements.DONE, step.job.id, step.number, step.attempt, _small(result)
            )
        if row is None or not ours:
            raise LeaseLost(f"step {step.number} of job {step.job.id}")
        return row

    async def _fail(self, job: UUID, fault: JobFault) -> None:
        texts = (fault.message, fault.field, fault.expected, fault.found)
        message, *facts = (each and each[:MESSAGE_LENGTH_MAX] for each in texts)
        await self._connection.execute(statements.FAILED, job, fault.code, message, *facts)
        await self._connection.execute(statements.FORGET_STEPS, job)


def _small(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    ensure(len(text) <= RESULT_BYTES_MAX, f"a step's JSON of {len(text)} bytes")
    return text


def _job(row: asyncpg.Record) -> Job:
    file = None
    if row["file"] is not None:
        file = ResultFile(
            name=row["file"],
            media_type=row["media_type"],
            size=row["size"],
            sha256=row["sha256"],
        )
    fault = None
    if row["fault"] is not None:
        fault = JobFault(
            code=row["fault"],
            message=row["fault_message"],
            field=row["fault_field"],
            expected=row["fault_expected"],
            found=row["fault_found"],
        )
    return Job(
        id=row["id"],
        kind=row["kind"],
        owner=row["owner"],
        parameters=msgspec.json.decode(row["parameters"]),
        state=State(row["state"]),
        shards_done=row["shards_done"],
        shards_total=row["shards_total"],
        value=None if row["value"] is None else msgspec.json.decode(row["value"]),
        file=file,
        fault=fault,
        created_at=row["created_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        expires_at=row["expires_at"],
    )
