"""How a served decision enters the record, and how it is annulled.

Both are proposals that a second person of the authority approves. The facts stand in the same
entry as the decision; an annulment revokes them, known from its own instant on.
"""

import re
from collections.abc import Iterator

from credit_scoring.archive.commands import ObjectionOutcome
from credit_scoring.archive.decisions import (
    REFERENCE,
    check_about,
    check_day,
    check_evidence,
    department_of,
    may_report,
    rule_unknown,
)
from credit_scoring.archive.effects import FactRecorded, FactRevoked, ObjectionDecided
from credit_scoring.archive.refusals import Reject as ArchiveReject
from credit_scoring.archive.state import Archive, Department, StoredFact
from exchange.supervision.commands import (
    AMOUNT_MAX,
    CASE_NUMBER_LENGTH_MAX,
    SUBJECTS_MAX,
    AnnulDecision,
    Origin,
    ServeDecision,
)
from exchange.supervision.effects import DecisionAnnulled, DecisionServed
from exchange.supervision.refusals import Reject
from exchange.supervision.state import ServedDecision, Supervision, decision_reference
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.refusals import Reject as LedgerReject
from ledger.shelf import RowKey

# Chinese case numbers are written as 示环罚〔2026〕15号.
CASE_NUMBER = re.compile(
    rf"[0-9A-Za-z\u4e00-\u9fff〔〕（）()\[\]_.:/-]{{1,{CASE_NUMBER_LENGTH_MAX}}}\Z"
)


def reads_decision(state: Supervision, command: ServeDecision) -> Iterator[RowKey]:
    """Declare the case, the subjects, and the facts that they would get."""
    yield state.decisions.named(command.authority, command.case_number)
    for place, subject in enumerate(command.subjects[: SUBJECTS_MAX + 1], 1):
        reference = decision_reference(command.case_number, place)
        yield state.archive.subjects.named(subject)
        yield state.archive.facts.named(command.authority, reference)


def serve_decision(state: Supervision, command: ServeDecision, context: Context) -> Refusal | None:
    """Record a decision and the fact of each of its subjects."""
    department, refusal = _own_department(state, command.authority, context)
    if department is None:
        return refusal
    refusal = (
        _check_form(command)
        or _check_rule(state, command, department)
        or check_day(command.served_on, at=context.at, field="served_on")
        or _check_subjects(state.archive, command)
    )
    if refusal is not None:
        return refusal
    earlier = state.decisions.get(command.authority, command.case_number)
    if earlier is not None:
        return Refusal(
            code=Reject.CASE_DOUBLED,
            field="case_number",
            expected="a case number that no decision of the authority has",
            found=f"{command.case_number}, of entry {earlier.entry}",
        )
    _emit_decision(state, command, context)
    return None


def _emit_decision(state: Supervision, command: ServeDecision, context: Context) -> None:
    context.emit(
        DecisionServed(
            decision=state.next.decision,
            authority=command.authority,
            case_number=command.case_number,
            rule=command.rule,
            subjects=list(command.subjects),
            served_on=command.served_on,
            document=command.document,
            fine=command.fine,
            incident=command.incident,
            actor=context.actor.id,
            checker="" if context.approver is None else context.approver.id,
        )
    )
    for place, subject in enumerate(command.subjects, 1):
        context.emit(
            FactRecorded(
                source=command.authority,
                reference=decision_reference(command.case_number, place),
                subject=subject,
                rule=command.rule,
                on=command.served_on,
                quantity=1,
                incident=command.incident,
                evidence=command.document,
                file="",
                actor=context.actor.id,
            )
        )


def _own_department(
    state: Supervision, authority: str, context: Context
) -> tuple[Department | None, Refusal | None]:
    """Return the department of the actor, which must be the authority that is named."""
    department, refusal = department_of(state.archive, context)
    if department is None or department.party == authority:
        return department, refusal
    return None, Refusal(
        code=LedgerReject.NOT_THE_OWNER,
        field="authority",
        expected=department.party,
        found=authority,
    )


