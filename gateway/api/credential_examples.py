"""Examples of what is read of credentials: documents that stand on their own, and the list."""

from typing import Any

_ISSUER = "https://credit.example/v1/credential-issuer"
_BASE = "https://credit.example/v1/credential-status"
_KEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
_ID = "0197f2c1-8b7a-7c11-9d63-5f0c2f6b9a02"
ISSUER_PATH = "/v1/credential-issuer"
LIST_PATH = "/v1/credential-status/{name}"
CONTROLLER_TYPE = "application/cid"
CREDENTIAL_TYPE = "application/vc"
NULLABLE = frozenset({"revoked_at", "score_entry", "suspended_at"})
FILES: dict[str, tuple[str, str, str]] = {
    ISSUER_PATH: (
        "The issuer's controller document",
        CONTROLLER_TYPE,
        f'{{"@context": ["https://www.w3.org/ns/cid/v1"], "id": "{_ISSUER}", ...}}',
    ),
    LIST_PATH: (
        "A signed status list",
        CREDENTIAL_TYPE,
        '{"@context": ["https://www.w3.org/ns/credentials/v2"], ...}',
    ),
}
_PROOF = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-jcs-2022",
    "created": "2026-06-15T01:00:00Z",
    "verificationMethod": f"{_ISSUER}#{_KEY}",
    "proofPurpose": "assertionMethod",
    "proofValue": "z63t83Y53...",
}
JSON_DOWNLOADS: dict[str, dict[str, Any]] = {
    "/v1/credentials/{credential}": {
        "id": f"urn:uuid:{_ID}",
        "type": ["VerifiableCredential", "EcoCreditGradeCredential"],
        "issuer": _ISSUER,
        "validFrom": "2026-06-15T01:00:00Z",
        "validUntil": "2026-12-31T16:00:00Z",
        "credentialSubject": {
            "id": "urn:ecorights:subject:0197f2c1-8b7a",
            "type": "EcoCreditSubject",
            "kind": "village",
            "grade": "AAA",
            "colour": "green",
            "asOf": "2026-06-15",
            "ruleSetVersion": "0.1-draft",
            "ruleSetHash": "1f" * 32,
            "recordsHash": "2e" * 32,
        },
        "credentialStatus": [
            {
                "id": f"{_BASE}/revocation-1#94567",
                "type": "BitstringStatusListEntry",
                "statusPurpose": "revocation",
                "statusListIndex": "94567",
                "statusListCredential": f"{_BASE}/revocation-1",
            }
        ],
        "proof": _PROOF,
    }
}
READ: dict[str, dict[str, Any]] = {
    "/v1/credentials": {
        "head": "812",
        "credentials": [
            {
                "credential": _ID,
                "issued_in": "790",
                "subject": "urn:ecorights:subject:0197f2c1-8b7a",
                "subject_kind": "village",
                "grade": "AAA",
                "colour": "green",
                "as_of": "2026-06-15",
                "valid_until": "2026-12-31T16:00:00Z",
                "score_entry": "788",
                "status": "good",
                "revoked_at": "2026-09-30T02:00:00Z",
                "suspended_at": "2026-09-30T02:00:00Z",
            }
        ],
        "next": None,
    }
}
