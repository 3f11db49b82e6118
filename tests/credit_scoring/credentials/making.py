"""Valid keys, credentials and lists; a test names only what matters."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from credit_scoring.credentials.grade import Claims, Credential, StatusPlace, issue
from credit_scoring.credentials.issuers import Issuer, issuer_of_key
from credit_scoring.credentials.proof import sign
from credit_scoring.credentials.status_list import StatusList, bits_of, publish
from credit_scoring.records import SubjectKind

KEY = Ed25519PrivateKey.from_private_bytes(b"the issuer of the tests".ljust(32, b"-"))
STRANGER = Ed25519PrivateKey.from_private_bytes(b"somebody else".ljust(32, b"-"))
ISSUER: Issuer = issuer_of_key(KEY.public_key())
METHOD = next(iter(ISSUER.methods))
ISSUED = datetime(2026, 6, 15, 1, 0, 0, tzinfo=UTC)
UNTIL = datetime(2026, 12, 15, 1, 0, 0, tzinfo=UTC)
AT = datetime(2026, 9, 30, 8, 0, 0, tzinfo=UTC)
REVOCATIONS = "https://credit.example/v1/credential-status/1"
SUSPENSIONS = "https://credit.example/v1/credential-status/2"
INDEX = 94_567
CLAIMS = Claims(
    subject="urn:ecorights:subject:0197f2c1-8b7a-7c11-9d63-5f0c2f6b9a01",
    kind=SubjectKind.VILLAGE,
    grade="AAA",
    colour="green",
    as_of=date(2026, 6, 15),
    rule_set_version="0.1-draft",
    rule_set_hash="1f" * 32,
    records_hash="2e" * 32,
    entry=1_234,
)
CREDENTIAL = Credential(
    id=UUID("0197f2c1-8b7a-7c11-9d63-5f0c2f6b9a02"),
    issuer=ISSUER.id,
    valid_from=ISSUED,
    valid_until=UNTIL,
    claims=CLAIMS,
    statuses=(StatusPlace(purpose="revocation", list_url=REVOCATIONS, index=INDEX),),
)
SUSPENSION = StatusPlace(purpose="suspension", list_url=SUSPENSIONS, index=INDEX)


def signed(document: dict[str, Any], *, key: Ed25519PrivateKey = KEY) -> dict[str, Any]:
    """A document signed as the issuer, by the issuer's key if no other is named."""
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    return sign(unsigned, key=key, method=METHOD, created=ISSUED)


def credential(**changes: Any) -> dict[str, Any]:
    """The signed credential of a village with some of its members changed."""
    return signed(issue(replace(CREDENTIAL, **changes)))


def status_list(
    indexes: Iterable[int] = (),
    *,
    key: Ed25519PrivateKey = KEY,
    created: datetime = ISSUED,
    **changes: Any,
) -> dict[str, Any]:
    """A signed list, in force for a day before and after ``AT``, in which these bits are set."""
    told = StatusList(
        url=REVOCATIONS,
        issuer=ISSUER.id,
        purpose="revocation",
        valid_from=AT - timedelta(days=1),
        valid_until=AT + timedelta(days=1),
        bits=bits_of(indexes),
    )
    return sign(publish(replace(told, **changes)), key=key, method=METHOD, created=created)
