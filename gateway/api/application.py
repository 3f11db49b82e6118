"""The application: routes for every operation, for reading, and one shape of error."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import Body, FastAPI, Header, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from gateway.api.authentication import Authentication, Caller
from gateway.api.cursors import Cursors
from gateway.api.operations import ROUTES, Route
from gateway.api.problems import (
    Problem,
    on_domain_error,
    on_http_error,
    on_invalid_request,
    on_problem,
)
from gateway.api.reading import add_reading
from gateway.api.reads import Reads
from gateway.api.schemas.compound import (
    OrderBatch,
    ProposalDecision,
    ProposalRequest,
    Transaction,
)
from gateway.api.writes import Wish, Writer, key_of, shown
from kernel.errors import DomainError
from ledger.commands import Approve, Command, Linked, Propose, RejectProposal
from ledger.sequencer.protocol import SUBMISSIONS_PER_FRAME_MAX

BODY_MAX = 1 << 20
DryRun = Annotated[bool, Query(description="Answer what would happen, and change nothing.")]
Key = Annotated[
    str | None,
    Header(description="Makes the write happen once: 1 to 64 of A-Z a-z 0-9 _ . : -"),
]
PROBLEM: dict[str, Any] = {
    "description": "A problem detail (RFC 9457) with a stable code",
    "content": {
        "application/problem+json": {
            "example": {
                "type": "urn:ecorights:problem:exchange.cash_too_small",
                "title": "The available cash is too small",
                "status": 409,
                "code": "exchange.cash_too_small",
                "field": "quantity",
                "expected": "at most 1000 of CNY's smallest unit",
                "found": "7400",
                "entry": "812",
                "instance": "/v1/orders",
            }
        }
    },
}
STATUSES = (400, 401, 403, 404, 405, 409, 413, 415, 422, 503)
RESPONSES: dict[int | str, dict[str, Any]] = dict.fromkeys(STATUSES, PROBLEM)


class Door:
    """What the routes share: who calls, the writer, the reads."""

    def __init__(self, *, writer: Writer, reads: Reads) -> None:
        self.writer = writer
        self.reads = reads
        self._authentication = Authentication(reads)

    async def caller(self, request: Request) -> Caller:
        """Return who calls."""
        return await self._authentication.caller(request.headers.get("authorization"))

    async def write(self, request: Request, command: Command, *, dry_run: bool) -> dict[str, Any]:
        """Submit one command as the caller and show what became of it."""
        caller = await self.caller(request)
        wish = Wish(caller=caller, key=key_of(request), command=command, dry_run=dry_run)
        answers = await self.writer.submit([wish.submission()])
        return shown(answers[0])


def create_application(
    *, writer: Writer, reads: Reads, cursors: Cursors, static: str | None = None
) -> FastAPI:
    """Return the API of one venue."""
    application = FastAPI(
        title="EcoRights",
        version="1",
        description="An exchange for ecological rights: one writer, one ledger, one transaction.",
        docs_url=None,
        redoc_url=None,
    )
    for kind, handler in (
        (Problem, on_problem),
        (DomainError, on_domain_error),
        (RequestValidationError, on_invalid_request),
        (HTTPException, on_http_error),
    ):
        application.add_exception_handler(kind, handler)
    application.middleware("http")(_guard)
    door = Door(writer=writer, reads=reads)
    for route in ROUTES:
        _add_operation(application, door, route)
    _add_compound(application, door)
    _add_approvals(application, door)
    _add_batches(application, door)
    add_reading(application, reads, door.caller, cursors)
    if static is not None:
        _add_pages(application, static)
    return application


async def _guard(request: Request, proceed: Callable[[Request], Awaitable[Any]]) -> Any:
    """Refuse bodies that are too large or no JSON before anything reads them."""
    if request.method == "POST":
        size = request.headers.get("content-length")
        if size is not None and size.isdigit() and int(size) > BODY_MAX:
            return await on_problem(
                request,
                Problem(status=413, code="request.too_large", expected=f"at most {BODY_MAX} bytes"),
            )
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            return await on_problem(
                request,
                Problem(
                    status=415,
                    code="request.media_type_unsupported",
                    field="content-type",
                    expected="application/json",
                ),
            )
    return await proceed(request)


def _add_operation(application: FastAPI, door: Door, route: Route) -> None:
    model = route.model

    async def operate(
        request: Request,
        body: Any = Body(),  # noqa: B008  FastAPI reads the default
        dry_run: DryRun = False,  # noqa: FBT002
        idempotency_key: Key = None,
    ) -> JSONResponse:
        del idempotency_key
        await door.caller(request)
        key_of(request)
        units = await door.reads.units()
        answer = await door.write(request, body.to_command(units), dry_run=dry_run)
        return JSONResponse(answer, status_code=200 if dry_run else 201)

    operate.__annotations__["body"] = model
    operate.__doc__ = model.__doc__
    application.add_api_route(
        f"/v1{route.path}",
        operate,
        methods=["POST"],
        status_code=201,
        summary=route.summary,
        tags=[route.tag],
        responses=RESPONSES,
        name=route.model.__name__,
    )


def _add_compound(application: FastAPI, door: Door) -> None:
    """Add the routes whose requests hold operations."""

    @application.post(
        "/v1/transactions", status_code=201, tags=["transactions"], responses=RESPONSES
    )
    async def transact(
        request: Request,
        body: Transaction,
        dry_run: DryRun = False,  # noqa: FBT002
    ) -> JSONResponse:
        """Apply a list of operations, all of them or none."""
        await door.caller(request)
        units = await door.reads.units()
        commands = tuple(each.to_command(units) for each in body.operations)
        answer = await door.write(request, Linked(commands=commands), dry_run=dry_run)
        return JSONResponse(answer, status_code=200 if dry_run else 201)

    @application.post("/v1/proposals", status_code=201, tags=["proposals"], responses=RESPONSES)
    async def propose(
        request: Request,
        body: ProposalRequest,
        dry_run: DryRun = False,  # noqa: FBT002
    ) -> JSONResponse:
        """Put an operation before another person of one's own party."""
        await door.caller(request)
        units = await door.reads.units()
        command = Propose(command=body.operation.to_command(units))
        answer = await door.write(request, command, dry_run=dry_run)
        return JSONResponse(answer, status_code=200 if dry_run else 201)


