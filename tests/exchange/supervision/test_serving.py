"""Decisions of an authority: who serves them, what they give, what takes them back."""

from typing import Any

import pytest

from credit_scoring.archive import commands as a
from credit_scoring.archive.refusals import Reject as ArchiveReject
from exchange.supervision import commands as s
from exchange.supervision.refusals import Reject
from exchange.supervision.state import decision_reference
from ledger import commands as c
from ledger.journal import undo
from ledger.refusals import Reject as LedgerReject
from ledger.state_hash import state_hash
from tests.credit_scoring.archive.office import EVIDENCE, day
from tests.exchange.supervision.county import (
    DOCUMENT,
    NO_ARCHIVE,
    County,
    deciding,
    decision,
    founded,
)

APPEAL = "a9" * 32


@pytest.fixture
def county() -> County:
    made = deciding()
    made.move(2026, 4, 10)
    made.plain("E02", "E-MGMT-02", "2026/1")
    made.move(2026, 12, 15)
    return made


def annulment(**more: Any) -> s.AnnulDecision:
    values: dict[str, Any] = {
        "authority": "R",
        "case_number": "示环罚〔2026〕15号",
        "ground": s.AnnulmentGround.COURT,
        "document": APPEAL,
    }
    return s.AnnulDecision(**values | more)


def test_a_firm_that_was_short_falls_from_aa_to_b_when_the_decision_is_served(
    county: County,
) -> None:
    before = county.graded("E02")

    county.approved(decision())

    assert (before, county.graded("E02")) == ((710, "AA", True), (510, "B", True))
    served = county.supervision.decisions.get("R", "示环罚〔2026〕15号")
    [_, fact] = county.facts("E02")
    assert served is not None
    assert (served.actor, served.checker, served.fine) == ("R-1", "R-2", 405_000_000)
    assert fact.reference == decision_reference(served.case_number, 1)
    assert (fact.evidence, fact.on, fact.rule) == (DOCUMENT, served.served_on, served.rule)
    stored = county.supervision.archive.facts.get("R", fact.reference)
    assert stored is not None
    assert stored.entry == served.entry


def test_one_decision_about_two_firms_that_nobody_had_rated(county: County) -> None:
    county.move(2026, 7, 15)
    before = [county.graded(party) for party in ("E07", "E08")]

    manipulated: dict[str, Any] = {"rule": "E-COMP-07", "fine": None, "subjects": ["E07", "E08"]}
    county.approved(decision(served_on=day(2026, 7, 15), **manipulated))

    assert before == [(700, "AA", False)] * 2
    assert [county.graded(party) for party in ("E07", "E08")] == [(300, "C", True)] * 2


def test_a_false_report_costs_points_and_a_grade(county: County) -> None:
    county.approved(decision(rule="E-COMP-08"))

    # 710 - 400 = 310 C; the soft veto takes one grade more.
    assert county.graded("E02") == (299, "D", True)


def test_four_eyes_of_one_authority_serve_a_decision(county: County) -> None:
    asked = county.draft(decision())

    alone = county.refused(decision())
    own = county.refused(asked, actor="R-1")
    other = county.refused(asked, actor="Q-1")
    firm = county.refused(c.Propose(command=decision()), actor="E02-1")

    assert alone.code == LedgerReject.FOUR_EYES_REQUIRED
    assert own.code == LedgerReject.CHECKER_IS_MAKER
    assert other.code == LedgerReject.CHECKER_OF_OTHER_PARTY
    assert firm.code == LedgerReject.ROLE_MISSING
    assert len(county.facts("E02")) == 1


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"authority": "Q"}, LedgerReject.NOT_THE_OWNER, "authority"),
        ({"case_number": ""}, Reject.CASE_NUMBER_UNFIT, "case_number"),
        ({"case_number": "1 5"}, Reject.CASE_NUMBER_UNFIT, "case_number"),
        ({"case_number": "号" * 65}, Reject.CASE_NUMBER_UNFIT, "case_number"),
        ({"fine": 0}, Reject.FINE_UNFIT, "fine"),
        ({"incident": "a b"}, ArchiveReject.REFERENCE_UNFIT, "incident"),
        ({"document": "D0" * 32}, ArchiveReject.REFERENCE_UNFIT, "document"),
        ({"rule": "E-COMP-99"}, ArchiveReject.RULE_UNKNOWN, "rule"),
        ({"rule": "E-COMP-31"}, Reject.RULE_NOT_BY_DECISION, "rule"),
        ({"served_on": day(2026, 12, 16)}, ArchiveReject.DAY_AHEAD, "served_on"),
        ({"served_on": day(1989, 12, 31)}, ArchiveReject.DAY_UNFIT, "served_on"),
        ({"subjects": []}, Reject.SUBJECTS_UNFIT, "subjects"),
        ({"subjects": ["E02", "E02"]}, Reject.SUBJECTS_UNFIT, "subjects"),
        ({"subjects": ["E02", NO_ARCHIVE]}, ArchiveReject.SUBJECT_UNKNOWN, "subjects.1"),
        ({"subjects": ["nobody"]}, ArchiveReject.SUBJECT_UNKNOWN, "subjects.0"),
    ],
)
def test_a_decision_that_cannot_be_changes_nothing(
    county: County, more: dict[str, Any], code: str, field: str
) -> None:
    approve = county.draft(decision(**more))
    before = state_hash(county.machine)
    index = county.machine.ledger.entry

    refusal = county.refused(approve, actor="R-2")

    assert (refusal.code, refusal.field) == (code, field)
    county.machine.begin(index=index, at=county.at)
    assert state_hash(county.machine) == before


