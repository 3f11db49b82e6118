"""What every route shares: who calls, the way to the writer, one snapshot for each answer.

A request is screened from the outside in: its parameters, its key, its headers, its body. Only
then does a route see it, so a stranger never learns what a body should have been.
"""

import asyncio
import time
from collections.abc import (
    AsyncIterator,
    Callable,
    Coroutine,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import Request
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.routing import Match
from starlette.types import Scope

from credit_scoring.rule_sets.adopting.store import KnownRuleSets
from gateway.api.audits import Audits
from gateway.api.authentication import Authentication, Caller
from gateway.api.bodies import check_media_type, parse_body, read_body
from gateway.api.cursors import Cursors
from gateway.api.previews import preview, rules_passed
from gateway.api.problems import Problem, refused
from gateway.api.reads import Reads, View
from gateway.api.receipts import AWAIT_SECONDS_MAX, awaited_seconds, receipt_of
from gateway.api.schemas.base import Units
from gateway.api.turns import Turns
from gateway.api.writes import Wish, Writer, head_of, key_of, shown
from gateway.work.desk import JobDesk
from kernel.errors import DomainError
from ledger.anchoring.anchor import Kind
from ledger.commands import Command
from ledger.sequencer.submission import Answer, Submission
from ledger.transparency.receipt import Receipt

HEAD = "Ecorights-Head"
MIN_HEAD = "Ecorights-Min-Head"
_LOOK_SECONDS = 0.01
_INDEX_DIGITS_MAX = 18
_ENTRY_MAX = 10**_INDEX_DIGITS_MAX

ToCommand = Callable[[Units], Command]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long the door waits: for the writer, for reads to reach an entry, for a checkpoint."""

    write_seconds: float = 10.0
    head_seconds: float = 2.0
    receipt_seconds: float = AWAIT_SECONDS_MAX


class Door:
    """What the routes share."""

    def __init__(
        self,
        *,
        writer: Writer,
        reads: Reads,
        cursors: Cursors,
        patience: Patience | None = None,
        anchor_seconds: Mapping[Kind, float] | None = None,
        audits: Audits | None = None,
        credential_key: Ed25519PrivateKey | None = None,
        jobs: JobDesk | None = None,
    ) -> None:
        self.writer = writer
        self.reads = reads
        self.cursors = cursors
        self.patience = patience or Patience()
        # The seconds between two anchors of each kind that is configured.
        self.anchor_seconds: Mapping[Kind, float] = anchor_seconds or {}
        self.audits = audits
        # Signs credentials and their status lists, and nothing else.
        self.credential_key = credential_key
        self.jobs = jobs
        self.rule_sets = KnownRuleSets()
        # What takes long runs beside the loop, so many at a time, whichever route it is of.
        self.turns = Turns()
        self._authentication = Authentication(reads)
        self._units = Units({})

    async def caller(self, request: Request) -> Caller:
        """Return who calls.

        Raises:
            Problem: 401.
        """
        found: Caller | None = getattr(request.state, "caller", None)
        if found is None:
            found = await self._authentication.caller(request.headers.get("authorization"))
            request.state.caller = found
        return found

    async def commands(self, operations: Sequence[ToCommand]) -> list[Command]:
        """Return what operations ask for.

        Lot and tick of an instrument never change, so its terms are read once; a code that is not
        known yet is looked for in the rows.
        """
        try:
            return [to_command(self._units) for to_command in operations]
        except Problem as problem:
            if problem.code != "ledger.instrument_unknown":
                raise
        self._units = await self.reads.units()
        return [to_command(self._units) for to_command in operations]

    async def write(
        self, request: Request, to_command: ToCommand, *, dry_run: bool
    ) -> JSONResponse:
        """Submit one command as the caller and show what became of it."""
        seconds = awaited_seconds(request)
        (command,) = await self.commands([to_command])
        (reply,) = await self.submit(request, [(key_of(request), command)], dry_run=dry_run)
        if isinstance(reply, DomainError):
            raise reply
        headers = {HEAD: head_of([reply])}
        if not dry_run:
            body = shown(reply)
            if seconds is not None:
                body["receipt"] |= await self.proof(reply, seconds=seconds)
            return JSONResponse(body, status_code=201, headers=headers)
        if reply.refusal is not None:
            problem = refused(reply.refusal, entry=None)
            problem.extra["rules_passed"] = rules_passed(command, reply)
            raise problem
        return JSONResponse(shown(reply) | preview(command, reply, self._units), headers=headers)

    async def proof(self, answer: Answer, *, seconds: float) -> dict[str, str]:
        """Return the receipt of an entry, nothing where no checkpoint covers it in time."""
        assert answer.index is not None
        try:
            receipt = await self.receipt(answer.index, seconds=seconds)
        except Problem:
            return {}
        return {"tlog_proof": receipt.text}

    async def receipt(self, index: int, *, seconds: float) -> Receipt:
        """Return an entry's receipt, waiting for a checkpoint that covers it.

        Raises:
            Problem: there is no such entry, or no checkpoint over it in time.
        """
        patience = min(seconds, self.patience.receipt_seconds)
        return await receipt_of(self.reads, index, seconds=patience)

    async def submit(
        self, request: Request, keyed: Sequence[tuple[str, Command]], *, dry_run: bool
    ) -> list[Answer | DomainError]:
        """Submit commands under their keys; one that waits too long is dropped unapplied."""
        caller = await self.caller(request)
        deadline = time.time_ns() // 1000 + int(self.patience.write_seconds * 1_000_000)
        wishes = [
            Wish(caller=caller, key=key, command=command, dry_run=dry_run, deadline=deadline)
            for key, command in keyed
        ]
        submissions: list[Submission] = [wish.submission() for wish in wishes]
        return await self.writer.submit_each(submissions)

    @asynccontextmanager
    async def view(self, request: Request) -> AsyncIterator[View]:
        """Open one snapshot that is not older than the entry the caller has seen.

        Raises:
            Problem: 503, the reading side does not reach that entry in time.
        """
        await self._reach(request)
        async with self.reads.snapshot() as view:
            yield view

    @asynccontextmanager
    async def connection(self, request: Request) -> AsyncIterator[asyncpg.Connection]:
        """Lend a connection for one statement, which sees no less than the caller has seen.

        Raises:
            Problem: 503, the reading side does not reach that entry in time.
        """
        await self._reach(request)
        async with self.reads.connection() as connection:
            yield connection

    async def _reach(self, request: Request) -> None:
        wanted = _min_head(request)
        if wanted is None:
            return
        until = time.monotonic() + self.patience.head_seconds
        while (head := await self.reads.head()) < wanted:
            if time.monotonic() >= until:
                raise Problem(
                    status=503,
                    code="service.head_not_reached",
                    field=MIN_HEAD,
                    expected=str(wanted),
                    found=str(head),
                )
            await asyncio.sleep(_LOOK_SECONDS)


def _min_head(request: Request) -> int | None:
    values = request.headers.getlist(MIN_HEAD)
    if not values:
        return None
    text = values[0]
    if len(values) > 1 or not (text.isascii() and text.isdigit()) or int(text[:19]) > _ENTRY_MAX:
        raise Problem(
            status=400,
            code="request.header_invalid",
            field=MIN_HEAD,
            expected="one entry index, digits only",
        )
    return int(text)


class StrictRoute(APIRoute):
    """A route that screens a request before the framework reads anything of it."""

    writes_once = True  # a POST that only asks has no Idempotency-Key

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Tell whether a request is for this route, by the path's first letters where they tell."""
        begins = self.path.partition("{")[0]
        if not scope.get("root_path") and not str(scope.get("path", "")).startswith(begins):
            return Match.NONE, {}
        return super().matches(scope)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the framework's handler behind the screen."""
        proceed = super().get_route_handler()
        known = frozenset(_parameter_names(self.dependant.query_params))
        writes = "POST" in (self.methods or ())

        async def handle(request: Request) -> Response:
            _check_parameters(request, known)
            if writes:
                door: Door = request.app.state.door
                await door.caller(request)
                if self.writes_once:
                    key_of(request)
                request = await self.read(request)
            return await proceed(request)

        return handle

    async def read(self, request: Request) -> Request:
        """Return the request with its body read; a route that takes no JSON reads otherwise."""
        check_media_type(request)
        return await _with_strict_body(request)


def _parameter_names(fields: Iterable[Any]) -> Iterator[str]:
    """Yield the names of a route's parameters; a model stands for its fields."""
    for each in fields:
        kind = each.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from kind.model_fields
        else:
            yield each.alias


def _check_parameters(request: Request, known: frozenset[str]) -> None:
    seen: set[str] = set()
    for name, _ in request.query_params.multi_items():
        if name not in known:
            raise Problem(
                status=400,
                code="request.parameter_unknown",
                field=name[:64],
                expected=", ".join(sorted(known)) or "no parameter",
            )
        if name in seen:
            raise Problem(status=400, code="request.parameter_twice", field=name)
        seen.add(name)


async def _with_strict_body(request: Request) -> Request:
    """Return the request with its body read and parsed, as the framework remembers both."""
    raw = await read_body(request)
    read = Request(request.scope, request.receive)
    read._body = raw  # noqa: SLF001  where Starlette keeps what it has read
    read._json = parse_body(raw)  # noqa: SLF001  and what it has parsed
    return read
