"""What is read of runs: which there are, what one gave and changed, a subject's row with its proof.

Runs are for those who supervise; a subject reads its own row, and nothing of challengers. A leaf
tells the index of who is not rated, too: such a row has a proof for its subject and the auditor.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Path, Query, Request

from credit_scoring.archive.decisions import day_at, shown_day
from credit_scoring.archive.store import ArchiveStore, microseconds_of
from credit_scoring.comparing.stability import stability_index, stability_of
from credit_scoring.runs.commands import RunPurpose, ScoredUnder
from credit_scoring.runs.rows import RunRow, leaf_of, salt_of
from credit_scoring.runs.staging import secret_of
from credit_scoring.runs.state import CreditRun, Snapshot
from credit_scoring.runs.store import ABSENT, RunStore
from credit_scoring.runs.tree import cut, path_of
from gateway.api.authentication import Caller
from gateway.api.door import Door
from gateway.api.paging import ENTRY_MAX, PAGE_DEFAULT, Cursor, Limit, Page
from gateway.api.problems import Problem
from gateway.api.reads import View
from gateway.api.schemas.base import DAY_PATTERN, ordinal
from gateway.api.schemas.credit_runs import RUN_PATTERN
from kernel.canonical import utc_text
from kernel.errors import ensure
from ledger.roles import Role
from ledger.transparency.hashing import hash_leaf

PROOF_FORMAT = "ecorights-run-row/1"
RunNumber = Annotated[str, Path(pattern=RUN_PATTERN, examples=["2"])]
Party = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
OnQuery = Annotated[
    str | None, Query(pattern=DAY_PATTERN, description="The day that is asked about; today.")
]
_encode = msgspec.json.Encoder().encode


def add_credit_runs(router: APIRouter, door: Door) -> None:
    """Add what is read of runs and snapshots."""
    _add_runs(router, door)
    _add_rows(router, door)
    _add_snapshots(router, door)


def _add_runs(router: APIRouter, door: Door) -> None:
    @router.get("/credit/runs", tags=["credit"])
    async def list_runs(
        request: Request, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """List recorded runs, the newest first."""
        await _check(door, request)
        page = Page(door.cursors, scope="credit runs", cursor=cursor, limit=limit)
        (before,) = page.after(ENTRY_MAX)
        async with door.view(request) as view:
            rows = await _store(view).runs(before=before, limit=page.limit)
        found, following = page.cut(rows, lambda each: (each.number,))
        runs = [_run_shown(each) for each in found]
        return {"head": str(view.head), "runs": runs, "next": following}

    @router.get("/credit/runs/{run}", tags=["credit"])
    async def show_run(request: Request, run: RunNumber) -> dict[str, Any]:
        """Show a run: grades under each rule set, what changed, and who moved the most."""
        await _check(door, request)
        async with door.view(request) as view:
            store = _store(view)
            found = await _run(store, run)
            changes = await store.changes(UUID(found.job))
            movers = await store.movers(UUID(found.job))
        return {
            "head": str(view.head),
            **_run_shown(found),
            "scored": [_scored_shown(place, each) for place, each in enumerate(found.under())],
            "comparisons": [
                _comparison_shown(against, cells) for against, cells in changes.items()
            ],
            "movers": [_mover_shown(each) for each in movers],
        }


def _add_rows(router: APIRouter, door: Door) -> None:
    @router.get("/credit/runs/{run}/subjects/{party}", tags=["credit"])
    async def show_row(request: Request, run: RunNumber, party: Party) -> dict[str, Any]:
        """Show a subject's row in a run, with the proof that the run's entry commits to it."""
        caller = await door.caller(request)
        if caller.party != party:
            _refuse_stranger(caller)
        async with door.view(request) as view:
            store = _store(view)
            found = await _run(store, run)
            row = await store.row_of(found, party)
            if row is None:
                raise Problem(status=404, code="credit.subject_unknown", field="party", found=party)
            percentile = await store.sector_percentile(found, row)
            sets = found.under() if caller.watches() else found.under()[:1]
            rows = [
                await _row_shown(view, found, party, scored=place, caller=caller)
                for place in range(len(sets))
            ]
        return {
            "head": str(view.head),
            "run": str(found.number),
            "as_of": shown_day(found.as_of),
            "purpose": found.purpose,
            "party": row.party,
            "subject_kind": row.subject_kind,
            "division": row.division,
            "sector_percentile": None if percentile is None else _hundredths(percentile),
            "rows": rows,
        }


def _add_snapshots(router: APIRouter, door: Door) -> None:
    @router.get("/credit/snapshots", tags=["credit"])
    async def list_snapshots(
        request: Request,
        on: OnQuery = None,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List snapshots, the newest first, and those that count on a day."""
        await door.caller(request)
        page = Page(door.cursors, scope="credit snapshots", cursor=cursor, limit=limit)
        (before,) = page.after(ENTRY_MAX)
        async with door.view(request) as view:
            store = _store(view)
            day = await _today(view) if on is None else ordinal(on, field="on")
            rows = await store.snapshots(before=before, limit=page.limit)
            replaced = await store.replaced([each.number for each in rows])
            counts = [await store.in_force(purpose, day) for purpose in RunPurpose]
        found, following = page.cut(rows, lambda each: (each.number,))
        return {
            "head": str(view.head),
            "on": shown_day(day),
            "in_force": [
                {"purpose": each.purpose, "snapshot": str(each.number), "run": str(each.run)}
                for each in counts
                if each is not None
            ],
            "snapshots": [_snapshot_shown(each, replaced.get(each.number)) for each in found],
            "next": following,
        }