def _check_form(command: ServeDecision) -> Refusal | None:
    if CASE_NUMBER.match(command.case_number) is None:
        return Refusal(
            code=Reject.CASE_NUMBER_UNFIT, field="case_number", found=command.case_number[:128]
        )
    if command.fine is not None and not 0 < command.fine <= AMOUNT_MAX:
        return Refusal(
            code=Reject.FINE_UNFIT,
            field="fine",
            expected=f"1 to {AMOUNT_MAX} fen, or none",
            found=str(command.fine),
        )
    if command.incident and REFERENCE.match(command.incident) is None:
        return Refusal(code=ArchiveReject.REFERENCE_UNFIT, field="incident")
    return check_evidence(command.document, field="document")


def _check_rule(
    state: Supervision, command: ServeDecision, department: Department
) -> Refusal | None:
    if state.archive.rule(command.rule) is None:
        return rule_unknown(state.archive, command.rule, field="rule")
    origin = state.origins.get((Origin.DECISION.value, department.party))
    rules = [] if origin is None else origin.rules
    if command.rule not in rules:
        return Refusal(
            code=Reject.RULE_NOT_BY_DECISION,
            field="rule",
            expected=", ".join(rules)
            or f"a rule that follows from decisions of {department.party}",
            found=command.rule,
        )
    return may_report(department, command.rule, field="rule")


def _check_subjects(archive: Archive, command: ServeDecision) -> Refusal | None:
    named = command.subjects
    if not 0 < len(named) <= SUBJECTS_MAX or len(set(named)) != len(named):
        return Refusal(
            code=Reject.SUBJECTS_UNFIT,
            field="subjects",
            expected=f"1 to {SUBJECTS_MAX}, each once",
            found=str(len(named)),
        )
    for place, subject in enumerate(named):
        refusal = check_about(archive, subject=subject, rule=command.rule)
        if refusal is not None:
            field = f"subjects.{place}" if refusal.field == "subject" else "rule"
            return Refusal(
                code=refusal.code, field=field, expected=refusal.expected, found=refusal.found
            )
    return None


def reads_annulled(state: Supervision, command: AnnulDecision) -> Iterator[RowKey]:
    """Declare the case, and the facts that its decision may have given."""
    yield state.decisions.named(command.authority, command.case_number)
    for place in range(1, SUBJECTS_MAX + 1):
        reference = decision_reference(command.case_number, place)
        yield state.archive.facts.named(command.authority, reference)
        yield state.archive.standings.named(command.authority, reference)


def annul_decision(state: Supervision, command: AnnulDecision, context: Context) -> Refusal | None:
    """Annul a decision of one's own authority, and revoke what is left of its facts."""
    department, refusal = _own_department(state, command.authority, context)
    if department is None:
        return refusal
    refusal = check_evidence(command.document, field="document")
    served = state.decisions.get(command.authority, command.case_number)
    if refusal is not None or served is None:
        return refusal or Refusal(
            code=Reject.DECISION_UNKNOWN, field="case_number", found=command.case_number
        )
    if served.annulled_in is not None:
        return Refusal(
            code=Reject.DECISION_ANNULLED,
            field="case_number",
            found=f"{command.case_number}, by entry {served.annulled_in}",
        )
    context.emit(
        DecisionAnnulled(
            decision=served.number,
            authority=served.authority,
            case_number=served.case_number,
            ground=command.ground,
            document=command.document,
        )
    )
    for fact in _facts(state.archive, served):
        _revoke(state.archive, fact, context, evidence=command.document)
    return None


def _facts(archive: Archive, served: ServedDecision) -> Iterator[StoredFact]:
    """Iterate the facts of a decision that still hold."""
    for place in range(1, len(served.subjects) + 1):
        reference = decision_reference(served.case_number, place)
        fact = archive.facts.get(served.authority, reference)
        if fact is None or fact.is_erased:
            continue
        if not archive.standing(served.authority, reference).revoked:
            yield fact


def _revoke(archive: Archive, fact: StoredFact, context: Context, *, evidence: str) -> None:
    """Revoke a fact; an open objection to it has been right, and ends."""
    objection = archive.standing(fact.source, fact.reference).objection
    if objection is not None:
        context.emit(
            ObjectionDecided(
                objection=objection,
                outcome=ObjectionOutcome.UPHELD,
                evidence=evidence,
                corrected_by="",
                actor=context.actor.id,
            )
        )
    context.emit(
        FactRevoked(
            source=fact.source,
            reference=fact.reference,
            subject=fact.subject,
            evidence=evidence,
            actor=context.actor.id,
        )
    )
