"""Audit bundles over HTTP: who may ask for which scope, and which bodies are shown.

Operators, regulators and auditors ask for any scope and see every postings part. A party asks for
its own accounts and for trades that it has a side of, and sees what its own actors sent; of
others' entries, the system's among them, it gets header and proof. Nobody gets a personal part.
"""

import tempfile
from collections.abc import Iterator
from typing import IO, Annotated

import asyncpg
from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from starlette.background import BackgroundTask

from gateway.api.audits import Audits
from gateway.api.authentication import Caller
from gateway.api.door import Door
from gateway.api.paging import ENTRY_MAX
from gateway.api.problems import Problem
from gateway.auditing.bundle import Sees, write_bundle
from gateway.auditing.finding import ScopeEmpty
from gateway.auditing.scope import Scope, parse_scope
from ledger.personal.disclosure import Sight
from ledger.store import StoredEntry
from ledger.transparency.store import current_log

BUNDLE_ENTRIES_MAX = 20_000  # our bound: what a gateway writes in a second; the CLI has none
SPOOL_BYTES_MAX = 8_000_000
READ_BYTES = 1 << 16
ACTORS_MAX = 10_000
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


async def sight_of(connection: asyncpg.Connection, caller: Caller, scope: Scope) -> Sees:
    """Return what a caller sees of a scope.

    Raises:
        Problem: 403, the scope is not the caller's.
        ScopeEmpty: there is no such trade or account.
    """
    if caller.watches():
        return lambda _: Sight(postings=True, personal=False)
    if caller.party not in await _parties_of(connection, scope):
        raise Problem(status=403, code="request.forbidden", field="scope")
    rows = await connection.fetch(
        "SELECT id FROM actor WHERE party = $1 LIMIT $2", caller.party, ACTORS_MAX
    )
    own = {row["id"] for row in rows}

    def is_own(entry: StoredEntry) -> bool:
        return entry.body().actor in own

    return lambda entry: Sight(postings=is_own(entry), personal=False)


_OF_ACCOUNT = "SELECT party FROM account WHERE number = $1"
_OF_TRADE = (
    "SELECT party FROM account WHERE number IN "
    "(SELECT unnest(ARRAY[buyer, seller]) FROM trade WHERE id = $1) LIMIT 2"
)


async def _parties_of(connection: asyncpg.Connection, scope: Scope) -> set[str]:
    """Return whose a scope is; of other scopes than account and trade nobody is."""
    if scope.kind not in {"account", "trade"}:
        return set()
    query = _OF_ACCOUNT if scope.kind == "account" else _OF_TRADE
    rows = await connection.fetch(query, scope.number())
    if not rows:
        raise ScopeEmpty(f"there is no {scope.text}", field="scope")
    return {row["party"] for row in rows}


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(READ_BYTES):
        yield piece
