"""How the commands of the archives are decided: authority first, then whether the fact can be.

Each command declares the rows that it reads (``reads_…``); they are there when it is decided.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
from credit_scoring.rule_sets.rule_set import Rule
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
    # A scenario happens in places that no table of regions has.
    refusal = _check_codes(command, party, is_invented=state.ledger.clock == "scenario")
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


def _check_codes(command: RegisterSubject, party: Party, *, is_invented: bool) -> Refusal | None:
    kind = command.subject_kind
    expected: str | None
    if kind is SubjectKind.ENTERPRISE:
        expected = credit_code_fault(command.code)
    elif kind is SubjectKind.VILLAGE:
        expected = village_fault(command.code, is_invented=is_invented)
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
    return _check_region(command, is_invented=is_invented)


def _check_region(command: RegisterSubject, *, is_invented: bool) -> Refusal | None:
    expected = county_fault(command.region, is_invented=is_invented)
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
    return rows_of_facts(state, command.facts, source=command.source)


def rows_of_facts(
    state: Archive, facts: Sequence[ReportedFact], *, source: str
) -> Iterable[RowKey]:
    """Name the rows that recording facts reads."""
    if len(facts) > FACTS_MAX:
        return
    for fact in facts:
        yield state.subjects.named(fact.subject)
        yield state.facts.named(source, fact.reference)


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


def source_of(
    state: Archive, source: str, context: Context
) -> tuple[Department | None, Refusal | None]:
    """Return the department that an actor records for: its own, while it takes in no file."""
    department, refusal = department_of(state, context)
    if department is None:
        return None, refusal
    if source != department.party:
        return None, Refusal(
            code=LedgerReject.NOT_THE_OWNER, field="source", expected=department.party, found=source
        )
    intake = state.intake_of(source)
    if intake is None:
        return department, None
    return None, Refusal(
        code=Reject.INTAKE_OPEN,
        field="source",
        expected="its intake adopted or dropped",
        found=str(intake.id),
    )


def record_facts(state: Archive, command: RecordFacts, context: Context) -> Refusal | None:
    """Record facts one after another; the first that cannot be refuses all."""
    department, refusal = source_of(state, command.source, context)
    if department is None:
        return refusal
    if command.file and DIGEST.match(command.file) is None:
        return Refusal(code=Reject.REFERENCE_UNFIT, field="file", expected="a SHA-256 in hex")
    recording = Recording(department=department, file=command.file)
    return record_all(state, command.facts, recording=recording, context=context)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Of which department facts are recorded, the digest of what they came in, and how many."""

    department: Department
    file: str
    most: int = FACTS_MAX


def record_all(
    state: Archive, facts: Sequence[ReportedFact], *, recording: Recording, context: Context
) -> Refusal | None:
    """Record facts of one department, or refuse the first that cannot be."""
    department = recording.department
    if not 0 < len(facts) <= recording.most:
        return Refusal(
            code=Reject.FACTS_COUNT_UNFIT,
            field="facts",
            expected=f"1 to {recording.most}",
            found=str(len(facts)),
        )
    check = FactCheck(state, department, at=context.at)
    for number, fact in enumerate(facts):
        refusal = check.fault(fact, field=f"facts.{number}.")
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
                file=recording.file,
                actor=context.actor.id,
            )
        )
    return None


class FactCheck:
    """Tells what is wrong with facts of one department; rules and rights are looked up once."""

    def __init__(self, state: Archive, department: Department, *, at: int) -> None:
        self._state = state
        self._department = department
        self._at = at
        self._rules = state.known_rules()
        self._own = frozenset(department.rules)

    def fault(self, fact: ReportedFact, *, field: str = "") -> Refusal | None:
        """Return the first reason against a fact; ``field`` stands before the member's name."""
        refusal = check_about(
            self._state, subject=fact.subject, rule=fact.rule, place=field, rules=self._rules
        )
        if refusal is not None:
            return refusal
        if fact.rule not in self._own:
            return may_report(self._department, fact.rule, field=f"{field}rule")
        return (
            check_day(fact.on, at=self._at, field=f"{field}on")
            or _check_form(fact, field)
            or self._source_fault(fact, field)
        )

    def _source_fault(self, fact: ReportedFact, field: str) -> Refusal | None:
        earlier = self._state.facts.get(self._department.party, fact.reference)
        if earlier is None:
            return None
        return Refusal(
            code=Reject.SOURCE_DOUBLED,
            field=f"{field}reference",
            expected="a reference of the source's that no fact has",
            found=f"{fact.reference}, of entry {earlier.entry}",
        )


def check_about(
    state: Archive,
    *,
    subject: str,
    rule: str,
    place: str = "",
    rules: Mapping[str, Rule] | None = None,
) -> Refusal | None:
    """Refuse a subject without an archive, and a rule that none has or another kind's subjects.

    ``rules`` are all that are known, where somebody has looked them up already.
    """
    found = state.subjects.get(subject)
    if found is None:
        return Refusal(code=Reject.SUBJECT_UNKNOWN, field=f"{place}subject", found=subject)
    known = state.rule(rule) if rules is None else rules.get(rule)
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
            field=f"{field}quantity",
            expected=f"1 to {QUANTITY_MAX}",
            found=str(fact.quantity),
        )
    if REFERENCE.match(fact.reference) is None:
        return Refusal(code=Reject.REFERENCE_UNFIT, field=f"{field}reference")
    if fact.incident and REFERENCE.match(fact.incident) is None:
        return Refusal(code=Reject.REFERENCE_UNFIT, field=f"{field}incident")
    return check_evidence(fact.evidence, field=f"{field}evidence")


def check_evidence(evidence: str, *, field: str = "evidence") -> Refusal | None:
    """Refuse what is no digest of a document."""
    if DIGEST.match(evidence) is not None:
        return None
    return Refusal(code=Reject.REFERENCE_UNFIT, field=field, expected="a SHA-256 in hex")


def rule_unknown(state: Archive, rule: str, *, field: str) -> Refusal:
    """Refuse a rule that no adopted set has."""
    versions = ", ".join(each.version for each in state.adopted()) or "none"
    return Refusal(
        code=Reject.RULE_UNKNOWN,
        field=field,
        expected=f"a rule of the adopted rule sets ({versions})",
        found=rule,
    )
