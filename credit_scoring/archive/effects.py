"""What can happen in the archives, and how each thing that happened changes their state."""

from collections.abc import Mapping
from typing import Any

import msgspec

from credit_scoring.archive.commands import Ground, Months, ObjectionOutcome, Term
from credit_scoring.archive.state import (
    Archive,
    Department,
    Event,
    Objection,
    SetMonthsPeriod,
    SetPeriod,
    StoredFact,
    Subject,
)
from credit_scoring.records import SubjectKind
from ledger.effects import Effect
from ledger.journal import Journal, create, remove

REPAIRED = "repaired"
REVOKED = "revoked"
DISPUTE_OPENED = "dispute_opened"
DISPUTE_CLOSED = "dispute_closed"


class SubjectRegistered(Effect, frozen=True, kw_only=True, tag="credit_subject_registered"):
    """A party has an archive."""

    party: str
    subject_kind: SubjectKind
    code: str
    division: str
    region: str


class DepartmentAuthorised(Effect, frozen=True, kw_only=True, tag="credit_department_authorised"):
    """A department may report these rules and no others."""

    department: str
    rules: list[str]
    decision: str


class TermSet(Effect, frozen=True, kw_only=True, tag="credit_term_set"):
    """A period is this long."""

    term: Term
    days: int
    basis: str


class MonthsSet(Effect, frozen=True, kw_only=True, tag="credit_months_set"):
    """A period is this many months long."""

    term: Months
    months: int
    basis: str


class FactRecorded(Effect, frozen=True, kw_only=True, tag="credit_fact_recorded"):
    """A fact is in its subject's archive."""

    source: str
    reference: str
    subject: str
    rule: str
    on: int
    quantity: int
    incident: str
    evidence: str
    file: str
    actor: str


class FactRepaired(Effect, frozen=True, kw_only=True, tag="credit_fact_repaired"):
    """A fact's credit is repaired from a day on."""

    source: str
    reference: str
    subject: str
    on: int
    evidence: str
    actor: str


class FactRevoked(Effect, frozen=True, kw_only=True, tag="credit_fact_revoked"):
    """A fact never held."""

    source: str
    reference: str
    subject: str
    evidence: str
    actor: str


class ObjectionOpened(Effect, frozen=True, kw_only=True, tag="credit_objection_opened"):
    """A subject disputes a fact; the answer is due on a day."""

    objection: int
    subject: str
    source: str
    reference: str
    ground: Ground
    evidence: str
    due: int
    actor: str


class ObjectionDecided(Effect, frozen=True, kw_only=True, tag="credit_objection_decided"):
    """An objection has its answer, and the dispute has ended."""

    objection: int
    outcome: ObjectionOutcome
    evidence: str
    corrected_by: str
    actor: str


def replace(journal: Journal, table: dict[Any, Any], *, key: Any, value: Any) -> None:
    """Put a value in the place of another."""
    if key in table:
        remove(journal, table, key=key)
    create(journal, table, key=key, value=value)


def subject_registered(state: Archive, effect: SubjectRegistered) -> None:
    """Put the subject on its shelf."""
    subject = Subject(
        effect.party,
        effect.subject_kind.value,
        effect.code,
        effect.division,
        effect.region,
        state.ledger.entry,
    )
    state.subjects.put(state.ledger.journal, subject)


def department_authorised(state: Archive, effect: DepartmentAuthorised) -> None:
    """Put the department's rules in the place of those it had."""
    made = Department(effect.department, effect.rules, effect.decision, state.ledger.entry)
    replace(state.ledger.journal, state.departments, key=effect.department, value=made)


def term_set(state: Archive, effect: TermSet) -> None:
    """Put the period in the place of the one before."""
    name = effect.term.value
    made = SetPeriod(name, effect.days, effect.basis, state.ledger.entry)
    replace(state.ledger.journal, state.terms, key=name, value=made)


