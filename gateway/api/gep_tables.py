"""Tables of accounts over HTTP: templates to fill, and filled files read; nothing is kept.

A file that has errors is answered like any dry run: 200, ``valid`` false, and every error at its
cell. Whoever has no error drafts the plan in the answer as before.
"""

from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from gateway.api.credit_facts import WORKBOOK, file_body
from gateway.api.credit_facts import WorkbookRoute as FileRoute
from gateway.api.door import Door
from gateway.api.messages import message
from gateway.api.problems import language_of
from gep.accounts.account import yuan_of
from gep.tables.faults import Fault
from gep.tables.grids import FILE_BYTES_MAX
from gep.tables.layout import Language
from gep.tables.reading import read_file
from gep.tables.template import EDITION, PARAMETERS, archive, blank_pages, workbook

ZIP = "application/zip"
STREAM = "application/octet-stream"


class Format(StrEnum):
    """What a template is downloaded as; ``csv`` is a ZIP of a file for each sheet."""

    XLSX = "xlsx"
    CSV = "csv"


FormatQuery = Annotated[Format, Query(alias="format", description="A workbook, or a ZIP of CSV.")]
Edition = Annotated[str, Query(max_length=64, description="The norm, by its name.")]
Parameters = Annotated[str, Query(max_length=64, description="The version of a parameter set.")]
Lang = Annotated[Language, Query(description="The language of titles and explanations.")]


class WorkbookRoute(FileRoute):
    """A route that takes a workbook, and writes nothing."""

    BYTES_MAX = FILE_BYTES_MAX
    writes_once = False


class ArchiveRoute(WorkbookRoute):
    """A route that takes a ZIP of CSV files, and writes nothing."""

    MEDIA_TYPE = ZIP


def add_templates(router: APIRouter, door: Door) -> None:
    """Add the download of templates."""

    @router.get("/gep/templates", tags=["gep"])
    async def download_gep_template(
        request: Request,
        form: FormatQuery = Format.XLSX,
        edition: Edition = EDITION,
        parameters: Parameters = PARAMETERS,
        lang: Lang = Language.ZH,
    ) -> Response:
        """Download the sheets of an account, to be filled: a workbook, or a ZIP of CSV files."""
        await door.caller(request)
        content = await door.turns.run(
            _template, form, edition=edition, parameters=parameters, lang=lang
        )
        name = "gep-template.xlsx" if form is Format.XLSX else "gep-template.zip"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=STREAM, headers=headers)


def add_tables(application: Any, door: Door) -> None:
    """Add the questions that are files, each with the one type of file that it takes."""
    binary = {"type": "string", "format": "binary"}
    books = APIRouter(prefix="/v1", route_class=WorkbookRoute, redirect_slashes=False)

    @books.post("/gep/tables", tags=["gep"], openapi_extra=file_body(WORKBOOK, binary, "PK..."))
    async def read_gep_workbook(request: Request) -> dict[str, Any]:
        """Read a filled workbook: its plan and total, or every error at its cell."""
        return await _read(door, request, "workbook")

    archives = APIRouter(prefix="/v1", route_class=ArchiveRoute, redirect_slashes=False)

    @archives.post(
        "/gep/table-archives", tags=["gep"], openapi_extra=file_body(ZIP, binary, "PK...")
    )
    async def read_gep_archive(request: Request) -> dict[str, Any]:
        """Read a ZIP of filled CSV files, one for each sheet, as a workbook is read."""
        return await _read(door, request, "archive")

    application.router.routes.extend([*books.routes, *archives.routes])


def _template(form: Format, *, edition: str, parameters: str, lang: Language) -> bytes:
    pages = blank_pages(edition, parameters, lang)
    return workbook(pages, lang) if form is Format.XLSX else archive(pages, lang)


async def _read(door: Door, request: Request, name: str) -> dict[str, Any]:
    content = await request.body()
    outcome = await door.turns.run(read_file, content, name)
    language = language_of(request)
    account = outcome.account
    return {
        "valid": account is not None,
        "table_plan": None if outcome.document is None else dict(outcome.document),
        "account_hash": None if account is None else account.hash,
        "account_total_yuan": None if account is None else str(yuan_of(account.total)),
        "error_count": outcome.error_count,
        "errors": [_shown(each, language) for each in outcome.errors],
        "warnings": [_shown(each, language) for each in outcome.warnings],
    }


def _shown(fault: Fault, language: str) -> dict[str, Any]:
    return {**fault.document(), "title": message(fault.code, language=language)}
