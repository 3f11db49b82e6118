"""Positive and negative lists: who comes on one by what, and how a stay ends."""

from typing import Any

import pytest

from credit_scoring.archive import commands as a
from credit_scoring.archive.refusals import Reject as ArchiveReject
from credit_scoring.lists import commands as k
from credit_scoring.lists.refusals import Reject
from credit_scoring.records import SubjectKind
from ledger import commands as c
from ledger.journal import undo
from ledger.refusals import Refusal
from ledger.refusals import Reject as LedgerReject
from ledger.state_hash import state_hash
from tests.credit_scoring.archive.office import EVIDENCE, Office, day, working

BASIS: dict[str, Any] = {"basis": "XF26", "decision": "2026-4"}
TODAY = day(2026, 6, 1)


def defined(**changes: Any) -> k.DefineList:
    values: dict[str, Any] = {
        "list_name": "BLACK",
        "sign": k.Sign.NEGATIVE,
        "subject_kind": SubjectKind.ENTERPRISE,
        "rules": ["E-COMP-01", "E-COMP-02"],
        "months": 12,
        "published": True,
    }
    return k.DefineList(**values | BASIS | changes)


def entered(**changes: Any) -> k.EnterOnList:
    values: dict[str, Any] = {
        "list_name": "BLACK",
        "subject": "E",
        "day_from": TODAY,
        "day_to": day(2027, 5, 31),
        "source": "D",
        "reference": "2026/1",
        "decision": "2026-5",
        "evidence": EVIDENCE,
    }
    return k.EnterOnList(**values | changes)


def left(day: int, **changes: Any) -> k.LeaveList:
    values: dict[str, Any] = {
        "list_name": "BLACK",
        "subject": "E",
        "reason": k.LeavingReason.DECISION,
        "decision": "2026-6",
        "evidence": EVIDENCE,
    }
    return k.LeaveList(day=day, **values | changes)


class Register(Office):
    """An office whose lists two persons keep."""

    def __init__(self) -> None:
        office = working()
        super().__init__(office.machine)
        self.index, self.at = office.index, office.at
        self.report("2026/1")
        self.report("2026/2", rule="E-COMP-02")
        self.approved(defined())

    def turned_down(self, command: c.Command) -> Refusal:
        """Return why the second person's approval did nothing."""
        self.must(c.Propose(command=command), actor="R-1")
        proposal = self.machine.ledger.next_proposal - 1
        return self.refused(c.Approve(proposal=proposal), actor="R-2")


@pytest.fixture
def register() -> Register:
    return Register()


def test_one_person_alone_changes_no_list(register: Register) -> None:
    for command in (defined(list_name="B"), entered(), left(TODAY)):
        assert register.refused(command, actor="R-1").code == LedgerReject.FOUR_EYES_REQUIRED
        assert register.refused(command, actor="E-1").code == LedgerReject.ROLE_MISSING


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"list_name": "black"}, "list_name"),
        ({"months": 0}, "months"),
        ({"months": 601}, "months"),
        ({"basis": ""}, "basis"),
        ({"rules": ["P-LIVE-01"]}, "rules"),
        ({"rules": ["NONE"]}, "rules"),
        ({"subject_kind": SubjectKind.PERSON, "rules": []}, "published"),
    ],
)
def test_a_list_that_cannot_be_is_refused(
    register: Register, changes: dict[str, Any], field: str
) -> None:
    refusal = register.turned_down(defined(**{"list_name": "NEW"} | changes))

    assert (refusal.code, refusal.field) == (Reject.LIST_UNFIT, field)


