"""Problem details (RFC 9457): one shape for every error, with a stable ``code``.

``code`` never changes its meaning; ``title`` is for people and comes in Chinese and English;
``field``, ``expected`` and ``found`` stand where the error has them; ``entry`` names the ledger
entry that recorded the refusal, where the machine gave it.
"""

import re
from collections.abc import Mapping
from typing import Any

import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from gateway.api.messages import message
from kernel.errors import DomainError, Kind
from ledger.refusals import Refusal, Reject
from ledger.sequencer.submission import Unavailable

log = structlog.get_logger()
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

# The kinds of the validation library, as codes of our own that outlive it.
CODE_OF_VALIDATION: Mapping[str, str] = {
    "missing": "request.missing",
    "extra_forbidden": "request.field_unknown",
    "string_pattern_mismatch": "request.form_unfit",
    "string_too_long": "request.too_long",
    "too_long": "request.too_long",
    "string_too_short": "request.too_short",
    "too_short": "request.too_short",
    "greater_than_equal": "request.out_of_range",
    "less_than_equal": "request.out_of_range",
    "int_parsing_size": "request.out_of_range",
    "enum": "request.choice_unknown",
    "literal_error": "request.choice_unknown",
    "union_tag_invalid": "request.choice_unknown",
    "union_tag_not_found": "request.missing",
    **dict.fromkeys(
        (
            "string_type",
            "int_type",
            "int_parsing",
            "bool_type",
            "bool_parsing",
            "list_type",
            "model_type",
            "model_attributes_type",
        ),
        "request.type_unfit",
    ),
}
_WEIGHT = re.compile(r"q=([01](?:\.[0-9]{1,3})?)\Z")
_SELF_EXPLAINING = frozenset({"request.missing", "request.field_unknown"})

# The last word of a machine's refusal code says what kind of refusal it is.
_STATUS_BY_ENDING = {
    "unknown": 404,
    "erased": 410,
    "missing": 403,
    "revoked": 403,
    "owner": 403,
    "only": 403,
    "maker": 403,
    "party": 403,
    "required": 403,
}
_STATUS_CONFLICT = 409
# What our own side did wrong, though the machine records it as a refusal.
_FAULTS = frozenset({Reject.QUARANTINED, Reject.MACHINE_FAULT})


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
        retry_after: int = RETRY_AFTER_SECONDS,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.field = field
        self.expected = expected
        self.found = found
        self.extra = dict(extra or {})
        self.retry_after = retry_after

    def members(self) -> dict[str, Any]:
        """Return what a client reads: the code, and what is known of field and values."""
        found: dict[str, Any] = {"code": self.code}
        for name in ("field", "expected", "found"):
            value = getattr(self, name)
            if value is not None:
                found[name] = value
        return found | self.extra


def status_of(refusal: Refusal) -> int:
    """Return the HTTP status of a refusal: 403, 404, 409 or 410; 500 where the fault is ours."""
    if refusal.code in _FAULTS:
        return 500
    return _STATUS_BY_ENDING.get(refusal.code.rsplit("_", 1)[-1], _STATUS_CONFLICT)


def gone(entry: int) -> Problem:
    """Return the problem that stands in the place of an erased person's page."""
    return Problem(
        status=STATUS_OF_KIND[Kind.GONE],
        code=Reject.PARTY_ERASED,
        field="party",
        extra={"entry": str(entry)},
    )


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
        "instance": instance,
        **problem.members(),
    }
    headers = {"Content-Language": "zh-CN" if language == "zh" else "en"}
    if problem.status in {429, 503}:
        headers["Retry-After"] = str(problem.retry_after)
    if problem.status == 401:  # noqa: PLR2004  the HTTP status itself
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(body, status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)


def language_of_header(header: str) -> str:
    """Return ``zh`` or ``en``, whichever an Accept-Language header wants more; else ``en``."""
    best, best_weight = "en", 0.0
    for part in header.lower().split(","):
        tag, _, parameter = part.strip().partition(";")
        language = tag.strip().partition("-")[0]
        weight = _weight(parameter.strip())
        if language in {"zh", "en"} and weight > best_weight:
            best, best_weight = language, weight
    return best


def _weight(parameter: str) -> float:
    if not parameter:
        return 1.0
    found = _WEIGHT.match(parameter)
    return float(found[1]) if found is not None else 0.0


def language_of(request: Request) -> str:
    """Return the language of a request's answer."""
    return language_of_header(request.headers.get("accept-language", ""))


async def on_problem(request: Request, error: Exception) -> JSONResponse:
    """Present a problem that a route raised."""
    assert isinstance(error, Problem)
    return present(error, language=language_of(request), instance=request.url.path)


def problem_of(error: DomainError) -> Problem:
    """Return the problem that a typed error of a lower package is."""
    retry_after = error.retry_after if isinstance(error, Unavailable) else RETRY_AFTER_SECONDS
    return Problem(
        status=STATUS_OF_KIND[error.kind],
        code=error.code,
        field=error.field,
        expected=error.expected,
        found=str(error) or None,
        retry_after=retry_after,
    )


async def on_domain_error(request: Request, error: Exception) -> JSONResponse:
    """Present a typed error of a lower package by its kind."""
    assert isinstance(error, DomainError)
    return await on_problem(request, problem_of(error))


async def on_invalid_request(request: Request, error: Exception) -> JSONResponse:
    """Present a malformed request: the first field that is wrong, and what was expected."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"][1:])
    code = CODE_OF_VALIDATION.get(str(first["type"]), "request.field_invalid")
    expected = None if code in _SELF_EXPLAINING else str(first["msg"])
    problem = Problem(status=422, code=code, field=place or None, expected=expected)
    return await on_problem(request, problem)


async def on_http_error(request: Request, error: Exception) -> JSONResponse:
    """Present what the framework itself refuses: no such route, method not allowed."""
    assert isinstance(error, HTTPException)
    codes = {404: "request.not_found", 405: "request.method_not_allowed"}
    problem = Problem(status=error.status_code, code=codes.get(error.status_code, "request.failed"))
    response = await on_problem(request, problem)
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


async def on_database_trouble(request: Request, error: Exception) -> JSONResponse:
    """Present a database that does not answer now, or not in time."""
    log.warning("database_does_not_answer", reason=repr(error))
    return await on_problem(request, Problem(status=503, code="service.unavailable"))


async def on_fault(request: Request, error: Exception) -> JSONResponse:
    """Present a fault of our own; what happened goes to the log and never to the caller."""
    log.error("fault", path=request.url.path, reason=repr(error))
    return await on_problem(request, Problem(status=500, code="service.fault"))