def test_a_case_number_is_used_once_by_each_authority(county: County) -> None:
    county.approved(decision())

    again = county.not_approved(decision(subjects=["E01"]))
    county.approved(decision(case_number="示环罚〔2026〕16号", subjects=["E01"]))

    assert (again.code, again.field) == (Reject.CASE_DOUBLED, "case_number")
    numbers = [each.number for each in county.supervision.decisions.rows()]
    assert numbers == [1, 2]


def test_an_authority_decides_under_rules_of_its_own_only(county: County) -> None:
    none = county.not_approved(decision(authority="Q"), maker="Q-1", by="Q-2")
    few = a.AuthoriseDepartment(department="R", rules=["E-COMP-02"], decision="2026-4")
    county.approved(few)
    lost = county.not_approved(decision())
    stranger = founded().not_approved(decision(served_on=day(2026, 1, 5)))

    assert none.code == Reject.RULE_NOT_BY_DECISION
    assert lost.code == ArchiveReject.RULE_NOT_AUTHORISED
    assert stranger.code == Reject.RULE_NOT_BY_DECISION


def test_an_annulled_decision_was_known_until_then(county: County) -> None:
    county.approved(decision())
    known = county.at
    county.move(2026, 12, 20)

    county.approved(annulment())

    assert county.graded("E02") == (710, "AA", True)
    assert county.score("E02", known_at=known).credit_index == 510
    served = county.supervision.decisions.get("R", "示环罚〔2026〕15号")
    assert served is not None
    assert served.annulled_in == county.machine.ledger.entry
    assert (served.annulled_ground, served.annulled_by) == ("court", APPEAL)
    again = county.not_approved(annulment())
    unknown = county.not_approved(annulment(case_number="16"))
    foreign = county.not_approved(annulment(), maker="Q-1", by="Q-2")
    assert again.code == Reject.DECISION_ANNULLED
    assert (unknown.code, unknown.field) == (Reject.DECISION_UNKNOWN, "case_number")
    assert (foreign.code, foreign.field) == (LedgerReject.NOT_THE_OWNER, "authority")


def test_an_annulment_ends_an_objection_and_leaves_what_was_revoked(county: County) -> None:
    county.approved(decision(subjects=["E01", "E02"]))
    of_fact: dict[str, Any] = {"source": "R", "evidence": EVIDENCE}
    first, second = (decision_reference("示环罚〔2026〕15号", place) for place in (1, 2))
    county.must(a.RevokeFact(reference=first, **of_fact))
    objection = a.OpenObjection(reference=second, ground=a.Ground.DOCUMENT_ANNULLED, **of_fact)
    county.must(objection, actor="E02-1")

    county.approved(annulment())

    archive = county.supervision.archive
    assert not archive.objections
    assert archive.standing("R", second).revoked
    assert county.graded("E02") == (710, "AA", True)


def test_what_a_department_writes_never_takes_the_name_of_a_decisions_fact(
    county: County,
) -> None:
    reference = decision_reference("示环罚〔2026〕15号", 1)
    forged = a.ReportedFact(
        subject="E02", rule="E-COMP-06", on=county.today, reference=reference, evidence=EVIDENCE
    )

    refusal = county.refused(a.RecordFacts(source="R", facts=[forged]))

    assert refusal.code == ArchiveReject.REFERENCE_UNFIT


def test_everything_can_be_undone(county: County) -> None:
    machine = county.machine
    county.approved(decision(case_number="1"))
    approve, later = county.draft(decision(subjects=["E01", "E02"])), annulment(case_number="1")
    annul = county.draft(later)
    before, mark = state_hash(machine), len(machine.ledger.journal)
    county.must(approve, actor="R-2")
    county.must(annul, actor="R-2")

    undo(machine.ledger.journal, mark=mark)

    assert state_hash(machine) == before
    machine.check()
