"""Credentials that are refused: claims that no verifier takes, statuses that cannot change."""

from typing import Any

from tests.gateway.api.bad.requests import Bad, get, refused

KNOWN = "0197f2c1-8b7a-7c11-9d63-000000000001"
UNKNOWN = "0197f2c1-8b7a-7c11-9d63-00000000000f"
CREDENTIAL = {
    "credential": UNKNOWN,
    "subject": "urn:ecorights:subject:0197f2c1-8b7a",
    "subject_kind": "village",
    "grade": "AAA",
    "colour": "green",
    "as_of": "2026-03-16",
    "rule_set_version": "0.1-draft",
    "rule_set_hash": "1f" * 32,
    "records_hash": "2e" * 32,
    "valid_until": "2026-12-31T16:00:00Z",
}
BASE = "https://credit.example/v1/credential-status"


def issued(name: str, status: int, code: str, field: str, **changes: Any) -> Bad:
    body = CREDENTIAL | changes
    return refused(name, status, code, path="/credentials", actor="R-1", body=body, field=field)


CREDENTIALS: tuple[Bad, ...] = (
    issued(
        "a_grade_of_another_colour",
        409,
        "credentials.claims_unfit",
        "colour",
        colour="red",
    ),
    issued(
        "a_credential_for_two_years",
        409,
        "credentials.claims_unfit",
        "validUntil",
        valid_until="2028-03-16T00:00:00Z",
    ),
    issued(
        "a_grade_of_tomorrow",
        409,
        "credentials.claims_unfit",
        "asOf",
        as_of="2026-03-18",
    ),
    issued(
        "a_credential_of_an_id_that_is_taken",
        409,
        "credentials.credential_exists",
        "credential",
        credential=KNOWN,
    ),
    refused(
        "an_issuer_of_another_type_of_key",
        409,
        "credentials.issuer_unfit",
        path="/credentials/issuers",
        actor="X-1",
        body={
            "issuer": "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
            "base": BASE,
        },
        field="issuer",
    ),
    refused(
        "a_revocation_of_a_credential_that_is_none",
        404,
        "credentials.credential_unknown",
        path="/credentials/revocations",
        actor="R-1",
        body={"credential": UNKNOWN, "reason": "grade_changed"},
        field="credential",
    ),
    refused(
        "a_second_revocation",
        409,
        "credentials.status_unfit",
        path="/credentials/revocations",
        actor="R-1",
        body={"credential": KNOWN, "reason": "grade_changed"},
        field="credential",
    ),
    refused(
        "a_suspension_without_a_list_for_it",
        409,
        "credentials.status_unfit",
        path="/credentials/suspensions",
        actor="R-1",
        body={"credential": KNOWN},
        field="credential",
    ),
    get(
        "a_credential_that_is_none",
        404,
        "credentials.credential_unknown",
        f"/credentials/{UNKNOWN}",
        actor="R-1",
        field="credential",
    ),
    get(
        "a_status_list_that_is_not_begun",
        404,
        "credentials.list_not_found",
        "/credential-status/revocation-9",
        actor=None,
        field="name",
    ),
)
