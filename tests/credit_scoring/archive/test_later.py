"""What happens to a fact later: repair by its class's period, revocation, objection."""

from typing import Any

import pytest

from credit_scoring.archive import commands as a
from credit_scoring.archive.effects import ObjectionOpened
from credit_scoring.archive.refusals import Reject
from ledger import commands as c
from ledger.machine import Outcome
from ledger.refusals import Reject as LedgerReject
from tests.credit_scoring.archive.office import (
    EVIDENCE,
    MICROSECONDS_A_DAY,
    Office,
    day,
    fact,
    working,
)

OBJECTING = a.OpenObjection(
    source="D", reference="1", ground=a.Ground.DID_NOT_HAPPEN, evidence=EVIDENCE
)


@pytest.fixture
def office() -> Office:
    made = working()
    made.report("1")
    return made


def due_of(outcome: Outcome) -> int:
    [effect] = outcome.effects
    assert isinstance(effect, ObjectionOpened)
    return effect.due


def number_of(outcome: Outcome) -> int:
    [effect] = outcome.effects
    assert isinstance(effect, ObjectionOpened)
    return effect.objection


def repair(reference: str = "1", **more: Any) -> a.RepairFact:
    values: dict[str, Any] = {"source": "D", "on": day(2026, 6, 1), "evidence": EVIDENCE}
    return a.RepairFact(reference=reference, **values | more)


def revoke(reference: str = "1") -> a.RevokeFact:
    return a.RevokeFact(source="D", reference=reference, evidence=EVIDENCE)


def decide(outcome: a.ObjectionOutcome, **more: Any) -> a.DecideObjection:
    values: dict[str, Any] = {"objection": 1, "outcome": outcome, "evidence": EVIDENCE}
    return a.DecideObjection(**values | more)


@pytest.mark.parametrize(
    ("rule", "on", "first"),
    [
        ("E-COMP-01", day(2026, 6, 1), day(2026, 6, 1)),
        ("E-COMP-02", day(2026, 2, 28), day(2026, 5, 28)),
        ("E-COMP-02", day(2025, 11, 30), day(2026, 2, 28)),
        ("E-COMP-03", day(2025, 6, 1), day(2026, 6, 1)),
    ],
)
def test_a_repair_waits_for_the_shortest_period_of_its_class(
    office: Office, rule: str, on: int, first: int
) -> None:
    office.report("2", rule=rule, on=on)

    refusal = office.refused(repair("2", on=first - 1))
    office.must(repair("2", on=first))

    assert (refusal.code, refusal.field) == (Reject.REPAIR_TOO_EARLY, "on")
    assert refusal.expected is not None
    assert office.refused(repair("2", on=first)).code == Reject.FACT_REPAIRED


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (repair("9"), Reject.FACT_UNKNOWN, "reference"),
        (repair(source="Q"), Reject.FACT_UNKNOWN, "reference"),
        (repair(on=day(2026, 6, 2)), Reject.DAY_AHEAD, "on"),
        (repair(evidence="x"), Reject.REFERENCE_UNFIT, "evidence"),
        (repair("3"), Reject.NOT_REPAIRABLE, "reference"),
        (revoke("9"), Reject.FACT_UNKNOWN, "reference"),
        (decide(a.ObjectionOutcome.UPHELD), Reject.OBJECTION_UNKNOWN, "objection"),
    ],
)
def test_what_cannot_happen_to_a_fact_is_refused(
    office: Office, command: c.Command, code: str, field: str
) -> None:
    office.report("3", rule="E-COMP-31")

    refusal = office.refused(command)

    assert (refusal.code, refusal.field) == (code, field)


@pytest.mark.parametrize("command", [repair(), revoke()])
def test_another_department_changes_nothing(office: Office, command: c.Command) -> None:
    assert office.refused(command, actor="Q-1").code == Reject.RULE_NOT_AUTHORISED
    assert office.refused(command, actor="R-1").code == Reject.NOT_A_DEPARTMENT


