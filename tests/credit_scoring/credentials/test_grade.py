"""The credential of a grade says what it should, is read back whole, and refuses the rest."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from credit_scoring.credentials.failures import CredentialRefused, Failure
from credit_scoring.credentials.grade import COLOURS, issue, parse
from credit_scoring.records import SubjectKind
from tests.credit_scoring.credentials.making import (
    CLAIMS,
    CREDENTIAL,
    ISSUED,
    SUSPENSION,
    UNTIL,
    credential,
)


def test_a_document_says_the_grade_and_what_it_was_computed_by() -> None:
    document = issue(CREDENTIAL)

    assert document["credentialSubject"] == {
        "id": CLAIMS.subject,
        "type": "EcoCreditSubject",
        "kind": "village",
        "grade": "AAA",
        "colour": "green",
        "asOf": "2026-06-15",
        "ruleSetVersion": "0.1-draft",
        "ruleSetHash": "1f" * 32,
        "recordsHash": "2e" * 32,
        "entry": "1234",
    }
    assert document["validFrom"] == "2026-06-15T01:00:00Z"
    assert document["validUntil"] == "2026-12-15T01:00:00Z"


@pytest.mark.parametrize("kind", list(SubjectKind))
@pytest.mark.parametrize("grade", list(COLOURS))
def test_what_is_issued_is_read_back(kind: SubjectKind, grade: str) -> None:
    claims = replace(CLAIMS, kind=kind, grade=grade, colour=COLOURS[grade], entry=None)
    both = (*CREDENTIAL.statuses, SUSPENSION)
    wanted = replace(CREDENTIAL, claims=claims, statuses=both)

    assert parse(issue(wanted)) == wanted
    assert parse(credential(claims=claims, statuses=both)) == wanted


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("grade", {"grade": "BBB"}),
        ("grade", {"grade": "not rated"}),
        ("colour", {"colour": "blue"}),
        ("subject", {"subject": "91990101E00000010Q"}),
        ("subject", {"subject": "urn:ecorights:subject:91990101e00000010q"}),
        ("subject", {"subject": "urn:ecorights:subject:110101199003070118"}),
        ("subject", {"subject": "urn:ecorights:subject:Zhuwu"}),
        ("asOf", {"as_of": ISSUED.date() + timedelta(days=1)}),
        ("ruleSetVersion", {"rule_set_version": "0.1 draft"}),
        ("ruleSetHash", {"rule_set_hash": "1F" * 32}),
        ("recordsHash", {"records_hash": ""}),
        ("entry", {"entry": -1}),
    ],
)
def test_claims_that_are_none_are_refused_by_field(field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(CredentialRefused) as refusal:
        issue(replace(CREDENTIAL, claims=replace(CLAIMS, **changes)))

    assert (refusal.value.failure, refusal.value.field) == (Failure.FIELD_INVALID, field)
    assert refusal.value.code == "credit_scoring.credential_field_invalid"
    assert refusal.value.expected


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("validUntil", {"valid_until": ISSUED}),
        ("validUntil", {"valid_until": ISSUED + timedelta(days=366, seconds=1)}),
        ("credentialStatus", {"statuses": ()}),
        ("statusPurpose", {"statuses": (SUSPENSION,)}),
        ("statusPurpose", {"statuses": (*CREDENTIAL.statuses, *CREDENTIAL.statuses)}),
        ("credentialStatus", {"statuses": (*CREDENTIAL.statuses, SUSPENSION, SUSPENSION)}),
        (
            "statusListCredential",
            {"statuses": (replace(SUSPENSION, purpose="revocation", list_url="ftp://a"),)},
        ),
        ("statusListIndex", {"statuses": (replace(CREDENTIAL.statuses[0], index=-1),)}),
        ("issuer", {"issuer": ""}),
    ],
)
def test_a_credential_that_is_none_is_refused_by_field(field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(CredentialRefused) as refusal:
        issue(replace(CREDENTIAL, **changes))

    assert (refusal.value.failure, refusal.value.field) == (Failure.FIELD_INVALID, field)


def test_a_credential_lasts_at_most_a_year() -> None:
    year = ISSUED + timedelta(days=366)

    assert parse(issue(replace(CREDENTIAL, valid_until=year))).valid_until == year


def test_a_grade_of_an_earlier_day_may_be_issued_later() -> None:
    claims = replace(CLAIMS, as_of=date(2026, 1, 1))

    assert parse(issue(replace(CREDENTIAL, claims=claims))).valid_until == UNTIL


def test_the_day_of_a_grade_is_that_of_shanghai() -> None:
    morning = datetime(2026, 6, 14, 23, 0, tzinfo=UTC)
    issued = replace(CREDENTIAL, valid_from=morning)

    assert parse(issue(issued)).claims.as_of == date(2026, 6, 15)
