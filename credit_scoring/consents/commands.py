"""What can be asked about consents and queries, as plain data. Days are ordinals, both ends in."""

from enum import StrEnum

from ledger.commands import Command

# Consents of one subject, bank and purpose that are not over yet; they lie in one row.
CONSENTS_AHEAD_MAX = 24


class QueryPurpose(StrEnum):
    """What a bank reads a subject's credit for; a consent names one (约定用途)."""

    ECO_CREDIT_LOAN = "eco_credit_loan"
    LOAN_MONITORING = "loan_monitoring"
    GUARANTEE = "guarantee"


class ScopeItem(StrEnum):
    """A part of an answer. The day it is of goes with every answer; facts are listed in none."""

    GRADE = "grade"
    REASONS = "reasons"
    INDEX = "index"
    SUB_INDICES = "sub_indices"
    IMPROVE = "improve"


# What a consent gives where it names nothing: no index and no list of facts.
SCOPE_BY_DEFAULT = (ScopeItem.GRADE, ScopeItem.REASONS)


class GrantConsent(Command, frozen=True, kw_only=True, tag="credit_grant_consent"):
    """Let a bank read one's credit for a purpose, on the days from ``day_from`` to ``day_to``.

    ``evidence`` is the SHA-256 of the signed document. For a village its committee's key asks.
    """

    subject: str
    grantee: str
    purpose: QueryPurpose
    scope: list[ScopeItem]
    day_from: int
    day_to: int
    evidence: str


class RevokeConsent(Command, frozen=True, kw_only=True, tag="credit_revoke_consent"):
    """End a consent now. Whose, for whom and for what say where it lies, and must fit it."""

    subject: str
    grantee: str
    purpose: QueryPurpose
    consent: int


class LogQuery(Command, frozen=True, kw_only=True, tag="credit_log_query"):
    """Ask to read a subject's credit as ``bank``; the answer exists and waits for the decision.

    ``scope`` are the parts that it has; ``as_of`` its day, ``known_at`` the instant up to which
    records count; ``answer_hash`` commits to it with a nonce (``answer.py``), so that a hash alone
    tells nothing.
    """

    subject: str
    bank: str
    purpose: QueryPurpose
    scope: list[ScopeItem]
    as_of: int
    known_at: int
    rule_set: str
    rule_set_hash: str
    answer_hash: str
