"""What can happen to accounts and citations, and how each thing that happened changes their state.

A fold reads no document: an entry of any age gives the same rows.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from gep.publishing.commands import CitationOutcome, CitedFor, ReviewOutcome
from gep.publishing.state import (
    Accounts,
    Citation,
    CountingAccount,
    StoredAccount,
    StoredDocument,
)
from gep.publishing.status import Status
from kernel.errors import InvariantBroken
from ledger.effects import Effect


class GepAccountDrafted(Effect, frozen=True, kw_only=True, tag="gep_account_drafted"):
    """An account waits for its review; ``plan`` is the SHA-256 of its plan, ``total`` in fen."""

    account: str
    plan: str
    id: str
    area: str
    year: int
    price_year: int
    profile: str
    edition: str
    parameter_set: str
    parameter_set_hash: str
    total: int
    overrides: int
    supersedes: str
    actor: str
    party: str
    document: str
    plan_document: str


class GepAccountReviewed(Effect, frozen=True, kw_only=True, tag="gep_account_reviewed"):
    """A draft was found good, or was returned."""

    account: str
    outcome: ReviewOutcome
    note: str
    actor: str


class GepAccountApproved(Effect, frozen=True, kw_only=True, tag="gep_account_approved"):
    """Two people approved an account: ``actor`` proposed it, ``checker`` approved."""

    account: str
    decision: str
    actor: str
    checker: str


class GepAccountPublished(Effect, frozen=True, kw_only=True, tag="gep_account_published"):
    """An account counts; citations of the one that it supersedes wait for their review."""

    account: str
    supersedes: str


class GepAccountWithdrawn(Effect, frozen=True, kw_only=True, tag="gep_account_withdrawn"):
    """An account will not be published."""

    account: str
    actor: str


class GepAccountCited(Effect, frozen=True, kw_only=True, tag="gep_account_cited"):
    """A party relies on an account."""

    account: str
    party: str
    reference: str
    purpose: CitedFor
    actor: str


class GepCitationSettled(Effect, frozen=True, kw_only=True, tag="gep_citation_settled"):
    """A citation was kept beside the account that counts now, ``seen``, or has ended."""

    account: str
    party: str
    reference: str
    outcome: CitationOutcome
    seen: str


def account_drafted(state: Accounts, effect: GepAccountDrafted) -> None:
    """Put the account and its documents on their shelves."""
    journal = state.ledger.journal
    made = StoredAccount(
        account=effect.account,
        plan=effect.plan,
        id=effect.id,
        area=effect.area,
        year=effect.year,
        price_year=effect.price_year,
        profile=effect.profile,
        edition=effect.edition,
        parameter_set=effect.parameter_set,
        parameter_set_hash=effect.parameter_set_hash,
        total=effect.total,
        overrides=effect.overrides,
        supersedes=effect.supersedes,
        drafted_by=effect.actor,
        drafted_for=effect.party,
        entry=state.ledger.entry,
    )
    state.accounts.put(journal, made)
    if state.documents.get(effect.account, effect.plan) is None:
        whole = StoredDocument(effect.account, effect.plan, effect.document, effect.plan_document)
        state.documents.put(journal, whole)


def account_reviewed(state: Accounts, effect: GepAccountReviewed) -> None:
    """Note what the reviewer found."""
    accepted = effect.outcome is ReviewOutcome.ACCEPTED
    _change(
        state,
        effect.account,
        status=(Status.REVIEWED if accepted else Status.RETURNED).value,
        reviewed_by=effect.actor,
        note=effect.note,
        reviewed_in=state.ledger.entry,
    )


def account_approved(state: Accounts, effect: GepAccountApproved) -> None:
    """Note who approved."""
    _change(
        state,
        effect.account,
        status=Status.APPROVED.value,
        approved_by=effect.checker,
        decision=effect.decision,
        approved_in=state.ledger.entry,
    )


def account_published(state: Accounts, effect: GepAccountPublished) -> None:
    """Let the account count, and link what it supersedes to it."""
    entry = state.ledger.entry
    made = _change(state, effect.account, status=Status.PUBLISHED.value, published_in=entry)
    if effect.supersedes:
        _change(state, effect.supersedes, superseded_by=effect.account)
    counting = CountingAccount(*made.place, effect.account, entry)
    state.counting.put(state.ledger.journal, counting)


def account_withdrawn(state: Accounts, effect: GepAccountWithdrawn) -> None:
    """Note that the account was taken back."""
    _change(state, effect.account, status=Status.WITHDRAWN.value)


def account_cited(state: Accounts, effect: GepAccountCited) -> None:
    """Put the citation on its shelf."""
    ledger = state.ledger
    made = Citation(
        effect.account,
        effect.party,
        effect.reference,
        effect.purpose.value,
        effect.actor,
        ledger.entry,
        ledger.at,
        effect.account,
    )
    state.citations.put(ledger.journal, made)


def citation_settled(state: Accounts, effect: GepCitationSettled) -> None:
    """Note beside which account the citation was kept, or that it ended."""
    found = state.citations.get(effect.account, effect.party, effect.reference)
    if found is None:
        raise InvariantBroken(f"{effect.party} never cited {effect.account}")
    ended = state.ledger.entry if effect.outcome is CitationOutcome.ENDED else None
    settled = msgspec.structs.replace(found, seen=effect.seen, ended_in=ended)
    state.citations.put(state.ledger.journal, settled)


def _change(state: Accounts, account: str, **changes: Any) -> StoredAccount:
    found = state.accounts.get(account)
    if found is None:
        raise InvariantBroken(f"account {account} was never drafted")
    made = msgspec.structs.replace(found, **changes)
    state.accounts.put(state.ledger.journal, made)
    return made


FOLDS: Mapping[type[Effect], Any] = {
    GepAccountDrafted: account_drafted,
    GepAccountReviewed: account_reviewed,
    GepAccountApproved: account_approved,
    GepAccountPublished: account_published,
    GepAccountWithdrawn: account_withdrawn,
    GepAccountCited: account_cited,
    GepCitationSettled: citation_settled,
}
