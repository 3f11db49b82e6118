"""What is read of a subject's rights: reviews, what is overdue, notices, what is erased and when.

A subject sees what is about it, a bank the notices to itself, a department the objections to its
own facts, those who supervise all of it.
"""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from credit_scoring.archive.commands import Months, Term
from credit_scoring.archive.decisions import shown_day
from credit_scoring.archive.store import (
    ArchiveStore,
    TooManyRecords,
    microseconds_of,
    name_of,
)
from credit_scoring.dates import day_of
from credit_scoring.records import SubjectKind
from credit_scoring.rights.erasing import KEPT, erased_from
from credit_scoring.rights.stated_grades import Outdated, outdated
from credit_scoring.rights.store import RightsStore
from credit_scoring.scoring.records_hash import hashes_through_time
from gateway.api.authentication import Caller
from gateway.api.credit_notices import told_since
from gateway.api.door import Door
from gateway.api.erased import refuse_erased
from gateway.api.paging import ENTRY_MAX, PAGE_DEFAULT, Cursor, Limit, Page
from gateway.api.problems import Problem
from gateway.api.reads import View
from gateway.api.schemas.base import DAY_PATTERN, ordinal
from kernel.canonical import utc_text
from ledger.roles import Role

Party = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
PartyPath = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
StateQuery = Annotated[str | None, Query(pattern="^(requested|overdue|answered)$")]
Day = Annotated[
    str | None, Query(pattern=DAY_PATTERN, description="The day; by default the venue's own.")
]
Kind = Annotated[SubjectKind, Query(description="Of which kind of subject.")]
Acknowledged = Annotated[str | None, Query(pattern="^(true|false)$")]
_BANK = frozenset({Role.BANK_OFFICER, Role.BANK_APPROVER})


def add_credit_rights(router: APIRouter, door: Door) -> None:
    """Add what is read of the rights of subjects."""
    _add_reviews(router, door)
    _add_overdue(router, door)
    _add_notices(router, door)
    _add_corrections(router, door)
    _add_outdated(router, door)
    _add_retention(router, door)
    _add_erasures(router, door)


