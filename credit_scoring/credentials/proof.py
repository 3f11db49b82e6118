"""Data Integrity proofs by the cryptosuite `eddsa-jcs-2022`: signing and checking.

W3C Data Integrity EdDSA Cryptosuites 1.0, 3.3. Signed are 64 bytes: the SHA-256 of the canonical
proof options, then that of the canonical document without its proof. The suite lets a proof cover
the first of a document's contexts alone; here both lists must be the same, for a context that
nobody signed could give the signed names another meaning.
"""

import hashlib
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from credit_scoring.credentials import fields
from credit_scoring.credentials.canonical_json import canonical_json
from credit_scoring.credentials.failures import CredentialRefused, Failure
from credit_scoring.credentials.issuers import Issuer
from credit_scoring.credentials.multibase import base58_bytes, base58_text

PROOF_TYPE = "DataIntegrityProof"
CRYPTOSUITE = "eddsa-jcs-2022"
PURPOSE = "assertionMethod"
SIGNATURE_BYTES = 64
_MEMBERS = {
    "type",
    "cryptosuite",
    "created",
    "verificationMethod",
    "proofPurpose",
    "@context",
    "proofValue",
}


def sign(
    document: dict[str, Any], *, key: Ed25519PrivateKey, method: str, created: datetime
) -> dict[str, Any]:
    """Return a document with its proof.

    Raises:
        CredentialRefused: it is not to be written canonically.
    """
    options = {
        "type": PROOF_TYPE,
        "cryptosuite": CRYPTOSUITE,
        "created": fields.instant_text(created),
        "verificationMethod": method,
        "proofPurpose": PURPOSE,
        "@context": document["@context"],
    }
    signature = key.sign(message(document, options))
    return {**document, "proof": {**options, "proofValue": base58_text(signature)}}


def message(document: dict[str, Any], options: dict[str, Any]) -> bytes:
    """Return the 64 bytes that are signed."""
    hashes = (hashlib.sha256(canonical_json(each)).digest() for each in (options, document))
    return b"".join(hashes)


def check_proof(secured: dict[str, Any], issuer: Issuer) -> datetime:
    """Check that an issuer signed a document; return when, as its proof says.

    Raises:
        CredentialRefused: from PROOF_MISSING to SIGNATURE_WRONG.
    """
    document = {name: value for name, value in secured.items() if name != "proof"}
    if "proof" not in secured:
        raise CredentialRefused(
            Failure.PROOF_MISSING, field="proof", expected="a proof", found="nothing"
        )
    proof = secured["proof"]
    kind = proof.get("type") if isinstance(proof, dict) else proof
    fields.same(kind, PROOF_TYPE, failure=Failure.PROOF_TYPE_WRONG, field="proof.type")
    suite = proof.get("cryptosuite")
    wrong = Failure.CRYPTOSUITE_UNKNOWN
    fields.same(suite, CRYPTOSUITE, failure=wrong, field="proof.cryptosuite")
    fields.members(proof, required=_MEMBERS, field="proof")
    created = fields.instant(proof["created"], field="proof.created")
    purpose, wrong = proof["proofPurpose"], Failure.PROOF_PURPOSE_WRONG
    fields.same(purpose, PURPOSE, failure=wrong, field="proof.proofPurpose")
    contexts, wrong = proof["@context"], Failure.PROOF_CONTEXT_WRONG
    fields.same(contexts, document.get("@context"), failure=wrong, field="proof.@context")
    method = fields.text(proof["verificationMethod"], field="proof.verificationMethod")
    if method not in issuer.methods:
        raise CredentialRefused(
            Failure.METHOD_UNKNOWN,
            field="proof.verificationMethod",
            expected=f"a method of {issuer.id}",
            found=method,
        )
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    try:
        issuer.methods[method].verify(_signature(proof), message(document, options))
    except InvalidSignature:
        raise CredentialRefused(
            Failure.SIGNATURE_WRONG,
            field="proof.proofValue",
            expected=f"a signature of this document by {method}",
            found=proof["proofValue"],
        ) from None
    return created


def _signature(proof: dict[str, Any]) -> bytes:
    field, wrong = "proof.proofValue", Failure.PROOF_VALUE_INVALID
    text = str(proof["proofValue"])
    signature = base58_bytes(text, field=field, failure=wrong)
    if len(signature) != SIGNATURE_BYTES:
        expected = f"{SIGNATURE_BYTES} bytes"
        raise CredentialRefused(wrong, field=field, expected=expected, found=text)
    return signature
