"""What is read of consents: who may read a subject, who has, and who holds an answer.

A subject sees what is about it, a bank what concerns itself, those who supervise see all of it.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from credit_scoring.archive.commands import Months
from credit_scoring.archive.decisions import shown_day
from credit_scoring.consents.store import ConsentStore
from credit_scoring.rights.store import RightsStore
from gateway.api.authentication import Caller
from gateway.api.credit_notices import told_since
from gateway.api.door import Door
from gateway.api.erased import refuse_erased
from gateway.api.paging import ENTRY_MAX, PAGE_DEFAULT, Cursor, Limit, Page
from gateway.api.problems import Problem
from gateway.api.reads import View
from kernel.canonical import utc_text
from ledger.roles import Role

Party = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
_READS_OTHERS = frozenset({Role.BANK_OFFICER, Role.BANK_APPROVER})


def add_consents(router: APIRouter, door: Door) -> None:
    """Add what is read of consents and queries."""
    _add_consents(router, door)
    _add_queries(router, door)
    _add_recipients(router, door)


def _add_consents(router: APIRouter, door: Door) -> None:
    @router.get("/credit/consents", tags=["credit"])
    async def list_consents(
        request: Request,
        subject: Party = None,
        grantee: Party = None,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List consents, the newest first: one's own, or those that one's bank was given."""
        caller = await door.caller(request)
        subject, grantee = _sides(caller, subject, grantee, field="grantee")
        scope = f"consents {subject} {grantee}"
        page = Page(door.cursors, scope=scope, cursor=cursor, limit=limit)
        (before,) = page.after(ENTRY_MAX)
        async with door.view(request) as view:
            await _refuse_erased(view, subject)
            rows = await _store(view).consents(
                subject=subject, grantee=grantee, before=before, limit=page.limit
            )
        found, following = page.cut(rows, lambda row: (row["id"],))
        shown = [_consent(row) for row in found]
        return {"head": str(view.head), "consents": shown, "next": following}


def _add_queries(router: APIRouter, door: Door) -> None:
    @router.get("/credit/queries", tags=["credit"])
    async def list_queries(
        request: Request,
        subject: Party = None,
        bank: Party = None,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List who asked to read whose credit, refused queries too, the newest first."""
        caller = await door.caller(request)
        subject, bank = _sides(caller, subject, bank, field="bank")
        page = Page(door.cursors, scope=f"queries {subject} {bank}", cursor=cursor, limit=limit)
        (before,) = page.after(ENTRY_MAX)
        async with door.view(request) as view:
            await _refuse_erased(view, subject)
            rows = await _store(view).queries(
                subject=subject, bank=bank, before=before, limit=page.limit
            )
        found, following = page.cut(rows, lambda row: (row["id"],))
        shown = [_query(row) for row in found]
        return {"head": str(view.head), "queries": shown, "next": following}


def _add_recipients(router: APIRouter, door: Door) -> None:
    @router.get("/credit/recipients", tags=["credit"])
    async def list_recipients(
        request: Request,
        subject: Party = None,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List the banks that were answered about a subject in the months that are told.

        Each with its last answered query: they are told when that answer is corrected.
        """
        caller = await door.caller(request)
        named = caller.party if subject is None else subject
        if named != caller.party and not caller.watches():
            raise Problem(status=403, code="request.forbidden", field="subject")
        page = Page(door.cursors, scope=f"recipients {named}", cursor=cursor, limit=limit)
        (after,) = page.after("")
        async with door.view(request) as view:
            await _refuse_erased(view, named)
            store = _store(view)
            before = await store.now() + 1
            months = await RightsStore(view.exchange.connection).months(Months.TOLD)
            since = told_since(before, months=months)
            rows = await store.recipients(
                named, since=since, before=before, after=after, limit=page.limit
            )
        found, following = page.cut(rows, lambda row: (row["bank"],))
        return {
            "head": str(view.head),
            "since": utc_text(since, digits=6),
            "recipients": [_query(row) for row in found],
            "next": following,
        }


def _sides(
    caller: Caller, subject: str | None, bank: str | None, *, field: str
) -> tuple[str | None, str | None]:
    """Return whose rows a caller may see of those asked for, ``None`` for everybody's.

    Raises:
        Problem: 403.
    """
    if caller.watches():
        return subject, bank
    if not caller.roles.isdisjoint(_READS_OTHERS):
        if bank not in {None, caller.party}:
            raise Problem(status=403, code="request.forbidden", field=field)
        return subject, caller.party
    if subject not in {None, caller.party}:
        raise Problem(status=403, code="request.forbidden", field="subject")
    return caller.party, bank


async def _refuse_erased(view: View, subject: str | None) -> None:
    if subject is not None:
        await refuse_erased(view, subject)


def _store(view: View) -> ConsentStore:
    return ConsentStore(view.exchange.connection)


def _consent(row: Mapping[str, Any]) -> dict[str, Any]:
    revoked_at = row["revoked_at"]
    return {
        "consent": str(row["id"]),
        "entry": str(row["entry"]),
        "at": utc_text(row["at"], digits=6),
        "subject": row["subject"],
        "grantee": row["grantee"],
        "purpose": row["purpose"],
        "scope": row["scope"],
        "day_from": shown_day(row["day_from"]),
        "day_to": shown_day(row["day_to"]),
        "evidence": row["evidence"],
        "actor": row["actor"],
        "revoked_at": None if revoked_at is None else utc_text(revoked_at, digits=6),
    }


def _query(row: Mapping[str, Any]) -> dict[str, Any]:
    consent = row["consent"]
    return {
        "query": str(row["id"]),
        "entry": str(row["entry"]),
        "at": utc_text(row["at"], digits=6),
        "actor": row["actor"],
        "bank": row["bank"],
        "subject": row["subject"],
        "purpose": row["purpose"],
        "scope": row["scope"],
        "answered": consent is not None,
        "consent": None if consent is None else str(consent),
        "refusal": row["refusal"] or None,
        "rule_set": row["rule_set"],
        "rule_set_hash": row["rule_set_hash"],
        "as_of": shown_day(row["as_of"]),
        "known_at": utc_text(row["known_at"], digits=6),
        "answer_hash": row["answer_hash"],
    }
