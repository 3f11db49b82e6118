"""Notices of a correction: the service finds who was answered what, the machine lets each be told.

Who sends a request twice under one key sends what was found the first time: the command is taken
from the log, since by then nobody is left to be told.
"""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from credit_scoring.archive.commands import Months
from credit_scoring.archive.decisions import day_at
from credit_scoring.archive.store import (
    ArchiveStore,
    TooManyRecords,
    name_of,
)
from credit_scoring.consents.days import begin_of
from credit_scoring.dates import add_months_to_ordinal
from credit_scoring.records import SubjectKind
from credit_scoring.rights.commands import NOTICES_MAX, RaiseNotices
from credit_scoring.rights.correcting import Corrected, lines_of
from credit_scoring.rights.store import ANSWERS_MAX, RightsStore
from gateway.api.door import HEAD, Door
from gateway.api.erased import refuse_erased
from gateway.api.problems import Problem
from gateway.api.reads import View
from gateway.api.schemas.credit_rights import NoticeRequest
from gateway.api.writes import head_of, key_of, shown
from kernel.errors import DomainError

NOTICES_PATH = "/v1/credit/notices"
DryRun = Annotated[bool, Query(description="Answer who would be told, and tell nobody.")]


def add_credit_notices(router: APIRouter, door: Door) -> None:
    """Add the route that tells recipients of a correction."""

    @router.post(
        "/credit/notices",
        status_code=201,
        summary="Tell recipients of a correction",
        tags=["credit"],
    )
    async def raise_notices(
        request: Request,
        body: NoticeRequest,
        dry_run: DryRun = False,  # noqa: FBT002
    ) -> JSONResponse:
        """Tell each bank once whose answer about the subject a correction changes."""
        caller, key = await door.caller(request), key_of(request)
        if not caller.watches():
            raise Problem(status=403, code="request.forbidden", field="correction")
        async with door.view(request) as view:
            command = await _sent_before(view, actor=caller.actor, key=key)
            if command is None:
                command = await _found(view, body)
        (reply,) = await door.submit(request, [(key, command)], dry_run=dry_run)
        if isinstance(reply, DomainError):
            raise reply
        status = 200 if dry_run else 201
        return JSONResponse(shown(reply), status_code=status, headers={HEAD: head_of([reply])})


async def _sent_before(view: View, *, actor: str, key: str) -> RaiseNotices | None:
    entry = await view.ledger.by_key(actor=actor, key=key)
    if entry is None:
        return None
    command = msgspec.json.decode(bytes(entry.body().command))
    if command["kind"] != "credit_raise_notices":
        return None
    return msgspec.convert(command, RaiseNotices, strict=False)


async def _found(view: View, body: NoticeRequest) -> RaiseNotices:
    """Return the notices that a correction asks for.

    Raises:
        Problem: there is no such fact or correction, it changes nothing that anybody was told, or
            the subject has too much to look through.
    """
    store = RightsStore(view.exchange.connection)
    archive = ArchiveStore(view.exchange.connection)
    named = body.model_dump(mode="json")
    fact = await store.fact(source=body.source, reference=body.reference)
    made = await store.correction_of(**named)
    if fact is None or made is None or not fact["rule"]:
        found = f"{body.source}/{body.reference}"
        raise Problem(status=404, code="credit.fact_unknown", field="reference", found=found)
    entry, at = made
    await refuse_erased(view, fact["subject"])
    subject = await archive.subject(fact["subject"])
    assert subject is not None
    since = told_since(at, months=await store.months(Months.TOLD))
    answers = await store.answers(fact["subject"], since=since, until=at + 1)
    try:
        records = await archive.records(fact["subject"])
    except TooManyRecords as error:
        raise _too_many(fact["subject"]) from error
    if len(answers) > ANSWERS_MAX:
        raise _too_many(fact["subject"])
    corrected = Corrected(
        subject=fact["subject"],
        kind=SubjectKind(subject["kind"]),
        records=tuple(records),
        fact=name_of(fact),
        correction=body.correction,
        entry=entry,
    )
    sets, now = await archive.rule_sets(), await archive.now()
    lines = lines_of(corrected, answers, sets=sets, now=now, told=await store.told(**named))
    if not lines:
        raise Problem(
            status=409,
            code="credit.nothing_to_tell",
            field="correction",
            expected="an answer that the correction changes and whose recipient was not told",
        )
    return RaiseNotices(
        subject=fact["subject"],
        source=body.source,
        reference=body.reference,
        correction=body.correction,
        lines=lines[:NOTICES_MAX],
    )


def told_since(at: int, *, months: int) -> int:
    """Return the first instant of the day in Shanghai that is some months before an instant."""
    return begin_of(add_months_to_ordinal(day_at(at), -months))


def _too_many(subject: str) -> Problem:
    return Problem(status=409, code="credit.records_too_many", field="reference", found=subject)
