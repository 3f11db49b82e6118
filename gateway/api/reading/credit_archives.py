"""What is read of the archives: subjects, facts, objections, scores, and under which rules.

A subject reads its own archive, the regulator and the auditor every one. Nobody else reads any.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Path, Query, Request

from credit_scoring.archive.store import (
    ArchiveStore,
    TooManyRecords,
    instant_of,
    microseconds_of,
    name_of,
)
from credit_scoring.consents.days import begin_of
from credit_scoring.dates import day_of
from credit_scoring.records import Record, SubjectKind
from credit_scoring.rights.store import RightsStore
from credit_scoring.rule_sets.rule_set import rule_set_in_force, rule_set_of_version
from credit_scoring.scoring.answer import Score
from credit_scoring.scoring.score import score
from exchange.supervision.store import SupervisionStore
from gateway.api.authentication import Caller
from gateway.api.door import Door
from gateway.api.erased import refuse_erased
from gateway.api.paging import PAGE_DEFAULT, Cursor, Limit, Page
from gateway.api.problems import Problem
from gateway.api.reads import View
from gateway.api.schemas.base import DAY_PATTERN, instant, ordinal
from kernel.canonical import utc_text
from ledger.roles import Role

Party = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
AsOf = Annotated[
    str | None, Query(pattern=DAY_PATTERN, description="The day; by default that of known_at.")
]
KnownAt = Annotated[
    str | None,
    Query(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?Z$",
        description="Only what was recorded up to this instant; by default everything.",
    ),
]
VersionQuery = Annotated[
    str | None,
    Query(pattern=r"^[A-Za-z0-9.-]{1,32}$", description="By default the set in force on as_of."),
]
KindQuery = Annotated[str | None, Query(pattern="^(enterprise|village|person)$")]
StateQuery = Annotated[str | None, Query(pattern="^(open|upheld|rejected|corrected)$")]
READS_ALL = frozenset({Role.REGULATOR, Role.AUDITOR})


def add_credit_archives(router: APIRouter, door: Door) -> None:
    """Add what is read of the archives."""
    _add_subjects(router, door)
    _add_scores(router, door)
    _add_objections(router, door)
    _add_departments(router, door)


def _add_subjects(router: APIRouter, door: Door) -> None:
    @router.get("/credit/subjects", tags=["credit"])
    async def list_subjects(
        request: Request,
        kind: KindQuery = None,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List who has an archive, by party: one's own, or all for regulator and auditor."""
        caller = await door.caller(request)
        seen = caller.party if caller.roles.isdisjoint(READS_ALL) else None
        page = Page(door.cursors, scope=f"subjects {seen} {kind}", cursor=cursor, limit=limit)
        (after,) = page.after("")
        async with door.view(request) as view:
            rows = await archive_store(view).subjects(
                party=seen, kind=kind, after=after, limit=page.limit
            )
        found, following = page.cut(rows, lambda row: (row["party"],))
        shown = [_subject_shown(row) for row in found]
        return {"head": str(view.head), "subjects": shown, "next": following}

    @router.get("/credit/subjects/{party}", tags=["credit"])
    async def show_subject(request: Request, party: Party) -> dict[str, Any]:
        """Show who has an archive."""
        await check_reader(door, request, party)
        async with door.view(request) as view:
            subject = await archive_of(view, party)
        return {"head": str(view.head), **subject}

    @router.get("/credit/subjects/{party}/facts", tags=["credit"])
    async def list_facts(
        request: Request, party: Party, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """List a subject's facts with what happened to them, in the order in which they came."""
        await check_reader(door, request, party)
        page = Page(door.cursors, scope=f"facts {party}", cursor=cursor, limit=limit)
        entry, source, reference = page.after(-1, "", "")
        async with door.view(request) as view:
            await archive_of(view, party)
            rows = await archive_store(view).facts(
                party, after=(entry, source, reference), limit=page.limit
            )
            decisions = await SupervisionStore(view.exchange.connection).numbers(party)
        found, following = page.cut(
            rows, lambda row: (row["entry"], row["source"], row["reference"])
        )
        return {
            "head": str(view.head),
            "facts": [
                _fact_shown(each, decision=decisions.get((each["source"], each["reference"])))
                for each in found
            ],
            "next": following,
        }


def _add_scores(router: APIRouter, door: Door) -> None:
    @router.get("/credit/subjects/{party}/score", tags=["credit"])
    async def show_score(
        request: Request,
        party: Party,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        rule_set: VersionQuery = None,
    ) -> dict[str, Any]:
        """Score a subject for any day, by what was known at any instant, fully explained."""
        caller = await check_reader(door, request, party)
        async with door.view(request) as view:
            subject = await archive_of(view, party)
            store = archive_store(view)
            known = await known_instant(view, known_at)
            day = day_of(known) if as_of is None else asked_day(as_of)
            sets = await store.rule_sets()
            chosen = (
                rule_set_in_force(sets, day)
                if rule_set is None
                else rule_set_of_version(sets, rule_set)
            )
            records = await records_of(view, party)
            erased = await erased_since(view, party, day=day, known=known)
        kind = SubjectKind(subject["subject_kind"])
        found = score(kind, records, as_of=day, known_at=known, rule_set=chosen)
        shown = _score_shown(found) | {"erased": erased}
        if not found.rated and caller.party != party and Role.AUDITOR not in caller.roles:
            shown |= {"credit_index": None, "grade": None, "colour": None}
        return {"head": str(view.head), "party": party, **shown}


def _add_objections(router: APIRouter, door: Door) -> None:
    @router.get("/credit/objections", tags=["credit"])
    async def list_objections(
        request: Request,
        state: StateQuery = None,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List objections: one's own, those to one's department's facts, or all of them."""
        caller = await door.caller(request)
        sees_all = not caller.roles.isdisjoint(READS_ALL)
        reports = not sees_all and Role.INTAKE in caller.roles
        scope = f"objections {'' if sees_all else caller.party} {reports} {state}"
        page = Page(door.cursors, scope=scope, cursor=cursor, limit=limit)
        (after,) = page.after(0)
        async with door.view(request) as view:
            rows = await archive_store(view).objections(
                subject=None if sees_all or reports else caller.party,
                source=caller.party if reports else None,
                state=state,
                after=after,
                limit=page.limit,
            )
        found, following = page.cut(rows, lambda row: (row["id"],))
        shown = [_objection_shown(each) for each in found]
        return {"head": str(view.head), "objections": shown, "next": following}


def _add_departments(router: APIRouter, door: Door) -> None:
    @router.get("/credit/departments", tags=["credit"])
    async def list_departments(
        request: Request, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """List who may report which rules."""
        await door.caller(request)
        page = Page(door.cursors, scope="departments", cursor=cursor, limit=limit)
        (after,) = page.after("")
        async with door.view(request) as view:
            rows = await archive_store(view).departments(after=after, limit=page.limit)
        found, following = page.cut(rows, lambda row: (row["party"],))
        shown = [
            {
                "department": row["party"],
                "rules": row["rules"],
                "decision": row["decision"],
                "entry": str(row["entry"]),
            }
            for row in found
        ]
        return {"head": str(view.head), "departments": shown, "next": following}


def archive_store(view: View) -> ArchiveStore:
    """Return the queries of the archives."""
    return ArchiveStore(view.exchange.connection)


async def check_reader(door: Door, request: Request, party: str) -> Caller:
    """Return the caller, who may read this subject's archive.

    Raises:
        Problem: 403.
    """
    caller = await door.caller(request)
    if caller.party != party and caller.roles.isdisjoint(READS_ALL):
        raise Problem(status=403, code="request.forbidden", field="party")
    return caller


async def archive_of(view: View, party: str) -> dict[str, Any]:
    """Return a subject as it is shown.

    Raises:
        Problem: 404, or 410 where it is a person who was erased.
    """
    await refuse_erased(view, party)
    row = await archive_store(view).subject(party)
    if row is None:
        raise Problem(status=404, code="credit.subject_unknown", field="party", found=party)
    return _subject_shown(row)


def _subject_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "party": row["party"],
        "subject_kind": row["kind"],
        "code": row["code"],
        "division": row["division"],
        "region": row["region"],
        "registered_in": str(row["entry"]),
    }


async def erased_since(view: View, party: str, *, day: date, known: datetime) -> int:
    """Return of how many facts a score of a day and an instant can no longer tell.

    Those that were known at the instant and were erased after the day: on it they may have counted.
    """
    store = RightsStore(view.exchange.connection)
    since = begin_of(day.toordinal() + 1)
    return await store.erased(party, known_at=microseconds_of(known), since=since)


async def known_instant(view: View, known_at: str | None) -> datetime:
    """Return the instant of what is known: as asked, else the venue's own now."""
    if known_at is None:
        return await archive_store(view).now()
    return instant_of(instant(known_at, field="known_at"))


async def records_of(view: View, party: str) -> list[Record]:
    """Return everything that a subject's archive holds.

    Raises:
        Problem: 409, it is more than one score is computed from.
    """
    try:
        return await archive_store(view).records(party)
    except TooManyRecords as error:
        raise Problem(
            status=409, code="credit.records_too_many", field="party", found=party
        ) from error


def asked_day(text: str) -> date:
    """Return the day of a question."""
    return date.fromordinal(ordinal(text, field="as_of"))


def _fact_shown(row: Mapping[str, Any], *, decision: int | None) -> dict[str, Any]:
    repaired = row["repaired_on"]
    return {
        "fact": name_of(row),
        "source": row["source"],
        "reference": row["reference"],
        "rule": row["rule"],
        "on": date.fromordinal(row["on"]).isoformat(),
        "recorded_at": utc_text(row["at"], digits=6),
        "quantity": row["quantity"],
        "incident": row["incident"] or None,
        "evidence": row["evidence"],
        "file": row["file"] or None,
        "entry": str(row["entry"]),
        "decision": None if decision is None else str(decision),
        "repaired_on": date.fromordinal(repaired).isoformat() if repaired else None,
        "revoked": row["revoked"],
        "disputed": row["objection"] is not None,
        "objection": None if row["objection"] is None else str(row["objection"]),
    }


def _objection_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    decided = row["decided_at"]
    return {
        "objection": str(row["id"]),
        "subject": row["subject"],
        "fact": name_of(row),
        "ground": row["ground"],
        "evidence": row["evidence"],
        "opened_at": utc_text(row["opened_at"], digits=6),
        "due": date.fromordinal(row["due"]).isoformat(),
        "state": row["state"],
        "decided_at": None if decided is None else utc_text(decided, digits=6),
        "answer": row["answer"] or None,
        "corrected_by": row["corrected_by"] or None,
    }


def _score_shown(found: Score) -> dict[str, Any]:
    lines, adjustments, improve = (
        [msgspec.to_builtins(each) for each in some]
        for some in (found.lines, found.adjustments, found.improve)
    )
    return {
        "subject_kind": found.kind.value,
        "as_of": found.as_of.isoformat(),
        "known_at": utc_text(microseconds_of(found.known_at), digits=6),
        "rule_set_version": found.rule_set_version,
        "rule_set_hash": found.rule_set_hash,
        "records_hash": found.records_hash,
        "credit_index": found.credit_index,
        "grade": found.grade,
        "colour": found.colour,
        "rated": found.rated,
        "complete": found.complete,
        "base_milli": found.base_milli,
        "value_milli": found.value_milli,
        "lines": lines,
        "adjustments": adjustments,
        "reasons": list(found.reasons),
        "improve": improve,
        "disputed": list(found.disputed),
        "sub_indices": [
            {"name": name.value, "sub_index": value}
            for name, value in sorted(found.sub_indices.items())
        ],
    }
