"""What follows from reports of carbon and energy: in time, late, missing, wrong, how efficient.

A result names what was found; which rules follow from it is said by the origins, so a result
without an origin is recorded and gives no fact.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from credit_scoring.archive.decisions import (
    DAY_FIRST,
    check_day,
    check_evidence,
    day_at,
    shown_day,
)
from credit_scoring.archive.effects import FactRecorded
from credit_scoring.archive.state import Archive
from credit_scoring.native.carbon_efficiency import K_SCHEME
from credit_scoring.native.errors import NativeInputRefused, SchemeOff, SchemeUnknown
from credit_scoring.native.rating import rate, scheme_of
from credit_scoring.rule_sets.errors import RuleSetMissing
from exchange.supervision.commands import (
    AMOUNT_MAX,
    PARTS_PER_MILLION,
    REPORTS_MAX,
    RULES_BY_EVENT_MAX,
    Origin,
    RecordReportResults,
    ReportKind,
    ReportLine,
)
from exchange.supervision.effects import ReportResultRecorded
from exchange.supervision.origins import still_may
from exchange.supervision.refusals import Reject
from exchange.supervision.state import FactOrigin, ReportResult, Supervision, report_reference
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.refusals import Reject as LedgerReject
from ledger.shelf import RowKey

# Of one report: whether it was in time, its level, its reduction.
_EVENTS_MAX = 3
FACTS_PER_REPORT_MAX = _EVENTS_MAX * RULES_BY_EVENT_MAX


def reads_reports(state: Supervision, command: RecordReportResults) -> Iterator[RowKey]:
    """Declare each party's archive, results of this year and the last, and possible facts."""
    if len(command.lines) > REPORTS_MAX:
        return
    report = command.report.value
    departments = sorted({each.department for each in state.origins.values()})
    for line in command.lines:
        yield state.archive.subjects.named(line.party)
        yield state.results.named(report, command.year, line.party)
        yield state.results.named(report, command.year - 1, line.party)
        for place in range(1, FACTS_PER_REPORT_MAX + 1):
            reference = report_reference(report, year=command.year, party=line.party, place=place)
            for department in departments:
                yield state.archive.facts.named(department, reference)


def record_reports(
    state: Supervision, command: RecordReportResults, context: Context
) -> Refusal | None:
    """Record results one after another; the first that cannot be refuses all."""
    if not 0 < len(command.lines) <= REPORTS_MAX:
        return Refusal(
            code=Reject.REPORTS_COUNT_UNFIT,
            field="lines",
            expected=f"1 to {REPORTS_MAX}",
            found=str(len(command.lines)),
        )
    if not DAY_FIRST <= command.due_on <= date.max.toordinal():
        found = shown_day(command.due_on)
        return Refusal(code=Reject.REPORT_UNFIT, field="due_on", expected="a day", found=found)
    for number, line in enumerate(command.lines):
        refusal = _check_line(state, command, line, at=context.at, field=f"lines.{number}")
        if refusal is not None:
            return refusal
        _record(state, command, line, context=context)
    return None


def _check_line(
    state: Supervision, command: RecordReportResults, line: ReportLine, *, at: int, field: str
) -> Refusal | None:
    if line.party not in state.ledger.parties:
        return Refusal(code=LedgerReject.PARTY_UNKNOWN, field=f"{field}.party", found=line.party)
    earlier = state.results.get(command.report.value, command.year, line.party)
    if earlier is not None:
        return Refusal(
            code=Reject.REPORT_DOUBLED,
            field=f"{field}.party",
            expected="a party whose report of the year has no result",
            found=f"{line.party}, of entry {earlier.entry}",
        )
    refusal = _time_fault(command, line, at=at, field=field) or check_evidence(
        line.evidence, field=f"{field}.evidence"
    )
    return refusal or _quantities_fault(line, field=field)


def _time_fault(
    command: RecordReportResults, line: ReportLine, *, at: int, field: str
) -> Refusal | None:
    if line.filed_on is not None:
        return check_day(line.filed_on, at=at, field=f"{field}.filed_on")
    if command.due_on < day_at(at):
        return None
    return Refusal(
        code=Reject.REPORT_UNFIT,
        field=f"{field}.filed_on",
        expected=f"a day: what is due on {shown_day(command.due_on)} is not missing yet",
    )


