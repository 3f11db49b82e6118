"""Credentials in the story of a venue: every command and every effect at least once."""

from typing import Any

from credit_scoring.credentials import commands as k
from credit_scoring.records import SubjectKind
from tests.ledger.rows.scribe import DAY, Scribe

ISSUER = "https://credit.example/v1/credential-issuer"
BASE = "https://credit.example/v1/credential-status"
SECONDS = 1_000_000
ORDINAL_OF_EPOCH = 719_163


def name_of(number: int) -> str:
    """The id of a credential of the stories."""
    return f"0197f2c1-8b7a-7c11-9d63-{number:012x}"


def claims(scribe: Scribe, number: int, **changes: Any) -> k.IssueCredential:
    """A credential that nothing refuses, of the scribe's day."""
    told: dict[str, Any] = {
        "credential": name_of(number),
        "subject": f"urn:ecorights:subject:zhuwu-{number}",
        "subject_kind": SubjectKind.VILLAGE,
        "grade": "AAA",
        "colour": "green",
        "as_of": int(scribe.at // DAY) + ORDINAL_OF_EPOCH,
        "rule_set_version": "0.1-draft",
        "rule_set_hash": "1f" * 32,
        "records_hash": "2e" * 32,
        "valid_until": (scribe.at + 180 * DAY) // SECONDS * SECONDS,
    }
    return k.IssueCredential(**(told | changes))


def give_credentials(scribe: Scribe) -> None:
    """Issue, suspend, resume, revoke; then issue in another name, which begins another list."""
    scribe.must(k.DefineCredentialIssuer(issuer=ISSUER, base=BASE))
    for number in range(3):
        scribe.must(claims(scribe, number, suspendable=number > 0, score_entry=number or None))
        scribe.move(scribe.at + SECONDS)
    scribe.must(k.SuspendCredential(credential=name_of(1)))
    scribe.must(k.SuspendCredential(credential=name_of(2)))
    scribe.must(k.ResumeCredential(credential=name_of(1)))
    revoke = k.RevokeCredential(credential=name_of(0), reason=k.RevocationReason.GRADE_CHANGED)
    scribe.must(revoke)
    scribe.must(k.DefineCredentialIssuer(issuer=f"{ISSUER}-2", base=BASE))
    scribe.must(claims(scribe, 3, subject_kind=SubjectKind.ENTERPRISE, grade="D", colour="black"))
    assert scribe.send(revoke).refusal is not None
