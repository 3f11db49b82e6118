"""How what happens to a fact later is decided: repair, revocation, objection and its answer."""

from datetime import date

from credit_scoring.archive.commands import (
    DecideObjection,
    ObjectionOutcome,
    OpenObjection,
    RepairFact,
    RevokeFact,
    Term,
)
from credit_scoring.archive.decisions import (
    check_day,
    check_evidence,
    day_at,
    department_of,
    may_report,
    shown_day,
)
from credit_scoring.archive.effects import (
    FactRepaired,
    FactRevoked,
    ObjectionDecided,
    ObjectionOpened,
)
from credit_scoring.archive.refusals import Reject
from credit_scoring.archive.state import Archive, Objection, StoredFact
from credit_scoring.dates import add_months_to_ordinal
from credit_scoring.rule_sets.errors import RuleSetMissing
from credit_scoring.rule_sets.rule_set import RepairPeriods, Rule, rule_set_in_force
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.shelf import RowKey

OfFact = RepairFact | RevokeFact | OpenObjection


def reads_fact(state: Archive, command: OfFact) -> list[RowKey]:
    """Declare the fact and what happened to it."""
    return _rows_of(state, command.source, command.reference)


def _rows_of(state: Archive, source: str, reference: str) -> list[RowKey]:
    return [state.facts.named(source, reference), state.standings.named(source, reference)]


def _live_fact(
    state: Archive, source: str, reference: str
) -> tuple[StoredFact | None, Refusal | None]:
    """Return a fact that was not revoked, or why there is none."""
    fact = state.seen(source, reference)
    if fact is None:
        found = f"{source} {reference}"
        return None, Refusal(code=Reject.FACT_UNKNOWN, field="reference", found=found)
    if fact.is_erased:
        return None, Refusal(code=Reject.FACT_ERASED, field="reference", found=reference)
    if state.standing(source, reference).revoked:
        return None, Refusal(code=Reject.FACT_REVOKED, field="reference", found=reference)
    return fact, None


def _department_fault(state: Archive, fact: StoredFact, context: Context) -> Refusal | None:
    """Refuse an actor whose department may not report the fact's rule."""
    department, refusal = department_of(state, context)
    if department is None:
        return refusal
    return may_report(department, fact.rule, field="reference")


def repair_fact(state: Archive, command: RepairFact, context: Context) -> Refusal | None:
    """Repair a fact's credit, once, and not before its class's shortest period is over."""
    fact, refusal = _live_fact(state, command.source, command.reference)
    if fact is None:
        return refusal
    refusal = (
        _department_fault(state, fact, context)
        or check_day(command.on, at=context.at, field="on")
        or check_evidence(command.evidence)
    )
    if refusal is not None:
        return refusal
    if state.standing(fact.source, fact.reference).repaired_on:
        return Refusal(code=Reject.FACT_REPAIRED, field="reference", found=fact.reference)
    refusal = _period_fault(state, fact, on=command.on, at=context.at)
    if refusal is not None:
        return refusal
    context.emit(
        FactRepaired(
            source=fact.source,
            reference=fact.reference,
            subject=fact.subject,
            on=command.on,
            evidence=command.evidence,
            actor=context.actor.id,
        )
    )
    return None


def _period_fault(state: Archive, fact: StoredFact, *, on: int, at: int) -> Refusal | None:
    """Refuse a repair that the rule set in force today does not know, or not yet."""
    rule = _rule_in_force(state, fact.rule, on=day_at(at))
    if rule is None or not rule.repairable or rule.min_months is None:
        return Refusal(code=Reject.NOT_REPAIRABLE, field="reference", found=fact.rule)
    first = add_months_to_ordinal(fact.on, rule.min_months)
    if on >= first:
        return None
    return Refusal(
        code=Reject.REPAIR_TOO_EARLY,
        field="on",
        expected=f"{shown_day(first)} or later, {rule.min_months} months after the fact",
        found=shown_day(on),
        rule=fact.rule,
    )


def _rule_in_force(state: Archive, rule: str, *, on: int) -> Rule | None:
    """Return a rule of the set in force on a day; ``None`` where that knows no periods."""
    try:
        found = rule_set_in_force(state.adopted(), date.fromordinal(on))
    except RuleSetMissing:
        return None
    return None if found.repair_periods is RepairPeriods.NOT_HELD else found.rules.get(rule)


