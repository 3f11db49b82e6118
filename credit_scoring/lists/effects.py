"""What can happen to lists, and how each thing that happened changes their state."""

from collections.abc import Mapping
from typing import Any

from credit_scoring.lists.commands import LeavingReason, Sign
from credit_scoring.lists.state import Listing, Lists, SubjectList
from credit_scoring.records import SubjectKind
from ledger.effects import Effect
from ledger.journal import create, remove


class ListDefined(Effect, frozen=True, kw_only=True, tag="credit_list_defined"):
    """There is a list."""

    list_name: str
    sign: Sign
    subject_kind: SubjectKind
    rules: list[str]
    months: int
    published: bool
    basis: str
    decision: str


class ListEntered(Effect, frozen=True, kw_only=True, tag="credit_list_entered"):
    """A subject is on a list on these days."""

    listing: int
    list_name: str
    subject: str
    day_from: int
    day_to: int
    source: str
    reference: str
    decision: str
    evidence: str
    actor: str


class ListLeft(Effect, frozen=True, kw_only=True, tag="credit_list_left"):
    """A subject is off a list from a day on."""

    listing: int
    list_name: str
    subject: str
    day: int
    reason: LeavingReason
    decision: str
    evidence: str
    actor: str


def list_defined(state: Lists, effect: ListDefined) -> None:
    """Add the list."""
    made = SubjectList(
        list_name=effect.list_name,
        sign=effect.sign.value,
        subject_kind=effect.subject_kind.value,
        rules=effect.rules,
        months=effect.months,
        published=effect.published,
        basis=effect.basis,
        decision=effect.decision,
        entry=state.ledger.entry,
    )
    create(state.ledger.journal, state.lists, key=made.list_name, value=made)


def list_entered(state: Lists, effect: ListEntered) -> None:
    """Add the stay; one before it, which holds no more, leaves memory."""
    journal = state.ledger.journal
    listing = Listing(
        id=effect.listing,
        list_name=effect.list_name,
        subject=effect.subject,
        day_from=effect.day_from,
        day_to=effect.day_to,
        source=effect.source,
        reference=effect.reference,
        decision=effect.decision,
        evidence=effect.evidence,
        actor=effect.actor,
        entry=state.ledger.entry,
    )
    journal.append((state.next, state.next.listing))
    state.next.listing = effect.listing + 1
    key = (listing.list_name, listing.subject)
    if key in state.listings:
        remove(journal, state.listings, key=key)
    create(journal, state.listings, key=key, value=listing)


def list_left(state: Lists, effect: ListLeft) -> None:
    """Note from when on and why the stay holds no more."""
    listing = state.listings[effect.list_name, effect.subject]
    listing.note(state.ledger.journal)
    listing.left_on = effect.day
    listing.reason = effect.reason.value
    listing.left_by = effect.actor
    listing.left_decision = effect.decision
    listing.left_evidence = effect.evidence


FOLDS: Mapping[type[Effect], Any] = {
    ListDefined: list_defined,
    ListEntered: list_entered,
    ListLeft: list_left,
}
