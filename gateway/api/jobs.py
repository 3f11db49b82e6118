"""Jobs over HTTP: asked for, looked at, cancelled, and their results fetched.

A job is no entry of the ledger, so its answers name no head. The answer to the request for one
says whether a worker is there; without one the job waits.
"""

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import FileResponse, JSONResponse

from gateway.api.door import Door
from gateway.api.paging import PAGE_DEFAULT, Cursor, Limit, Page
from gateway.api.problems import Problem
from gateway.api.schemas.jobs import JOB_PATTERN, JobCancellation, JobRequest
from gateway.api.writes import key_of
from gateway.work.desk import JobDesk
from gateway.work.job import Job, State
from kernel.canonical import utc_text

JobId = Annotated[str, Path(pattern=JOB_PATTERN)]
Owner = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
KindQuery = Annotated[str | None, Query(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
StateQuery = Annotated[State | None, Query()]
DryRun = Annotated[bool, Query(description="Answer what would be refused, and change nothing.")]


def add_jobs(router: APIRouter, door: Door) -> None:
    """Add everything about jobs."""
    _add_asking(router, door)
    _add_looking(router, door)


def _add_asking(router: APIRouter, door: Door) -> None:
    @router.post("/jobs", status_code=202, tags=["jobs"])
    async def ask_for_job(
        request: Request,
        body: JobRequest,
        dry_run: DryRun = False,  # noqa: FBT002
    ) -> JSONResponse:
        """Ask for long work; the same key again answers with the same job."""
        desk = desk_of(door)
        found = await desk.ask(
            await door.caller(request),
            key=key_of(request),
            kind=body.kind,
            parameters=body.parameters,
            dry_run=dry_run,
        )
        if dry_run or found is None:
            return JSONResponse({"outcome": "dry_run"})
        return JSONResponse(await _with_worker(desk, found), status_code=202)

    @router.post("/jobs/cancellations", tags=["jobs"])
    async def cancel_job(
        request: Request,
        body: JobCancellation,
        dry_run: DryRun = False,  # noqa: FBT002
    ) -> JSONResponse:
        """Cancel a job that is queued or running; again is the same."""
        caller = await door.caller(request)
        found = await desk_of(door).cancel(caller, UUID(body.job), dry_run=dry_run)
        return JSONResponse(job_shown(found))


def _add_looking(router: APIRouter, door: Door) -> None:
    @router.get("/jobs", tags=["jobs"])
    async def list_jobs(
        request: Request,
        owner: Owner = None,
        state: StateQuery = None,
        kind: KindQuery = None,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List the caller's jobs, the newest first; auditors and operators see everybody's."""
        caller = await door.caller(request)
        scope = f"jobs {caller.actor} {owner} {state} {kind}"
        page = Page(door.cursors, scope=scope, cursor=cursor, limit=limit)
        (before,) = page.after(None)
        rows = await desk_of(door).page(
            caller,
            owner=owner,
            state=state,
            kind=kind,
            before=None if before is None else UUID(before),
            limit=page.limit,
        )
        found, following = page.cut(rows, lambda each: (str(each.id),))
        return {"jobs": [job_shown(each) for each in found], "next": following}

    @router.get("/jobs/{job}", tags=["jobs"])
    async def show_job(request: Request, job: JobId) -> dict[str, Any]:
        """Show how far a job is, what it gave or why it failed, and how the workers stand."""
        desk = desk_of(door)
        return await _with_worker(desk, await desk.find(await door.caller(request), UUID(job)))

    @router.get("/jobs/{job}/result", tags=["jobs"])
    async def download_result(request: Request, job: JobId) -> FileResponse:
        """Download a finished job's file, a part of it where a Range header asks for one."""
        desk = desk_of(door)
        found, path = await desk.result(await door.caller(request), UUID(job))
        assert found.file is not None
        return FileResponse(
            path,
            media_type=found.file.media_type,
            filename=f"{found.kind}-{found.id}{path.suffix}",
        )


def desk_of(door: Door) -> JobDesk:
    """Return the desk.

    Raises:
        Problem: 503, this gateway was started without it.
    """
    if door.jobs is None:
        raise Problem(status=503, code="service.unavailable")
    return door.jobs


def job_shown(job: Job) -> dict[str, Any]:
    """Return a job as the API shows it."""
    file, fault = job.file, job.fault
    return {
        "job": str(job.id),
        "kind": job.kind,
        "owner": job.owner,
        "parameters": job.parameters,
        "state": job.state.value,
        "shards_done": job.shards_done,
        "shards_total": job.shards_total,
        "value": job.value or {},
        "file": None
        if file is None
        else {
            "name": file.name,
            "media_type": file.media_type,
            "size": str(file.size),
            "sha256": file.sha256,
        },
        "error": None if fault is None else asdict(fault),
        "created_at": utc_text(job.created_at, digits=6),
        "started_at": _time(job.started_at),
        "finished_at": _time(job.finished_at),
        "expires_at": _time(job.expires_at),
    }


async def _with_worker(desk: JobDesk, job: Job) -> dict[str, Any]:
    words, _ = await desk.standing()
    return {**job_shown(job), "worker": words}


def _time(at: int | None) -> str | None:
    return None if at is None else utc_text(at, digits=6)
