"""What is read of credentials: signed documents for banks, the register for those who supervise.

Status lists and the issuer's document need no key: a bank that fetches them is nobody to us. The
same credential is signed alike each time, for Ed25519 draws nothing and the ledger keeps the times.
"""

import json
from datetime import UTC, date, datetime
from typing import Annotated, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, Response

from credit_scoring.credentials.decisions import status_of
from credit_scoring.credentials.fields import instant_text
from credit_scoring.credentials.grade import issue
from credit_scoring.credentials.issuers import (
    Issuer,
    controller_document,
    issuer_of_controller,
    issuer_of_did_key,
    issuer_of_key,
)
from credit_scoring.credentials.making import credential_of, instant_of, list_of
from credit_scoring.credentials.multibase import DID_KEY
from credit_scoring.credentials.proof import sign
from credit_scoring.credentials.state import Given
from credit_scoring.credentials.status_list import publish
from credit_scoring.credentials.store import CredentialStore
from gateway.api.credential_examples import CONTROLLER_TYPE, CREDENTIAL_TYPE
from gateway.api.door import Door
from gateway.api.paging import ENTRY_MAX, PAGE_DEFAULT, Cursor, Limit, Page
from gateway.api.problems import Problem
from gateway.api.schemas.credentials import SUBJECT, UUID
from kernel.clock import SystemClock

LIST_SECONDS = 300
CACHE = {"Cache-Control": f"public, max-age={LIST_SECONDS}"}
Name = Annotated[str, Path(pattern=UUID)]
ListName = Annotated[str, Path(pattern=r"^(revocation|suspension)-[1-9][0-9]{0,3}$")]
SubjectQuery = Annotated[str | None, Query(pattern=SUBJECT)]


def add_credentials(router: APIRouter, door: Door) -> None:
    """Add what is read of credentials."""
    _add_register(router, door)
    _add_published(router, door)


def _add_register(router: APIRouter, door: Door) -> None:
    @router.get("/credentials", tags=["credentials"])
    async def list_credentials(
        request: Request,
        subject: SubjectQuery = None,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List what was issued and what became of it, the newest first."""
        await _supervisor(request, door)
        page = Page(door.cursors, scope=f"credentials {subject}", cursor=cursor, limit=limit)
        entry, name = page.after(ENTRY_MAX, "")
        async with door.view(request) as view:
            store = CredentialStore(view.exchange.connection)
            rows = await store.credentials(subject=subject, before=(entry, name), limit=page.limit)
        found, following = page.cut(rows, lambda row: (row.entry, row.id))
        shown = [_shown(each) for each in found]
        return {"head": str(view.head), "credentials": shown, "next": following}

    @router.get("/credentials/{credential}", tags=["credentials"])
    async def show_credential(request: Request, credential: Name) -> Response:
        """Show a credential with its proof, to be handed to its subject."""
        await _supervisor(request, door)
        async with door.reads.connection() as connection:
            given = await CredentialStore(connection).credential(credential)
        if given is None:
            raise Problem(
                status=404,
                code="credentials.credential_unknown",
                field="credential",
                found=credential,
            )
        document = issue(credential_of(given))
        return JSONResponse(_signed(door, document, at=instant_of(given.valid_from)))


def _add_published(router: APIRouter, door: Door) -> None:
    @router.get("/credential-status/{name}", tags=["credentials"])
    async def show_status_list(name: ListName) -> Response:
        """Show a status list as it is now, signed, in force for some days."""
        purpose, _, digits = name.partition("-")
        number = int(digits)
        async with door.reads.connection() as connection:
            store = CredentialStore(connection)
            first = await store.list_begun(number)
            if first is None:
                raise Problem(
                    status=404, code="credentials.list_not_found", field="name", found=name
                )
            places = await store.places(number, purpose=purpose)
            now = await _now(store)
        told = list_of(
            places, issuer=first.issuer, base=first.base, purpose=purpose, number=number, at=now
        )
        content = json.dumps(_signed(door, publish(told), at=now))
        return Response(content, media_type=CREDENTIAL_TYPE, headers=CACHE)

    @router.get("/credential-issuer", tags=["credentials"])
    async def show_issuer() -> Response:
        """Show the issuer's verification methods, as a verifier takes them."""
        async with door.reads.connection() as connection:
            terms = await CredentialStore(connection).terms()
        if terms is None:
            raise Problem(status=404, code="credentials.issuer_undefined")
        key = (
            next(iter(issuer_of_did_key(terms.issuer).methods.values()))
            if terms.issuer.startswith(DID_KEY)
            else _key(door).public_key()
        )
        content = json.dumps(controller_document(terms.issuer, [key]))
        return Response(content, media_type=CONTROLLER_TYPE, headers=CACHE)


async def _supervisor(request: Request, door: Door) -> None:
    """Refuse who is no supervisor: a grade is shown to nobody else without its subject's consent.

    Raises:
        Problem: 403.
    """
    caller = await door.caller(request)
    if not caller.watches():
        raise Problem(status=403, code="request.forbidden", field="credential")


async def _now(store: CredentialStore) -> datetime:
    """Return since when a list is in force: the last full five minutes of the venue's time.

    So a list that did not change has the same bytes for as long as it may be cached, and a bank
    whose clock is a little behind ours can use it at once. The venue's time is that of its entries
    in a scenario, else the real one.
    """
    clock, at = await store.clock()
    now = at if clock == "scenario" else max(at, SystemClock().now())
    return instant_of(now - now % (LIST_SECONDS * 1_000_000))


def _signed(door: Door, document: dict[str, Any], *, at: datetime) -> dict[str, Any]:
    issuer = _issuer(door, document["issuer"])
    return sign(document, key=_key(door), method=next(iter(issuer.methods)), created=at)


def _issuer(door: Door, name: str) -> Issuer:
    """Return the issuer with our key.

    Raises:
        Problem: 503: the key is another than the issuer's.
    """
    known = _key(door).public_key()
    if not name.startswith(DID_KEY):
        return issuer_of_controller(controller_document(name, [known]))
    own = issuer_of_key(known)
    if own.id != name:
        raise Problem(status=503, code="credentials.key_changed", expected=name, found=own.id)
    return own


def _key(door: Door) -> Ed25519PrivateKey:
    if door.credential_key is None:
        raise Problem(status=503, code="credentials.key_changed", found="no key")
    return door.credential_key


def _shown(given: Given) -> dict[str, Any]:
    return {
        "credential": given.id,
        "issued_in": str(given.entry),
        "subject": given.subject,
        "subject_kind": given.subject_kind,
        "grade": given.grade,
        "colour": given.colour,
        "as_of": date.fromordinal(given.as_of).isoformat(),
        "valid_until": instant_text(instant_of(given.valid_until)),
        "score_entry": None if given.score_entry is None else str(given.score_entry),
        "status": status_of(given),
        "revoked_at": _time(given.revoked_at),
        "suspended_at": _time(given.suspended_at),
    }


def _time(at: int | None) -> str | None:
    return None if at is None else instant_text(instant_of(at).astimezone(UTC))
