"""Who signed: an issuer and its verification methods, from a did:key or from a document.

A did:key carries its key. An issuer that is a URL publishes a controller document there (W3C
Controlled Identifiers 1.0) with a Multikey for each key that is in use; a key that it retires it
takes out of the document, and what that key signed is not believed from then on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from credit_scoring.credentials import fields
from credit_scoring.credentials.failures import CredentialRefused, Failure
from credit_scoring.credentials.multibase import (
    DID_KEY,
    did_key,
    did_key_method,
    multikey,
    public_key,
)

CONTROLLER_CONTEXT = "https://www.w3.org/ns/cid/v1"
METHODS_MAX = 16
_MEMBERS = {"@context", "id", "verificationMethod", "assertionMethod"}
_METHOD_MEMBERS = {"id", "type", "controller", "publicKeyMultibase"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """An issuer that a verifier believes, with its keys by verification method."""

    id: str
    methods: Mapping[str, Ed25519PublicKey]


def issuer_of_did_key(did: str) -> Issuer:
    """Return the issuer that a did:key is.

    Raises:
        CredentialRefused: ISSUER_UNKNOWN: no did:key; KEY_TYPE_WRONG: of another kind of key.
    """
    if not did.startswith(DID_KEY):
        raise CredentialRefused(
            Failure.ISSUER_UNKNOWN, field="issuer", expected="did:key:z6Mk...", found=did
        )
    key = public_key(did.removeprefix(DID_KEY), field="issuer")
    return Issuer(id=did, methods={did_key_method(did): key})


def issuer_of_key(key: Ed25519PublicKey) -> Issuer:
    """Return the issuer that names itself by its key."""
    return issuer_of_did_key(did_key(key))


def controller_document(url: str, keys: Sequence[Ed25519PublicKey]) -> dict[str, Any]:
    """Return what an issuer that is a URL publishes there."""
    texts = [multikey(key) for key in keys]
    return {
        "@context": [CONTROLLER_CONTEXT],
        "id": url,
        "verificationMethod": [
            {
                "id": f"{url}#{text}",
                "type": "Multikey",
                "controller": url,
                "publicKeyMultibase": text,
            }
            for text in texts
        ],
        "assertionMethod": [f"{url}#{text}" for text in texts],
    }


def issuer_of_controller(document: Any) -> Issuer:
    """Return the issuer that published a controller document.

    Raises:
        CredentialRefused: FIELD_MISSING, FIELD_UNKNOWN, FIELD_INVALID, CONTEXT_WRONG, or
            KEY_TYPE_WRONG.
    """
    found = fields.members(document, required=_MEMBERS, field="controller")
    if found["@context"] != [CONTROLLER_CONTEXT]:
        raise CredentialRefused(
            Failure.CONTEXT_WRONG,
            field="controller.@context",
            expected=CONTROLLER_CONTEXT,
            found=str(found["@context"]),
        )
    url = fields.url(found["id"], field="controller.id")
    listed = fields.some(found["verificationMethod"], most=METHODS_MAX, field="verificationMethod")
    asserting = fields.some(found["assertionMethod"], most=METHODS_MAX, field="assertionMethod")
    methods = {}
    for each in listed:
        method = fields.members(each, required=_METHOD_MEMBERS, field="verificationMethod")
        if (method["type"], method["controller"]) != ("Multikey", url):
            raise CredentialRefused(
                Failure.FIELD_INVALID,
                field="verificationMethod",
                expected=f"a Multikey of {url}",
                found=f"{method['type']} of {method['controller']}",
            )
        text = fields.text(method["publicKeyMultibase"], field="publicKeyMultibase")
        if method["id"] != f"{url}#{text}":
            raise CredentialRefused(
                Failure.FIELD_INVALID,
                field="verificationMethod.id",
                expected=f"{url}#{text}",
                found=str(method["id"]),
            )
        if method["id"] in asserting:
            methods[method["id"]] = public_key(text, field="publicKeyMultibase")
    return Issuer(id=url, methods=methods)
