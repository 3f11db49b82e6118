"""Uploads of large files of facts, which a job then checks and takes in.

An upload changes nothing of the record: the file waits, under its SHA-256, for the department's
job ``credit_fact_file``, at most three days. The same file again is the same upload.
"""

import hashlib
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from credit_scoring.archive.checking import department_named
from credit_scoring.archive.uploads import Upload, UploadStore
from gateway.api.credit_facts import CSV, EXAMPLE, WORKBOOK, CsvRoute, DryRun, file_body
from gateway.api.door import HEAD, Door
from gateway.api.jobs import desk_of
from gateway.api.problems import Problem
from gateway.api.writes import key_of

CSV_PATH = "/v1/credit/fact-file-uploads"
WORKBOOK_PATH = "/v1/credit/fact-workbook-uploads"
UPLOAD_BYTES_MAX = 32 << 20


class LargeCsvRoute(CsvRoute):
    """A route that takes a large file of text."""

    BYTES_MAX = UPLOAD_BYTES_MAX


class LargeWorkbookRoute(LargeCsvRoute):
    """A route that takes a large workbook."""

    MEDIA_TYPE = WORKBOOK


def add_uploads(application: Any, door: Door) -> None:
    """Add the uploads, each with the one type of file that it takes."""
    text = APIRouter(prefix="/v1", route_class=LargeCsvRoute, redirect_slashes=False)

    @text.post(
        "/credit/fact-file-uploads",
        status_code=201,
        tags=["credit"],
        openapi_extra=file_body(CSV, {"type": "string"}, EXAMPLE),
    )
    async def upload_large_file(
        request: Request,
        dry_run: DryRun = False,  # noqa: FBT002
    ) -> JSONResponse:
        """Hand in a CSV of up to 200,000 facts for the job `credit_fact_file`."""
        return await _keep(door, request, CSV, dry_run=dry_run)

    book = APIRouter(prefix="/v1", route_class=LargeWorkbookRoute, redirect_slashes=False)

    @book.post(
        "/credit/fact-workbook-uploads",
        status_code=201,
        tags=["credit"],
        openapi_extra=file_body(WORKBOOK, {"type": "string", "format": "binary"}, "PK..."),
    )
    async def upload_large_workbook(
        request: Request,
        dry_run: DryRun = False,  # noqa: FBT002
    ) -> JSONResponse:
        """Hand in a workbook of up to 200,000 facts for the job `credit_fact_file`."""
        return await _keep(door, request, WORKBOOK, dry_run=dry_run)

    application.router.routes.extend([*text.routes, *book.routes])


async def _keep(door: Door, request: Request, media_type: str, *, dry_run: bool) -> JSONResponse:
    caller = await door.caller(request)
    key_of(request)
    content = await request.body()
    digest = hashlib.sha256(content).hexdigest()
    async with desk_of(door).writing() as connection:
        if await department_named(connection, caller.party) is None:
            raise Problem(status=403, code="credit.department_only", found=caller.party)
        if not dry_run:
            upload = Upload(media_type=media_type, content=content)
            await UploadStore(connection).keep(caller.party, upload)
    body = {"outcome": "dry_run" if dry_run else "kept", "upload": digest, "bytes": len(content)}
    headers = {HEAD: str(await door.reads.head())}
    return JSONResponse(body, status_code=200 if dry_run else 201, headers=headers)
