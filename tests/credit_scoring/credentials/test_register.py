"""The register of an issuer: one place for each credential, statuses that stay, a strict file."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from credit_scoring.credentials.issuing import GradeNotIssuable, claims_of
from credit_scoring.credentials.register import (
    LISTS_MAX,
    CredentialUnknown,
    Issued,
    ListsFull,
    Register,
    StatusRefused,
    free_place,
    list_bits,
    places,
    resume,
    revoke,
    suspend,
)
from credit_scoring.credentials.register_file import read_register, write_register
from credit_scoring.credentials.status_list import BITS, bits_of
from credit_scoring.rule_sets.document import Place
from credit_scoring.rule_sets.errors import Malformed
from tests.credit_scoring.credentials.making import AT, CLAIMS, ISSUED, UNTIL

BASE = "https://credit.example/v1/credential-status"
NAME = UUID("0197f2c1-8b7a-7c11-9d63-5f0c2f6b9a02")
OTHER = UUID("0197f2c1-8b7a-7c11-9d63-5f0c2f6b9a03")
ONE = Issued(
    id=NAME,
    subject=CLAIMS.subject,
    list=1,
    index=5,
    issued_at=ISSUED,
    valid_until=UNTIL,
    suspendable=True,
)
REGISTER = Register(base=BASE, issuer="did:key:z6Mk", issued=(ONE,))
SCORE = {
    "kind": "village",
    "as_of": "2026-06-15",
    "grade": "AAA",
    "colour": "green",
    "rated": True,
    "complete": True,
    "rule_set_version": "0.1-draft",
    "rule_set_hash": "1f" * 32,
    "records_hash": "2e" * 32,
    "lines": [],
    "credit_index": 800,
}


@pytest.mark.parametrize(("number", "index"), [(4, 4), (5, 6), (BITS - 2, BITS - 1), (BITS - 1, 0)])
def test_a_free_place_is_the_nth_that_nobody_has(number: int, index: int) -> None:
    assert free_place(REGISTER, random_number=number) == (1, index)


def test_no_place_is_given_twice_and_a_full_list_is_followed_by_the_next() -> None:
    small = [replace(ONE, index=index) for index in range(BITS) if index != 77]
    almost = replace(REGISTER, issued=tuple(small))
    full = replace(almost, issued=(*almost.issued, replace(ONE, index=77)))

    assert {free_place(almost, random_number=number) for number in (0, 1, 10**30)} == {(1, 77)}
    assert free_place(full, random_number=BITS + 3) == (2, 3)
    assert free_place(Register(base=BASE, issuer="x"), random_number=9) == (1, 9)


def test_after_the_last_list_there_is_none() -> None:
    last = tuple(replace(ONE, list=LISTS_MAX, index=index) for index in range(BITS))

    with pytest.raises(ListsFull):
        free_place(replace(REGISTER, issued=last), random_number=0)


def test_a_credential_names_the_lists_of_what_it_can_become() -> None:
    both = places(REGISTER, ONE)
    one = places(REGISTER, replace(ONE, suspendable=False))

    assert [each.list_url for each in both] == [f"{BASE}/revocation-1", f"{BASE}/suspension-1"]
    assert [each.purpose for each in one] == ["revocation"]


def test_a_revoked_credential_stands_in_its_list_for_ever() -> None:
    revoked = revoke(REGISTER, NAME, at=AT)

    assert list_bits(REGISTER, number=1, purpose="revocation") == bits_of([])
    assert list_bits(revoked, number=1, purpose="revocation") == bits_of([5])
    assert list_bits(revoked, number=1, purpose="suspension") == bits_of([])
    assert list_bits(revoked, number=2, purpose="revocation") == bits_of([])
    with pytest.raises(StatusRefused, match="is revoked"):
        revoke(revoked, NAME, at=AT)
    with pytest.raises(StatusRefused, match="is revoked"):
        suspend(revoked, NAME, at=AT)


def test_a_suspension_ends() -> None:
    suspended = suspend(REGISTER, NAME, at=AT)

    assert suspended.find(NAME).status == "suspended"
    assert list_bits(suspended, number=1, purpose="suspension") == bits_of([5])
    assert resume(suspended, NAME) == REGISTER
    assert revoke(suspended, NAME, at=AT).find(NAME).status == "revoked"
    with pytest.raises(StatusRefused, match="is suspended"):
        suspend(suspended, NAME, at=AT)
    with pytest.raises(StatusRefused, match="is good"):
        resume(REGISTER, NAME)


def test_what_was_not_issued_as_suspendable_is_not_suspended() -> None:
    register = replace(REGISTER, issued=(replace(ONE, suspendable=False),))

    with pytest.raises(StatusRefused, match="not suspendable"):
        suspend(register, NAME, at=AT)


def test_an_unknown_credential_is_named() -> None:
    with pytest.raises(CredentialUnknown, match=str(OTHER)):
        revoke(REGISTER, OTHER, at=AT)


def test_a_register_is_read_back() -> None:
    second = replace(ONE, id=OTHER, index=6, suspended_at=AT + timedelta(days=1))
    whole = replace(revoke(REGISTER, NAME, at=AT), issued=(ONE, second))

    assert read_register(write_register(whole)) == whole


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"format": "other"}, "credit_scoring.unknown_value", "format"),
        ({"more": 1}, "credit_scoring.unknown_key", "more"),
        ({"issued": [{}]}, "credit_scoring.key_missing", "issued[0].id"),
    ],
)
def test_a_file_that_is_no_register_is_refused(
    changes: dict[str, Any], code: str, field: str
) -> None:
    document = json.loads(write_register(REGISTER)) | changes

    with pytest.raises(Malformed) as refusal:
        read_register(json.dumps(document).encode())

    assert (refusal.value.code, refusal.value.field) == (code, field)


@pytest.mark.parametrize("changes", [{"id": str(NAME), "index": 6}, {"id": str(OTHER), "index": 5}])
def test_two_credentials_in_one_place_or_of_one_id_are_refused(changes: dict[str, Any]) -> None:
    document = json.loads(write_register(REGISTER))
    document["issued"].append(document["issued"][0] | changes)

    with pytest.raises(Malformed) as refusal:
        read_register(json.dumps(document).encode())

    assert refusal.value.code == "credit_scoring.doubled_place"


def test_the_claims_of_a_score_are_its_grade_and_what_computed_it() -> None:
    assert claims_of(Place(SCORE), subject=CLAIMS.subject, entry=1_234) == CLAIMS


@pytest.mark.parametrize("field", ["rated", "complete"])
def test_a_score_that_no_bank_may_rely_on_makes_no_credential(field: str) -> None:
    with pytest.raises(GradeNotIssuable) as refusal:
        claims_of(Place(SCORE | {field: False}), subject=CLAIMS.subject, entry=None)

    assert (refusal.value.code, refusal.value.field) == ("credit_scoring.grade_not_issuable", field)


def test_what_is_no_score_is_refused_by_place() -> None:
    with pytest.raises(Malformed, match="rated"):
        claims_of(Place({}), subject=CLAIMS.subject, entry=None)
