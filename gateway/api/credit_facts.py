"""The upload of a department's file of facts: CSV or a workbook, tried line by line or recorded.

A dry run asks the machine about every line on its own and names what is wrong with each. Else
nothing is recorded of a file with a bad line, and the others are recorded by one entry, which
holds the file's digest: all of them or none.
"""

import asyncio
import hashlib
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from credit_scoring.archive.commands import RecordFacts
from credit_scoring.archive.fact_file import HEADER, FactFile, read_csv, read_workbook
from gateway.api.bodies import check_media_type, read_body
from gateway.api.door import HEAD, Door, StrictRoute
from gateway.api.problems import Problem, refused
from gateway.api.writes import head_of, key_of
from kernel.canonical import utc_text
from kernel.errors import DomainError
from ledger.reconciliation.lines import BadLine
from ledger.sequencer.submission import Answer

CSV_PATH = "/v1/credit/fact-files"
WORKBOOK_PATH = "/v1/credit/fact-workbooks"
CSV = "text/csv"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILE_BYTES_MAX = 4 << 20
EXAMPLE = f"{','.join(HEADER)}\nE01,E-COMP-01,2026-05-01,1,,2026/17,{'e5' * 32}\n"
DryRun = Annotated[bool, Query(description="Say what is wrong with each line; change nothing.")]


class CsvRoute(StrictRoute):
    """A route that takes a file of text."""

    MEDIA_TYPE = CSV
    BYTES_MAX = FILE_BYTES_MAX

    async def read(self, request: Request) -> Request:
        """Return the request with the file as its body."""
        check_media_type(request, expected=self.MEDIA_TYPE)
        read = Request(request.scope, request.receive)
        read._body = await read_body(request, most=self.BYTES_MAX)  # noqa: SLF001  as the door does
        return read


class WorkbookRoute(CsvRoute):
    """A route that takes a workbook."""

    MEDIA_TYPE = WORKBOOK


def add_fact_files(application: Any, door: Door) -> None:
    """Add the uploads, each with the one type of file that it takes."""
    text = APIRouter(prefix="/v1", route_class=CsvRoute, redirect_slashes=False)

    @text.post(
        "/credit/fact-files",
        status_code=201,
        tags=["credit"],
        openapi_extra=file_body(CSV, {"type": "string"}, EXAMPLE),
    )
    async def upload_facts(
        request: Request,
        dry_run: DryRun = False,  # noqa: FBT002
    ) -> JSONResponse:
        """Record a CSV of facts of one's own department, or try it line by line."""
        return await _take(door, request, read_csv, dry_run=dry_run)

    book = APIRouter(prefix="/v1", route_class=WorkbookRoute, redirect_slashes=False)

    @book.post(
        "/credit/fact-workbooks",
        status_code=201,
        tags=["credit"],
        openapi_extra=file_body(WORKBOOK, {"type": "string", "format": "binary"}, "PK..."),
    )
    async def upload_workbook(
        request: Request,
        dry_run: DryRun = False,  # noqa: FBT002
    ) -> JSONResponse:
        """Record the first sheet of a workbook, or try it line by line."""
        return await _take(door, request, read_workbook, dry_run=dry_run)

    application.router.routes.extend([*text.routes, *book.routes])


def file_body(media_type: str, schema: dict[str, Any], example: str) -> dict[str, Any]:
    """Return how the documentation shows a request that is a file."""
    content = {media_type: {"schema": schema, "example": example}}
    return {"requestBody": {"required": True, "content": content}}


async def _take(
    door: Door, request: Request, read: Callable[[bytes], FactFile], *, dry_run: bool
) -> JSONResponse:
    caller = await door.caller(request)
    key = key_of(request)
    content = await request.body()
    # Beside the event loop, which goes on serving others.
    found = await asyncio.to_thread(read, content)
    if dry_run:
        return await _try(door, request, found, key=key, source=caller.party)
    if found.bad or not found.facts:
        raise _unreadable(found)
    command = RecordFacts(
        source=caller.party,
        facts=[fact for _, fact in found.facts],
        file=hashlib.sha256(content).hexdigest(),
    )
    (reply,) = await door.submit(request, [(key, command)], dry_run=False)
    if isinstance(reply, DomainError):
        raise reply
    if reply.refusal is not None:
        problem = refused(reply.refusal, entry=reply.index)
        line = _line_of(problem.field, found)
        if line is not None:
            problem.extra["line"] = line
        raise problem
    body = {
        "outcome": reply.kind,
        "at": utc_text(reply.at, digits=6),
        "lines": len(found.facts),
        "bad": [],
        "receipt": {"entry": str(reply.index)},
    }
    return JSONResponse(body, status_code=201, headers={HEAD: head_of([reply])})


async def _try(
    door: Door, request: Request, found: FactFile, *, key: str, source: str
) -> JSONResponse:
    """Ask the machine about each line that can be read, and answer all that is wrong."""
    commands = [RecordFacts(source=source, facts=[fact]) for _, fact in found.facts]
    keyed = [(f"{key}/{n}", command) for n, command in enumerate(commands)]
    replies = await door.submit(request, keyed, dry_run=True) if keyed else []
    bad = [_bad_shown(each) for each in found.bad]
    answers: list[Answer] = []
    for (line, _), reply in zip(found.facts, replies, strict=True):
        if isinstance(reply, DomainError):
            raise reply
        answers.append(reply)
        if reply.refusal is not None:
            refusal = reply.refusal
            field = refusal.field or "line"
            bad.append(
                {
                    "line": line,
                    "field": field.rpartition(".")[2],
                    "code": refusal.code,
                    "expected": refusal.expected,
                    "found": refusal.found,
                }
            )
    bad.sort(key=lambda each: (each["line"], each["field"]))
    body = {"outcome": "dry_run", "lines": len(found.facts), "bad": bad}
    head = head_of(answers) if answers else str(await door.reads.head())
    return JSONResponse(body, headers={HEAD: head})


def _bad_shown(each: BadLine) -> dict[str, Any]:
    return {
        "line": each.line,
        "field": each.field,
        "code": "credit.file_unreadable",
        "expected": each.expected,
        "found": each.found,
    }


def _unreadable(found: FactFile) -> Problem:
    lines = [_bad_shown(each) for each in found.bad]
    if not lines:
        empty = BadLine(line=2, field="lines", expected="at least one fact", found="none")
        lines = [_bad_shown(empty)]
    return Problem(
        status=422,
        code="credit.file_unreadable",
        field=lines[0]["field"],
        extra={"lines": lines},
    )


def _line_of(field: str | None, found: FactFile) -> int | None:
    """Return the line of the file that a refusal's field names by its place in the command."""
    parts = (field or "").split(".")
    if parts[0] != "facts" or len(parts) == 1:
        return None
    return found.facts[int(parts[1])][0]