def months_set(state: Archive, effect: MonthsSet) -> None:
    """Put the period in the place of the one before."""
    name = effect.term.value
    made = SetMonthsPeriod(name, effect.months, effect.basis, state.ledger.entry)
    replace(state.ledger.journal, state.months_set, key=name, value=made)


def fact_recorded(state: Archive, effect: FactRecorded) -> None:
    """Put the fact on its shelf."""
    ledger = state.ledger
    fact = StoredFact(
        effect.source,
        effect.reference,
        effect.subject,
        effect.rule,
        effect.on,
        effect.quantity,
        effect.incident,
        effect.evidence,
        effect.file,
        effect.actor,
        ledger.entry,
        ledger.at,
    )
    state.facts.put(ledger.journal, fact)


def fact_repaired(state: Archive, effect: FactRepaired) -> None:
    """Note the repair at the fact."""
    _stand(state, effect.source, effect.reference, repaired_on=effect.on)
    _happen(state, effect, REPAIRED, on=effect.on)


def fact_revoked(state: Archive, effect: FactRevoked) -> None:
    """Note the revocation at the fact; an open objection has its answer first."""
    _stand(state, effect.source, effect.reference, revoked=True)
    _happen(state, effect, REVOKED)


def objection_opened(state: Archive, effect: ObjectionOpened) -> None:
    """Add the objection, and name it at the fact."""
    journal = state.ledger.journal
    objection = Objection(
        id=effect.objection,
        subject=effect.subject,
        source=effect.source,
        reference=effect.reference,
        ground=effect.ground.value,
        evidence=effect.evidence,
        opened_at=state.ledger.at,
        due=effect.due,
    )
    journal.append((state.next, state.next.objection, state.next.intake))
    state.next.objection = effect.objection + 1
    create(journal, state.objections, key=objection.id, value=objection)
    _stand(state, effect.source, effect.reference, objection=objection.id)
    _happen(state, effect, DISPUTE_OPENED, objection=objection.id)


def objection_decided(state: Archive, effect: ObjectionDecided) -> None:
    """Let the objection leave with its answer, and end the dispute."""
    journal = state.ledger.journal
    objection = state.objections[effect.objection]
    decided = msgspec.structs.replace(
        objection,
        state=effect.outcome.value,
        decided_at=state.ledger.at,
        decided_by=effect.actor,
        answer=effect.evidence,
        corrected_by=effect.corrected_by,
    )
    replace(journal, state.objections, key=objection.id, value=decided)
    remove(journal, state.objections, key=objection.id)
    _stand(state, objection.source, objection.reference, objection=None)
    _happen(state, objection, DISPUTE_CLOSED, objection=objection.id, actor=effect.actor)


def _stand(state: Archive, source: str, reference: str, **changed: Any) -> None:
    standing = state.standing(source, reference)
    state.standings.put(state.ledger.journal, msgspec.structs.replace(standing, **changed))


def _happen(
    state: Archive,
    what: FactRepaired | FactRevoked | ObjectionOpened | Objection,
    event: str,
    *,
    on: int = 0,
    objection: int | None = None,
    actor: str | None = None,
) -> None:
    """Append the row of an event."""
    ledger = state.ledger
    row = (ledger.entry, ledger.ordinal, ledger.at, what.subject, what.source, what.reference)
    by = actor if isinstance(what, Objection) else what.actor
    ledger.journal.append((Event(*row, event, on, objection, what.evidence, by),))
    ledger.ordinal += 1


FOLDS: Mapping[type[Effect], Any] = {
    SubjectRegistered: subject_registered,
    DepartmentAuthorised: department_authorised,
    TermSet: term_set,
    MonthsSet: months_set,
    FactRecorded: fact_recorded,
    FactRepaired: fact_repaired,
    FactRevoked: fact_revoked,
    ObjectionOpened: objection_opened,
    ObjectionDecided: objection_decided,
}
