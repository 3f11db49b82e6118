"""How a review is asked for and answered, and how what is overdue is noted.

A review is answered by a named person of the operator or the regulator, and only by pointing: at
facts that stand, at facts that were revoked or repaired, at a rule set that was adopted. What it
points at has to be so already; no answer carries a score.
"""

from credit_scoring.archive.commands import Term
from credit_scoring.archive.decisions import DAY_FIRST, check_evidence, day_at, shown_day
from credit_scoring.archive.refusals import Reject as ArchiveReject
from credit_scoring.archive.state import StoredFact
from credit_scoring.rights.commands import (
    FACTS_NAMED_MAX,
    OVERDUE_MAX,
    AnswerReview,
    Clock,
    NoteOverdue,
    RequestReview,
    ReviewOutcome,
)
from credit_scoring.rights.effects import OverdueNoted, ReviewAnswered, ReviewRequested
from credit_scoring.rights.refusals import Reject
from credit_scoring.rights.state import Rights
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.refusals import Reject as LedgerReject
from ledger.shelf import RowKey


def reads_subject(state: Rights, command: RequestReview) -> list[RowKey]:
    """Declare the subject that asks."""
    return [state.archive.subjects.named(command.subject)]


def request_review(state: Rights, command: RequestReview, context: Context) -> Refusal | None:
    """Let a subject ask for a person; from here on its clock runs."""
    refusal = (
        _asker_fault(state, command, context)
        or _result_fault(state, command, today=day_at(context.at))
        or check_evidence(command.evidence)
    )
    if refusal is not None:
        return refusal
    context.emit(
        ReviewRequested(
            review=state.next.review,
            subject=command.subject,
            as_of=command.as_of,
            rule_set=command.rule_set,
            query=command.query,
            evidence=command.evidence,
            due=day_at(context.at) + state.archive.days(Term.REVIEW_DAYS),
            actor=context.actor.id,
        )
    )
    return None


def _asker_fault(state: Rights, command: RequestReview, context: Context) -> Refusal | None:
    subject = command.subject
    if subject in state.ledger.privacy.erasures:
        return Refusal(code=LedgerReject.PARTY_ERASED, field="subject", found=subject)
    if state.archive.subjects.get(subject) is None:
        return Refusal(code=ArchiveReject.SUBJECT_UNKNOWN, field="subject", found=subject)
    if context.actor.party != subject:
        return Refusal(code=Reject.REVIEW_NOT_OWN, field="subject", found=context.actor.party)
    running = state.review_of(subject)
    if running is None:
        return None
    expected = "one review at a time"
    return Refusal(
        code=Reject.REVIEW_OPEN, field="subject", expected=expected, found=str(running.id)
    )


def _result_fault(state: Rights, command: RequestReview, *, today: int) -> Refusal | None:
    """Refuse a result that nobody can have computed yet."""
    if not DAY_FIRST <= command.as_of <= today:
        return Refusal(
            code=Reject.REVIEW_DAY_UNFIT,
            field="as_of",
            expected=f"{shown_day(DAY_FIRST)} to {shown_day(today)}",
            found=shown_day(command.as_of),
        )
    return _version_fault(state, command.rule_set)


def _version_fault(state: Rights, version: str) -> Refusal | None:
    versions = [each.version for each in state.archive.adopted()]
    if version in versions:
        return None
    return Refusal(
        code=Reject.REVIEW_OUTCOME_UNFIT,
        field="rule_set",
        expected=f"an adopted version: {', '.join(versions) or 'there is none'}",
        found=version,
    )


def reads_named(state: Rights, command: AnswerReview) -> list[RowKey]:
    """Declare the facts that an answer points at, and what happened to them."""
    archive = state.archive
    named = command.facts[: FACTS_NAMED_MAX + 1]
    return [
        shelf.named(each.source, each.reference)
        for each in named
        for shelf in (archive.facts, archive.standings)
    ]


