"""What is read of the ways in: keys of departments, batches that they signed, files taken in.

Keys are for everybody with an API key, since who checks a signature needs them. Batches and
intakes are for their department and for those who supervise.
"""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Path, Request

from credit_scoring.archive.commands import RecordSignedFacts
from credit_scoring.archive.intake_store import IntakeStore
from credit_scoring.archive.signed_batch import document_of
from gateway.api.door import Door
from gateway.api.paging import PAGE_DEFAULT, Cursor, Limit, Page
from gateway.api.problems import Problem
from gateway.api.reads import View
from gateway.wiring import new_machine
from kernel.canonical import utc_text
from ledger.commands import Linked
from ledger.machine import Machine
from ledger.sequencer.submission import StoredBody

Source = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
Batch = Annotated[str, Path(pattern=r"^[1-9][0-9]{0,15}$")]


def add_credit_intakes(router: APIRouter, door: Door) -> None:
    """Add what is read of the ways in."""
    _add_keys(router, door)
    _add_batches(router, door, new_machine())
    _add_intakes(router, door)


def _add_keys(router: APIRouter, door: Door) -> None:
    @router.get("/credit/department-keys", tags=["credit"])
    async def list_department_keys(
        request: Request, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """List the keys by which departments sign, and the retired ones."""
        await door.caller(request)
        page = Page(door.cursors, scope="department keys", cursor=cursor, limit=limit)
        department, key_id = page.after("", "")
        async with door.view(request) as view:
            rows = await _store(view).keys(after=(department, key_id), limit=page.limit)
        found, following = page.cut(rows, lambda row: (row["department"], row["key_id"]))
        shown = [
            {
                "department": row["department"],
                "key_id": row["key_id"],
                "public_key": row["public_key"],
                "decision": row["decision"],
                "entry": str(row["entry"]),
                "retired_in": _number(row["retired_in"]),
            }
            for row in found
        ]
        return {"head": str(view.head), "keys": shown, "next": following}


def _add_batches(router: APIRouter, door: Door, machine: Machine) -> None:
    @router.get("/credit/signed-batches", tags=["credit"])
    async def list_signed_batches(
        request: Request, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """List signed batches: one's own department's, or all of them."""
        caller = await door.caller(request)
        source = None if caller.watches() else caller.party
        page = Page(door.cursors, scope=f"batches {source}", cursor=cursor, limit=limit)
        after, number = page.after("", 0)
        async with door.view(request) as view:
            rows = await _store(view).batches(source, after=(after, number), limit=page.limit)
        found, following = page.cut(rows, lambda row: (row["source"], row["batch"]))
        shown = [_batch_shown(row) for row in found]
        return {"head": str(view.head), "batches": shown, "next": following}

    @router.get("/credit/signed-batches/{source}/{batch}", tags=["credit"])
    async def show_signed_batch(request: Request, source: Source, batch: Batch) -> dict[str, Any]:
        """Show a batch as it was signed, with signature and key: enough to check it offline."""
        caller = await door.caller(request)
        if caller.party != source and not caller.watches():
            raise Problem(status=403, code="request.forbidden", field="source")
        async with door.view(request) as view:
            store = _store(view)
            found = await store.batch(source, int(batch))
            if found is None:
                raise Problem(status=404, code="credit.batch_unknown", field="batch", found=batch)
            key = await store.key(source, found["key_id"])
            assert key is not None
            command = _signed(machine, await store.postings(found["entry"]), int(batch))
            venue = await view.exchange.connection.fetchval("SELECT name FROM venue LIMIT 1")
        return {
            "head": str(view.head),
            **_batch_shown(found),
            "public_key": key["public_key"],
            "document": document_of(command, venue=venue),
        }


def _add_intakes(router: APIRouter, door: Door) -> None:
    @router.get("/credit/intakes", tags=["credit"])
    async def list_intakes(
        request: Request, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """List files that are or were taken in: one's own department's, or all of them."""
        caller = await door.caller(request)
        source = None if caller.watches() else caller.party
        page = Page(door.cursors, scope=f"intakes {source}", cursor=cursor, limit=limit)
        (after,) = page.after(0)
        async with door.view(request) as view:
            rows = await _store(view).intakes(source, after=after, limit=page.limit)
        found, following = page.cut(rows, lambda row: (row["id"],))
        shown = [
            {
                "intake": str(row["id"]),
                "source": row["source"],
                "file": row["file"],
                "manifest": row["manifest"],
                "lines": row["lines"],
                "chunks": row["chunks"],
                "recorded": row["recorded"],
                "state": row["state"],
                "opened_in": str(row["opened_in"]),
                "closed_in": _number(row["closed_in"]),
            }
            for row in found
        ]
        return {"head": str(view.head), "intakes": shown, "next": following}


def _store(view: View) -> IntakeStore:
    return IntakeStore(view.exchange.connection)


def _number(value: int | None) -> str | None:
    return None if value is None else str(value)


def _batch_shown(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "source": row["source"],
        "batch": row["batch"],
        "key_id": row["key_id"],
        "signature": row["signature"],
        "digest": row["digest"],
        "facts": row["facts"],
        "entry": str(row["entry"]),
        "at": utc_text(row["at"], digits=6),
    }


def _signed(machine: Machine, postings: bytes, batch: int) -> RecordSignedFacts:
    """Return the command of a batch: an entry's own, or that of one leg of its list."""
    body = msgspec.json.decode(postings, type=StoredBody)
    command = machine.decode_command(body.command)
    legs = command.commands if isinstance(command, Linked) else (command,)
    return next(leg for leg in legs if isinstance(leg, RecordSignedFacts) and leg.batch == batch)
