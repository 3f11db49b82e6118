"""What the standards print, byte for byte: the proof of eddsa-jcs-2022 and a status list."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from credit_scoring.credentials.canonical_json import canonical_json
from credit_scoring.credentials.failures import Failure
from credit_scoring.credentials.issuers import Issuer, controller_document, issuer_of_controller
from credit_scoring.credentials.multibase import base58_bytes, base58_text, multikey, public_key
from credit_scoring.credentials.proof import check_proof, message, sign
from credit_scoring.credentials.status_list import decode, encode

DATA = Path(__file__).parent / "data"
CREATED = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)
ED25519_SECRET = bytes.fromhex("8026")  # multicodec ed25519-priv


@pytest.fixture
def vector() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / "eddsa_jcs_2022.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def key(vector: dict[str, Any]) -> Ed25519PrivateKey:
    text = vector["secretKeyMultibase"]
    raw = base58_bytes(text, field="secret", failure=Failure.KEY_TYPE_WRONG)
    assert raw[:2] == ED25519_SECRET
    return Ed25519PrivateKey.from_private_bytes(raw[2:])


def unsigned(vector: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in vector["signed"].items() if name != "proof"}


def test_the_secret_key_is_that_of_the_public_key(
    vector: dict[str, Any], key: Ed25519PrivateKey
) -> None:
    assert multikey(key.public_key()) == vector["publicKeyMultibase"]
    assert public_key(vector["publicKeyMultibase"], field="key") == key.public_key()


def test_the_canonical_document_is_the_printed_one(vector: dict[str, Any]) -> None:
    assert canonical_json(unsigned(vector)).decode() == vector["canonicalDocument"]


def test_what_is_signed_ends_with_the_printed_hash_of_the_document(
    vector: dict[str, Any],
) -> None:
    proof = vector["signed"]["proof"]
    options = {name: value for name, value in proof.items() if name != "proofValue"}

    assert message(unsigned(vector), options)[32:].hex() == vector["documentHash"]


def test_the_signature_is_the_printed_one(vector: dict[str, Any], key: Ed25519PrivateKey) -> None:
    method = vector["signed"]["proof"]["verificationMethod"]

    secured = sign(unsigned(vector), key=key, method=method, created=CREATED)

    assert secured == vector["signed"]
    assert base58_text(bytes.fromhex(vector["signatureHex"])) == secured["proof"]["proofValue"]


def test_the_printed_proof_is_believed_of_its_issuer(
    vector: dict[str, Any], key: Ed25519PrivateKey
) -> None:
    url = vector["signed"]["issuer"]
    issuer: Issuer = issuer_of_controller(controller_document(url, [key.public_key()]))

    assert check_proof(vector["signed"], issuer) == CREATED


def test_the_printed_status_list_has_no_bit_set() -> None:
    printed = json.loads((DATA / "status_list.json").read_text(encoding="utf-8"))

    bits = decode(printed["encodedList"])

    assert len(bits) == printed["bits"]
    assert not any(bits.content)
    assert decode(encode(bits)) == bits
