"""An authority over HTTP: what counts as an answer, and how long one is waited for."""

import pytest

from gateway.anchoring.authority import (
    REPLY_BYTES_MAX,
    AuthorityRefused,
    AuthoritySilent,
    ask_authority,
)
from ledger.anchoring.requests import timestamp_request
from ledger.anchoring.tokens import check_reply
from tests.ledger.anchoring.local_authority import Authority, Counter

REQUEST = timestamp_request(bytes(32), nonce=5)


async def test_a_reply_comes_as_it_is(authority: Authority, counter: Counter) -> None:
    reply = await ask_authority(counter.url, REQUEST)

    assert check_reply(reply, bytes(32), 5, trusted=[authority.certificate]).serial > 0
    assert counter.asked == [REQUEST]
    assert counter.types == ["application/timestamp-query"]


@pytest.mark.parametrize(
    ("status", "media_type", "other", "words"),
    [
        (500, "application/timestamp-reply", b"", "status 500"),
        (302, "application/timestamp-reply", b"", "status 302"),
        (200, "text/html", b"<html>", "text/html"),
        (200, "application/timestamp-reply", bytes(REPLY_BYTES_MAX + 1), "too long"),
    ],
)
async def test_an_answer_of_another_kind_is_refused(
    counter: Counter, status: int, media_type: str, other: bytes, words: str
) -> None:
    counter.status, counter.media_type, counter.other = status, media_type, other

    with pytest.raises(AuthorityRefused, match=words):
        await ask_authority(counter.url, REQUEST)


async def test_a_silent_authority_is_given_up(counter: Counter) -> None:
    counter.is_silent = True

    with pytest.raises(AuthoritySilent):
        await ask_authority(counter.url, REQUEST, seconds=0.3)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/secret", "no address at all", "ftp://x/y"])
async def test_no_authority_is_told_without_its_address(url: str) -> None:
    with pytest.raises(AuthoritySilent) as caught:
        await ask_authority(url, REQUEST, seconds=2)

    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
