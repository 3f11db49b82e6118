"""Steps of a job, each from its lease to its row: what a worker does when it is woken.

It does one, and goes on with the same job for a second; then the job stands in the queue again,
behind others.

Woken for nothing is usual and harmless: the message came twice, the job was cancelled, another was
faster. A refusal (`DomainError`) ends the job with its code; anything else is tried again.
"""

import asyncio
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from gateway.settings import Settings
from gateway.work.folders import folders_of
from gateway.work.job import JobFault, LeaseLost, OwnerRevoked, Step
from gateway.work.kinds import Finished, Kinds, Outcome, Plan, Work, read_parameters
from gateway.work.leases import held
from gateway.work.store import JobStore
from kernel.errors import DomainError, Kind

log = structlog.get_logger()
STEP_FAILED = "work.step_failed"
HOUR_SECONDS = 3_600.0
TURN_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """Where steps are done: a venue, the name of the worker, the kinds that it knows."""

    settings: Settings
    dsn: str
    worker: str
    kinds: Kinds


async def do_turn(
    place: Workplace, job: UUID, *, wake: Callable[[int], None], seconds: float = TURN_SECONDS
) -> int:
    """Do steps of a job that nobody holds, one and then more for some seconds.

    ``wake`` is told how many others may go on beside; returned is how many may go on after.

    Raises:
        OSError, asyncpg.PostgresError, asyncpg.InterfaceError: the database is away; the step
            comes back when its lease is over.
    """
    until = time.monotonic() + seconds
    connection = await asyncpg.connect(place.dsn)
    try:
        while (following := await _do_step(place, JobStore(connection), job)) > 0:
            if time.monotonic() >= until:
                return following
            wake(following - 1)
        return 0
    finally:
        await connection.close()


async def _do_step(place: Workplace, store: JobStore, job: UUID) -> int:
    step = await store.take(job, worker=place.worker, lease=place.settings.worker_lease)
    if step is None:
        return 0
    log.info("step", job=str(job), kind=step.job.kind, step=step.number, attempt=step.attempt)
    try:
        return await _held_step(place, store, step)
    except LeaseLost as lost:
        log.info("step_lost", reason=str(lost))
    except DomainError as error:
        fault = JobFault(
            code=error.code,
            message=_words(error),
            field=error.field,
            expected=error.expected,
            found=error.data.get("found"),
        )
        log.warning("step_refused", job=str(job), step=step.number, code=error.code)
        await store.failed(step, fault, for_good=error.kind is not Kind.UNAVAILABLE)
    except Exception as error:  # noqa: BLE001  the edge: whatever a kind raises is told
        # The words may name an address or a file; they are for the log alone.
        log.error(  # noqa: TRY400  the log's own traceback shows variables, addresses among them
            "step_failed", job=str(job), step=step.number, trace=traceback.format_exc()
        )
        message = f"{type(error).__name__} in step {step.number}; the worker's log says more"
        await store.failed(step, JobFault(code=STEP_FAILED, message=message), for_good=False)
    return 0


async def _held_step(place: Workplace, store: JobStore, step: Step) -> int:
    """Do a step under its lease.

    Raises:
        LeaseLost: it was cancelled, or is another's.
    """
    loop = asyncio.get_running_loop()
    working: list[asyncio.Task[Callable[[], Awaitable[int]]]] = []

    def interrupt() -> None:
        for task in working:
            loop.call_soon_threadsafe(task.cancel)

    with held(step, dsn=place.dsn, seconds=place.settings.worker_lease, lost=interrupt) as lease:
        task = asyncio.create_task(_work(place, store, step, check=lease.check))
        working.append(task)
        try:
            write_down = await task
        except asyncio.CancelledError:
            lease.check()
            raise
        return await write_down()


async def _work(
    place: Workplace, store: JobStore, step: Step, *, check: Callable[[], None]
) -> Callable[[], Awaitable[int]]:
    """Do what a step is about; return how its end is written down."""
    kind = place.kinds.of(step.job.kind)
    parameters = read_parameters(kind, step.job.parameters)
    work = Work(
        job=step.job,
        settings=place.settings,
        dsn=place.dsn,
        folder=folders_of(place.settings).made(step.job.id),
        attempt=step.attempt,
        common=None if step.is_planning else await store.common(step.job.id),
        check=check,
    )
    owner = await store.owner(step.job.owner)
    if owner is None:
        raise OwnerRevoked(f"{step.job.owner} has no live key")
    # Asked again: keys are revoked and roles end meanwhile.
    await kind.authorise(store.connection, owner, parameters)
    if step.is_planning:
        plan: Plan = await kind.plan(work, parameters)
        return lambda: store.planned(step, plan)
    if step.is_finishing:
        shards, results = await store.shards(step)
        finished = Finished(common=work.common, shards=shards, results=results)
        outcome: Outcome = await kind.finish(work, parameters, finished)
        kept = place.settings.job_result_hours * HOUR_SECONDS

        async def end() -> int:
            await store.finished(step, outcome, kept=kept)
            return 0

        return end
    result: Any = await kind.run_shard(work, parameters, step.shard)
    return lambda: store.counted(step, result)


def _words(error: DomainError) -> str:
    place = "" if error.field is None else f"{error.field}: "
    wanted = "" if error.expected is None else f" (expected: {error.expected})"
    return f"{place}{error}{wanted}"
