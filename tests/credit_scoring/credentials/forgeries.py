"""Forgeries of a credential and its status list, each with the failure that it must be named by.

A forger has no key of the issuer: he changes what is signed, or signs by another key. What an
issuer signed although it is of another form is refused as well: those are signed after the change.
"""

import base64
import copy
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from credit_scoring.credentials.multibase import base58_text, did_key, did_key_method
from credit_scoring.credentials.proof import sign
from tests.credit_scoring.credentials.making import (
    AT,
    CREDENTIAL,
    INDEX,
    ISSUED,
    ISSUER,
    KEY,
    METHOD,
    STRANGER,
    SUSPENSION,
    SUSPENSIONS,
    UNTIL,
    credential,
    signed,
    status_list,
)

VOCABULARY = {"@vocab": "urn:ecorights:eco-credit-grade:1#"}
P256_PUBLIC = b"\x80\x24"  # multicodec p256-pub
STRANGER_ID = UUID("0197f2c1-8b7a-7c11-9d63-5f0c2f6b9a03")
ENCODED = "credentialSubject/encodedList"
FAR = replace(CREDENTIAL.statuses[0], index=131_072)


@dataclass(frozen=True)
class Forgery:
    """What a bank is handed: the bytes of a credential, its lists, and when it looks."""

    name: str
    failure: str
    credential: bytes
    lists: tuple[bytes, ...] = field(default_factory=lambda: (text(status_list()),))
    at: datetime = AT
    issuer: str = ISSUER.id


def text(document: Any) -> bytes:
    """A document as a file."""
    return json.dumps(document).encode()


