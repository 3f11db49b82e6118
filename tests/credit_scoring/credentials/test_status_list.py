"""Status lists: one bit each, the leftmost first, long enough to hide in, in force for a time."""

import base64
import gzip
import random
from datetime import timedelta
from typing import Any

import pytest

from credit_scoring.credentials.failures import CredentialRefused, Failure
from credit_scoring.credentials.multibase import base64url_text
from credit_scoring.credentials.status_list import BITS, Bits, bits_of, decode, encode, parse_list
from credit_scoring.credentials.verifying import verify_list
from tests.credit_scoring.credentials.making import (
    AT,
    INDEX,
    ISSUER,
    REVOCATIONS,
    STRANGER,
    status_list,
)

SEED = 20_260_930


def test_the_first_bit_is_the_leftmost_of_the_first_byte() -> None:
    assert bits_of([0]).content[0] == 0b1000_0000
    assert bits_of([7]).content[0] == 0b0000_0001
    assert bits_of([BITS - 1]).content[-1] == 0b0000_0001


def test_a_list_agrees_with_a_set_of_indexes() -> None:
    chosen = set(random.Random(SEED).sample(range(BITS), 2_000))  # noqa: S311  which bits, not secrets

    bits = decode(encode(bits_of(chosen)))

    assert {index for index in range(BITS) if bits.is_set(index)} == chosen


def test_a_list_is_what_gzip_and_base64_of_the_standard_library_make() -> None:
    bits = bits_of([3, INDEX])

    text = encode(bits)

    padded = text[1:] + "=" * (-len(text[1:]) % 4)
    assert gzip.decompress(base64.urlsafe_b64decode(padded)) == bits.content
    assert decode("u" + base64.urlsafe_b64encode(gzip.compress(bits.content)).decode().rstrip("="))


def test_setting_and_clearing_change_one_bit_of_another_list() -> None:
    none = bits_of([])

    one = none.with_bit(INDEX, to=True)

    assert one == bits_of([INDEX])
    assert one.with_bit(INDEX, to=True) == one
    assert one.with_bit(INDEX, to=False) == none
    assert not none.is_set(INDEX)


@pytest.mark.parametrize("index", [-1, BITS])
def test_an_index_outside_of_the_list_is_refused(index: int) -> None:
    bits = bits_of([])

    for attempt in (bits.is_set, lambda i: bits_of([i]), lambda i: bits.with_bit(i, to=True)):
        with pytest.raises(CredentialRefused) as refusal:
            attempt(index)
        assert refusal.value.failure == Failure.STATUS_INDEX_OUT_OF_RANGE


def test_a_list_shorter_than_the_standard_allows_is_refused() -> None:
    with pytest.raises(CredentialRefused) as refusal:
        decode(encode(Bits(bytes(BITS // 8 - 1))))

    assert refusal.value.failure == Failure.STATUS_LIST_TOO_SHORT


def test_a_longer_list_is_read() -> None:
    assert len(decode(encode(Bits(bytes(BITS))))) == 8 * BITS


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "u",
        "z6Mk",
        "u!!!!",
        encode(bits_of([])) + "=",
        encode(bits_of([]))[:-8],
        base64url_text(b"not gzip"),
        base64url_text(gzip.compress(bytes(BITS // 8), mtime=0) + b"more"),
        base64url_text(gzip.compress(bytes((1 << 24) + 1), mtime=0)),
    ],
)
def test_what_is_no_list_is_refused(text: Any) -> None:
    with pytest.raises(CredentialRefused) as refusal:
        decode(text)

    assert refusal.value.failure == Failure.FIELD_INVALID


def test_a_signed_list_is_read_back() -> None:
    found = verify_list(status_list([INDEX]), issuer=ISSUER, at=AT)

    assert (found.url, found.purpose, found.bits) == (REVOCATIONS, "revocation", bits_of([INDEX]))


@pytest.mark.parametrize("at", [AT - timedelta(days=2), AT + timedelta(days=1)])
def test_a_list_is_in_force_for_its_time_alone(at: Any) -> None:
    with pytest.raises(CredentialRefused) as refusal:
        verify_list(status_list(), issuer=ISSUER, at=at)

    assert refusal.value.failure == Failure.STATUS_LIST_OUT_OF_DATE


def test_a_list_that_somebody_else_signed_is_refused() -> None:
    with pytest.raises(CredentialRefused) as refusal:
        verify_list(status_list(key=STRANGER), issuer=ISSUER, at=AT)

    assert refusal.value.failure == Failure.SIGNATURE_WRONG


@pytest.mark.parametrize(
    ("path", "value", "failure"),
    [
        (("@context",), [], Failure.CONTEXT_WRONG),
        (("type",), ["VerifiableCredential"], Failure.TYPE_WRONG),
        (("credentialSubject", "type"), "RevocationList", Failure.TYPE_WRONG),
        (("credentialSubject", "id"), REVOCATIONS, Failure.FIELD_INVALID),
        (("credentialSubject", "statusPurpose"), "message", Failure.FIELD_INVALID),
        (("id",), "https://credit.example/?list=1", Failure.FIELD_INVALID),
        (("validUntil",), "2026-09-29T08:00:00Z", Failure.FIELD_INVALID),
        (("validUntil",), "2026-02-30T08:00:00Z", Failure.FIELD_INVALID),
        (("more",), "", Failure.FIELD_UNKNOWN),
    ],
)
def test_a_list_of_another_form_is_refused(
    path: tuple[str, ...], value: Any, failure: Failure
) -> None:
    document = status_list()
    place = document if len(path) == 1 else document[path[0]]
    place[path[-1]] = value

    with pytest.raises(CredentialRefused) as refusal:
        parse_list(document)

    assert refusal.value.failure == failure
