"""Subjects, rule sets, departments and facts: what is recorded, and every reason to refuse."""

from typing import Any

import pytest

from credit_scoring.archive import commands as a
from credit_scoring.archive.codes import county_fault, division_fault, village_fault
from credit_scoring.archive.commands import FACTS_MAX
from credit_scoring.archive.refusals import Reject
from credit_scoring.records import SubjectKind
from ledger import commands as c
from ledger.journal import undo
from ledger.refusals import Reject as LedgerReject
from ledger.state_hash import state_hash
from tests.credit_scoring.archive.office import CODE, EVIDENCE, Office, day, fact, opened, working


@pytest.fixture
def office() -> Office:
    return working()


@pytest.mark.parametrize(
    ("division", "fits"),
    [
        ("D44", True),
        ("A01", True),
        ("T97", True),
        ("C44", False),
        ("D43", False),
        ("44", False),
        ("D4", False),
        ("d44", False),
        ("D４4", False),
        ("U98", False),
        ("", False),
    ],
)
def test_a_division_stands_in_its_section(division: str, *, fits: bool) -> None:
    assert (division_fault(division) is None) is fits


@pytest.mark.parametrize(
    ("code", "fits"),
    [
        ("331102101203", True),
        ("331102000203", False),
        ("331102101000", False),
        ("991102101203", False),
        ("33110210120", False),
        ("33110210120３", False),
    ],
)
def test_a_village_has_a_code_of_twelve_digits(code: str, *, fits: bool) -> None:
    assert (village_fault(code) is None) is fits
    assert county_fault(code) is not None


@pytest.mark.parametrize(
    ("code", "fits"),
    [("990101101201", True), ("980101101201", False), ("990101000201", False)],
)
def test_a_place_may_be_invented_where_a_scenario_happens(code: str, *, fits: bool) -> None:
    assert (village_fault(code, is_invented=True) is None) is fits
    assert (county_fault(code[:6], is_invented=True) is None) is (code[:2] == "99")
    assert village_fault(code) is not None


@pytest.mark.parametrize("clock", ["scenario", "system"])
def test_only_a_venue_with_a_scenario_clock_has_invented_places(clock: str) -> None:
    office = opened(clock=clock)
    somewhere = enterprise(region="990101")

    if clock == "scenario":
        office.must(somewhere, actor="X-1")
    else:
        refusal = office.refused(somewhere, actor="X-1")
        assert (refusal.code, refusal.field) == (Reject.REGION_INVALID, "region")


def enterprise(**more: Any) -> a.RegisterSubject:
    values: dict[str, Any] = {
        "party": "E",
        "subject_kind": SubjectKind.ENTERPRISE,
        "code": CODE,
        "division": "D44",
        "region": "331102",
    }
    return a.RegisterSubject(**values | more)


VILLAGE: dict[str, Any] = {
    "party": "V",
    "subject_kind": SubjectKind.VILLAGE,
    "code": "331102101203",
    "division": "",
}
PERSON: dict[str, Any] = {
    "party": "P",
    "subject_kind": SubjectKind.PERSON,
    "code": "",
    "division": "",
}


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"party": "nobody"}, LedgerReject.PARTY_UNKNOWN, "party"),
        ({"subject_kind": SubjectKind.PERSON}, Reject.SUBJECT_KIND_UNFIT, "subject_kind"),
        ({"code": CODE[:-1] + "L"}, Reject.CODE_INVALID, "code"),
        ({"code": ""}, Reject.CODE_INVALID, "code"),
        ({"party": "F"}, Reject.CODE_NOT_THE_PARTYS, "code"),
        ({"division": "C44"}, Reject.DIVISION_INVALID, "division"),
        ({"region": "33110"}, Reject.REGION_INVALID, "region"),
        (VILLAGE | {"code": "331102101000"}, Reject.CODE_INVALID, "code"),
        (VILLAGE | {"code": "331102101204"}, Reject.CODE_NOT_THE_PARTYS, "code"),
        (VILLAGE | {"division": "D44"}, Reject.DIVISION_INVALID, "division"),
        (VILLAGE | {"region": "331121"}, Reject.REGION_INVALID, "region"),
        (PERSON | {"code": CODE}, Reject.CODE_INVALID, "code"),
        (PERSON | {"division": "A01"}, Reject.DIVISION_INVALID, "division"),
    ],
)
def test_a_subject_whose_codes_do_not_fit_gets_no_archive(
    more: dict[str, Any], code: str, field: str
) -> None:
    refusal = opened().refused(enterprise(**more), actor="X-1")

    assert (refusal.code, refusal.field) == (code, field)


def test_a_party_has_one_archive(office: Office) -> None:
    assert office.refused(enterprise(), actor="X-1").code == Reject.SUBJECT_EXISTS


