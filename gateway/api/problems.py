"""Problem details (RFC 9457): one shape for every error, with a stable ``code``.

``code`` never changes its meaning; ``title`` is for people and comes in Chinese and English;
``field``, ``expected`` and ``found`` stand where the error has them; ``entry`` names the ledger
entry that recorded the refusal, where the machine gave it.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from gateway.api.messages import message
from kernel.errors import DomainError, Kind
from ledger.refusals import Refusal

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 1

STATUS_OF_KIND: Mapping[Kind, int] = {
    Kind.MALFORMED: 422,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.GONE: 410,
    Kind.PRECONDITION: 412,
    Kind.TOO_LARGE: 413,
    Kind.RATE_LIMITED: 429,
    Kind.UNAVAILABLE: 503,
}

# The last word of a machine's refusal code says what kind of refusal it is.
_STATUS_BY_ENDING = {
    "unknown": 404,
    "missing": 403,
    "revoked": 403,
    "owner": 403,
    "only": 403,
    "maker": 403,
    "party": 403,
    "required": 403,
}
_STATUS_CONFLICT = 409


class Problem(Exception):
    """An error that leaves through the HTTP door as it is."""

    def __init__(
        self,
        *,
        status: int,
        code: str,
        field: str | None = None,
        expected: str | None = None,
        found: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.field = field
        self.expected = expected
        self.found = found
        self.extra = dict(extra or {})


def status_of(refusal: Refusal) -> int:
    """Return the HTTP status of a machine's refusal: 403, 404, or 409 for all others."""
    return _STATUS_BY_ENDING.get(refusal.code.rsplit("_", 1)[-1], _STATUS_CONFLICT)


def refused(refusal: Refusal, *, entry: int | None) -> Problem:
    """Return the problem that shows a machine's refusal, with the entry that recorded it."""
    extra: dict[str, Any] = {}
    if entry is not None:
        extra["entry"] = str(entry)
    if refusal.leg is not None:
        extra["leg"] = refusal.leg
    if refusal.rule is not None:
        extra["rule"] = refusal.rule
    return Problem(
        status=status_of(refusal),
        code=refusal.code,
        field=refusal.field,
        expected=refusal.expected,
        found=refusal.found,
        extra=extra,
    )


def present(problem: Problem, *, language: str, instance: str) -> JSONResponse:
    """Return a problem as a response in one of the languages ``zh`` and ``en``."""
    title = message(problem.code, language=language)
    body: dict[str, Any] = {
        "type": f"urn:ecorights:problem:{problem.code}",
        "title": title,
        "status": problem.status,
        "code": problem.code,
        "instance": instance,
    }
    for name in ("field", "expected", "found"):
        value = getattr(problem, name)
        if value is not None:
            body[name] = value
    body.update(problem.extra)
    headers = {"Content-Language": "zh-CN" if language == "zh" else "en"}
    if problem.status in {429, 503}:
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if problem.status == 401:  # noqa: PLR2004  the HTTP status itself
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(body, status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)


def language_of(request: Request) -> str:
    """Return ``zh`` where the client asks for Chinese first, else ``en``."""
    wanted = request.headers.get("accept-language", "").strip().lower()
    return "zh" if wanted.startswith("zh") else "en"


async def on_problem(request: Request, error: Exception) -> JSONResponse:
    """Present a problem that a route raised."""
    assert isinstance(error, Problem)
    return present(error, language=language_of(request), instance=request.url.path)


async def on_domain_error(request: Request, error: Exception) -> JSONResponse:
    """Present a typed error of a lower package by its kind."""
    assert isinstance(error, DomainError)
    problem = Problem(
        status=STATUS_OF_KIND[error.kind],
        code=error.code,
        field=error.field,
        expected=error.expected,
        found=str(error) or None,
    )
    return present(problem, language=language_of(request), instance=request.url.path)


async def on_invalid_request(request: Request, error: Exception) -> JSONResponse:
    """Present a malformed request: the first field that is wrong, and what was expected."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"] if part not in {"body", "query", "header"})
    kind = str(first["type"])
    if kind == "missing" and first["loc"][:1] == ("header",):
        problem = Problem(status=400, code="request.header_missing", field=place)
    elif kind == "json_invalid":
        problem = Problem(status=400, code="request.json_invalid")
    else:
        problem = Problem(
            status=422, code=f"request.{kind}", field=place or None, expected=str(first["msg"])
        )
    return present(problem, language=language_of(request), instance=request.url.path)


async def on_http_error(request: Request, error: Exception) -> JSONResponse:
    """Present what the framework itself refuses: no such route, method not allowed."""
    assert isinstance(error, HTTPException)
    codes = {404: "request.not_found", 405: "request.method_not_allowed"}
    problem = Problem(status=error.status_code, code=codes.get(error.status_code, "request.failed"))
    response = present(problem, language=language_of(request), instance=request.url.path)
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response
