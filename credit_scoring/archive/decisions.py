"""How the commands of the archives are decided: authority first, then whether the fact can be.

Each command declares the rows that it reads (``reads_…``); they are there when it is decided.
"""

import re
from collections.abc import Iterable
from datetime import date

from credit_scoring.archive.codes import (
    county_fault,
    credit_code_fault,
    division_fault,
    village_fault,
)
from credit_scoring.archive.commands import (
    FACTS_MAX,
    MONTHS_MAX,
    QUANTITY_MAX,
    REFERENCE_LENGTH_MAX,
    RULES_PER_DEPARTMENT_MAX,
    TERM_DAYS_MAX,
    AuthoriseDepartment,
    Months,
    RecordFacts,
    RegisterSubject,
    ReportedFact,
    SetMonths,
    SetTerm,
)
from credit_scoring.archive.effects import (
    DepartmentAuthorised,
    FactRecorded,
    MonthsSet,
    SubjectRegistered,
    TermSet,
)
from credit_scoring.archive.refusals import Reject
from credit_scoring.archive.state import Archive, Department
from credit_scoring.records import SubjectKind
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.refusals import Reject as LedgerReject
from ledger.roles import PartyKind
from ledger.shelf import RowKey
from ledger.state import Party

DIGEST = re.compile(r"[0-9a-f]{64}\Z")
REFERENCE = re.compile(rf"[A-Za-z0-9_.:/-]{{1,{REFERENCE_LENGTH_MAX}}}\Z")
DAY_FIRST = date(1990, 1, 1).toordinal()
_EPOCH = date(1970, 1, 1).toordinal()
_MICROSECONDS_A_DAY = 86_400_000_000
_SHANGHAI = 8 * 3_600_000_000
_PARTY_OF = {
    SubjectKind.ENTERPRISE: PartyKind.ENTERPRISE,
    SubjectKind.VILLAGE: PartyKind.VILLAGE,
    SubjectKind.PERSON: PartyKind.PERSON,
}


def day_at(at: int) -> int:
    """Return the day of an instant in Asia/Shanghai, as an ordinal."""
    return (at + _SHANGHAI) // _MICROSECONDS_A_DAY + _EPOCH


def shown_day(ordinal: int) -> str:
    """Return a day as people write it, or the number where there is no such day."""
    last = date.max.toordinal()
    return date.fromordinal(ordinal).isoformat() if 1 <= ordinal <= last else str(ordinal)


def always(state: Archive, command: object) -> bool:
    """Tell that a command needs four eyes whatever it says."""
    del state, command
    return True


def reads_subject(state: Archive, command: RegisterSubject) -> list[RowKey]:
    """Declare the subject that there may be already."""
    return [state.subjects.named(command.party)]


def register_subject(state: Archive, command: RegisterSubject, context: Context) -> Refusal | None:
    """Open the archive of a party of the right kind, whose code holds what its standard asks."""
    party = state.ledger.parties.get(command.party)
    if party is None:
        return Refusal(code=LedgerReject.PARTY_UNKNOWN, field="party", found=command.party)
    if state.subjects.get(command.party) is not None:
        return Refusal(code=Reject.SUBJECT_EXISTS, field="party", found=command.party)
    if _PARTY_OF[command.subject_kind] is not party.kind:
        return Refusal(
            code=Reject.SUBJECT_KIND_UNFIT,
            field="subject_kind",
            expected=party.kind.value,
            found=command.subject_kind.value,
        )
    refusal = _check_codes(command, party)
    if refusal is not None:
        return refusal
    context.emit(
        SubjectRegistered(
            party=command.party,
            subject_kind=command.subject_kind,
            code=command.code,
            division=command.division,
            region=command.region,
        )
    )
    return None


def _check_codes(command: RegisterSubject, party: Party) -> Refusal | None:
    kind = command.subject_kind
    expected: str | None
    if kind is SubjectKind.ENTERPRISE:
        expected = credit_code_fault(command.code)
    elif kind is SubjectKind.VILLAGE:
        expected = village_fault(command.code)
    else:
        expected = "none: a person is a pseudonym" if command.code else None
    if expected is not None:
        found = command.code if kind is not SubjectKind.PERSON else None
        return Refusal(code=Reject.CODE_INVALID, field="code", expected=expected, found=found)
    if kind is not SubjectKind.PERSON and command.code != party.identifier:
        return Refusal(
            code=Reject.CODE_NOT_THE_PARTYS,
            field="code",
            expected=party.identifier or "a party that is registered with it",
            found=command.code,
        )
    expected = division_fault(command.division) if kind is SubjectKind.ENTERPRISE else None
    if kind is not SubjectKind.ENTERPRISE and command.division:
        expected = "none: only enterprises have one"
    if expected is not None:
        return Refusal(
            code=Reject.DIVISION_INVALID,
            field="division",
            expected=expected,
            found=command.division,
        )
    return _check_region(command)


