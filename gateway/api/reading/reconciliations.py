"""What is read of the reconciliation: terms, files with what they showed, and tasks.

Those who supervise see all of it, a settlement bank what concerns itself, nobody else anything.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from gateway.api.authentication import Caller
from gateway.api.door import Door
from gateway.api.paging import ENTRY_MAX, PAGE_DEFAULT, Cursor, Limit, Page
from gateway.api.problems import Problem
from gateway.api.reading.persons import needs_names
from gateway.api.reads import View
from gateway.api.reconciled import (
    counts_shown,
    event_shown,
    file_shown,
    found_shown,
    task_shown,
    terms_shown,
)
from gateway.api.schemas.base import DAY_PATTERN, ordinal
from ledger.entry import read_header
from ledger.reconciliation.difference import FileKind
from ledger.reconciliation.state import STATES
from ledger.reconciliation.store import ReconciliationStore
from ledger.roles import Role

Number = Annotated[int, Path(ge=0, le=ENTRY_MAX)]
Name = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
KindQuery = Annotated[FileKind | None, Query()]
DayQuery = Annotated[str | None, Query(pattern=DAY_PATTERN)]
StateQuery = Annotated[str | None, Query(pattern=f"^({'|'.join(STATES)})$")]
OverdueQuery = Annotated[
    bool | None, Query(description="Only tasks that are late and not closed, or all others.")
]


def add_reconciliations(router: APIRouter, door: Door) -> None:
    """Add what is read of the reconciliation."""
    _add_terms(router, door)
    _add_files(router, door)
    _add_tasks(router, door)


def _add_terms(router: APIRouter, door: Door) -> None:
    @router.get("/reconciliations/terms", tags=["reconciliation"])
    async def list_terms(
        request: Request, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """List what is agreed with counterparties about their files."""
        seen = _seen(await door.caller(request), None)
        page = Page(door.cursors, scope=f"file terms {seen}", cursor=cursor, limit=limit)
        counterparty, kind = page.after("", "")
        async with door.view(request) as view:
            units = await view.units()
            rows = await _store(view).all_terms(
                counterparty=seen, after=(counterparty, kind), limit=page.limit
            )
        found, following = page.cut(rows, lambda row: (row.counterparty, row.file_kind))
        shown = [terms_shown(units, each) for each in found]
        return {"head": str(view.head), "file_terms": shown, "next": following}


def _add_files(router: APIRouter, door: Door) -> None:
    @router.get("/reconciliations", tags=["reconciliation"])
    async def list_files(
        request: Request,
        counterparty: Name = None,
        file_kind: KindQuery = None,
        day: DayQuery = None,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List recorded files, the newest first."""
        seen = _seen(await door.caller(request), counterparty)
        scope = f"files {seen} {file_kind} {day}"
        page = Page(door.cursors, scope=scope, cursor=cursor, limit=limit)
        (before,) = page.after(ENTRY_MAX)
        async with door.view(request) as view:
            rows = await _store(view).files(
                counterparty=seen,
                file_kind=None if file_kind is None else file_kind.value,
                day=None if day is None else ordinal(day, field="day"),
                before=before,
                limit=page.limit,
            )
        found, following = page.cut(rows, lambda row: (row["id"],))
        shown = [file_shown(row) for row in found]
        return {"head": str(view.head), "reconciliations": shown, "next": following}

    @router.get("/reconciliations/{reconciliation}", tags=["reconciliation"])
    async def show_file(
        request: Request,
        reconciliation: Number,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """Show a recorded file with what it opened, showed again and resolved, in its order."""
        caller = await door.caller(request)
        page = Page(door.cursors, scope=f"file {reconciliation}", cursor=cursor, limit=limit)
        (after,) = page.after(-1)
        async with door.view(request) as view:
            store = _store(view)
            row = await store.file(reconciliation)
            if row is None:
                raise Problem(
                    status=404,
                    code="reconciliation.file_not_found",
                    field="reconciliation",
                    found=str(reconciliation),
                )
            _seen(caller, row["counterparty"])
            counts = await store.counts(reconciliation)
            rows = await store.found(reconciliation, after=after, limit=page.limit)
        found, following = page.cut(rows, lambda each: (each["number"],))
        return {
            "head": str(view.head),
            **file_shown(row),
            **counts_shown(counts),
            "found": [found_shown(each) for each in found],
            "next": following,
        }


def _add_tasks(router: APIRouter, door: Door) -> None:
    @router.get("/reconciliation-tasks", tags=["reconciliation"])
    async def list_tasks(
        request: Request,
        counterparty: Name = None,
        file_kind: KindQuery = None,
        state: StateQuery = None,
        overdue: OverdueQuery = None,
        assignee: Name = None,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List tasks by number."""
        seen = _seen(await door.caller(request), counterparty)
        scope = f"tasks {seen} {file_kind} {state} {overdue} {assignee}"
        page = Page(door.cursors, scope=scope, cursor=cursor, limit=limit)
        (after,) = page.after(0)
        async with door.view(request) as view:
            units = await view.units()
            rows = await _store(view).tasks(
                counterparty=seen,
                state=state,
                overdue=overdue,
                file_kind=None if file_kind is None else file_kind.value,
                assignee=assignee,
                after=after,
                limit=page.limit,
            )
        found, following = page.cut(rows, lambda row: (row["id"],))
        shown = [task_shown(units, row) for row in found]
        return {"head": str(view.head), "tasks": shown, "next": following}

    @router.get("/reconciliation-tasks/{task}", tags=["reconciliation"])
    async def show_task(request: Request, task: Number) -> dict[str, Any]:
        """Show a task with everything that happened to it, and the words said about it."""
        caller = await door.caller(request)
        async with door.view(request) as view:
            store = _store(view)
            row = await store.task(task)
            if row is None:
                raise Problem(
                    status=404, code="reconciliation.task_unknown", field="task", found=str(task)
                )
            _seen(caller, row["counterparty"])
            units = await view.units()
            events = await store.history(task)
            named = caller.party == row["counterparty"] or needs_names(caller)
            history = [
                event_shown(each, personal=await _words(view, each) if named else None)
                for each in events
            ]
        return {"head": str(view.head), **task_shown(units, row), "history": history}


async def _words(view: View, event: Mapping[str, Any]) -> bytes | None:
    """Return the personal part of an event's entry, ``None`` where there is none any more."""
    if event["header"] is None:
        return None
    rows = await view.personal.rows(event["entry"])
    commitment = read_header(event["header"]).personal
    part = await view.personal.part(rows, commitment=commitment)
    return None if part is None else part.body


def _store(view: View) -> ReconciliationStore:
    return ReconciliationStore(view.exchange.connection)


def _seen(caller: Caller, counterparty: str | None) -> str | None:
    """Return whose files a caller may see of those asked for, ``None`` for everybody's.

    Raises:
        Problem: 403.
    """
    if caller.watches():
        return counterparty
    if Role.SETTLEMENT_BANK in caller.roles and counterparty in {None, caller.party}:
        return caller.party
    raise Problem(status=403, code="request.forbidden", field="counterparty")