def revoke_fact(state: Archive, command: RevokeFact, context: Context) -> Refusal | None:
    """Say that a fact never held; where it is disputed, the objection is answered instead."""
    fact, refusal = _live_fact(state, command.source, command.reference)
    if fact is None:
        return refusal
    refusal = _department_fault(state, fact, context) or check_evidence(command.evidence)
    if refusal is not None:
        return refusal
    objection = state.standing(fact.source, fact.reference).objection
    if objection is not None:
        return Refusal(code=Reject.OBJECTION_OPEN, field="reference", found=str(objection))
    _revoke(fact, context, evidence=command.evidence)
    return None


def _revoke(fact: StoredFact, context: Context, *, evidence: str) -> None:
    context.emit(
        FactRevoked(
            source=fact.source,
            reference=fact.reference,
            subject=fact.subject,
            evidence=evidence,
            actor=context.actor.id,
        )
    )


def open_objection(state: Archive, command: OpenObjection, context: Context) -> Refusal | None:
    """Let a subject dispute a fact about itself; from here on its clock runs."""
    fact, refusal = _live_fact(state, command.source, command.reference)
    if fact is None:
        return refusal
    if fact.subject != context.actor.party:
        return Refusal(code=Reject.NOT_THE_SUBJECT, field="reference", found=context.actor.party)
    refusal = check_evidence(command.evidence)
    if refusal is not None:
        return refusal
    objection = state.standing(fact.source, fact.reference).objection
    if objection is not None:
        return Refusal(code=Reject.OBJECTION_OPEN, field="reference", found=str(objection))
    context.emit(
        ObjectionOpened(
            objection=state.next.objection,
            subject=fact.subject,
            source=fact.source,
            reference=fact.reference,
            ground=command.ground,
            evidence=command.evidence,
            due=day_at(context.at) + state.days(Term.OBJECTION_DAYS),
            actor=context.actor.id,
        )
    )
    return None


def reads_objection(state: Archive, command: DecideObjection) -> list[RowKey]:
    """Declare the disputed fact, what happened to it, and the fact that is said to be right."""
    objection = state.objections.get(command.objection)
    if objection is None:
        return []
    rows = _rows_of(state, objection.source, objection.reference)
    if command.corrected_by:
        rows += _rows_of(state, objection.source, command.corrected_by)
    return rows


def decide_objection(state: Archive, command: DecideObjection, context: Context) -> Refusal | None:
    """Answer an objection; unless it is rejected, the fact never held."""
    objection = state.objections.get(command.objection)
    if objection is None:
        found = str(command.objection)
        return Refusal(code=Reject.OBJECTION_UNKNOWN, field="objection", found=found)
    fact, refusal = _live_fact(state, objection.source, objection.reference)
    if fact is None:
        return refusal
    refusal = (
        _department_fault(state, fact, context)
        or check_evidence(command.evidence)
        or _correction_fault(state, command, objection)
    )
    if refusal is not None:
        return refusal
    context.emit(
        ObjectionDecided(
            objection=objection.id,
            outcome=command.outcome,
            evidence=command.evidence,
            corrected_by=command.corrected_by,
            actor=context.actor.id,
        )
    )
    if command.outcome is not ObjectionOutcome.REJECTED:
        _revoke(fact, context, evidence=command.evidence)
    return None


def _correction_fault(
    state: Archive, command: DecideObjection, objection: Objection
) -> Refusal | None:
    """Refuse a correction without another live fact of the same subject and source."""
    is_corrected = command.outcome is ObjectionOutcome.CORRECTED
    if is_corrected != bool(command.corrected_by):
        expected = "a fact's reference" if is_corrected else "none"
        return Refusal(
            code=Reject.CORRECTION_UNFIT,
            field="corrected_by",
            expected=expected,
            found=command.corrected_by,
        )
    if not is_corrected:
        return None
    right = state.seen(objection.source, command.corrected_by)
    is_right = (
        right is not None
        and right.subject == objection.subject
        and right.reference != objection.reference
        and not right.is_erased
        and not state.standing(right.source, right.reference).revoked
    )
    if is_right:
        return None
    return Refusal(
        code=Reject.CORRECTION_UNFIT,
        field="corrected_by",
        expected="another fact of the subject and source, recorded before or in the same list",
        found=command.corrected_by,
    )
