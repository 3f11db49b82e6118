"""Notices of a correction: the service finds who was answered what, the machine lets each be told.

Who sends a request twice under one key sends what was found the first time: the command is taken
from the log, since by then nobody is left to be told.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from credit_scoring.archive.commands import Months
from credit_scoring.archive.decisions import day_at
from credit_scoring.archive.store import ArchiveStore, TooManyRecords, name_of
from credit_scoring.consents.days import begin_of
from credit_scoring.dates import add_months_to_ordinal
from credit_scoring.records import SubjectKind
from credit_scoring.rights.commands import NOTICES_MAX, RaiseNotices
from credit_scoring.rights.correcting import Answered, Corrected, lines_of
from credit_scoring.rights.store import ANSWERS_MAX, RightsStore
from credit_scoring.rule_sets.rule_set import RuleSet
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
            command = await _sent_before(view, body, actor=caller.actor, key=key)
            search = await _search(view, body) if command is None else None
        if search is not None:
            # Beside the event loop, which goes on serving others, and with no snapshot open.
            command = await asyncio.to_thread(search.command)
        assert command is not None
        (reply,) = await door.submit(request, [(key, command)], dry_run=dry_run)
        if isinstance(reply, DomainError):
            raise reply
        status = 200 if dry_run else 201
        return JSONResponse(shown(reply), status_code=status, headers={HEAD: head_of([reply])})


async def _sent_before(
    view: View, body: NoticeRequest, *, actor: str, key: str
) -> RaiseNotices | None:
    """Return what the same request sent under this key; another request's is for the writer."""
    entry = await view.ledger.by_key(actor=actor, key=key)
    if entry is None:
        return None
    command = msgspec.json.decode(bytes(entry.body().command))
    if command["kind"] != "credit_raise_notices":
        return None
    sent = msgspec.convert(command, RaiseNotices, strict=False)
    asked = (body.source, body.reference, body.correction)
    return sent if (sent.source, sent.reference, sent.correction) == asked else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """What is looked through for those whom a correction concerns."""

    request: NoticeRequest
    corrected: Corrected
    answers: list[Answered]
    sets: list[RuleSet]
    now: datetime
    told: set[str]

    def command(self) -> RaiseNotices:
        """Return the notices that the correction asks for.

        Raises:
            Problem: it changes nothing that anybody was told who does not know yet.
        """
        lines = lines_of(self.corrected, self.answers, sets=self.sets, now=self.now, told=self.told)
        if not lines:
            raise Problem(
                status=409,
                code="credit.nothing_to_tell",
                field="correction",
                expected="an answer that the correction changes and whose recipient was not told",
            )
        return RaiseNotices(
            subject=self.corrected.subject,
            source=self.request.source,
            reference=self.request.reference,
            correction=self.request.correction,
            lines=lines[:NOTICES_MAX],
        )


async def _search(view: View, body: NoticeRequest) -> _Search:
    """Return what there is to look through.

    Raises:
        Problem: there is no such fact or correction, or the subject has too much.
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
    return _Search(
        request=body,
        corrected=corrected,
        answers=answers,
        sets=await archive.rule_sets(),
        now=await archive.now(),
        told=await store.told(**named),
    )


def told_since(at: int, *, months: int) -> int:
    """Return the first instant of the day in Shanghai that is some months before an instant."""
    return begin_of(add_months_to_ordinal(day_at(at), -months))


def _too_many(subject: str) -> Problem:
    return Problem(status=409, code="credit.records_too_many", field="reference", found=subject)
