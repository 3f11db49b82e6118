"""A whole account as a file: GeoJSON, JSON-LD, or CSV, with what the ledger says of it.

The file's ETag is the SHA-256 of its bytes, which follow from the account, its course, and the
boundaries that the venue has of it.
"""

import asyncio
from datetime import date
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from gateway.api.door import HEAD, Door
from gateway.api.problems import Problem
from gateway.api.reading.gep import Account, account_of, account_shown
from gateway.api.reading.gep_surroundings import Ground, ground_of, zones_of
from gateway.api.reads import View
from gateway.api.tags import names_tag, tag_of
from gep.accounts.account import Account as StoredAccount
from gep.accounts.stored import read_account
from gep.exchange.boundary import boundary_of
from gep.exchange.course import course_of, entries_of
from gep.exchange.exporting import Exported, Form, export, export_table
from gep.exchange.tables import TABLES
from gep.exchange.tree import Export
from gep.space.lying import last_day
from gep.zones import Zone
from ledger.transparency.store import log_with

TableName = StrEnum("TableName", {each.name: each.name for each in TABLES})  # type: ignore[misc]


class Drawn(StrEnum):
    """Which boundaries an export has."""

    KNOWN = "known"
    REQUIRED = "required"
    NONE = "none"


Format = Annotated[Form, Query(description="geojson, json-ld, or csv: a ZIP of tables.")]
Table = Annotated[TableName | None, Query(description="One table alone, with format=csv.")]
Bom = Annotated[bool, Query(description="Mark CSV as UTF-8, for old spreadsheets.")]
Boundary = Annotated[
    Drawn,
    Query(
        description="The venue's boundary of the account if it is known, refused if it is not, or"
        " none at all."
    ),
]


def add_gep_export(router: APIRouter, door: Door) -> None:
    """Add the export of accounts."""

    @router.get("/gep/accounts/{account}/export", tags=["gep"], response_class=Response)
    async def export_gep_account(
        request: Request,
        account: Account,
        format: Format = Form.JSON_LD,  # noqa: A002  the parameter's name
        table: Table = None,
        bom: Bom = False,  # noqa: FBT002  a query parameter
        boundary: Boundary = Drawn.KNOWN,
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
            read = await asyncio.to_thread(read_account, row["document"])
            zones: tuple[Zone, ...] = ()
            if boundary is not Drawn.NONE:
                ground = await ground_of(view, read)
                if boundary is Drawn.REQUIRED:
                    _refuse_without(read, ground)
                zones = await zones_of(view, read, ground)
        what = Export(
            account=read,
            course=course_of(shown, logs=logs),
            boundary=boundary_of(zones, read) if zones else None,
        )
        made = await door.turns.run(_made, what, form=format, table=table, bom=bom)
        return _answer(request, made, head=view.head)


async def _logs(view: View, entries: tuple[str, ...]) -> dict[str, str]:
    """Return the origin of the log that holds each entry."""
    found = {each: await log_with(view.exchange.connection, int(each)) for each in entries}
    return {entry: store.log.origin for entry, store in found.items() if store is not None}


def _refuse_without(account: StoredAccount, ground: Ground) -> None:
    """Refuse an account whose own boundary the venue has not.

    Raises:
        Problem: 409, no boundary held in its year, or none has the hash that it states.
    """
    if ground.zone is not None:
        return
    of_day, stated = ground.lying.of_day, account.area.geometry_hash
    if of_day is not None:
        raise Problem(
            status=409,
            code="gep.geometry_hash_unfit",
            field="boundary",
            expected=f"the boundary with the hash {stated}",
            found=of_day["geometry_hash"],
        )
    day = date.fromordinal(last_day(account.year)).isoformat()
    raise Problem(
        status=409,
        code="gep.boundary_missing",
        field="boundary",
        expected=f"a boundary of {account.area.id} that holds on {day}",
        found="none",
    )


def _made(what: Export, *, form: Form, table: TableName | None, bom: bool) -> Exported:
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
