"""What can happen in the supervision, and how each thing that happened changes its state."""

from collections.abc import Mapping
from typing import Any

import msgspec

from exchange.supervision.commands import AnnulmentGround, Origin, ReportKind
from exchange.supervision.state import FactOrigin, ReportResult, ServedDecision, Supervision
from kernel.errors import InvariantBroken
from ledger.effects import Effect
from ledger.journal import create, remove


class FactOriginSet(Effect, frozen=True, kw_only=True, tag="fact_origin_set"):
    """These rules, and no others, follow from an origin in a department's name."""

    origin: Origin
    department: str
    rules: list[str]
    threshold_ppm: int
    basis: str


class DecisionServed(Effect, frozen=True, kw_only=True, tag="decision_served"):
    """A decision is in the record; the facts of its subjects follow in the same entry."""

    decision: int
    authority: str
    case_number: str
    rule: str
    subjects: list[str]
    served_on: int
    document: str
    fine: int | None
    incident: str
    actor: str
    checker: str


class DecisionAnnulled(Effect, frozen=True, kw_only=True, tag="decision_annulled"):
    """A decision never held; the revocations of its facts follow in the same entry."""

    decision: int
    authority: str
    case_number: str
    ground: AnnulmentGround
    document: str


class ReportResultRecorded(Effect, frozen=True, kw_only=True, tag="report_result_recorded"):
    """A report has its result; ``facts`` of them follow in the same entry."""

    report: ReportKind
    year: int
    party: str
    due_on: int
    filed_on: int | None
    outcome: str
    quantity: int | None
    value_added: int | None
    level: str
    facts: int
    evidence: str
    actor: str


def fact_origin_set(state: Supervision, effect: FactOriginSet) -> None:
    """Put the rules in the place of those before."""
    journal = state.ledger.journal
    key = (effect.origin.value, effect.department)
    made = FactOrigin(*key, effect.rules, effect.threshold_ppm, effect.basis, state.ledger.entry)
    if key in state.origins:
        remove(journal, state.origins, key=key)
    create(journal, state.origins, key=key, value=made)


def decision_served(state: Supervision, effect: DecisionServed) -> None:
    """Put the decision on its shelf."""
    ledger = state.ledger
    ledger.journal.append((state.next, state.next.decision))
    state.next.decision = effect.decision + 1
    decision = ServedDecision(
        effect.authority,
        effect.case_number,
        effect.decision,
        effect.rule,
        effect.subjects,
        effect.served_on,
        effect.document,
        effect.fine,
        effect.incident,
        effect.actor,
        effect.checker,
        ledger.entry,
        ledger.at,
    )
    state.decisions.put(ledger.journal, decision)


def decision_annulled(state: Supervision, effect: DecisionAnnulled) -> None:
    """Note at the decision what annulled it."""
    served = state.decisions.get(effect.authority, effect.case_number)
    if served is None:
        raise InvariantBroken(f"{effect.authority} {effect.case_number} was never served")
    annulled = msgspec.structs.replace(
        served,
        annulled_in=state.ledger.entry,
        annulled_ground=effect.ground.value,
        annulled_by=effect.document,
    )
    state.decisions.put(state.ledger.journal, annulled)


def report_result_recorded(state: Supervision, effect: ReportResultRecorded) -> None:
    """Put the result on its shelf."""
    result = ReportResult(
        effect.report.value,
        effect.year,
        effect.party,
        effect.due_on,
        effect.filed_on,
        effect.outcome,
        effect.quantity,
        effect.value_added,
        effect.level,
        effect.facts,
        effect.evidence,
        effect.actor,
        state.ledger.entry,
    )
    state.results.put(state.ledger.journal, result)


FOLDS: Mapping[type[Effect], Any] = {
    FactOriginSet: fact_origin_set,
    DecisionServed: decision_served,
    DecisionAnnulled: decision_annulled,
    ReportResultRecorded: report_result_recorded,
}