def test_a_list_is_defined_once(register: Register) -> None:
    assert register.turned_down(defined(months=3)).code == Reject.LIST_EXISTS


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"list_name": "NONE"}, Reject.LIST_UNKNOWN, "list_name"),
        ({"subject": "F"}, ArchiveReject.SUBJECT_UNKNOWN, "subject"),
        ({"subject": "P"}, Reject.LISTING_OF_OTHER_KIND, "subject"),
        ({"reference": "2026/9"}, Reject.LISTING_FACT_UNFIT, "reference"),
        ({"source": "", "reference": ""}, Reject.LISTING_FACT_UNFIT, "reference"),
        ({"day_from": TODAY + 1}, Reject.LISTING_PERIOD_UNFIT, "day_from"),
        ({"day_from": 0}, Reject.LISTING_PERIOD_UNFIT, "day_from"),
        ({"day_to": TODAY - 1}, Reject.LISTING_PERIOD_UNFIT, "day_to"),
        ({"day_to": day(2027, 6, 1)}, Reject.LISTING_PERIOD_UNFIT, "day_to"),
        ({"evidence": ""}, ArchiveReject.REFERENCE_UNFIT, "evidence"),
    ],
)
def test_a_stay_that_does_not_fit_is_refused(
    register: Register, changes: dict[str, Any], code: str, field: str
) -> None:
    refusal = register.turned_down(entered(**changes))

    assert (refusal.code, refusal.field) == (code, field)


def test_a_fact_that_is_over_puts_nobody_on_a_list(register: Register) -> None:
    register.must(a.RevokeFact(source="D", reference="2026/1", evidence=EVIDENCE))

    assert register.turned_down(entered()).code == Reject.LISTING_FACT_UNFIT


def test_a_list_without_rules_is_entered_by_decision_alone(register: Register) -> None:
    register.approved(defined(list_name="RED", sign=k.Sign.POSITIVE, rules=[]))

    by_fact = register.turned_down(entered(list_name="RED"))
    register.approved(entered(list_name="RED", source="", reference=""))

    assert by_fact.code == Reject.LISTING_FACT_UNFIT


def test_nobody_is_twice_on_a_list_on_one_day(register: Register) -> None:
    register.approved(entered(day_to=day(2026, 6, 30)))

    twice = register.turned_down(entered(reference="2026/2"))
    assert (twice.code, twice.expected) == (Reject.LISTED, "after 2026-06-30")
    register.approved(left(day(2026, 6, 1)))
    register.approved(entered(reference="2026/2"))


def test_a_stay_that_ends_later_holds_until_then(register: Register) -> None:
    register.approved(entered())
    register.approved(left(day(2026, 6, 10)))

    early = register.turned_down(entered(reference="2026/2"))
    again = register.turned_down(left(day(2026, 6, 10)))

    assert (early.code, early.expected) == (Reject.LISTED, "after 2026-06-09")
    assert (again.code, again.expected) == (
        Reject.LISTING_PERIOD_UNFIT,
        "2026-06-01 to 2026-06-09",
    )


def test_a_revoked_or_repaired_fact_ends_its_stay(register: Register) -> None:
    register.approved(entered())
    register.must(a.RevokeFact(source="D", reference="2026/1", evidence=EVIDENCE))

    assert register.turned_down(left(TODAY)).code == Reject.NOT_LISTED
    register.approved(entered(reference="2026/2"))
    register.at += 100 * 86_400_000_000
    repair = a.RepairFact(source="D", reference="2026/2", on=day(2026, 9, 1), evidence=EVIDENCE)
    register.must(repair)
    assert register.turned_down(left(TODAY)).code == Reject.NOT_LISTED


def test_lists_change_no_fact_and_every_change_can_be_taken_back(register: Register) -> None:
    machine, ledger = register.machine, register.machine.ledger
    facts = machine.shelves["credit_fact"].digest
    commands = (
        defined(list_name="OTHER"),
        entered(),
        left(day(2026, 6, 1)),
        entered(reference="2026/2"),
    )
    for command in commands:
        register.must(c.Propose(command=command), actor="R-1")
        approve = c.Approve(proposal=ledger.next_proposal - 1)
        machine.begin(index=register.index + 1, at=register.at)
        before, mark = state_hash(machine), len(ledger.journal)
        outcome = machine.apply(approve, actor="R-2", index=register.index + 1, at=register.at)
        assert outcome.refusal is None, outcome.refusal
        undo(ledger.journal, mark=mark)
        machine.begin(index=register.index + 1, at=register.at)
        assert state_hash(machine) == before, command
        register.must(approve, actor="R-2")
    assert machine.shelves["credit_fact"].digest == facts