def _check_region(command: RegisterSubject) -> Refusal | None:
    expected = county_fault(command.region)
    is_village = command.subject_kind is SubjectKind.VILLAGE
    if expected is None and is_village and not command.code.startswith(command.region):
        expected = f"{command.code[:6]}, as its code begins"
    if expected is None:
        return None
    return Refusal(
        code=Reject.REGION_INVALID, field="region", expected=expected, found=command.region
    )


def authorise_department(
    state: Archive, command: AuthoriseDepartment, context: Context
) -> Refusal | None:
    """Say which rules of the adopted sets a department may report."""
    party = state.ledger.parties.get(command.department)
    if party is None:
        return Refusal(
            code=LedgerReject.PARTY_UNKNOWN, field="department", found=command.department
        )
    if len(command.rules) > RULES_PER_DEPARTMENT_MAX:
        most = f"at most {RULES_PER_DEPARTMENT_MAX}"
        return Refusal(code=Reject.RULE_UNKNOWN, field="rules", expected=most)
    for rule in command.rules:
        if state.rule(rule) is None:
            return rule_unknown(state, rule, field="rules")
    context.emit(
        DepartmentAuthorised(
            department=command.department,
            rules=sorted(set(command.rules)),
            decision=command.decision,
        )
    )
    return None


def set_term(state: Archive, command: SetTerm, context: Context) -> Refusal | None:
    """Set a period within its bounds."""
    del state
    if not 1 <= command.days <= TERM_DAYS_MAX:
        return Refusal(
            code=Reject.TERM_UNFIT,
            field="days",
            expected=f"1 to {TERM_DAYS_MAX}",
            found=str(command.days),
        )
    context.emit(TermSet(term=command.term, days=command.days, basis=command.basis))
    return None


def set_months(state: Archive, command: SetMonths, context: Context) -> Refusal | None:
    """Set a period in months within its bounds; only facts may be kept for good, by 0."""
    del state
    low = 1 if command.term in {Months.CONSENT, Months.TOLD} else 0
    if not low <= command.months <= MONTHS_MAX:
        return Refusal(
            code=Reject.TERM_UNFIT,
            field="months",
            expected=f"{low} to {MONTHS_MAX}",
            found=str(command.months),
        )
    context.emit(MonthsSet(term=command.term, months=command.months, basis=command.basis))
    return None


def reads_facts(state: Archive, command: RecordFacts) -> Iterable[RowKey]:
    """Declare the subjects, and the facts that may have these references already."""
    if len(command.facts) > FACTS_MAX:
        return
    for fact in command.facts:
        yield state.subjects.named(fact.subject)
        yield state.facts.named(command.source, fact.reference)


def department_of(state: Archive, context: Context) -> tuple[Department | None, Refusal | None]:
    """Return the department that the actor speaks for, or why there is none."""
    found = state.departments.get(context.actor.party)
    if found is None or not found.rules:
        return None, Refusal(code=Reject.NOT_A_DEPARTMENT, found=context.actor.party)
    return found, None


def may_report(department: Department, rule: str, *, field: str) -> Refusal | None:
    """Refuse a rule that is not the department's own."""
    if rule in department.rules:
        return None
    return Refusal(
        code=Reject.RULE_NOT_AUTHORISED,
        field=field,
        expected=f"a rule of {department.party}",
        found=rule,
    )