def _add_approvals(application: FastAPI, door: Door) -> None:
    """Add the routes that decide about proposals."""

    @application.post(
        "/v1/proposals/approvals", status_code=201, tags=["proposals"], responses=RESPONSES
    )
    async def approve(
        request: Request,
        body: ProposalDecision,
        dry_run: DryRun = False,  # noqa: FBT002
    ) -> JSONResponse:
        """Approve a proposal; it is applied as its maker's."""
        command = Approve(proposal=int(body.proposal))
        answer = await door.write(request, command, dry_run=dry_run)
        return JSONResponse(answer, status_code=200 if dry_run else 201)

    @application.post(
        "/v1/proposals/rejections", status_code=201, tags=["proposals"], responses=RESPONSES
    )
    async def reject(
        request: Request,
        body: ProposalDecision,
        dry_run: DryRun = False,  # noqa: FBT002
    ) -> JSONResponse:
        """Turn a proposal down, or withdraw one's own."""
        command = RejectProposal(proposal=int(body.proposal))
        answer = await door.write(request, command, dry_run=dry_run)
        return JSONResponse(answer, status_code=200 if dry_run else 201)


def _add_batches(application: FastAPI, door: Door) -> None:
    """Add the route that takes many orders at once."""

    @application.post("/v1/order-batches", status_code=200, tags=["orders"], responses=RESPONSES)
    async def place_many(request: Request, body: OrderBatch) -> JSONResponse:
        """Place up to 500 independent orders; each has its own entry and its own answer."""
        caller = await door.caller(request)
        key = key_of(request)
        units = await door.reads.units()
        wishes = [
            Wish(caller=caller, key=f"{key}/{number}", command=order.to_command(units))
            for number, order in enumerate(body.orders)
        ]
        assert len(wishes) <= SUBMISSIONS_PER_FRAME_MAX
        answers = await door.writer.submit([wish.submission() for wish in wishes])
        results = []
        for answer in answers:
            try:
                results.append(shown(answer))
            except Problem as problem:
                results.append({"outcome": "refused", "code": problem.code, **problem.extra})
        return JSONResponse({"results": results})


def _add_pages(application: FastAPI, static: str) -> None:
    application.mount("/static", StaticFiles(directory=static), name="static")

    @application.get("/docs", include_in_schema=False)
    async def pages() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title="EcoRights API",
            swagger_js_url="/static/swagger-ui-bundle.js",
            swagger_css_url="/static/swagger-ui.css",
            swagger_favicon_url="/static/favicon.png",
        )
