"""The upload of a counterparty's file: read, compared with one snapshot, recorded by one command.

Nothing is recorded of a file with a bad line. The same file again answers what it gave the first
time; so does the same key, even where the answer to it was lost on the way.
"""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from exchange.reconciling import as_of_day, read_books
from gateway.api.authentication import Caller
from gateway.api.bodies import check_media_type, read_body
from gateway.api.door import HEAD, Door, StrictRoute
from gateway.api.paging import ENTRY_MAX
from gateway.api.problems import Problem, refused
from gateway.api.reads import View
from gateway.api.reconciled import counts_shown, file_shown, recorded_shown
from gateway.api.schemas.base import DAY_PATTERN, instant, ordinal
from gateway.api.writes import head_of, key_of
from kernel.canonical import utc_text
from kernel.errors import DomainError
from ledger.reconciliation.books import Books
from ledger.reconciliation.commands import RecordReconciliation
from ledger.reconciliation.comparing import compare, digest_of
from ledger.reconciliation.difference import FileKind
from ledger.reconciliation.lines import FILE_BYTES_MAX, FileUnreadable
from ledger.reconciliation.state import Terms
from ledger.reconciliation.store import BooksTooLarge, ReconciliationStore
from ledger.refusals import Refusal, Reject
from ledger.roles import Role
from ledger.sequencer.submission import Answer

MEDIA_TYPE = "text/csv"
EXAMPLE = (
    "record,account,currency,direction,amount,reference,value_date\n"
    "movement,104,CNY,in,2000.00,B2-0001,2026-03-16\n"
    "balance,total,CNY,,2000.00,,\n"
)
_BODY = {
    "requestBody": {
        "required": True,
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}, "example": EXAMPLE}},
    }
}
Party = Annotated[str, Query(pattern=r"^[A-Za-z0-9_.:-]{1,64}$", examples=["B2"])]
DayQuery = Annotated[str, Query(pattern=DAY_PATTERN, examples=["2026-03-16"])]
AsOf = Annotated[
    int | None, Query(ge=0, le=ENTRY_MAX, description="The entry; by default the day's last one.")
]
Supersede = Annotated[bool, Query(description="Stand in the place of the day's earlier file.")]
Due = Annotated[
    str | None,
    Query(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?Z$",
        description="When the new tasks fall due; by default after the agreed hours.",
    ),
]
DryRun = Annotated[bool, Query(description="Answer what would happen, and change nothing.")]


class FileRoute(StrictRoute):
    """A route that takes a file of text."""

    async def read(self, request: Request) -> Request:
        """Return the request with the file as its body."""
        check_media_type(request, expected=MEDIA_TYPE)
        read = Request(request.scope, request.receive)
        read._body = await read_body(request, most=FILE_BYTES_MAX)  # noqa: SLF001  as the door does
        return read


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What a caller wants to be done with a file."""

    caller: Caller
    key: str
    content: bytes
    counterparty: str
    file_kind: FileKind
    day: int
    as_of: int | None
    supersede: bool
    due: int | None
    dry_run: bool

    @property
    def of_file(self) -> dict[str, str]:
        """Return what names the counterparty's kind of file."""
        return {"counterparty": self.counterparty, "file_kind": self.file_kind.value}


def add_files(router: APIRouter, door: Door) -> None:
    """Add the upload of files."""

    @router.post("/reconciliations", status_code=201, tags=["reconciliation"], openapi_extra=_BODY)
    async def upload_file(
        request: Request,
        counterparty: Party,
        file_kind: FileKind,
        day: DayQuery,
        as_of: AsOf = None,
        supersede: Supersede = False,  # noqa: FBT002
        due: Due = None,
        dry_run: DryRun = False,  # noqa: FBT002
    ) -> JSONResponse:
        """Compare a counterparty's file of a day with our books, and open tasks for differences."""
        upload = Upload(
            caller=await door.caller(request),
            key=key_of(request),
            content=await request.body(),
            counterparty=counterparty,
            file_kind=file_kind,
            day=ordinal(day, field="day"),
            as_of=as_of,
            supersede=supersede,
            due=None if due is None else instant(due, field="due"),
            dry_run=dry_run,
        )
        return await _take(door, request, upload)


