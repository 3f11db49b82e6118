"""The OpenAPI document: what the framework makes of the routes, and all that it cannot know.

For each operation an example of request and answer, every status that it can give, the headers
that it takes and sets, and who may call it without a key.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from gateway.api import (
    consent_examples,
    credential_examples,
    credit_archive_examples,
    credit_intake_examples,
    gep_analysis_examples,
    gep_examples,
    gep_export_examples,
    gep_packages_examples,
    gep_report_examples,
    gep_tables_examples,
    scorecard_examples,
)
from gateway.api.audit_examples import DOWNLOADS as OF_AUDITS
from gateway.api.audit_examples import JSON_DOWNLOADS
from gateway.api.credit_notices import NOTICES_PATH
from gateway.api.door import HEAD, MIN_HEAD
from gateway.api.examples import (
    BATCH,
    HEALTH,
    NOTE,
    NOTE_PATH,
    NULLABLE,
    OPEN,
    OPTIONAL,
    OPTIONAL_IN_HOLDINGS,
    READ,
    RECEIPT,
    RECEIPT_PATH,
    TOKEN_PATH,
    TRIED,
    WRITTEN,
)
from gateway.api.job_examples import (
    CANCEL_PATH,
    JOBS_PATH,
    RESULT_PATH,
    SHOWN,
    WITH_WORKER,
)
from gateway.api.job_examples import READ as JOBS_READ
from gateway.api.job_examples import TRIED as JOB_TRIED
from gateway.api.messages import message
from gateway.api.operations import ROUTES
from gateway.api.problems import MEDIA_TYPE
from gateway.api.receipts import AWAIT
from gateway.api.reconciliation_examples import FILE_PATH, UPLOADED, UPLOADED_ALWAYS
from gateway.api.requests import example_of
from gateway.api.schemas.compound import (
    OrderBatch,
    ProposalDecision,
    ProposalRequest,
    Transaction,
)
from gateway.api.schemas.consents import CreditQuery
from gateway.api.schemas.credit_rights import NoticeRequest
from gateway.api.schemas.jobs import JobCancellation, JobRequest
from gateway.api.scorecard_examples import CARDS
from ledger.anchoring.requests import REPLY_TYPE

PUBLIC = frozenset(path for path in READ if path.startswith(("/v1/ins", "/v1/books", "/v1/ledger")))
HEALTH_PATH = "/v1/health"
# Questions whose body asks, and which write nothing.
ASKED: Mapping[str, tuple[Any, dict[str, Any]]] = {
    **scorecard_examples.ASKED,
    **gep_examples.ASKED,
    **gep_analysis_examples.ASKED,
    **gep_tables_examples.ASKED,
}
VARIED = gep_export_examples.VARIED
DOWNLOADS = OF_AUDITS | gep_tables_examples.DOWNLOADS
JSON_FILES = JSON_DOWNLOADS | credential_examples.JSON_DOWNLOADS
# What is asked of no snapshot: the process itself, and the published trees.
OF_TREES = (
    frozenset(CARDS)
    .union({HEALTH_PATH, "/v1/ledger/proofs/inclusion", "/v1/ledger/proofs/consistency"})
    .union(DOWNLOADS, JSON_FILES, JOBS_READ, gep_analysis_examples.OF_NO_SNAPSHOT)
    .union(gep_packages_examples.READ)
)
# Answers that are files: what they are, their type, and an example.
FILES: Mapping[str, tuple[str, str, str]] = {
    RECEIPT_PATH: ("The receipt, a file of its own", "text/plain", RECEIPT),
    NOTE_PATH: ("The signed checkpoint that was anchored", "text/plain", NOTE),
    **credential_examples.FILES,
    TOKEN_PATH: ("The authority's reply, in DER", REPLY_TYPE, "0\x82\x04\xd2"),
}
# Requests that are files: an example of the answer, and which members it always has.
UPLOADS: Mapping[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    FILE_PATH: (UPLOADED, tuple(UPLOADED_ALWAYS)),
    **credit_archive_examples.UPLOADS,
    **credit_intake_examples.UPLOADS,
    **gep_packages_examples.UPLOADS,
}
# Writes whose answer has no receipt: a file that is compared, and jobs, which are no entries.
NO_ENTRY = frozenset({JOBS_PATH, CANCEL_PATH}).union(UPLOADS)
PROBLEM_REF = {"$ref": "#/components/schemas/Problem"}
PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "A problem detail (RFC 9457). ``code`` never changes its meaning.",
    "type": "object",
    "required": ["type", "title", "status", "code", "instance"],
    "properties": {
        "type": {"type": "string", "pattern": "^urn:ecorights:problem:"},
        "title": {"type": "string", "description": "For people, in Chinese or English."},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "instance": {"type": "string"},
        "field": {"type": "string", "description": "The part of the request that is wrong."},
        "expected": {"type": "string"},
        "found": {"type": "string"},
        "rule": {"type": "string", "description": "The rule or parameter that refused."},
        "leg": {"type": "integer", "description": "The place in a linked list, from 0."},
        "entry": {"type": "string", "description": "The entry that recorded the refusal."},
        "rules_passed": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Of a dry run: the rules before the one that would refuse.",
        },
    },
}
# One problem for each status, as it may come back.
PROBLEMS: Mapping[int, tuple[str, dict[str, Any]]] = {
    400: ("request.header_missing", {"field": "Idempotency-Key"}),
    401: ("authentication.required", {"field": "authorization"}),
    403: ("ledger.role_missing", {"expected": "settlement_bank", "entry": "812"}),
    404: ("exchange.book_unknown", {"field": "instrument", "found": "CEA99"}),
    409: (
        "exchange.cash_too_small",
        {
            "field": "quantity",
            "expected": "at most 10.00 yuan",
            "found": "74.00 yuan",
            "entry": "812",
        },
    ),
    410: ("ledger.party_erased", {"field": "party", "entry": "812"}),
    413: ("request.too_large", {"expected": "at most 1048576 bytes"}),
    415: (
        "request.media_type_unsupported",
        {"field": "content-type", "expected": "application/json"},
    ),
    422: ("request.amount_off_step", {"field": "price", "expected": "a multiple of 0.01"}),
    500: ("service.fault", {}),
    503: ("service.overloaded", {}),
}
OF_QUESTIONS = (400, 401, 413, 415, 422, 500, 503)
OF_WRITES = (400, 401, 403, 404, 409, 410, 413, 415, 422, 500, 503)
OF_READS = (400, 401, 403, 404, 410, 422, 500, 503)
OF_PUBLIC = (400, 401, 404, 410, 422, 500, 503)
_TEXT = {"schema": {"type": "string"}}
_INDEX = {"schema": {"type": "string", "pattern": "^-?[0-9]{1,19}$"}}
_SECONDS = {"schema": {"type": "integer", "minimum": 1}}
_KEY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Makes the write happen once; the same key gets the first answer again.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_.:-]{1,64}$"},
    "example": "order-2026-03-16-0001",
}
_MIN_HEAD_PARAMETER = {
    "name": MIN_HEAD,
    "in": "header",
    "required": False,
    "description": f"Answer from this entry on, as ``{HEAD}`` of a write has named it.",
    "schema": {"type": "string", "pattern": "^[0-9]{1,18}$"},
    "example": "0",
}
_AWAIT_PARAMETER = {
    "name": AWAIT,
    "in": "header",
    "required": False,
    "description": "Seconds to wait for a checkpoint; the answer then holds the entry's receipt.",
    "schema": {"type": "string", "pattern": "^[0-9]$"},
    "example": "0",
}
_COMPOUND: Mapping[str, type[BaseModel]] = {
    "/v1/transactions": Transaction,
    "/v1/proposals": ProposalRequest,
    "/v1/proposals/approvals": ProposalDecision,
    "/v1/proposals/rejections": ProposalDecision,
    "/v1/order-batches": OrderBatch,
    JOBS_PATH: JobRequest,
    CANCEL_PATH: JobCancellation,
    consent_examples.QUERY_PATH: CreditQuery,
    NOTICES_PATH: NoticeRequest,
}
REQUESTS: Mapping[str, type[BaseModel]] = {
    **{f"/v1{route.path}": route.model for route in ROUTES},
    **_COMPOUND,
}


def document(application: FastAPI) -> dict[str, Any]:
    """Return the whole document; made once and kept."""
    if application.openapi_schema is None:
        found = get_openapi(
            title=application.title,
            version=application.version,
            description=application.description,
            routes=application.routes,
        )
        components = found.setdefault("components", {})
        schemas = components.setdefault("schemas", {})
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        schemas["Problem"] = PROBLEM_SCHEMA
        components["securitySchemes"] = {
            "key": {
                "type": "http",
                "scheme": "bearer",
                "description": "An API key's secret; the service knows its SHA-256 only.",
            }
        }
        for path, methods in found["paths"].items():
            for method, operation in methods.items():
                _complete(operation, path=path, writes=method == "post")
        application.openapi_schema = found
    return application.openapi_schema


def _complete(operation: dict[str, Any], *, path: str, writes: bool) -> None:
    parameters = operation.setdefault("parameters", [])
    if path in ASKED:
        _complete_question(operation, path=path)
        return
    if writes:
        parameters.append(_KEY_PARAMETER)
        parameters += [] if path in NO_ENTRY else [_AWAIT_PARAMETER]
        _complete_write(operation, path=path)
        return
    if path in FILES:
        _complete_file(operation, path=path)
        return
    if path in VARIED:
        parameters.append(_MIN_HEAD_PARAMETER)
    if path in DOWNLOADS | JSON_FILES | VARIED:
        _complete_download(operation, path=path)
        return
    if path not in OF_TREES:
        parameters.append(_MIN_HEAD_PARAMETER)
    if path in gep_report_examples.REPORTS:
        _complete_report(operation, path=path)
        return
    statuses = OF_PUBLIC if path in PUBLIC else OF_READS
    conflicts = (409,) if path in gep_analysis_examples.CONFLICTS else ()
    operation["responses"] = {
        "200": _answer("What was asked for", {**READ, **CARDS}[path]),
        **_problems((*statuses, *conflicts)),
    }
    if path in PUBLIC:
        operation["security"] = [{}, {"key": []}]
    elif path == HEALTH_PATH:
        operation["security"] = []
        unready = _answer("Not ready", HEALTH | {"status": "unready", "ready": False})
        unready["headers"] = {"Retry-After": _SECONDS}
        operation["responses"] = {
            "200": _answer("Ready", HEALTH),
            **_problems((400, 500)),
            "503": unready,
        }
    else:
        operation["security"] = [{"key": []}]


def _complete_file(operation: dict[str, Any], *, path: str) -> None:
    words, media_type, example = FILES[path]
    schema = {"type": "string"} | ({} if media_type == "text/plain" else {"format": "binary"})
    content = {media_type: {"schema": schema, "example": example}}
    operation["security"] = [{}, {"key": []}]
    operation["responses"] = {
        "200": {"description": words, "content": content},
        **_problems(OF_PUBLIC),
    }


def _complete_download(operation: dict[str, Any], *, path: str) -> None:
    """Describe what is downloaded as a file of its own."""
    answer = _answer("The file", JSON_FILES[path]) if path in JSON_FILES else {}
    if path in DOWNLOADS:
        media_type, example = DOWNLOADS[path]
        binary = {"schema": {"type": "string", "format": "binary"}, "example": example}
        answer = {"description": "The file", "content": {media_type: binary}}
    if path in VARIED:
        binary = {"schema": {"type": "string", "format": "binary"}}
        content = {kind: binary | {"example": each} for kind, each in VARIED[path].items()}
        answer = {"description": "The file", "content": content}
        answer["headers"] = {"ETag": _TEXT, HEAD: _INDEX}
    operation["security"] = [{"key": []}]
    operation["responses"] = {"200": answer, **_problems((*OF_READS, 413))}
    if path == RESULT_PATH:
        answers = {"200": answer, "206": answer | {"description": "The part that was asked for"}}
        operation["responses"] = answers | _problems((*OF_READS, 409))


def _complete_report(operation: dict[str, Any], *, path: str) -> None:
    """Describe an answer of several forms, which is not sent again to whoever has it."""
    forms = gep_report_examples.REPORTS[path]
    string = {"type": "string", "format": "binary"}
    content = {form: {"schema": string, "example": begins} for form, begins in forms.items()}
    headers = {"ETag": _TEXT}
    operation["security"] = [{"key": []}]
    operation["responses"] = {
        "200": {"description": "The report", "content": content, "headers": headers},
        "304": {"description": "The report that one has", "headers": headers},
        **_problems((*OF_READS, 409)),
    }


def _complete_write(operation: dict[str, Any], *, path: str) -> None:
    operation["security"] = [{"key": []}]
    if path in UPLOADS:
        _complete_upload(operation, path=path)
        return
    content = operation["requestBody"]["content"]["application/json"]
    content["example"] = example_of(REQUESTS[path])
    if path in {JOBS_PATH, CANCEL_PATH}:
        _complete_job(operation, asks=path == JOBS_PATH)
        return
    if path == consent_examples.QUERY_PATH:
        done = _answer("Logged and answered", consent_examples.ANSWERED)
        done["headers"] = {HEAD: _INDEX}
        operation["responses"] = {"201": done, **_problems(OF_WRITES)}
        return
    is_batch = path == "/v1/order-batches"
    done = _answer("Applied, or what each order's own outcome is", BATCH if is_batch else WRITTEN)
    done["headers"] = {HEAD: _INDEX}
    would = _answer("A dry run: what would happen", TRIED)
    would["headers"] = {HEAD: _INDEX}
    answers = {"200": done} if is_batch else {"200": would, "201": done}
    operation["responses"] = {**answers, **_problems(OF_WRITES)}


def _complete_question(operation: dict[str, Any], *, path: str) -> None:
    """Describe a request whose body asks and changes nothing, so that it needs no key."""
    question, answer = ASKED[path]
    operation["security"] = [{"key": []}]
    (content,) = operation["requestBody"]["content"].values()
    content["example"] = question
    operation["responses"] = {
        "200": _answer("What was asked for", answer),
        **_problems(OF_QUESTIONS),
    }


def _complete_job(operation: dict[str, Any], *, asks: bool) -> None:
    """Complete a write about jobs, which are no entries and so have no head."""
    answers = {"200": _answer("The job, cancelled; in a dry run as it is", SHOWN)}
    if asks:
        answers = {
            "200": _answer("A dry run: nothing is in the way", JOB_TRIED),
            "202": _answer("The job, new or of the same key", WITH_WORKER),
        }
    operation["responses"] = {**answers, **_problems(OF_WRITES)}


def _complete_upload(operation: dict[str, Any], *, path: str) -> None:
    """Complete an upload, whose answer tells more of a new file than of one recorded before."""
    example, always = UPLOADS[path]
    schema = _schema(example) | {"required": list(always)}
    content = {"application/json": {"schema": schema, "example": example}}
    headers = {HEAD: _INDEX}
    operation["responses"] = {
        "200": {
            "description": "A dry run, or a file that was recorded before",
            "content": content,
            "headers": headers,
        },
        "201": {"description": "Recorded", "content": content, "headers": headers},
        **_problems(OF_WRITES),
    }


def _answer(words: str, example: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "description": words,
        "content": {"application/json": {"schema": _schema(example), "example": example}},
    }


def _problems(statuses: Iterable[int]) -> dict[str, Any]:
    return {str(status): _problem(status) for status in statuses}


def _problem(status: int) -> dict[str, Any]:
    code, more = PROBLEMS[status]
    headers: dict[str, Any] = {"Content-Language": _TEXT}
    if status == 503:  # noqa: PLR2004  the HTTP status itself
        headers["Retry-After"] = _SECONDS
    if status == 401:  # noqa: PLR2004
        headers["WWW-Authenticate"] = _TEXT
    example = {
        "type": f"urn:ecorights:problem:{code}",
        "title": message(code, language="en"),
        "status": status,
        "code": code,
        "instance": "/v1/orders",
        **more,
    }
    return {
        "description": message(code, language="en"),
        "headers": headers,
        "content": {MEDIA_TYPE: {"schema": PROBLEM_REF, "example": example}},
    }


def _schema(example: Any, *, name: str = "") -> dict[str, Any]:
    """Return the schema that an example answer shows."""
    if name in OPEN and not isinstance(example, str):
        kind = "array" if isinstance(example, list) else "object"
        return {"type": [kind, "null"] if name in NULLABLE else kind}
    if isinstance(example, Mapping):
        optional = OPTIONAL | OPTIONAL_IN_HOLDINGS if "instrument" in example else OPTIONAL
        return {
            "type": ["object", "null"] if name in NULLABLE else "object",
            "properties": {key: _schema(value, name=key) for key, value in example.items()},
            "required": [key for key in example if key not in optional],
        }
    if isinstance(example, list):
        kinds = ["array", "null"] if name in NULLABLE else "array"
        return {"type": kinds, "items": _schema(example[0])}
    kind = _kind(example)
    return {"type": [kind, "null"] if name in NULLABLE else kind}


def _kind(example: Any) -> str:
    if isinstance(example, bool):
        return "boolean"
    return "integer" if isinstance(example, int) else "string"