def changed(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy with one member changed, or taken away by ``...``."""
    copied = copy.deepcopy(document)
    place: Any = copied
    *steps, last = path.split("/")
    for step in steps:
        place = place[int(step) if step.isdigit() else step]
    if value is ...:
        del place[last]
    else:
        place[int(last) if last.isdigit() else last] = value
    return copied


UNSIGNED_CHANGES: dict[str, Any] = {
    "id": "urn:uuid:0197f2c1-8b7a-7c11-9d63-5f0c2f6b9aff",
    "validFrom": "2026-06-15T01:00:01Z",
    "validUntil": "2027-06-15T01:00:00Z",
    "credentialSubject/id": "urn:ecorights:subject:0197f2c1-8b7a-7c11-9d63-5f0c2f6b9aff",
    "credentialSubject/kind": "enterprise",
    "credentialSubject/asOf": "2026-06-14",
    "credentialSubject/ruleSetVersion": "0.0-draft",
    "credentialSubject/ruleSetHash": "2f" * 32,
    "credentialSubject/recordsHash": "3e" * 32,
    "credentialSubject/entry": "1235",
    "proof/created": "2026-06-15T01:00:01Z",
}
"""Changes of what was signed to something that could stand there as well."""

RESIGNED_CHANGES: dict[str, tuple[Any, str]] = {
    "@context": (["https://www.w3.org/ns/credentials/v2"], "context_wrong"),
    "@context/1": ({"@vocab": "urn:other#"}, "context_wrong"),
    "type": (["EcoCreditGradeCredential", "VerifiableCredential"], "type_wrong"),
    "id": ("https://credit.example/1", "field_invalid"),
    "name": ("a grade", "field_unknown"),
    "validUntil": (..., "field_missing"),
    "validFrom": ("2026-06-15 01:00:00", "field_invalid"),
    "credentialSubject": ([], "field_invalid"),
    "credentialSubject/type": ("Person", "type_wrong"),
    "credentialSubject/kind": ("bank", "field_invalid"),
    "credentialSubject/grade": ("BBB", "field_invalid"),
    "credentialSubject/colour": ("blue", "field_invalid"),
    "credentialSubject/index": ("800", "field_unknown"),
    "credentialSubject/events": ([], "field_unknown"),
    "credentialSubject/id": ("urn:ecorights:subject:91990101e00000010q", "field_invalid"),
    "credentialSubject/asOf": ("2026-06-16", "field_invalid"),
    "credentialSubject/ruleSetHash": ("2F" * 32, "field_invalid"),
    "credentialSubject/ruleSetVersion": ("", "field_invalid"),
    "credentialSubject/recordsHash": (None, "field_invalid"),
    "credentialSubject/entry": (1_234, "field_invalid"),
    "credentialStatus": ([], "field_invalid"),
    "credentialStatus/0/id": ("https://credit.example/1#1", "field_invalid"),
    "credentialStatus/0/type": ("StatusList2021Entry", "type_wrong"),
    "credentialStatus/0/statusPurpose": ("message", "field_invalid"),
    "credentialStatus/0/statusListIndex": ("094567", "field_invalid"),
    "credentialStatus/0/statusListCredential": ("file:///list", "field_invalid"),
}
"""What the issuer's key signed although it is not of our form."""

PROOF_CHANGES: dict[str, tuple[Any, str]] = {
    "proof": (..., "proof_missing"),
    "proof/type": ("Ed25519Signature2020", "proof_type_wrong"),
    "proof/cryptosuite": ("eddsa-rdfc-2022", "cryptosuite_unknown"),
    "proof/created": ("yesterday", "field_invalid"),
    "proof/proofPurpose": ("authentication", "proof_purpose_wrong"),
    "proof/@context": (["https://www.w3.org/ns/credentials/v2"], "proof_context_wrong"),
    "proof/verificationMethod": (ISSUER.id, "method_unknown"),
    "proof/proofValue": ("z", "proof_value_invalid"),
    "proof/challenge": ("1", "field_unknown"),
}


def every() -> Iterator[Forgery]:
    """All forgeries."""
    true = credential()
    for path, value in UNSIGNED_CHANGES.items():
        yield Forgery(path, "signature_wrong", text(changed(true, path, value)))
    for path, (value, failure) in RESIGNED_CHANGES.items():
        yield Forgery(f"signed {path}", failure, text(signed(changed(true, path, value))))
    for path, (value, failure) in PROOF_CHANGES.items():
        yield Forgery(path, failure, text(changed(true, path, value)))
    yield from _grades(true)
    yield from _proofs(true)
    yield from _texts(true)
    yield from _times(true)
    yield from _lists(true)


def _grades(true: dict[str, Any]) -> Iterator[Forgery]:
    lower = credential()["credentialSubject"] | {"grade": "AA", "colour": "blue"}
    yield Forgery("grade", "signature_wrong", text(true | {"credentialSubject": lower}))
    later = "2026-12-15T01:00:01Z"
    yield Forgery("longer", "signature_wrong", text(changed(true, "validUntil", later)))
    other = changed(true, "credentialStatus/0/statusListIndex", "7")
    other = changed(other, "credentialStatus/0/id", true["credentialStatus"][0]["id"])
    yield Forgery("place and id apart", "field_invalid", text(other))
    url = true["credentialStatus"][0]["statusListCredential"]
    moved = changed(other, "credentialStatus/0/id", f"{url}#7")
    yield Forgery("another place in the list", "signature_wrong", text(moved))
    swapped = {"@context": [VOCABULARY, true["@context"][0]]}
    yield Forgery("contexts in another order", "context_wrong", text(signed(true | swapped)))


def _proofs(true: dict[str, Any]) -> Iterator[Forgery]:
    other = credential(id=STRANGER_ID)
    yield Forgery("proof of another", "signature_wrong", text(true | {"proof": other["proof"]}))
    yield Forgery("signed by another", "signature_wrong", text(signed(true, key=STRANGER)))
    listed = true | {"proof": [true["proof"]]}
    yield Forgery("a list of proofs", "proof_type_wrong", text(listed))
    turned = {"@context": true["@context"][::-1]}
    proof = true["proof"] | turned
    yield Forgery("proof's contexts turned", "proof_context_wrong", text(true | {"proof": proof}))
    stranger = did_key(STRANGER.public_key())
    method = did_key_method(stranger)
    unsigned = {name: value for name, value in true.items() if name != "proof"}
    foreign = unsigned | {"issuer": stranger}
    theirs = sign(foreign, key=STRANGER, method=method, created=ISSUED)
    yield Forgery("another issuer", "issuer_unknown", text(theirs))
    alien = sign(unsigned, key=STRANGER, method=method, created=ISSUED)
    yield Forgery("another issuer's key", "method_unknown", text(alien))
    point = generate_private_key(SECP256R1()).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    p256 = "did:key:" + base58_text(P256_PUBLIC + raw)
    elliptic = sign(
        unsigned | {"issuer": p256}, key=STRANGER, method=did_key_method(p256), created=ISSUED
    )
    yield Forgery("another type of key", "key_type_wrong", text(elliptic), issuer=p256)
    value = true["proof"]["proofValue"]
    longer = changed(true, "proof/proofValue", value + "1")
    yield Forgery("a longer signature", "proof_value_invalid", text(longer))
    flat = changed(true, "proof/proofValue", "u" + value[1:])
    yield Forgery("a signature in base64", "proof_value_invalid", text(flat))
    nought = changed(true, "proof/proofValue", base58_text(bytes(64)))
    yield Forgery("a signature of noughts", "signature_wrong", text(nought))


def _texts(true: dict[str, Any]) -> Iterator[Forgery]:
    whole = text(true).decode()
    grade = '"grade": "AAA"'
    twice = whole.replace(grade, f'"grade": "D", {grade}')
    yield Forgery("a name twice", "doubled_name", twice.encode())
    twice = whole.replace('{"@context"', '{"validUntil": "2030-01-01T00:00:00Z", "@context"', 1)
    yield Forgery("a date twice", "doubled_name", twice.encode())
    big = whole.replace('"entry": "1234"', f'"entry": {2**53}')
    yield Forgery("a number too large", "number_refused", big.encode())
    half = whole.replace('"entry": "1234"', '"entry": 1234.0')
    yield Forgery("a fraction", "number_refused", half.encode())
    lone = whole.replace('"entry": "1234"', '"entry": "\\ud800"')
    yield Forgery("half a character", "text_refused", lone.encode())
    yield Forgery("cut off", "not_json", whole[:-1].encode())
    yield Forgery("two documents", "not_json", (whole + whole).encode())
    yield Forgery("too deep", "too_large", b"[" * 40 + b"]" * 40)
    yield Forgery("far too deep", "not_json", b"[" * 200_000)
    yield Forgery("a list", "field_invalid", b"[]")
    yield Forgery("nothing", "field_missing", b"{}")


def _times(true: dict[str, Any]) -> Iterator[Forgery]:
    yield Forgery("at its end", "expired", text(true), at=UNTIL)
    yield Forgery("long after", "expired", text(true), at=UNTIL + timedelta(days=400))
    yield Forgery("before", "not_yet_valid", text(true), at=ISSUED - timedelta(seconds=1))
    unsigned = {name: value for name, value in true.items() if name != "proof"}
    later = sign(unsigned, key=KEY, method=METHOD, created=AT + timedelta(seconds=1))
    yield Forgery("signed later", "not_yet_valid", text(later))


def _lists(true: dict[str, Any]) -> Iterator[Forgery]:
    def of(name: str, failure: str, *lists: Any) -> Forgery:
        return Forgery(name, failure, text(true), lists=tuple(map(text, lists)))

    yield of("revoked", "revoked", status_list([INDEX]))
    both = credential(statuses=(*CREDENTIAL.statuses, SUSPENSION))
    suspended = status_list([INDEX], url=SUSPENSIONS, purpose="suspension")
    lists = (text(status_list()), text(suspended))
    yield Forgery("suspended", "suspended", text(both), lists=lists)
    yield Forgery("one of two lists", "status_list_missing", text(both))
    yield of("another list", "status_list_missing", status_list(url=SUSPENSIONS))
    yield of("no list", "status_list_missing", "no list")
    yield of("purposes apart", "status_list_wrong", status_list(purpose="suspension"))
    last = AT - timedelta(hours=1)
    yield of("a list of yesterday", "status_list_out_of_date", status_list(valid_until=last))
    first = AT + timedelta(hours=1)
    yield of("a list of tomorrow", "status_list_out_of_date", status_list(valid_from=first))
    yield of("a list signed later", "status_list_out_of_date", status_list(created=first))
    yield of("a list by another", "signature_wrong", status_list([INDEX], key=STRANGER))
    stranger = did_key(STRANGER.public_key())
    yield of("a list of another issuer", "issuer_unknown", status_list(issuer=stranger))
    revoked = status_list([INDEX])
    clean = changed(revoked, ENCODED, status_list()["credentialSubject"]["encodedList"])
    yield of("a list with its bits taken out", "signature_wrong", clean)
    cut = packed(bytes(16_383))
    yield of("a truncated list", "status_list_too_short", changed(revoked, ENCODED, cut))
    half = revoked["credentialSubject"]["encodedList"][:-9]
    yield of("half a list", "field_invalid", changed(revoked, ENCODED, half))
    bomb = packed(bytes((1 << 24) + 1))
    yield of("a list that unpacks to far more", "field_invalid", changed(revoked, ENCODED, bomb))
    yield of("a list without bits", "field_invalid", changed(revoked, ENCODED, None))
    yield of("a list of another type", "type_wrong", changed(revoked, "type", ["x"]))
    yield of("a list that says more", "field_unknown", changed(revoked, "more", ""))
    doubled = text(status_list()).replace(b'{"@context"', b'{"id": "x", "@context"', 1)
    yield Forgery("a name twice in a list", "doubled_name", text(true), lists=(doubled,))
    far = credential(statuses=(FAR,))
    yield Forgery("a place beyond the list", "status_index_out_of_range", text(far))


def packed(content: bytes) -> str:
    """Bits of a list as the standard writes them."""
    return "u" + base64.urlsafe_b64encode(gzip.compress(content, mtime=0)).decode().rstrip("=")
