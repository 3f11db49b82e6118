"""What can happen to valuations, and how each thing that happened changes their state.

A fold reads no document: an entry of any age gives the same rows.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from gep.publishing.commands import ReviewOutcome
from gep.publishing.state import Accounts
from gep.publishing.status import Status
from gep.publishing.valuations.rows import (
    CountingValuation,
    StoredValuation,
    StoredValuationDocument,
)
from kernel.errors import InvariantBroken
from ledger.effects import Effect


class GepValuationDrafted(Effect, frozen=True, kw_only=True, tag="gep_valuation_drafted"):
    """A valuation waits for its review; ``project`` is the SHA-256 of its project, values in fen.

    ``market_p10`` is what nine of ten draws exceed.
    """

    valuation: str
    project: str
    id: str
    name: str
    area: str
    valued_on: str
    years: int
    right_years: int
    gain: int
    market: int
    market_p10: int | None
    account_with: str
    account_without: str
    supersedes: str
    actor: str
    party: str
    document: str
    project_document: str


class GepValuationReviewed(Effect, frozen=True, kw_only=True, tag="gep_valuation_reviewed"):
    """A valuation was found good, or was returned; ``second`` if it was found good before."""

    valuation: str
    outcome: ReviewOutcome
    note: str
    actor: str
    party: str
    second: bool


class GepValuationApproved(Effect, frozen=True, kw_only=True, tag="gep_valuation_approved"):
    """Two people approved a valuation: ``actor`` proposed it, ``checker`` approved."""

    valuation: str
    decision: str
    actor: str
    checker: str


class GepValuationPublished(Effect, frozen=True, kw_only=True, tag="gep_valuation_published"):
    """A valuation counts; citations of the one that it supersedes wait for their review."""

    valuation: str
    supersedes: str


class GepValuationWithdrawn(Effect, frozen=True, kw_only=True, tag="gep_valuation_withdrawn"):
    """A valuation will not be published."""

    valuation: str
    actor: str


def valuation_drafted(state: Accounts, effect: GepValuationDrafted) -> None:
    """Put the valuation and its documents on their shelves."""
    journal = state.ledger.journal
    made = StoredValuation(
        valuation=effect.valuation,
        project=effect.project,
        id=effect.id,
        name=effect.name,
        area=effect.area,
        valued_on=effect.valued_on,
        years=effect.years,
        right_years=effect.right_years,
        gain=effect.gain,
        market=effect.market,
        market_p10=effect.market_p10,
        account_with=effect.account_with,
        account_without=effect.account_without,
        supersedes=effect.supersedes,
        drafted_by=effect.actor,
        drafted_for=effect.party,
        entry=state.ledger.entry,
    )
    state.valuations.put(journal, made)
    if state.valuation_documents.get(effect.valuation, effect.project) is None:
        whole = StoredValuationDocument(
            effect.valuation, effect.project, effect.document, effect.project_document
        )
        state.valuation_documents.put(journal, whole)


def valuation_reviewed(state: Accounts, effect: GepValuationReviewed) -> None:
    """Note what the first or the second reviewer found."""
    accepted = effect.outcome is ReviewOutcome.ACCEPTED
    status = (Status.REVIEWED if accepted else Status.RETURNED).value
    entry = state.ledger.entry
    if effect.second:
        _change(
            state,
            effect.valuation,
            status=status,
            second_reviewed_by=effect.actor,
            second_note=effect.note,
            second_reviewed_in=entry,
        )
    else:
        _change(
            state,
            effect.valuation,
            status=status,
            reviewed_by=effect.actor,
            reviewed_for=effect.party,
            note=effect.note,
            reviewed_in=entry,
        )


def valuation_approved(state: Accounts, effect: GepValuationApproved) -> None:
    """Note who approved."""
    _change(
        state,
        effect.valuation,
        status=Status.APPROVED.value,
        approved_by=effect.checker,
        decision=effect.decision,
        approved_in=state.ledger.entry,
    )


def valuation_published(state: Accounts, effect: GepValuationPublished) -> None:
    """Let the valuation count, and link what it supersedes to it."""
    entry = state.ledger.entry
    made = _change(state, effect.valuation, status=Status.PUBLISHED.value, published_in=entry)
    if effect.supersedes:
        _change(state, effect.supersedes, superseded_by=effect.valuation)
    counting = CountingValuation(made.id, effect.valuation, entry)
    state.valued.put(state.ledger.journal, counting)


def valuation_withdrawn(state: Accounts, effect: GepValuationWithdrawn) -> None:
    """Note that the valuation was taken back."""
    _change(state, effect.valuation, status=Status.WITHDRAWN.value)


def _change(state: Accounts, valuation: str, **changes: Any) -> StoredValuation:
    found = state.valuations.get(valuation)
    if found is None:
        raise InvariantBroken(f"valuation {valuation} was never drafted")
    made = msgspec.structs.replace(found, **changes)
    state.valuations.put(state.ledger.journal, made)
    return made


FOLDS: Mapping[type[Effect], Any] = {
    GepValuationDrafted: valuation_drafted,
    GepValuationReviewed: valuation_reviewed,
    GepValuationApproved: valuation_approved,
    GepValuationPublished: valuation_published,
    GepValuationWithdrawn: valuation_withdrawn,
}
