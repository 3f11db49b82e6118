"""A whole account as a file: GeoJSON, JSON-LD, or CSV, with what the ledger says of it.

The file's ETag is the SHA-256 of its bytes, which follow from the account and its course alone.
"""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from gateway.api.door import HEAD, Door
from gateway.api.problems import Problem
from gateway.api.reading.gep import Account, account_of, account_shown
from gateway.api.reads import View
from gateway.api.tags import names_tag, tag_of
from gep.accounts.stored import read_account
from gep.exchange.course import Course, course_of, entries_of
from gep.exchange.exporting import Exported, Form, export, export_table
from gep.exchange.tables import TABLES
from gep.exchange.tree import Export
from ledger.transparency.store import log_with

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
            row = await account_of(view, account, caller=caller)
            shown = account_shown(row)
            logs = await _logs(view, entries_of(shown))
        course = course_of(shown, logs=logs)
        made = await door.turns.run(
            _made, row["document"], course, form=format, table=table, bom=bom
        )
        return _answer(request, made, head=view.head)


async def _logs(view: View, entries: tuple[str, ...]) -> dict[str, str]:
    """Return the origin of the log that holds each entry."""
    found = {each: await log_with(view.exchange.connection, int(each)) for each in entries}
    return {entry: store.log.origin for entry, store in found.items() if store is not None}


def _made(
    document: str, course: Course, *, form: Form, table: TableName | None, bom: bool
) -> Exported:
    what = Export(account=read_account(document), course=course)
    if table is not None:
        return export_table(what, table.value, bom=bom)
    return export(what, form, bom=bom)


def _answer(request: Request, made: Exported, *, head: int) -> Response:
    tag = tag_of(made.content)
    headers = {
        "ETag": tag,
        HEAD: str(head),
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f'attachment; filename="{made.name}"',
    }
    if names_tag(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    return Response(made.content, media_type=made.media_type, headers=headers)
