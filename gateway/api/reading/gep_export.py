"""A whole account as a file: GeoJSON, JSON-LD, or CSV, with what the ledger says of it.

The file's ETag is the SHA-256 of its bytes, which follow from the account and its course alone.
"""

import asyncio
from enum import StrEnum
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from gateway.api.door import HEAD, Door
from gateway.api.problems import Problem
from gateway.api.reading.gep import Account, account_row, account_shown
from gep.accounts.stored import read_account
from gep.exchange.course import Course, course_of
from gep.exchange.exporting import Exported, Form, export, export_table
from gep.exchange.tables import TABLES
from gep.exchange.tree import Export
from ledger.transparency.store import current_log

TableName = StrEnum("TableName", {each.name: each.name for each in TABLES})  # type: ignore[misc]
Format = Annotated[Form, Query(description="geojson, json-ld, or csv: a ZIP of tables.")]
Table = Annotated[TableName | None, Query(description="One table alone, with format=csv.")]
Bom = Annotated[bool, Query(description="Mark CSV as UTF-8, for old spreadsheets.")]


def add_gep_export(router: APIRouter, door: Door) -> None:
    """Add the export of accounts."""

    @router.get("/gep/accounts/{account}/export", tags=["gep"], response_class=Response)
    async def export_gep_account(
        request: Request,
        account: Account,
        format: Format = Form.JSON_LD,  # noqa: A002  the parameter's name
        table: Table = None,
        bom: Bom = False,  # noqa: FBT002  a query parameter
    ) -> Response:
        """Download an account whole: lines, sources, sums, warnings, who did what."""
        if table is not None and format is not Form.CSV:
            raise Problem(
                status=422, code="request.choice_unknown", field="table", expected="with format=csv"
            )
        caller = await door.caller(request)
        async with door.view(request) as view:
            row = await account_row(view, account, caller=caller)
            log = await current_log(view.exchange.connection)
        course = course_of(account_shown(row), log=None if log is None else log.origin)
        made = await asyncio.to_thread(
            _made, row["document"], course, form=format, table=table, bom=bom
        )
        return _answer(request, made, head=view.head)


def _made(
    document: str, course: Course, *, form: Form, table: TableName | None, bom: bool
) -> Exported:
    what = Export(account=read_account(document), course=course)
    if table is not None:
        return export_table(what, table.value, bom=bom)
    return export(what, form, bom=bom)


def _answer(request: Request, made: Exported, *, head: int) -> Response:
    tag = f'"{sha256(made.content).hexdigest()}"'
    headers = {
        "ETag": tag,
        HEAD: str(head),
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f'attachment; filename="{made.name}"',
    }
    known = {
        each.strip().removeprefix("W/")
        for each in request.headers.get("if-none-match", "").split(",")
    }
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(made.content, media_type=made.media_type, headers=headers)