def _quantities_fault(line: ReportLine, *, field: str) -> Refusal | None:
    names = ("quantity", "value_added", "industry_quantity", "industry_value_added")
    values = [getattr(line, name) for name in names]
    for name, value in zip(names, values, strict=True):
        lowest = 0 if name == "quantity" else 1
        if value is not None and not lowest <= value <= AMOUNT_MAX:
            return Refusal(
                code=Reject.REPORT_UNFIT,
                field=f"{field}.{name}",
                expected=f"{lowest} to {AMOUNT_MAX}",
                found=str(value),
            )
    given = [value is not None for value in values]
    if line.filed_on is None and any(given):
        expected = "none: there is no report"
    elif given[0] != given[1] or given[2] != given[3] or (given[2] and not given[0]):
        expected = "none, quantity and value_added, or the industry's as well"
    else:
        return None
    return Refusal(code=Reject.REPORT_UNFIT, field=f"{field}.quantity", expected=expected)


def _record(
    state: Supervision, command: RecordReportResults, line: ReportLine, *, context: Context
) -> None:
    outcome = _outcome(command, line)
    level = _level(state.archive, command, line, at=context.at)
    has_archive = state.archive.subjects.get(line.party) is not None
    events = _events(state, command, line, outcome=outcome, level=level)
    following = [
        (origin.department, rule)
        for origin in events
        for rule in still_may(state.archive.departments.get(origin.department), origin.rules)
        if has_archive and _is_of_kind(state.archive, line.party, rule)
    ]
    context.emit(
        ReportResultRecorded(
            report=command.report,
            year=command.year,
            party=line.party,
            due_on=command.due_on,
            filed_on=line.filed_on,
            outcome=outcome,
            quantity=line.quantity,
            value_added=line.value_added,
            level=level,
            facts=len(following),
            evidence=line.evidence,
            actor=context.actor.id,
        )
    )
    for place, (department, rule) in enumerate(following, 1):
        context.emit(
            FactRecorded(
                source=department,
                reference=report_reference(
                    command.report.value, year=command.year, party=line.party, place=place
                ),
                subject=line.party,
                rule=rule,
                on=day_at(context.at) if line.filed_on is None else line.filed_on,
                quantity=1,
                incident="",
                evidence=line.evidence,
                file="",
                actor=context.actor.id,
            )
        )


def _is_of_kind(archive: Archive, party: str, rule: str) -> bool:
    subject, known = archive.subjects.get(party), archive.rule(rule)
    return subject is not None and known is not None and known.subject.value == subject.kind


def _outcome(command: RecordReportResults, line: ReportLine) -> str:
    """Return "missing", "incorrect", "late" or "on_time"; what is wrong is not in time either."""
    if line.filed_on is None:
        return "missing"
    if not line.is_correct:
        return "incorrect"
    return "late" if line.filed_on > command.due_on else "on_time"


def _events(
    state: Supervision,
    command: RecordReportResults,
    line: ReportLine,
    *,
    outcome: str,
    level: str,
) -> list[FactOrigin]:
    """Return the origins that a result is one of, each at most once."""
    report = command.report.value
    found = [state.origin(Origin(f"{report}_report_{outcome}"))]
    if level:
        found.append(state.origin(Origin(f"{report}_level_{level}")))
    reduced = state.origin(Origin(f"{report}_intensity_reduced"))
    if reduced is not None and line.is_correct and line.quantity is not None:
        before = state.results.get(report, command.year - 1, line.party)
        if before is not None and _is_reduced(before, line, threshold=reduced.threshold_ppm):
            found.append(reduced)
    return [each for each in found if each is not None]


def _is_reduced(before: ReportResult, line: ReportLine, *, threshold: int) -> bool:
    """Tell whether the intensity fell, by at least a threshold in millionths of the last year's."""
    if before.outcome == "incorrect" or before.quantity is None or not before.quantity:
        return False
    then = Fraction(before.quantity, before.value_added or 1)
    now = Fraction(line.quantity or 0, line.value_added or 1)
    return now < then and (then - now) / then >= Fraction(threshold, PARTS_PER_MILLION)


def _level(archive: Archive, command: RecordReportResults, line: ReportLine, *, at: int) -> str:
    """Return the level of carbon efficiency by the bands of the rule set in force, "" for none."""
    if command.report is not ReportKind.CARBON or not line.is_correct:
        return ""
    if line.quantity is None or line.industry_quantity is None:
        return ""
    own = Fraction(line.quantity, line.value_added or 1)
    industry = Fraction(line.industry_quantity, line.industry_value_added or 1)
    try:
        rule_set = archive.rule_sets.in_force(date.fromordinal(day_at(at)))
        return rate(scheme_of(rule_set, K_SCHEME), own / industry).grade or ""
    except (RuleSetMissing, SchemeUnknown, SchemeOff, NativeInputRefused):
        return ""
