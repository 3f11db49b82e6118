"""The evidence of a trade over HTTP: signed JSON, and the same for reading as PDF."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from gateway.api.audits import Audits
from gateway.api.door import Door
from gateway.api.paging import ENTRY_MAX
from gateway.api.reading.audits import audits_of
from gateway.auditing.evidence_reading import (
    Making,
    public_key,
    read_evidence,
    sign,
    signed_bytes,
)
from gateway.auditing.scope import Scope
from gateway.auditing.sight import sight_of
from kernel.canonical import utc_text
from kernel.clock import SystemClock
from ledger.transparency.store import current_log

PDF = "application/pdf"
JSON = "application/json"
Number = Annotated[int, Path(ge=1, le=ENTRY_MAX)]
Language = Annotated[Literal["zh", "en", "both"], Query()]


def add_evidence(router: APIRouter, door: Door) -> None:
    """Add the evidence of trades."""

    @router.get("/audit/trades/{trade}/evidence", tags=["audit"])
    async def show_evidence(request: Request, trade: Number) -> Response:
        """Show a trade with orders, rules, people and proofs, signed for others to rely on."""
        signed = await _signed(request, door, audits_of(door), trade=trade)
        return Response(signed_bytes(signed), media_type=JSON)

    @router.get("/audit/trades/{trade}/evidence.pdf", tags=["audit"])
    async def print_evidence(
        request: Request, trade: Number, language: Language = "both"
    ) -> Response:
        """Print the evidence of a trade; the signed JSON is attached to the PDF."""
        # Its library takes long to load, which the start of the API need not wait for.
        from gateway.auditing.evidence_pdf import evidence_pdf

        signed = await _signed(request, door, audits_of(door), trade=trade)
        return Response(evidence_pdf(signed, language=language), media_type=PDF)

    @router.get("/audit/evidence-key", tags=["audit"])
    async def show_evidence_key(request: Request) -> dict[str, str]:
        """Show the public key that signs evidence; it is no key of the log."""
        await door.caller(request)
        return public_key(audits_of(door).signing_key)


async def _signed(request: Request, door: Door, audits: Audits, *, trade: int) -> dict[str, Any]:
    caller = await door.caller(request)
    async with door.reads.connection() as connection:
        sees = await sight_of(connection, caller, Scope(kind="trade", name=str(trade)))
        log = await current_log(connection)
        origin = "" if log is None else log.origin
        making = Making(
            at=utc_text(SystemClock().now(), digits=0),
            by=f"{caller.party}/{caller.actor}",
            sees=sees,
            policy=audits.policy(origin),
        )
        document = await read_evidence(connection, trade, making)
    return sign(document, audits.signing_key)