def test_before_the_current_law_nothing_is_repaired() -> None:
    office = working()
    office.report("1", on=day(2026, 3, 1))
    office.at -= 62 * MICROSECONDS_A_DAY

    assert office.refused(repair(on=day(2026, 3, 31))).code == Reject.NOT_REPAIRABLE


def test_a_revoked_fact_stays_revoked(office: Office) -> None:
    office.must(revoke())

    assert office.refused(revoke()).code == Reject.FACT_REVOKED
    assert office.refused(repair()).code == Reject.FACT_REVOKED
    assert office.refused(OBJECTING, actor="E-1").code == Reject.FACT_REVOKED
    assert office.refused(a.RecordFacts(source="D", facts=[fact("1")])).code == (
        Reject.SOURCE_DOUBLED
    )


def test_only_the_subject_objects_and_once_at_a_time(office: Office) -> None:
    stranger = office.refused(OBJECTING, actor="F-1")
    outcome = office.must(OBJECTING, actor="E-1")
    again = office.refused(OBJECTING, actor="E-2")

    assert (stranger.code, stranger.field) == (Reject.NOT_THE_SUBJECT, "reference")
    assert due_of(outcome) == day(2026, 6, 21)
    assert (again.code, again.found) == (Reject.OBJECTION_OPEN, "1")
    assert office.refused(revoke()).code == Reject.OBJECTION_OPEN


def test_the_time_for_an_answer_is_data(office: Office) -> None:
    term = a.SetTerm(term=a.Term.OBJECTION_DAYS, days=15, basis="a test")
    assert office.refused(term, actor="R-1").code == LedgerReject.FOUR_EYES_REQUIRED
    office.approved(term)

    outcome = office.must(OBJECTING, actor="E-1")

    assert due_of(outcome) == day(2026, 6, 16)


@pytest.mark.parametrize("days", [0, 367])
def test_a_term_has_bounds(office: Office, days: int) -> None:
    term = a.SetTerm(term=a.Term.OBJECTION_DAYS, days=days, basis="a test")
    office.must(c.Propose(command=term), actor="R-1")
    approve = c.Approve(proposal=office.machine.ledger.next_proposal - 1)

    assert office.refused(approve, actor="R-2").code == Reject.TERM_UNFIT


def test_a_rejected_objection_leaves_the_fact_and_another_may_follow(office: Office) -> None:
    office.must(OBJECTING, actor="E-1")
    office.must(decide(a.ObjectionOutcome.REJECTED))

    again = office.must(OBJECTING, actor="E-1")

    assert number_of(again) == 2
    assert office.refused(decide(a.ObjectionOutcome.REJECTED)).code == Reject.OBJECTION_UNKNOWN


def test_an_objection_that_is_upheld_revokes_the_fact(office: Office) -> None:
    office.must(OBJECTING, actor="E-1")
    office.must(decide(a.ObjectionOutcome.UPHELD))

    assert office.refused(OBJECTING, actor="E-1").code == Reject.FACT_REVOKED


def test_a_correction_names_the_fact_that_is_right(office: Office) -> None:
    office.must(OBJECTING, actor="E-1")
    office.report("other", subject="V", rule="V-LIVE-01")
    office.report("gone")
    office.must(revoke("gone"))
    corrected = a.ObjectionOutcome.CORRECTED

    for command in (
        decide(corrected),
        decide(corrected, corrected_by="nothing"),
        decide(corrected, corrected_by="1"),
        decide(corrected, corrected_by="other"),
        decide(corrected, corrected_by="gone"),
        decide(a.ObjectionOutcome.REJECTED, corrected_by="1"),
    ):
        refusal = office.refused(command)
        assert (refusal.code, refusal.field) == (Reject.CORRECTION_UNFIT, "corrected_by")
    right = a.RecordFacts(source="D", facts=[fact("2", quantity=7)])
    office.must(c.Linked(commands=(right, decide(corrected, corrected_by="2"))))
    assert office.refused(revoke()).code == Reject.FACT_REVOKED
