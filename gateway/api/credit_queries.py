"""A bank's query of a subject's credit: the answer is made, the query logged, then disclosed.

The order is what protects the subject. The answer is computed first and its hash goes into the
command; the machine decides at ``apply`` whether a live consent covers it; only what it has
committed as answered leaves this door. A query has no dry run: nobody asks unlogged.

A key that is repeated asks for what it asked first, as known then, so its answer is the first one.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import asyncpg
import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from credit_scoring.archive.decisions import DAY_FIRST, shown_day
from credit_scoring.archive.store import TooManyRecords, instant_of, microseconds_of
from credit_scoring.consents.answer import answer_hash, answer_of
from credit_scoring.consents.asking import Asked, asked
from credit_scoring.consents.commands import LogQuery
from credit_scoring.consents.effects import CreditQueried
from credit_scoring.dates import day_of
from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.rule_set import rule_set_in_force, rule_set_of_version
from credit_scoring.scoring.answer import Score
from credit_scoring.scoring.score import score
from gateway.api.door import HEAD, Door
from gateway.api.problems import Problem
from gateway.api.receipts import awaited_seconds
from gateway.api.schemas.base import ordinal
from gateway.api.schemas.consents import CreditQuery
from gateway.api.writes import head_of, key_of, shown
from kernel.errors import DomainError, ensure
from ledger.sequencer.submission import Answer
from ledger.store import LedgerStore

NO_RULE_SET = ("none", "0" * 64)
_KINDS = frozenset(SubjectKind)
Dry = Annotated[bool, Query(description="Refused: every query is logged.")]


class _Before(msgspec.Struct, frozen=True):
    """What an earlier query under the same key was about."""

    as_of: int
    known_at: int
    rule_set: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A query that waits for its decision, and its answer, which nobody has seen."""

    command: LogQuery
    answer: dict[str, Any]
    nonce: bytes


def add_credit_queries(router: APIRouter, door: Door) -> None:
    """Add the route by which a bank reads a subject's credit."""

    @router.post(
        "/credit/queries", status_code=201, summary="Read a subject's credit", tags=["credit"]
    )
    async def query_credit(
        request: Request,
        body: CreditQuery,
        dry_run: Dry = False,  # noqa: FBT002
    ) -> JSONResponse:
        """Read a subject's credit as its bank, under its consent; logged, answered or not."""
        if dry_run:
            raise Problem(status=409, code="credit.query_not_tried", field="dry_run")
        draft = await _draft(door, request, body)
        (reply,) = await door.submit(request, [(key_of(request), draft.command)], dry_run=False)
        if isinstance(reply, DomainError):
            raise reply
        return await _disclose(door, request, draft, reply)


async def _draft(door: Door, request: Request, body: CreditQuery) -> _Draft:
    caller, key = await door.caller(request), key_of(request)
    async with door.connection(request) as connection:
        known = await asked(
            connection, subject=body.subject, actor=caller.actor, key=key, known=door.rule_sets
        )
        before = None
        if known.is_known:
            before = await _asked_before(connection, actor=caller.actor, key=key)
    found = _score(known, body, before)
    nonce = door.cursors.derived(f"answer {caller.actor} {key}")
    version, rule_set_hash, answer = *NO_RULE_SET, dict[str, Any]()
    if found.score is not None:
        version, rule_set_hash = found.score.rule_set_version, found.score.rule_set_hash
        answer = answer_of(found.score, subject=body.subject, scope=body.scope)
    command = LogQuery(
        subject=body.subject,
        bank=caller.party,
        purpose=body.purpose,
        scope=list(body.scope),
        as_of=found.as_of.toordinal(),
        known_at=found.known_at,
        rule_set=version,
        rule_set_hash=rule_set_hash,
        answer_hash=answer_hash(answer, nonce=nonce),
    )
    return _Draft(command=command, answer=answer, nonce=nonce)


async def _disclose(door: Door, request: Request, draft: _Draft, reply: Answer) -> JSONResponse:
    """Return the answer where the committed effect says that it may go out.

    Raises:
        Problem: 403, the query is logged and refused; or the machine refused the command.
    """
    body = shown(reply)
    [effect] = reply.effects
    assert isinstance(effect, CreditQueried)
    if effect.refusal is not None:
        logged = {"entry": str(reply.index), "query": str(effect.query)}
        raise Problem(status=403, code=effect.refusal, field="subject", extra=logged)
    ensure(effect.answer_hash == draft.command.answer_hash, "the answer is not the one logged")
    ensure(bool(draft.answer), "there is an answer to a query that was allowed")
    seconds = awaited_seconds(request)
    if seconds is not None:
        body["receipt"] |= await door.proof(reply, seconds=seconds)
    body |= {"answer": draft.answer, "nonce": draft.nonce.hex()}
    return JSONResponse(body, status_code=201, headers={HEAD: head_of([reply])})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    score: Score | None
    as_of: date
    known_at: int


def _score(known: Asked, body: CreditQuery, before: _Before | None) -> _Found:
    """Return the subject's score as known now, ``None`` where the party can have none.

    A party without an archive is not rated, so that who asks learns no more of it.
    """
    now = known.now if before is None else instant_of(before.known_at)
    today = day_of(now)
    day = today if before is None else date.fromordinal(before.as_of)
    if body.as_of is not None:
        day = date.fromordinal(ordinal(body.as_of, field="as_of"))
    if not DAY_FIRST <= day.toordinal() <= today.toordinal():
        raise Problem(
            status=409,
            code="credit.query_ahead",
            field="as_of",
            expected=f"{shown_day(DAY_FIRST)} to {today.isoformat()}",
            found=day.isoformat(),
        )
    known_at = microseconds_of(now)
    if known.kind not in _KINDS:
        return _Found(score=None, as_of=day, known_at=known_at)
    chosen = (
        rule_set_in_force(known.rule_sets, day)
        if before is None
        else rule_set_of_version(known.rule_sets, before.rule_set)
    )
    try:
        records = known.records()
    except TooManyRecords as error:
        raise Problem(status=409, code="credit.records_too_many", field="subject") from error
    kind = SubjectKind(known.kind)
    found = score(kind, records, as_of=day, known_at=now, rule_set=chosen)
    if known.has_lost(day=day, known_at=known_at):
        # Of a day before an erasure nobody can tell any more all that counted on it.
        found = msgspec.structs.replace(found, complete=False)
    return _Found(score=found, as_of=day, known_at=known_at)


async def _asked_before(connection: asyncpg.Connection, *, actor: str, key: str) -> _Before | None:
    entry = await LedgerStore(connection).by_key(actor=actor, key=key)
    if entry is None:
        return None
    command = msgspec.json.decode(bytes(entry.body().command))
    if command["kind"] != "credit_log_query" or command["rule_set"] == NO_RULE_SET[0]:
        return None
    return msgspec.convert(command, _Before, strict=False)
