"""Asks a time-stamping authority over HTTP (RFC 3161, 3.4)."""

import asyncio

import httpx

from ledger.anchoring.anchor import AnchorTrouble
from ledger.anchoring.requests import QUERY_TYPE, REPLY_TYPE

ANSWER_SECONDS_MAX = 20.0
REPLY_BYTES_MAX = 65_536
_OK = 200


class AuthoritySilent(AnchorTrouble):
    """The authority cannot be reached, or does not answer in time."""

    code = "anchor.authority_silent"


class AuthorityRefused(AnchorTrouble):
    """The authority answers, and not with a reply to a time-stamp request."""

    code = "anchor.authority_refused"


async def ask_authority(url: str, request: bytes, *, seconds: float = ANSWER_SECONDS_MAX) -> bytes:
    """Send a request and return the reply's bytes, unchecked.

    Raises:
        AuthoritySilent: no answer in ``seconds``.
        AuthorityRefused: an answer of another status, type or size.
    """
    try:
        async with asyncio.timeout(seconds), httpx.AsyncClient(timeout=seconds) as client:
            headers = {"Content-Type": QUERY_TYPE, "Accept": REPLY_TYPE}
            async with client.stream("POST", url, content=request, headers=headers) as answer:
                return await _reply(answer)
    except (TimeoutError, OSError, httpx.HTTPError, httpx.InvalidURL) as error:
        # The library's words may hold the address, which may hold a secret.
        raise AuthoritySilent(type(error).__name__) from None


async def _reply(answer: httpx.Response) -> bytes:
    if answer.status_code != _OK:
        raise AuthorityRefused(f"status {answer.status_code}", expected=str(_OK))
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != REPLY_TYPE:
        raise AuthorityRefused(f"an answer of type {media_type[:60]!r}", expected=REPLY_TYPE)
    reply = b""
    async for part in answer.aiter_bytes():
        reply += part
        if len(reply) > REPLY_BYTES_MAX:
            raise AuthorityRefused("too long an answer", expected=f"{REPLY_BYTES_MAX} bytes")
    return reply
