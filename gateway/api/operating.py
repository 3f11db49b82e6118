"""The routes that write: one for each operation, and those whose requests hold operations."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request
from fastapi.responses import JSONResponse

from gateway.api.door import HEAD, Door
from gateway.api.operations import ROUTES, Route
from gateway.api.problems import Problem, problem_of
from gateway.api.schemas.base import Operation, Units
from gateway.api.schemas.compound import (
    OrderBatch,
    ProposalDecision,
    ProposalRequest,
    Transaction,
)
from gateway.api.writes import head_of, key_of, shown
from kernel.errors import DomainError
from ledger.commands import Approve, Command, Linked, Propose, RejectProposal
from ledger.sequencer.protocol import SUBMISSIONS_PER_FRAME_MAX
from ledger.sequencer.submission import Answer, Unavailable

DryRun = Annotated[bool, Query(description="Answer what would happen, and change nothing.")]


def add_operations(router: APIRouter, door: Door) -> None:
    """Add every route that writes."""
    for route in ROUTES:
        _add_operation(router, door, route)
    _add_compound(router, door)
    _add_approvals(router, door)
    _add_batches(router, door)


def _add_operation(router: APIRouter, door: Door, route: Route) -> None:
    async def operate(
        request: Request,
        body: Any = Body(),  # noqa: B008  FastAPI reads the default
        dry_run: DryRun = False,  # noqa: FBT002
    ) -> JSONResponse:
        return await door.write(request, body.to_command, dry_run=dry_run)

    operate.__annotations__["body"] = route.model
    operate.__doc__ = route.model.__doc__
    router.add_api_route(
        route.path,
        operate,
        methods=["POST"],
        status_code=201,
        summary=route.summary,
        tags=[route.tag],
        name=route.model.__name__,
    )


def _add_compound(router: APIRouter, door: Door) -> None:
    @router.post("/transactions", status_code=201, tags=["transactions"])
    async def transact(
        request: Request,
        body: Transaction,
        dry_run: DryRun = False,  # noqa: FBT002
    ) -> JSONResponse:
        """Apply a list of operations, all of them or none."""
        linked = partial(_linked, body.operations)
        return await door.write(request, linked, dry_run=dry_run)

    @router.post("/proposals", status_code=201, tags=["proposals"])
    async def propose(
        request: Request,
        body: ProposalRequest,
        dry_run: DryRun = False,  # noqa: FBT002
    ) -> JSONResponse:
        """Put an operation before another person of one's own party."""

        def to_command(units: Units) -> Command:
            return Propose(command=body.operation.to_command(units))

        return await door.write(request, to_command, dry_run=dry_run)


def _linked(operations: Sequence[Operation], units: Units) -> Command:
    """Return the linked command; a leg that cannot be read is named by its place."""
    commands = []
    for leg, operation in enumerate(operations):
        try:
            commands.append(operation.to_command(units))
        except Problem as problem:
            problem.extra["leg"] = leg
            raise
    return Linked(commands=tuple(commands))


def _add_approvals(router: APIRouter, door: Door) -> None:
    @router.post("/proposals/approvals", status_code=201, tags=["proposals"])
    async def approve(
        request: Request,
        body: ProposalDecision,
        dry_run: DryRun = False,  # noqa: FBT002
    ) -> JSONResponse:
        """Approve a proposal; it is applied as its maker's."""
        command = Approve(proposal=int(body.proposal))
        return await door.write(request, lambda _: command, dry_run=dry_run)

    @router.post("/proposals/rejections", status_code=201, tags=["proposals"])
    async def reject(
        request: Request,
        body: ProposalDecision,
        dry_run: DryRun = False,  # noqa: FBT002
    ) -> JSONResponse:
        """Turn a proposal down, or withdraw one's own."""
        command = RejectProposal(proposal=int(body.proposal))
        return await door.write(request, lambda _: command, dry_run=dry_run)


def _add_batches(router: APIRouter, door: Door) -> None:
    @router.post("/order-batches", status_code=200, tags=["orders"])
    async def place_many(
        request: Request,
        body: OrderBatch,
        dry_run: DryRun = False,  # noqa: FBT002
    ) -> JSONResponse:
        """Place up to 500 independent orders; each has its own entry and its own answer."""
        key = key_of(request)
        commands = await door.commands([order.to_command for order in body.orders])
        keyed = [(f"{key}/{number}", command) for number, command in enumerate(commands)]
        assert len(keyed) <= SUBMISSIONS_PER_FRAME_MAX
        replies = await door.submit(request, keyed, dry_run=dry_run)
        first = replies[0]
        if isinstance(first, Unavailable) and all(isinstance(r, Unavailable) for r in replies):
            raise first
        answers = [reply for reply in replies if isinstance(reply, Answer)]
        body_shown = {"results": [_result(reply) for reply in replies]}
        return JSONResponse(body_shown, headers={HEAD: head_of(answers)})


def _result(reply: Answer | DomainError) -> dict[str, Any]:
    """Return one order's own answer; ``unavailable`` may be sent again under the same key."""
    if isinstance(reply, Unavailable):
        members = problem_of(reply).members()
        return {"outcome": "unavailable", **members, "retry_after": reply.retry_after}
    if isinstance(reply, DomainError):
        return {"outcome": "refused", **problem_of(reply).members()}
    try:
        return shown(reply)
    except Problem as problem:
        return {"outcome": "refused", **problem.members()}
