"""Which rules follow from which origin: how that is set, and who may change it."""

from credit_scoring.archive.decisions import may_report, rule_unknown
from credit_scoring.archive.refusals import Reject as ArchiveReject
from credit_scoring.archive.state import Archive, Department
from credit_scoring.records import SubjectKind
from exchange.supervision.commands import (
    PARTS_PER_MILLION,
    RULES_BY_DECISION_MAX,
    RULES_BY_EVENT_MAX,
    Origin,
    SetFactOrigin,
)
from exchange.supervision.effects import FactOriginSet
from exchange.supervision.refusals import Reject
from exchange.supervision.state import Supervision
from ledger.machine import Context
from ledger.refusals import Refusal

_REDUCTIONS = frozenset({Origin.CARBON_INTENSITY_REDUCED, Origin.ENERGY_INTENSITY_REDUCED})


def always(state: Supervision, command: object) -> bool:
    """Tell that a command needs four eyes whatever it says."""
    del state, command
    return True


def set_origin(state: Supervision, command: SetFactOrigin, context: Context) -> Refusal | None:
    """Set what follows from an origin, under rules that its department may report."""
    refusal = (
        _count_fault(command)
        or _rules_fault(state.archive, command)
        or _taken_fault(state, command)
        or _threshold_fault(command)
    )
    if refusal is not None:
        return refusal
    context.emit(
        FactOriginSet(
            origin=command.origin,
            department=command.department,
            rules=list(command.rules),
            threshold_ppm=command.threshold_ppm,
            basis=command.basis,
        )
    )
    return None


def _count_fault(command: SetFactOrigin) -> Refusal | None:
    is_decision = command.origin is Origin.DECISION
    most = RULES_BY_DECISION_MAX if is_decision else RULES_BY_EVENT_MAX
    if len(command.rules) <= most and len(set(command.rules)) == len(command.rules):
        return None
    return Refusal(
        code=Reject.ORIGIN_RULES_UNFIT,
        field="rules",
        expected=f"at most {most}, each once",
        found=str(len(command.rules)),
    )


def _rules_fault(archive: Archive, command: SetFactOrigin) -> Refusal | None:
    department = archive.departments.get(command.department)
    if department is None:
        return Refusal(
            code=ArchiveReject.NOT_A_DEPARTMENT, field="department", found=command.department
        )
    for rule in command.rules:
        known = archive.rule(rule)
        if known is None:
            return rule_unknown(archive, rule, field="rules")
        if known.subject is SubjectKind.PERSON:
            # The reasons of decisions lie under no person's key and would outlive the person.
            return Refusal(
                code=Reject.ORIGIN_RULES_UNFIT,
                field="rules",
                expected="rules of enterprises and villages",
                found=rule,
            )
        refusal = may_report(department, rule, field="rules")
        if refusal is not None:
            return refusal
    return None


def _taken_fault(state: Supervision, command: SetFactOrigin) -> Refusal | None:
    found = None if command.origin is Origin.DECISION else state.origin(command.origin)
    if found is None or not command.rules or found.department == command.department:
        return None
    return Refusal(
        code=Reject.ORIGIN_TAKEN,
        field="department",
        expected=f"{found.department}, which has it, or its end first",
        found=command.department,
    )


def _threshold_fault(command: SetFactOrigin) -> Refusal | None:
    most = PARTS_PER_MILLION if command.origin in _REDUCTIONS else 0
    if 0 <= command.threshold_ppm <= most:
        return None
    return Refusal(
        code=Reject.THRESHOLD_UNFIT,
        field="threshold_ppm",
        expected=f"0 to {most}" if most else "0: only a reduction has one",
        found=str(command.threshold_ppm),
    )


def still_may(department: Department | None, rules: list[str]) -> list[str]:
    """Return those rules of an origin that its department may report today."""
    return [] if department is None else [each for each in rules if each in department.rules]
