"""When a fact's legal period is over, and how its content is erased.

The period runs from the fact's own day, which for persons is the end of the behaviour. It is data,
by kind of subject, and only what deducts has one. Nothing is erased while somebody still argues
about it or a law wants it kept. A consent holds nothing up: no bank's wish to read prolongs a
period that the law has ended.
"""

from credit_scoring.archive.commands import Months
from credit_scoring.archive.decisions import day_at, shown_day
from credit_scoring.archive.refusals import Reject as ArchiveReject
from credit_scoring.archive.state import Archive, StoredFact
from credit_scoring.dates import add_months_to_ordinal
from credit_scoring.records import SubjectKind
from credit_scoring.rights.commands import FACTS_ERASED_MAX, EraseFacts
from credit_scoring.rights.effects import FactErased
from credit_scoring.rights.refusals import Reject
from credit_scoring.rights.state import Rights
from credit_scoring.rule_sets.rule_set import Direction, RuleSet
from kernel.errors import ensure
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.shelf import RowKey

KEPT = {
    SubjectKind.ENTERPRISE: Months.ENTERPRISE_KEPT,
    SubjectKind.VILLAGE: Months.VILLAGE_KEPT,
    SubjectKind.PERSON: Months.PERSON_KEPT,
}


def erasable_rules(sets: list[RuleSet], kind: SubjectKind) -> list[str]:
    """Return the rules of a kind whose facts deduct, as the newest set that has one words it."""
    newest = {name: rule for each in sets for name, rule in each.rules.items()}
    found = (r for r in newest.values() if r.subject is kind and r.direction is Direction.MINUS)
    return sorted(rule.id for rule in found)


def erased_from(on: int, *, months: int) -> int | None:
    """Return the first day on which a fact may be erased, ``None`` where it is kept for good."""
    return add_months_to_ordinal(on, months) if months else None


def last_due(day: int, *, months: int) -> int:
    """Return the last day of facts that may be erased on a day, after a period of months.

    Months clamp, so that the facts of several days may fall due on one.
    """
    on = add_months_to_ordinal(day, -months)
    while add_months_to_ordinal(on + 1, months) <= day:
        on += 1
    while add_months_to_ordinal(on, months) > day:
        on -= 1
    ensure(add_months_to_ordinal(on, months) <= day, "the day found is due")
    return on


def reads_erased(state: Rights, command: EraseFacts) -> list[RowKey]:
    """Declare the subject, the facts, and what happened to them."""
    archive = state.archive
    rows = [archive.subjects.named(command.subject)]
    if len(command.facts) <= FACTS_ERASED_MAX:
        for each in command.facts:
            rows.append(archive.facts.named(each.source, each.reference))
            rows.append(archive.standings.named(each.source, each.reference))
    return rows


def erase_facts(state: Rights, command: EraseFacts, context: Context) -> Refusal | None:
    """Erase the content of facts whose period is over, all of them or none."""
    names = {(each.source, each.reference) for each in command.facts}
    if not 0 < len(names) <= FACTS_ERASED_MAX or len(names) < len(command.facts):
        return Refusal(
            code=Reject.ERASURE_COUNT_UNFIT,
            field="facts",
            expected=f"1 to {FACTS_ERASED_MAX}, each once",
            found=str(len(command.facts)),
        )
    subject = state.archive.subjects.get(command.subject)
    if subject is None:
        found = command.subject
        return Refusal(code=ArchiveReject.SUBJECT_UNKNOWN, field="subject", found=found)
    refusal = _held(state, command.subject, at=context.at)
    if refusal is not None:
        return refusal
    months = state.archive.months(KEPT[SubjectKind(subject.kind)])
    for number, each in enumerate(command.facts):
        field = f"facts.{number}"
        fact = state.archive.facts.get(each.source, each.reference)
        if fact is None or fact.subject != command.subject:
            found = f"{each.source}/{each.reference}"
            return Refusal(code=ArchiveReject.FACT_UNKNOWN, field=field, found=found)
        refusal = _fact_fault(
            state.archive, fact, months=months, today=day_at(context.at), field=field
        )
        if refusal is not None:
            return refusal
        context.emit(
            FactErased(
                subject=command.subject,
                source=fact.source,
                reference=fact.reference,
                actor=context.actor.id,
            )
        )
    return None


def _held(state: Rights, subject: str, *, at: int) -> Refusal | None:
    """Refuse what a review or a law still needs."""
    review = state.review_of(subject)
    found = None if review is None else f"review {review.id}"
    rule = None
    retention = state.ledger.privacy.retentions.get(subject)
    if retention is not None and retention.until > at:
        found, rule = f"kept until {shown_day(day_at(retention.until))}", retention.source
    if found is None:
        return None
    expected = "no open review, and no law that wants the records kept"
    return Refusal(
        code=Reject.ERASURE_HELD, field="subject", expected=expected, found=found, rule=rule
    )


def _fact_fault(
    archive: Archive, fact: StoredFact, *, months: int, today: int, field: str
) -> Refusal | None:
    if fact.is_erased:
        return Refusal(code=ArchiveReject.FACT_ERASED, field=field, found=fact.reference)
    rule = archive.rule(fact.rule)
    deducts = rule is not None and rule.direction is Direction.MINUS
    due = erased_from(fact.on, months=months) if deducts else None
    if due is None or today < due:
        expected = "a fact with an end of its period" if due is None else f"{shown_day(due)}"
        return Refusal(
            code=Reject.ERASURE_NOT_DUE, field=field, expected=expected, found=shown_day(today)
        )
    objection = archive.standing(fact.source, fact.reference).objection
    if objection is None:
        return None
    return Refusal(
        code=Reject.ERASURE_HELD,
        field=field,
        expected="a fact without an open objection",
        found=f"objection {objection}",
    )
