"""Issuers: a did:key is its key, a URL publishes a document; other keys are not taken."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_scoring.credentials.failures import CredentialRefused, Failure
from credit_scoring.credentials.issuers import (
    controller_document,
    issuer_of_controller,
    issuer_of_did_key,
)
from credit_scoring.credentials.multibase import base58_bytes, base58_text, did_key, multikey
from tests.credit_scoring.credentials.making import ISSUER, KEY, METHOD, STRANGER

URL = "https://credit.example/v1/credential-issuer"
P256 = "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169"  # did:key 0.9, an example
KEYS = [KEY.public_key(), STRANGER.public_key()]


def test_a_did_key_is_its_own_key() -> None:
    found = issuer_of_did_key(did_key(KEY.public_key()))

    assert found == ISSUER
    assert f"{found.id}#{multikey(KEY.public_key())}" == METHOD


@pytest.mark.parametrize(
    ("did", "failure"),
    [
        ("did:web:credit.example", Failure.ISSUER_UNKNOWN),
        ("did:key:", Failure.KEY_TYPE_WRONG),
        (P256, Failure.KEY_TYPE_WRONG),
        (ISSUER.id[:-1], Failure.KEY_TYPE_WRONG),
        (ISSUER.id + "0", Failure.KEY_TYPE_WRONG),
    ],
)
def test_what_is_no_did_key_of_ed25519_is_refused(did: str, failure: Failure) -> None:
    with pytest.raises(CredentialRefused) as refusal:
        issuer_of_did_key(did)

    assert refusal.value.failure == failure


def test_a_published_document_names_the_keys_in_use() -> None:
    found = issuer_of_controller(controller_document(URL, KEYS))

    assert found.id == URL
    assert found.methods == {f"{URL}#{multikey(key)}": key for key in KEYS}


def test_a_key_that_does_not_assert_is_left_out() -> None:
    document = controller_document(URL, KEYS)
    del document["assertionMethod"][0]

    assert list(issuer_of_controller(document).methods.values()) == KEYS[1:]


@pytest.mark.parametrize(
    ("path", "value", "failure"),
    [
        (["@context"], [], Failure.CONTEXT_WRONG),
        (["id"], "did:key:z6Mk", Failure.FIELD_INVALID),
        (["assertionMethod"], [], Failure.FIELD_INVALID),
        (["service"], [], Failure.FIELD_UNKNOWN),
        (["verificationMethod", 0], {}, Failure.FIELD_MISSING),
        (["verificationMethod", 0], "", Failure.FIELD_INVALID),
        (["verificationMethod", 0, "type"], "JsonWebKey", Failure.FIELD_INVALID),
        (["verificationMethod", 0, "controller"], "https://x.example", Failure.FIELD_INVALID),
        (["verificationMethod", 0, "id"], f"{URL}#1", Failure.FIELD_INVALID),
        (["verificationMethod", 0, "publicKeyMultibase"], "z", Failure.FIELD_INVALID),
    ],
)
def test_a_document_of_another_form_is_refused(
    path: list[Any], value: Any, failure: Failure
) -> None:
    document = copy.deepcopy(controller_document(URL, KEYS))
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value

    with pytest.raises(CredentialRefused) as refusal:
        issuer_of_controller(document)

    assert refusal.value.failure == failure


@given(st.binary(max_size=80))
def test_base58_is_read_back(data: bytes) -> None:
    text = base58_text(data)

    assert base58_bytes(text, field="f", failure=Failure.PROOF_VALUE_INVALID) == data


@pytest.mark.parametrize("text", ["", "6Mk", "z0", "zI", "zé", "z" + "2" * 256])
def test_what_is_no_base58_is_refused(text: str) -> None:
    with pytest.raises(CredentialRefused) as refusal:
        base58_bytes(text, field="proofValue", failure=Failure.PROOF_VALUE_INVALID)

    assert refusal.value.failure == Failure.PROOF_VALUE_INVALID