def _add_reviews(router: APIRouter, door: Door) -> None:
    @router.get("/credit/reviews", tags=["credit"])
    async def list_reviews(
        request: Request,
        subject: Party = None,
        state: StateQuery = None,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List reviews, one's own or all of them, the newest first; a late one is overdue."""
        subject = _own(await door.caller(request), subject)
        page = Page(door.cursors, scope=f"reviews {subject} {state}", cursor=cursor, limit=limit)
        (before,) = page.after(ENTRY_MAX)
        async with door.view(request) as view:
            await _refuse_erased(view, subject)
            today = await _today(view)
            rows = await _store(view).reviews(
                subject=subject, state=state, today=today, before=before, limit=page.limit
            )
        found, following = page.cut(rows, lambda row: (row["id"],))
        shown = [_review(row, today=today) for row in found]
        return {"head": str(view.head), "reviews": shown, "next": following}


def _add_overdue(router: APIRouter, door: Door) -> None:
    @router.get("/credit/overdue", tags=["credit"])
    async def list_overdue(
        request: Request, day: Day = None, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """List objections and reviews that are open, and whose answer was due before a day."""
        caller = await door.caller(request)
        reports = not caller.watches() and Role.INTAKE in caller.roles
        subject = None if caller.watches() or reports else caller.party
        scope = f"overdue {subject} {reports and caller.party} {day}"
        page = Page(door.cursors, scope=scope, cursor=cursor, limit=limit)
        clock, number = page.after("", 0)
        async with door.view(request) as view:
            on = await _today(view) if day is None else ordinal(day, field="day")
            rows = await _store(view).overdue(
                on,
                subject=subject,
                source=caller.party if reports else None,
                after=(clock, number),
                limit=page.limit,
            )
        found, following = page.cut(rows, lambda row: (row["clock"], row["number"]))
        return {
            "head": str(view.head),
            "day": shown_day(on),
            "overdue": [_overdue(row, on=on) for row in found],
            "next": following,
        }


def _add_notices(router: APIRouter, door: Door) -> None:
    @router.get("/credit/notices", tags=["credit"])
    async def list_notices(
        request: Request,
        subject: Party = None,
        recipient: Party = None,
        acknowledged: Acknowledged = None,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List notices of corrections: those to one's bank, those about oneself, or all of them."""
        caller = await door.caller(request)
        if caller.roles.isdisjoint(_BANK):
            subject = _own(caller, subject)
        elif recipient not in {None, caller.party}:
            raise Problem(status=403, code="request.forbidden", field="recipient")
        else:
            recipient = caller.party
        scope = f"notices {subject} {recipient} {acknowledged}"
        page = Page(door.cursors, scope=scope, cursor=cursor, limit=limit)
        entry, bank = page.after(ENTRY_MAX, "")
        async with door.view(request) as view:
            await _refuse_erased(view, subject)
            rows = await _store(view).notices(
                recipient=recipient,
                subject=subject,
                acknowledged=None if acknowledged is None else acknowledged == "true",
                before=(entry, bank),
                limit=page.limit,
            )
        found, following = page.cut(rows, lambda row: (row["entry"], row["recipient"]))
        return {
            "head": str(view.head),
            "notices": [_notice(row) for row in found],
            "next": following,
        }


def _add_corrections(router: APIRouter, door: Door) -> None:
    @router.get("/credit/corrections", tags=["credit"])
    async def list_corrections(
        request: Request, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """List revocations and repairs whose recipients may have to be told, the newest first."""
        if not (await door.caller(request)).watches():
            raise Problem(status=403, code="request.forbidden")
        page = Page(door.cursors, scope="corrections", cursor=cursor, limit=limit)
        entry, number = page.after(ENTRY_MAX, 0)
        async with door.view(request) as view:
            store = _store(view)
            now = microseconds_of(await ArchiveStore(view.exchange.connection).now())
            since = told_since(now, months=await store.months(Months.TOLD))
            rows = await store.corrections(since=since, before=(entry, number), limit=page.limit)
        found, following = page.cut(rows, lambda row: (row["entry"], row["number"]))
        return {
            "head": str(view.head),
            "corrections": [_correction(row) for row in found],
            "next": following,
        }


def _add_outdated(router: APIRouter, door: Door) -> None:
    @router.get("/credit/subjects/{party}/outdated-credentials", tags=["credit"])
    async def list_outdated(request: Request, party: PartyPath) -> dict[str, Any]:
        """List a subject's live credentials whose grade is another one by what is known now."""
        _own(await door.caller(request), party)
        async with door.view(request) as view:
            await refuse_erased(view, party)
            archive, store = ArchiveStore(view.exchange.connection), _store(view)
            subject = await archive.subject(party)
            if subject is None:
                raise Problem(status=404, code="credit.subject_unknown", field="party", found=party)
            try:
                records = await archive.records(party)
            except TooManyRecords as error:
                raise Problem(status=409, code="credit.records_too_many", field="party") from error
            now, sets = await archive.now(), await archive.rule_sets()
            hashes = hashes_through_time(records)
            stated = await store.stated(hashes, now=microseconds_of(now))
        kind = SubjectKind(subject["kind"])
        # Beside the event loop, which goes on serving others, and with no snapshot open.
        found = await asyncio.to_thread(outdated, stated, records, kind=kind, sets=sets, now=now)
        return {"head": str(view.head), "credentials": [_outdated(each) for each in found]}


def _add_retention(router: APIRouter, door: Door) -> None:
    @router.get("/credit/retention", tags=["credit"])
    async def list_due(
        request: Request,
        day: Day = None,
        subject_kind: Kind = SubjectKind.PERSON,
        subject: Party = None,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List facts whose legal period is over, or will be within the days of the list.

        A subject sees its own, whatever kind is named.
        """
        caller = await door.caller(request)
        subject = _own(caller, subject)
        scope = f"retention {day} {subject_kind} {subject}"
        page = Page(door.cursors, scope=scope, cursor=cursor, limit=limit)
        on, source, reference = page.after(0, "", "")
        async with door.view(request) as view:
            await _refuse_erased(view, subject)
            archive, store = ArchiveStore(view.exchange.connection), _store(view)
            kind = await _kind_of(archive, subject, asked=subject_kind)
            asked = await _today(view) if day is None else ordinal(day, field="day")
            last = asked + await store.days(Term.ERASURE_LIST_DAYS)
            rows = await store.due(
                kind,
                sets=await archive.rule_sets(),
                day=last,
                now=microseconds_of(await archive.now()),
                subject=subject,
                after=(on, source, reference),
                limit=page.limit,
            )
            months = await store.months(KEPT[kind])
        found, following = page.cut(rows, lambda row: (row["on"], row["source"], row["reference"]))
        return {
            "head": str(view.head),
            "day": shown_day(asked),
            "listed_until": shown_day(last),
            "due": [_due(row, months=months, on=asked) for row in found],
            "next": following,
        }


def _add_erasures(router: APIRouter, door: Door) -> None:
    @router.get("/credit/erasures", tags=["credit"])
    async def list_erasures(
        request: Request, subject: Party = None, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """List facts whose content was erased, the newest first: their names, and when."""
        subject = _own(await door.caller(request), subject)
        page = Page(door.cursors, scope=f"erasures {subject}", cursor=cursor, limit=limit)
        entry, number = page.after(ENTRY_MAX, 0)
        async with door.view(request) as view:
            await _refuse_erased(view, subject)
            rows = await _store(view).erasures(
                subject=subject, before=(entry, number), limit=page.limit
            )
        found, following = page.cut(rows, lambda row: (row["entry"], row["number"]))
        return {
            "head": str(view.head),
            "erasures": [_erasure(row) for row in found],
            "next": following,
        }


def _own(caller: Caller, subject: str | None) -> str | None:
    """Return whose rows a caller may see of those asked for, ``None`` for everybody's.

    Raises:
        Problem: 403.
    """
    if caller.watches():
        return subject
    if subject not in {None, caller.party}:
        raise Problem(status=403, code="request.forbidden", field="subject")
    return caller.party


async def _kind_of(
    archive: ArchiveStore, subject: str | None, *, asked: SubjectKind
) -> SubjectKind:
    row = None if subject is None else await archive.subject(subject)
    return asked if row is None else SubjectKind(row["kind"])


async def _refuse_erased(view: View, subject: str | None) -> None:
    if subject is not None:
        await refuse_erased(view, subject)


async def _today(view: View) -> int:
    now = await ArchiveStore(view.exchange.connection).now()
    return day_of(now).toordinal()


def _store(view: View) -> RightsStore:
    return RightsStore(view.exchange.connection)


def _at(value: int | None) -> str | None:
    return None if value is None else utc_text(value, digits=6)


def _review(row: Mapping[str, Any], *, today: int) -> dict[str, Any]:
    is_overdue = row["state"] == "requested" and row["due"] < today
    return {
        "review": str(row["id"]),
        "subject": row["subject"],
        "as_of": shown_day(row["as_of"]),
        "rule_set": row["rule_set"],
        "query": None if row["query"] is None else str(row["query"]),
        "evidence": row["evidence"],
        "requested_at": _at(row["requested_at"]),
        "due": shown_day(row["due"]),
        "state": "overdue" if is_overdue else row["state"],
        "answered_at": _at(row["answered_at"]),
        "reviewer": row["reviewer"] or None,
        "outcome": row["outcome"] or None,
        "facts": row["facts"],
        "adopted": row["adopted"] or None,
        "answer": row["answer"] or None,
    }


def _overdue(row: Mapping[str, Any], *, on: int) -> dict[str, Any]:
    return {
        "clock": row["clock"],
        "number": str(row["number"]),
        "subject": row["subject"],
        "due": shown_day(row["due"]),
        "days_over": on - row["due"],
        "noted_at": _at(row["noted_at"]),
    }


def _notice(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "recipient": row["recipient"],
        "subject": row["subject"],
        "fact": name_of(row),
        "source": row["source"],
        "reference": row["reference"],
        "correction": row["correction"],
        "query": str(row["query"]),
        "parts": row["parts"].split(","),
        "before": _shown(row["grade_before"], row["index_before"]),
        "after": _shown(row["grade_after"], row["index_after"]),
        "entry": str(row["entry"]),
        "raised_at": _at(row["raised_at"]),
        "acknowledged_at": _at(row["acknowledged_at"]),
        "acknowledged_by": row["acknowledged_by"] or None,
    }


def _shown(grade: str, index: int | None) -> dict[str, Any]:
    return {"grade": grade or None, "credit_index": index}


def _outdated(each: Outdated) -> dict[str, Any]:
    return {
        "credential": each.stated.credential,
        "as_of": each.stated.as_of.isoformat(),
        "rule_set": each.stated.rule_set,
        "grade_stated": each.stated.grade,
        "grade_now": each.grade_now,
    }


def _correction(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "subject": row["subject"],
        "fact": name_of(row),
        "source": row["source"],
        "reference": row["reference"],
        "correction": row["event"],
        "at": _at(row["at"]),
        "entry": str(row["entry"]),
        "notices": row["notices"],
    }


def _due(row: Mapping[str, Any], *, months: int, on: int) -> dict[str, Any]:
    due = erased_from(row["on"], months=months)
    assert due is not None
    held = [f"{name} {row[name]}" for name in ("objection", "review", "law") if row[name]]
    return {
        "subject": row["subject"],
        "fact": name_of(row),
        "source": row["source"],
        "reference": row["reference"],
        "rule": row["rule"],
        "on": shown_day(row["on"]),
        "erase_on": shown_day(due),
        "is_due": due <= on,
        "held_by": held[0] if held else None,
    }


def _erasure(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "subject": row["subject"],
        "fact": name_of(row),
        "recorded_at": _at(row["recorded_at"]),
        "erased_at": _at(row["at"]),
        "entry": str(row["entry"]),
    }
