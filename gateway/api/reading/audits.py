"""Audit bundles over HTTP, made while the caller waits.

Who may ask for what stands in ``gateway/auditing/sight.py``; what is too large here is a job.
"""

import tempfile
from collections.abc import Iterator
from typing import IO, Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from starlette.background import BackgroundTask

from gateway.api.audits import Audits
from gateway.api.door import Door
from gateway.api.paging import ENTRY_MAX
from gateway.api.problems import Problem
from gateway.auditing.bundle import write_bundle
from gateway.auditing.scope import parse_scope
from gateway.auditing.sight import sight_of
from ledger.transparency.store import current_log

BUNDLE_ENTRIES_MAX = 20_000  # our bound: what a gateway writes in a second; a job has none
SPOOL_BYTES_MAX = 8_000_000
READ_BYTES = 1 << 16
SCOPE_LENGTH_MAX = 220
ZIP = "application/zip"

ScopeText = Annotated[str, Query(min_length=1, max_length=SCOPE_LENGTH_MAX)]
Since = Annotated[int | None, Query(ge=1, le=ENTRY_MAX)]


def add_audits(router: APIRouter, door: Door) -> None:
    """Add audit bundles."""

    @router.get("/audit/bundle", tags=["audit"])
    async def download_bundle(
        request: Request, scope: ScopeText, since: Since = None
    ) -> StreamingResponse:
        """Download entries with their proofs; `verifier/check_bundle.py` checks them alone."""
        caller = await door.caller(request)
        wanted = parse_scope(scope)
        audits = audits_of(door)
        file: IO[bytes] = tempfile.SpooledTemporaryFile(SPOOL_BYTES_MAX)  # noqa: SIM115  closed behind the answer
        try:
            async with door.reads.connection() as connection:
                sees = await sight_of(connection, caller, wanted)
                log = await current_log(connection)
                origin = "" if log is None else log.origin
                await write_bundle(
                    connection,
                    file,
                    scope=wanted,
                    sees=sees,
                    policy=audits.policy(origin),
                    since=since,
                    entries_max=BUNDLE_ENTRIES_MAX,
                )
        except BaseException:
            file.close()
            raise
        file.seek(0)
        name = "".join(each if each.isascii() and each.isalnum() else "-" for each in scope)
        return StreamingResponse(
            _pieces(file),
            media_type=ZIP,
            headers={"Content-Disposition": f'attachment; filename="bundle-{name}.zip"'},
            background=BackgroundTask(file.close),
        )


def audits_of(door: Door) -> Audits:
    """Return what audits need.

    Raises:
        Problem: 503, this gateway was started without it.
    """
    if door.audits is None:
        raise Problem(status=503, code="service.unavailable")
    return door.audits


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(READ_BYTES):
        yield piece