def answer_review(state: Rights, command: AnswerReview, context: Context) -> Refusal | None:
    """Answer a review by what is so, in the name of who answers."""
    review = state.reviews.get(command.review)
    if review is None:
        return Refusal(code=Reject.REVIEW_UNKNOWN, field="review", found=str(command.review))
    refusal = (
        _outcome_fault(state, command)
        or _facts_fault(state, command, subject=review.subject, reviewer=context.actor.id)
        or check_evidence(command.evidence)
    )
    if refusal is not None:
        return refusal
    context.emit(
        ReviewAnswered(
            review=review.id,
            outcome=command.outcome,
            facts=[f"{each.source}/{each.reference}" for each in command.facts],
            rule_set=command.rule_set,
            evidence=command.evidence,
            reviewer=context.actor.id,
        )
    )
    return None


def _outcome_fault(state: Rights, command: AnswerReview) -> Refusal | None:
    """Refuse an outcome that does not point at what it says."""
    # Facts that stand may be none: an index of the base alone rests on no fact.
    points = {ReviewOutcome.FACTS_REVOKED, ReviewOutcome.FACTS_REPAIRED}
    least = 1 if command.outcome in points else 0
    names = {(each.source, each.reference) for each in command.facts}
    if len(names) < len(command.facts) or not least <= len(names) <= FACTS_NAMED_MAX:
        expected = f"{least} to {FACTS_NAMED_MAX}, each once"
        return _unfit("facts", expected, str(len(command.facts)))
    if command.outcome is ReviewOutcome.RULE_SET_ADOPTED:
        return _version_fault(state, command.rule_set)
    if command.rule_set:
        return _unfit("rule_set", "none with this outcome", command.rule_set)
    return None


def _facts_fault(
    state: Rights, command: AnswerReview, *, subject: str, reviewer: str
) -> Refusal | None:
    for number, named in enumerate(command.facts):
        field = f"facts.{number}"
        fact = state.archive.seen(named.source, named.reference)
        if fact is None or fact.subject != subject:
            found = f"{named.source}/{named.reference}"
            return Refusal(code=ArchiveReject.FACT_UNKNOWN, field=field, found=found)
        if fact.actor == reviewer:
            expected = "somebody who did not record the fact"
            return Refusal(
                code=Reject.REVIEWER_INVOLVED,
                field=field,
                expected=expected,
                found=reviewer,
            )
        refusal = _state_fault(state, command.outcome, fact, field=field)
        if refusal is not None:
            return refusal
    return None


def _state_fault(
    state: Rights, outcome: ReviewOutcome, fact: StoredFact, *, field: str
) -> Refusal | None:
    """Refuse a fact that is not what the outcome says of it."""
    standing = state.archive.standing(fact.source, fact.reference)
    is_so = {
        ReviewOutcome.FACTS_STAND: not (standing.revoked or fact.is_erased),
        ReviewOutcome.FACTS_REVOKED: standing.revoked,
        ReviewOutcome.FACTS_REPAIRED: standing.repaired_on > 0,
        ReviewOutcome.RULE_SET_ADOPTED: True,
    }[outcome]
    if is_so:
        return None
    return _unfit(field, f"a fact of which {outcome.value} is true", fact.reference)


def _unfit(field: str, expected: str, found: str) -> Refusal:
    return Refusal(code=Reject.REVIEW_OUTCOME_UNFIT, field=field, expected=expected, found=found)


def note_overdue(state: Rights, command: NoteOverdue, context: Context) -> Refusal | None:
    """Note that answers are overdue, each once; the last day itself is not over."""
    numbers = command.numbers
    if not 0 < len(numbers) <= OVERDUE_MAX:
        expected = f"1 to {OVERDUE_MAX}"
        return _not_overdue("numbers", expected, str(len(numbers)))
    today = day_at(context.at)
    for place, number in enumerate(numbers):
        field = f"numbers.{place}"
        running = state.running(command.clock, number)
        if running is None:
            return _not_overdue(field, f"an open {command.clock.value}", str(number))
        subject, due = running
        if today <= due:
            return _not_overdue(field, f"one due before {shown_day(today)}", shown_day(due))
        if (command.clock.value, number) in state.overdue:
            return _not_overdue(field, "one that is not noted", str(number))
        context.emit(
            OverdueNoted(
                clock=Clock(command.clock),
                number=number,
                subject=subject,
                due=due,
                actor=context.actor.id,
            )
        )
    return None


def _not_overdue(field: str, expected: str, found: str) -> Refusal:
    return Refusal(code=Reject.OVERDUE_UNFIT, field=field, expected=expected, found=found)