async def _take(door: Door, request: Request, upload: Upload) -> JSONResponse:
    _check_caller(upload)
    async with door.view(request) as view:
        earlier = await _recorded_before(view, upload)
        if earlier is not None:
            counts = await ReconciliationStore(view.exchange.connection).counts(earlier["id"])
            body = {"outcome": "recorded_before", **file_shown(earlier), **counts_shown(counts)}
            return JSONResponse(body, headers={HEAD: str(view.head)})
        terms, books = await _our_side(view, upload)
        units = await view.units()
    command = await _compare(upload, terms, books)
    (reply,) = await door.submit(request, [(upload.key, command)], dry_run=upload.dry_run)
    if isinstance(reply, DomainError):
        raise reply
    if reply.refusal is not None:
        raise refused(reply.refusal, entry=reply.index)
    body = _outcome(reply) | recorded_shown(units, reply)
    status = 200 if upload.dry_run else 201
    return JSONResponse(body, status_code=status, headers={HEAD: head_of([reply])})


def _check_caller(upload: Upload) -> None:
    """Refuse who may not even learn what a comparison would show.

    Raises:
        Problem: 403.
    """
    caller = upload.caller
    own = upload.file_kind is FileKind.BANK and upload.counterparty == caller.party
    if Role.OPERATOR in caller.roles or (own and Role.SETTLEMENT_BANK in caller.roles):
        return
    raise Problem(status=403, code="request.forbidden", field="counterparty")


async def _recorded_before(view: View, upload: Upload) -> dict[str, Any] | None:
    """Return what this very upload has recorded before: under its key, or as the same file.

    Raises:
        Problem: the key was used for something else, or the machine refused it then.
    """
    store = ReconciliationStore(view.exchange.connection)
    digest = digest_of(upload.content)
    if not upload.dry_run:
        entry = await view.ledger.by_key(actor=upload.caller.actor, key=upload.key)
        if entry is not None:
            body = entry.body()
            said = msgspec.json.decode(body.command)
            asked = {**upload.of_file, "day": str(upload.day), "digest": digest}
            asked_again = said.get("supersede") == upload.supersede
            if not asked_again or any(said.get(name) != asked[name] for name in asked):
                raise Problem(status=409, code=Reject.KEY_REUSED)
            if body.refusal is not None:
                refusal = msgspec.convert(body.refusal, Refusal, strict=False)
                raise refused(refusal, entry=entry.index)
            return await store.file_of_entry(entry.index)
    stands = await store.file_of_day(**upload.of_file, day=upload.day)
    same = stands is not None and stands["digest"] == digest and not upload.supersede
    return stands if same else None


async def _our_side(view: View, upload: Upload) -> tuple[Terms, Books]:
    """Read the terms and our books as of the entry.

    Raises:
        Problem: there are no terms, no such entry, or more than one comparison takes.
    """
    connection = view.exchange.connection
    store = ReconciliationStore(connection)
    terms = await store.terms(**upload.of_file)
    if terms is None:
        found = f"{upload.counterparty}/{upload.file_kind.value}"
        raise Problem(
            status=404, code="reconciliation.terms_unknown", field="counterparty", found=found
        )
    as_of = upload.as_of
    if as_of is None:
        as_of = await as_of_day(connection, terms, day=upload.day, head=view.head)
    elif as_of > view.head:
        raise Problem(status=404, code="entry.not_found", field="as_of", found=str(as_of))
    stands = await store.file_of_day(**upload.of_file, day=upload.day)
    superseded = None if stands is None or not upload.supersede else stands["id"]
    try:
        books = await read_books(
            connection, terms, day=upload.day, as_of=as_of, head=view.head, superseded=superseded
        )
    except BooksTooLarge as error:
        raise Problem(
            status=409, code="reconciliation.books_too_large", found=str(error)
        ) from error
    return terms, books


async def _compare(upload: Upload, terms: Terms, books: Books) -> RecordReconciliation:
    """Compare beside the event loop, which goes on serving others.

    Raises:
        Problem: 422 with every bad line.
    """
    try:
        return await asyncio.to_thread(
            compare,
            upload.content,
            terms,
            books,
            supersede=upload.supersede,
            due=upload.due,
        )
    except FileUnreadable as error:
        bad = error.bad
        lines = [
            {
                "line": each.line,
                "field": each.field,
                "expected": each.expected,
                "found": each.found,
            }
            for each in bad.found
        ]
        raise Problem(
            status=422,
            code="reconciliation.file_unreadable",
            field=lines[0]["field"] if lines else None,  # type: ignore[arg-type]  # text by its key
            extra={"bad_lines": bad.count, "lines": lines},
        ) from error


def _outcome(answer: Answer) -> dict[str, Any]:
    body: dict[str, Any] = {"outcome": answer.kind, "at": utc_text(answer.at, digits=6)}
    if answer.index is not None:
        body["receipt"] = {"entry": str(answer.index)}
    return body