def record_facts(state: Archive, command: RecordFacts, context: Context) -> Refusal | None:
    """Record facts one after another; the first that cannot be refuses all."""
    department, refusal = department_of(state, context)
    if department is None:
        return refusal
    if command.source != department.party:
        return Refusal(
            code=LedgerReject.NOT_THE_OWNER,
            field="source",
            expected=department.party,
            found=command.source,
        )
    if not 0 < len(command.facts) <= FACTS_MAX:
        return Refusal(
            code=Reject.FACTS_COUNT_UNFIT,
            field="facts",
            expected=f"1 to {FACTS_MAX}",
            found=str(len(command.facts)),
        )
    if command.file and DIGEST.match(command.file) is None:
        return Refusal(code=Reject.REFERENCE_UNFIT, field="file", expected="a SHA-256 in hex")
    for number, fact in enumerate(command.facts):
        refusal = _check_fact(state, fact, department, at=context.at, field=f"facts.{number}")
        if refusal is not None:
            return refusal
        context.emit(
            FactRecorded(
                source=department.party,
                reference=fact.reference,
                subject=fact.subject,
                rule=fact.rule,
                on=fact.on,
                quantity=fact.quantity,
                incident=fact.incident,
                evidence=fact.evidence,
                file=command.file,
                actor=context.actor.id,
            )
        )
    return None


def _check_fact(
    state: Archive, fact: ReportedFact, department: Department, *, at: int, field: str
) -> Refusal | None:
    return (
        check_about(state, subject=fact.subject, rule=fact.rule, place=f"{field}.")
        or may_report(department, fact.rule, field=f"{field}.rule")
        or check_day(fact.on, at=at, field=f"{field}.on")
        or _check_form(fact, field)
        or _check_source(state, fact, department, field=f"{field}.reference")
    )


def check_about(state: Archive, *, subject: str, rule: str, place: str = "") -> Refusal | None:
    """Refuse a subject without an archive, and a rule that none has or another kind's subjects."""
    found = state.subjects.get(subject)
    if found is None:
        return Refusal(code=Reject.SUBJECT_UNKNOWN, field=f"{place}subject", found=subject)
    known = state.rule(rule)
    if known is None:
        return rule_unknown(state, rule, field=f"{place}rule")
    if known.subject.value == found.kind:
        return None
    return Refusal(
        code=Reject.RULE_OF_OTHER_KIND,
        field=f"{place}rule",
        expected=f"a rule of {found.kind}s",
        found=rule,
    )


def check_day(on: int, *, at: int, field: str) -> Refusal | None:
    """Refuse a day to come, and one before there were records."""
    today = day_at(at)
    if on > today:
        expected = f"at most {shown_day(today)}"
        return Refusal(code=Reject.DAY_AHEAD, field=field, expected=expected, found=shown_day(on))
    if on < DAY_FIRST:
        expected = f"at least {shown_day(DAY_FIRST)}"
        return Refusal(code=Reject.DAY_UNFIT, field=field, expected=expected, found=shown_day(on))
    return None


def _check_form(fact: ReportedFact, field: str) -> Refusal | None:
    if not 1 <= fact.quantity <= QUANTITY_MAX:
        return Refusal(
            code=Reject.QUANTITY_UNFIT,
            field=f"{field}.quantity",
            expected=f"1 to {QUANTITY_MAX}",
            found=str(fact.quantity),
        )
    if REFERENCE.match(fact.reference) is None:
        return Refusal(code=Reject.REFERENCE_UNFIT, field=f"{field}.reference")
    if fact.incident and REFERENCE.match(fact.incident) is None:
        return Refusal(code=Reject.REFERENCE_UNFIT, field=f"{field}.incident")
    return check_evidence(fact.evidence, field=f"{field}.evidence")


def check_evidence(evidence: str, *, field: str = "evidence") -> Refusal | None:
    """Refuse what is no digest of a document."""
    if DIGEST.match(evidence) is not None:
        return None
    return Refusal(code=Reject.REFERENCE_UNFIT, field=field, expected="a SHA-256 in hex")


def _check_source(
    state: Archive, fact: ReportedFact, department: Department, *, field: str
) -> Refusal | None:
    earlier = state.facts.get(department.party, fact.reference)
    if earlier is None:
        return None
    return Refusal(
        code=Reject.SOURCE_DOUBLED,
        field=field,
        expected="a reference of the source's that no fact has",
        found=f"{fact.reference}, of entry {earlier.entry}",
    )


def rule_unknown(state: Archive, rule: str, *, field: str) -> Refusal:
    """Refuse a rule that no adopted set has."""
    versions = ", ".join(each.version for each in state.adopted()) or "none"
    return Refusal(
        code=Reject.RULE_UNKNOWN,
        field=field,
        expected=f"a rule of the adopted rule sets ({versions})",
        found=rule,
    )
