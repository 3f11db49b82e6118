"""What can happen to credentials, and how each thing that happened changes the state."""

from collections.abc import Callable, Mapping
from typing import Any

from credit_scoring.credentials.commands import RevocationReason
from credit_scoring.credentials.state import Credentials, Given, IssuerTerms
from credit_scoring.records import SubjectKind
from ledger.deciding import record_decision
from ledger.effects import Effect
from ledger.journal import create


class CredentialIssuerDefined(Effect, frozen=True, kw_only=True, tag="credential_issuer_defined"):
    """Credentials are issued in this name, and their lists stand here, from here on."""

    issuer: str
    base: str


class CredentialIssued(Effect, frozen=True, kw_only=True, tag="credential_issued"):
    """A credential was issued, with its place in a list for each status that it can take."""

    credential: str
    issuer: str
    base: str
    list: int
    place: int
    subject: str
    subject_kind: SubjectKind
    grade: str
    colour: str
    as_of: int
    rule_set_version: str
    rule_set_hash: str
    records_hash: str
    score_entry: int | None
    valid_from: int
    valid_until: int
    suspendable: bool


class CredentialRevoked(Effect, frozen=True, kw_only=True, tag="credential_revoked"):
    """A credential is taken back for ever."""

    credential: str
    reason: RevocationReason


class CredentialSuspended(Effect, frozen=True, kw_only=True, tag="credential_suspended"):
    """A credential is set aside."""

    credential: str


class CredentialResumed(Effect, frozen=True, kw_only=True, tag="credential_resumed"):
    """A suspension has ended."""

    credential: str


def given_of(effect: CredentialIssued, *, entry: int) -> Given:
    """Return the credential that an effect issues."""
    return Given(
        id=effect.credential,
        entry=entry,
        issuer=effect.issuer,
        base=effect.base,
        list=effect.list,
        place=effect.place,
        subject=effect.subject,
        subject_kind=effect.subject_kind.value,
        grade=effect.grade,
        colour=effect.colour,
        as_of=effect.as_of,
        rule_set_version=effect.rule_set_version,
        rule_set_hash=effect.rule_set_hash,
        records_hash=effect.records_hash,
        score_entry=effect.score_entry,
        valid_from=effect.valid_from,
        valid_until=effect.valid_until,
        suspendable=effect.suspendable,
    )


def issuer_defined(state: Credentials, effect: CredentialIssuerDefined) -> None:
    """Put the issuer's name and place in force."""
    journal = state.ledger.journal
    if state.terms:
        terms = state.terms[0]
        journal.append((terms, terms.issuer, terms.base))
        terms.restore(effect.issuer, effect.base)
    else:
        terms = IssuerTerms(number=0, issuer=effect.issuer, base=effect.base)
        create(journal, state.terms, key=0, value=terms)
    record_decision(state.ledger, kind="credential_issuer", subject="venue", terms=effect)


def issued(state: Credentials, effect: CredentialIssued) -> None:
    """Add a credential and take its place."""
    state.issue(given_of(effect, entry=state.ledger.entry))


def revoked(state: Credentials, effect: CredentialRevoked) -> None:
    """Note since when a credential is revoked, and why."""
    state.change(effect.credential, revoked_at=state.ledger.at, reason=effect.reason.value)


def suspended(state: Credentials, effect: CredentialSuspended) -> None:
    """Note since when a credential is set aside."""
    state.change(effect.credential, suspended_at=state.ledger.at)


def resumed(state: Credentials, effect: CredentialResumed) -> None:
    """Note that a credential is no longer suspended."""
    state.change(effect.credential, suspended_at=None)


FOLDS: Mapping[type[Effect], Callable[[Any, Any], None]] = {
    CredentialIssuerDefined: issuer_defined,
    CredentialIssued: issued,
    CredentialRevoked: revoked,
    CredentialSuspended: suspended,
    CredentialResumed: resumed,
}