def test_a_department_is_authorised_for_rules_that_were_adopted(office: Office) -> None:
    authorise = a.AuthoriseDepartment(department="Q", rules=["E-COMP-99"], decision="1")
    office.must(c.Propose(command=authorise), actor="R-1")
    refusal = office.refused(
        c.Approve(proposal=office.machine.ledger.next_proposal - 1), actor="R-2"
    )

    assert (refusal.code, refusal.field) == (Reject.RULE_UNKNOWN, "rules")
    assert refusal.found == "E-COMP-99"


def test_a_department_that_lost_its_rules_reports_nothing(office: Office) -> None:
    office.approved(a.AuthoriseDepartment(department="D", rules=[], decision="3"))

    refusal = office.refused(a.RecordFacts(source="D", facts=[fact("1")]))

    assert refusal.code == Reject.NOT_A_DEPARTMENT


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"subject": "F"}, Reject.SUBJECT_UNKNOWN, "subject"),
        ({"rule": "E-COMP-99"}, Reject.RULE_UNKNOWN, "rule"),
        ({"rule": "V-LIVE-01"}, Reject.RULE_OF_OTHER_KIND, "rule"),
        ({"rule": "E-COMP-05"}, Reject.RULE_NOT_AUTHORISED, "rule"),
        ({"on": day(2026, 6, 2)}, Reject.DAY_AHEAD, "on"),
        ({"on": day(1989, 12, 31)}, Reject.DAY_UNFIT, "on"),
        ({"on": -5}, Reject.DAY_UNFIT, "on"),
        ({"quantity": 0}, Reject.QUANTITY_UNFIT, "quantity"),
        ({"reference": ""}, Reject.REFERENCE_UNFIT, "reference"),
        ({"reference": "a b"}, Reject.REFERENCE_UNFIT, "reference"),
        ({"incident": "a\x00"}, Reject.REFERENCE_UNFIT, "incident"),
        ({"evidence": "E5" * 32}, Reject.REFERENCE_UNFIT, "evidence"),
        ({"reference": "0"}, Reject.SOURCE_DOUBLED, "reference"),
    ],
)
def test_a_fact_that_cannot_be_refuses_all_that_came_with_it(
    office: Office, more: dict[str, Any], code: str, field: str
) -> None:
    office.report("0")
    before = state_hash(office.machine)
    index, at = office.machine.ledger.entry, office.machine.ledger.at
    bad = fact(more.pop("reference", "2"), **more)

    refusal = office.refused(a.RecordFacts(source="D", facts=[fact("1"), bad]))

    assert (refusal.code, refusal.field) == (code, f"facts.1.{field}")
    office.machine.begin(index=index, at=at)
    assert state_hash(office.machine) == before


def test_a_day_ends_in_shanghai(office: Office) -> None:
    office.at += 16 * 3_600_000_000

    office.report("1", on=day(2026, 6, 2))


def test_one_reference_twice_in_a_list_is_doubled(office: Office) -> None:
    refusal = office.refused(a.RecordFacts(source="D", facts=[fact("1"), fact("1")]))

    assert (refusal.code, refusal.field) == (Reject.SOURCE_DOUBLED, "facts.1.reference")


def test_a_reference_is_a_sources_own(office: Office) -> None:
    office.report("1", subject="V", rule="V-LIVE-01")
    other = fact("1", subject="V", rule="V-LIVE-01")

    office.must(a.RecordFacts(source="Q", facts=[other]), actor="Q-1")
    refusal = office.refused(a.RecordFacts(source="D", facts=[other]), actor="Q-1")
    trader = office.refused(a.RecordFacts(source="E", facts=[fact("2")]), actor="E-1")

    assert (refusal.code, refusal.field) == (LedgerReject.NOT_THE_OWNER, "source")
    assert trader.code == LedgerReject.ROLE_MISSING


@pytest.mark.parametrize("count", [0, FACTS_MAX + 1])
def test_an_entry_takes_so_many_facts(office: Office, count: int) -> None:
    facts = [fact(str(number)) for number in range(count)]

    assert office.refused(a.RecordFacts(source="D", facts=facts)).code == Reject.FACTS_COUNT_UNFIT


def test_everything_can_be_undone(office: Office) -> None:
    machine = office.machine
    before = state_hash(machine)
    mark = len(machine.ledger.journal)
    facts = [fact(str(number)) for number in range(20)]
    office.must(a.RecordFacts(source="D", facts=facts, file=EVIDENCE))
    of_fact: dict[str, Any] = {"source": "D", "evidence": EVIDENCE}
    office.must(a.RevokeFact(reference="1", **of_fact))
    office.must(a.RepairFact(reference="2", on=day(2026, 6, 1), **of_fact))
    objection = a.OpenObjection(reference="3", ground=a.Ground.NOT_OURS, **of_fact)
    office.must(objection, actor="E-1")
    upheld = a.DecideObjection(objection=1, outcome=a.ObjectionOutcome.UPHELD, evidence=EVIDENCE)
    office.must(upheld)

    undo(machine.ledger.journal, mark=mark)

    assert state_hash(machine) == before
    machine.check()
