"""What can happen to consents and queries, and how each thing that happened changes their state."""

from collections.abc import Mapping
from typing import Any

from credit_scoring.consents.commands import QueryPurpose, ScopeItem
from credit_scoring.consents.consent_line import Span
from credit_scoring.consents.days import begin_of
from credit_scoring.consents.refusals import QueryRefusal
from credit_scoring.consents.state import (
    Consents,
    GrantedConsent,
    LoggedQuery,
    RevokedConsent,
)
from ledger.effects import Effect


class ConsentGranted(Effect, frozen=True, kw_only=True, tag="credit_consent_granted"):
    """A bank may read a subject's credit on these days, both ends included."""

    consent: int
    subject: str
    grantee: str
    purpose: QueryPurpose
    scope: list[ScopeItem]
    day_from: int
    day_to: int
    evidence: str
    actor: str


class ConsentRevoked(Effect, frozen=True, kw_only=True, tag="credit_consent_revoked"):
    """A consent ended now, by its subject."""

    consent: int
    subject: str
    grantee: str
    purpose: QueryPurpose
    actor: str


class CreditQueried(Effect, frozen=True, kw_only=True, tag="credit_queried"):
    """A bank asked: under ``consent`` the answer goes out, with ``refusal`` it does not."""

    query: int
    subject: str
    bank: str
    purpose: QueryPurpose
    scope: list[ScopeItem]
    consent: int | None
    refusal: QueryRefusal | None
    rule_set: str
    rule_set_hash: str
    as_of: int
    known_at: int
    answer_hash: str
    actor: str


def consent_granted(state: Consents, effect: ConsentGranted) -> None:
    """Put a consent on its line, from now on at the earliest; what is over leaves, but the last."""
    ledger = state.ledger
    state.number(consent=effect.consent)
    state.write(
        GrantedConsent(
            effect.consent,
            ledger.entry,
            ledger.at,
            effect.subject,
            effect.grantee,
            effect.purpose.value,
            [item.value for item in effect.scope],
            effect.day_from,
            effect.day_to,
            effect.evidence,
            effect.actor,
        )
    )
    span = Span(
        consent=effect.consent,
        begins=max(begin_of(effect.day_from), ledger.at),
        ends=begin_of(effect.day_to + 1),
        scope=tuple(effect.scope),
    )
    line = state.line(effect.subject, effect.grantee, effect.purpose)
    state.lines.put(ledger.journal, line.granted(span, at=ledger.at))


def consent_revoked(state: Consents, effect: ConsentRevoked) -> None:
    """End a consent on its line."""
    ledger = state.ledger
    state.write(
        RevokedConsent(ledger.entry, ledger.ordinal, ledger.at, effect.consent, effect.actor)
    )
    ledger.ordinal += 1
    line = state.line(effect.subject, effect.grantee, effect.purpose)
    state.lines.put(ledger.journal, line.revoked(effect.consent, at=ledger.at))


def queried(state: Consents, effect: CreditQueried) -> None:
    """Add a query to the log."""
    ledger = state.ledger
    state.number(query=effect.query)
    state.write(
        LoggedQuery(
            effect.query,
            ledger.entry,
            ledger.at,
            effect.actor,
            effect.bank,
            effect.subject,
            effect.purpose.value,
            [item.value for item in effect.scope],
            effect.consent,
            "" if effect.refusal is None else effect.refusal.value,
            effect.rule_set,
            effect.rule_set_hash,
            effect.as_of,
            effect.known_at,
            effect.answer_hash,
        )
    )


FOLDS: Mapping[type[Effect], Any] = {
    ConsentGranted: consent_granted,
    ConsentRevoked: consent_revoked,
    CreditQueried: queried,
}