async def _check(door: Door, request: Request) -> None:
    """Let those who supervise go on.

    Raises:
        Problem: 403.
    """
    _refuse_stranger(await door.caller(request))


def _refuse_stranger(caller: Caller) -> None:
    if not caller.watches():
        raise Problem(status=403, code="request.forbidden", field="run")


def _store(view: View) -> RunStore:
    return RunStore(view.exchange.connection)


async def _run(store: RunStore, number: str) -> CreditRun:
    """Return a run.

    Raises:
        Problem: 404.
    """
    found = await store.run(int(number))
    if found is None:
        raise Problem(status=404, code="credit.run_unknown", field="run", found=number)
    return found


async def _today(view: View) -> int:
    now = await ArchiveStore(view.exchange.connection).now()
    return day_at(microseconds_of(now))


async def _row_shown(
    view: View, run: CreditRun, party: str, *, scored: int, caller: Caller
) -> dict[str, Any]:
    row = await _store(view).row_of(run, party, scored=scored)
    ensure(row is not None, f"run {run.number} has {party} under one rule set alone")
    assert row is not None
    is_open = row.rated or caller.party == party or Role.AUDITOR in caller.roles
    return {
        "version": run.under()[scored].version,
        "role": _role(scored),
        "number": str(row.number),
        "rated": row.rated,
        "complete": row.complete,
        "credit_index": str(row.credit_index) if is_open else None,
        "grade": row.grade if is_open else None,
        "value_milli": str(row.value_milli) if is_open else None,
        "reasons": row.reasons.split(",") if row.reasons else [],
        "proof": await _proof(view, run, row, scored=scored) if is_open else None,
    }


async def _proof(view: View, run: CreditRun, row: RunRow, *, scored: int) -> dict[str, Any]:
    """Return the leaf of a row and the way from it to the root that the entry holds."""
    store, job = _store(view), UUID(run.job)
    shards = await store.shards(job, scored=scored)
    shard, first, _, _ = next(each for each in shards if each[1] <= row.number < each[1] + each[2])
    leaves = cut(await store.leaves(job, scored=scored, shard=shard))
    secret = await secret_of(view.exchange.connection, job)
    assert secret is not None, "a recorded run keeps its secret"
    leaf = _encode(leaf_of(row, salt_of(secret, scored=scored, number=row.number)))
    path = path_of(leaves, row.number - first) + path_of([root for *_, root in shards], shard)
    return {
        "format": PROOF_FORMAT,
        "leaf": leaf.decode(),
        "leaf_hash": hash_leaf(leaf).hex(),
        "index": str(row.number),
        "size": str(run.subjects),
        "path": [node.hex() for node in path],
        "root": run.under()[scored].root,
        "entry": str(run.entry),
    }


def _role(scored: int) -> str:
    return "champion" if scored == 0 else "challenger"


def _run_shown(run: CreditRun) -> dict[str, Any]:
    champion = run.under()[0]
    return {
        "run": str(run.number),
        "entry": str(run.entry),
        "at": utc_text(run.at, digits=6),
        "job": run.job,
        "purpose": run.purpose,
        "as_of": shown_day(run.as_of),
        "known_at": utc_text(run.known_at, digits=6),
        "position": str(run.position),
        "subjects": str(run.subjects),
        "rule_set_version": champion.version,
        "root": champion.root,
    }


def _scored_shown(place: int, under: ScoredUnder) -> dict[str, Any]:
    kinds: dict[str, int] = {}
    for each in under.grades:
        kinds[each.subject_kind] = kinds.get(each.subject_kind, 0) + each.subjects
    return {
        "role": _role(place),
        "version": under.version,
        "rule_set_hash": under.rule_set_hash,
        "root": under.root,
        "rated": str(under.rated),
        "complete": str(under.complete),
        "grades": [
            {
                "subject_kind": each.subject_kind,
                "grade": each.grade,
                "subjects": str(each.subjects),
                "percent": _hundredths(each.subjects * 10_000 // kinds[each.subject_kind]),
            }
            for each in under.grades
        ],
    }


def _comparison_shown(against: str, cells: dict[tuple[str, str], int]) -> dict[str, Any]:
    places = sorted({place for cell in cells for place in cell} - {ABSENT})
    before = [sum(n for (was, _), n in cells.items() if was == place) for place in places]
    after = [sum(n for (_, now), n in cells.items() if now == place) for place in places]
    psi = stability_index(before, after)
    return {
        "against": against,
        "moved": str(sum(n for (was, now), n in cells.items() if was not in {now, ABSENT})),
        "psi": str(psi),
        "stability": stability_of(psi).value,
        "cells": [
            {"before": was, "after": now, "subjects": str(n)} for (was, now), n in cells.items()
        ],
    }


def _mover_shown(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "party": row["party"],
        "index_before": str(row["index_before"]),
        "index_after": str(row["index_after"]),
        "grade_before": row["grade_before"],
        "grade_after": row["grade_after"],
    }


def _snapshot_shown(snapshot: Snapshot, replaced_by: int | None) -> dict[str, Any]:
    return {
        "snapshot": str(snapshot.number),
        "entry": str(snapshot.entry),
        "run": str(snapshot.run),
        "purpose": snapshot.purpose,
        "valid_from": date.fromordinal(snapshot.valid_from).isoformat(),
        "valid_until": date.fromordinal(snapshot.valid_until).isoformat(),
        "replaces": None if snapshot.replaces is None else str(snapshot.replaces),
        "replaced_by": None if replaced_by is None else str(replaced_by),
        "decision": snapshot.decision,
    }


def _hundredths(value: int) -> str:
    """Return hundredths as people read them."""
    return str(Decimal(value).scaleb(-2).quantize(Decimal("0.01")))
