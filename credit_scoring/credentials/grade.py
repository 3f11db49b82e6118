"""The credential of a grade: what it says, how it is written, and how it is read back.

It says who (by pseudonym), which kind of subject, grade and colour as of a day, by which rule set
and over which records (both by hash), and where in the ledger the score stands, if it does. The
index and the events stay with the subject: a bank gets a grade (ADR-0022).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from credit_scoring.credentials import fields
from credit_scoring.credentials.failures import Failure
from credit_scoring.dates import day_of
from credit_scoring.records import SubjectKind

CONTEXT = "https://www.w3.org/ns/credentials/v2"
VOCABULARY = "urn:ecorights:eco-credit-grade:1#"
CONTEXTS: list[Any] = [CONTEXT, {"@vocab": VOCABULARY}]
TYPES = ["VerifiableCredential", "EcoCreditGradeCredential"]
SUBJECT_TYPE = "EcoCreditSubject"
ENTRY_TYPE = "BitstringStatusListEntry"
REVOCATION, SUSPENSION = "revocation", "suspension"
VALIDITY_MAX = timedelta(days=366)  # our assumption, ADR-0022: as long as a consent at most
COLOURS = {
    "AAA": "green",
    "AA": "blue",
    "A": "blue",
    "B": "yellow",
    "C": "red",
    "D": "black",
}
"""Of each grade its colour (eco_credit.md 9)."""

_SUBJECT = re.compile(r"urn:ecorights:subject:[0-9a-z](?:[0-9a-z-]{0,62}[0-9a-z])?\Z")
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}\Z")
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_LOOKS_LIKE_A_CODE = re.compile(r"[0-9a-z]{17}[0-9a-z]\Z")
_MEMBERS = {
    "@context",
    "id",
    "type",
    "issuer",
    "validFrom",
    "validUntil",
    "credentialSubject",
    "credentialStatus",
}
_SUBJECT_MEMBERS = {
    "id",
    "type",
    "kind",
    "grade",
    "colour",
    "asOf",
    "ruleSetVersion",
    "ruleSetHash",
    "recordsHash",
}
_STATUS_MEMBERS = {"id", "type", "statusPurpose", "statusListIndex", "statusListCredential"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a credential says; ``entry`` is the ledger's entry that holds the score, if known."""

    subject: str
    kind: SubjectKind
    grade: str
    colour: str
    as_of: date
    rule_set_version: str
    rule_set_hash: str
    records_hash: str
    entry: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPlace:
    """Where a verifier looks up one status: a bit of a published list."""

    purpose: str
    list_url: str
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A grade as a credential, without its proof; valid from one instant until before another."""

    id: UUID
    issuer: str
    valid_from: datetime
    valid_until: datetime
    claims: Claims
    statuses: tuple[StatusPlace, ...]


def issue(credential: Credential) -> dict[str, Any]:
    """Return the document that is to be signed.

    Raises:
        CredentialRefused: a member is not what ``parse`` would take back.
    """
    claims = credential.claims
    subject = {
        "id": claims.subject,
        "type": SUBJECT_TYPE,
        "kind": claims.kind.value,
        "grade": claims.grade,
        "colour": claims.colour,
        "asOf": claims.as_of.isoformat(),
        "ruleSetVersion": claims.rule_set_version,
        "ruleSetHash": claims.rule_set_hash,
        "recordsHash": claims.records_hash,
    }
    if claims.entry is not None:
        subject["entry"] = str(claims.entry)
    document = {
        "@context": CONTEXTS,
        "id": f"urn:uuid:{credential.id}",
        "type": TYPES,
        "issuer": credential.issuer,
        "validFrom": fields.instant_text(credential.valid_from),
        "validUntil": fields.instant_text(credential.valid_until),
        "credentialSubject": subject,
        "credentialStatus": [
            {
                "id": f"{each.list_url}#{each.index}",
                "type": ENTRY_TYPE,
                "statusPurpose": each.purpose,
                "statusListIndex": str(each.index),
                "statusListCredential": each.list_url,
            }
            for each in credential.statuses
        ],
    }
    parse(document)
    return document


def parse(document: Any) -> Credential:
    """Read a document, with or without its proof, which is not checked here.

    Raises:
        CredentialRefused: FIELD_MISSING, FIELD_UNKNOWN, FIELD_INVALID, CONTEXT_WRONG, TYPE_WRONG.
    """
    found = fields.members(document, required=_MEMBERS, optional={"proof"}, field="credential")
    fields.same(found["@context"], CONTEXTS, failure=Failure.CONTEXT_WRONG, field="@context")
    fields.same(found["type"], TYPES, failure=Failure.TYPE_WRONG, field="type")
    name = fields.matching(found["id"], _UUID, expected="urn:uuid:...", field="id")
    valid_from = fields.instant(found["validFrom"], field="validFrom")
    valid_until = fields.instant(found["validUntil"], field="validUntil")
    if not valid_from < valid_until or valid_until - valid_from > VALIDITY_MAX:
        expected = f"after validFrom and at most {VALIDITY_MAX.days} days later"
        raise fields.refused("validUntil", expected, found["validUntil"])
    claims = _claims(found["credentialSubject"])
    if claims.as_of > day_of(valid_from):
        raise fields.refused("asOf", "no day after validFrom", claims.as_of.isoformat())
    return Credential(
        id=UUID(name),
        issuer=fields.text(found["issuer"], field="issuer"),
        valid_from=valid_from,
        valid_until=valid_until,
        claims=claims,
        statuses=_statuses(found["credentialStatus"]),
    )


def _claims(value: Any) -> Claims:
    name = "credentialSubject"
    found = fields.members(value, required=_SUBJECT_MEMBERS, optional={"entry"}, field=name)
    fields.same(found["type"], SUBJECT_TYPE, failure=Failure.TYPE_WRONG, field=f"{name}.type")
    kinds = [kind.value for kind in SubjectKind]
    if found["kind"] not in kinds:
        raise fields.refused("kind", f"one of {', '.join(kinds)}", found["kind"])
    if not isinstance(found["grade"], str) or found["grade"] not in COLOURS:
        raise fields.refused("grade", f"one of {', '.join(COLOURS)}", found["grade"])
    if found["colour"] != COLOURS[found["grade"]]:
        expected = f"{COLOURS[found['grade']]}, the colour of {found['grade']}"
        raise fields.refused("colour", expected, found["colour"])
    version = "a version: letters, digits, dot, dash"
    return Claims(
        subject=_pseudonym(found["id"]),
        kind=SubjectKind(found["kind"]),
        grade=found["grade"],
        colour=found["colour"],
        as_of=fields.day(found["asOf"], field="asOf"),
        rule_set_version=fields.matching(
            found["ruleSetVersion"], _VERSION, expected=version, field="ruleSetVersion"
        ),
        rule_set_hash=fields.sha256(found["ruleSetHash"], field="ruleSetHash"),
        records_hash=fields.sha256(found["recordsHash"], field="recordsHash"),
        entry=fields.number(found["entry"], field="entry") if "entry" in found else None,
    )


def _pseudonym(value: Any) -> str:
    """Return a subject's pseudonym; a credit code or a citizen's number is never one."""
    expected = "urn:ecorights:subject: and a pseudonym, which is no code of 18 characters"
    found = fields.matching(value, _SUBJECT, expected=expected, field="subject")
    if _LOOKS_LIKE_A_CODE.match(found.rpartition(":")[2]) is not None:
        raise fields.refused("subject", expected, value)
    return found


def _statuses(value: Any) -> tuple[StatusPlace, ...]:
    """Return where the statuses stand; revocation is always among them, and each purpose once."""
    places = []
    for each in fields.some(value, most=2, field="credentialStatus"):
        found = fields.members(each, required=_STATUS_MEMBERS, field="credentialStatus")
        field = "credentialStatus.type"
        fields.same(found["type"], ENTRY_TYPE, failure=Failure.TYPE_WRONG, field=field)
        place = StatusPlace(
            purpose=fields.text(found["statusPurpose"], field="statusPurpose"),
            list_url=fields.url(found["statusListCredential"], field="statusListCredential"),
            index=fields.number(found["statusListIndex"], field="statusListIndex"),
        )
        if found["id"] != f"{place.list_url}#{place.index}":
            expected = f"{place.list_url}#{place.index}"
            raise fields.refused("credentialStatus.id", expected, found["id"])
        places.append(place)
    if [each.purpose for each in places] not in ([REVOCATION], [REVOCATION, SUSPENSION]):
        expected = f"{REVOCATION}, then {SUSPENSION} if it is there"
        raise fields.refused("statusPurpose", expected, [each.purpose for each in places])
    return tuple(places)
