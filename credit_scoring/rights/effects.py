"""What can happen to the rights of a subject, and how each thing changes the state."""

from collections.abc import Mapping
from typing import Any

import msgspec

from credit_scoring.archive.state import ERASED
from credit_scoring.rights.commands import Clock, Correction, ReviewOutcome, Shown
from credit_scoring.rights.state import (
    ANSWERED,
    ErasedFact,
    NotedOverdue,
    Notice,
    Review,
    Rights,
)
from ledger.effects import Effect
from ledger.journal import create, remove

NO_DIGEST = "0" * 64


class ReviewRequested(Effect, frozen=True, kw_only=True, tag="credit_review_requested"):
    """A subject asks for a person; the answer is due on a day."""

    review: int
    subject: str
    as_of: int
    rule_set: str
    query: int | None
    evidence: str
    due: int
    actor: str


class ReviewAnswered(Effect, frozen=True, kw_only=True, tag="credit_review_answered"):
    """A named person has looked at the result, and says what it rests on."""

    review: int
    outcome: ReviewOutcome
    facts: list[str]
    rule_set: str
    evidence: str
    reviewer: str


class OverdueNoted(Effect, frozen=True, kw_only=True, tag="credit_overdue_noted"):
    """An objection or a review has no answer although its day is over."""

    clock: Clock
    number: int
    subject: str
    due: int
    actor: str


class NoticeRaised(Effect, frozen=True, kw_only=True, tag="credit_notice_raised"):
    """A recipient is told that a correction changes what it was answered."""

    recipient: str
    subject: str
    source: str
    reference: str
    correction: Correction
    query: int
    parts: list[str]
    before: Shown
    after: Shown


class NoticeAcknowledged(Effect, frozen=True, kw_only=True, tag="credit_notice_acknowledged"):
    """A notice has arrived."""

    recipient: str
    source: str
    reference: str
    correction: Correction
    actor: str


class FactErased(Effect, frozen=True, kw_only=True, tag="credit_fact_erased"):
    """Of a fact only its name is left."""

    subject: str
    source: str
    reference: str
    actor: str


def review_requested(state: Rights, effect: ReviewRequested) -> None:
    """Add the review to those that are open."""
    journal = state.ledger.journal
    review = Review(
        id=effect.review,
        subject=effect.subject,
        as_of=effect.as_of,
        rule_set=effect.rule_set,
        query=effect.query,
        evidence=effect.evidence,
        actor=effect.actor,
        requested_at=state.ledger.at,
        due=effect.due,
    )
    journal.append((state.next, state.next.review))
    state.next.review = effect.review + 1
    create(journal, state.reviews, key=review.id, value=review)


def review_answered(state: Rights, effect: ReviewAnswered) -> None:
    """Let the review leave with its answer."""
    journal = state.ledger.journal
    answered = msgspec.structs.replace(
        state.reviews[effect.review],
        state=ANSWERED,
        answered_at=state.ledger.at,
        reviewer=effect.reviewer,
        outcome=effect.outcome.value,
        facts=effect.facts,
        adopted=effect.rule_set,
        answer=effect.evidence,
    )
    remove(journal, state.reviews, key=effect.review)
    create(journal, state.reviews, key=effect.review, value=answered)
    remove(journal, state.reviews, key=effect.review)


def overdue_noted(state: Rights, effect: OverdueNoted) -> None:
    """Note it, for good."""
    ledger = state.ledger
    noted = NotedOverdue(
        effect.clock.value,
        effect.number,
        effect.subject,
        effect.due,
        ledger.entry,
        ledger.at,
        effect.actor,
    )
    create(ledger.journal, state.overdue, key=(noted.clock, noted.number), value=noted)


def notice_raised(state: Rights, effect: NoticeRaised) -> None:
    """Put the notice on its shelf."""
    ledger = state.ledger
    notice = Notice(
        recipient=effect.recipient,
        source=effect.source,
        reference=effect.reference,
        correction=effect.correction.value,
        subject=effect.subject,
        query=effect.query,
        parts=",".join(effect.parts),
        grade_before=effect.before.grade,
        index_before=effect.before.credit_index,
        grade_after=effect.after.grade,
        index_after=effect.after.credit_index,
        entry=ledger.entry,
        raised_at=ledger.at,
    )
    state.notices.put(ledger.journal, notice)


def notice_acknowledged(state: Rights, effect: NoticeAcknowledged) -> None:
    """Note who read the notice, and when."""
    ledger = state.ledger
    key = (effect.recipient, effect.source, effect.reference, effect.correction.value)
    notice = state.notices.get(*key)
    assert notice is not None
    read = msgspec.structs.replace(notice, acknowledged_at=ledger.at, acknowledged_by=effect.actor)
    state.notices.put(ledger.journal, read)


def fact_erased(state: Rights, effect: FactErased) -> None:
    """Leave of the fact its name, its subject, and where and when it came."""
    ledger, archive = state.ledger, state.archive
    fact = archive.facts.get(effect.source, effect.reference)
    assert fact is not None
    emptied = msgspec.structs.replace(
        fact, rule=ERASED, on=0, quantity=1, incident="", evidence=NO_DIGEST, file="", actor=""
    )
    archive.facts.put(ledger.journal, emptied)
    row = (effect.subject, effect.source, effect.reference, fact.at, effect.actor)
    ledger.journal.append((ErasedFact(ledger.entry, ledger.ordinal, ledger.at, *row),))
    ledger.ordinal += 1


FOLDS: Mapping[type[Effect], Any] = {
    ReviewRequested: review_requested,
    ReviewAnswered: review_answered,
    OverdueNoted: overdue_noted,
    NoticeRaised: notice_raised,
    NoticeAcknowledged: notice_acknowledged,
    FactErased: fact_erased,
}
