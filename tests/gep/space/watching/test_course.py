"""A warning goes from raised to closed by several persons; only what is crossed is raised."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gep.accounts.stored import read_account
from gep.publishing import commands as g
from gep.publishing.decisions import digest
from gep.publishing.refusals import Reject as AccountReject
from gep.space.watching import commands as w
from gep.space.watching.judging import WarningRule, warning_id
from gep.space.watching.refusals import Reject
from gep.space.watching.state import StoredWarning, Watch
from kernel.canonical import canonical
from ledger import commands as c
from ledger.journal import undo
from ledger.refusals import Reject as LedgerReject
from ledger.state_hash import state_hash
from tests.gep.publishing.books import Books, draft, opened_books, plan_of
from tests.gep.space.watching.test_judging import LAND

TODAY = date(2026, 6, 1).toordinal()
DEADLINE = date(2026, 6, 30).toordinal()


def counted(year: int, visits: str) -> g.DraftGepAccount:
    """Return the draft of an account in which visits have most of the value."""
    inputs = {
        "visits": {"value": visits, "unit": "visit", "source": "survey"},
        "spent": {"value": "100", "unit": "yuan/visit", "source": "survey"},
    }
    plan = plan_of(id=f"yunxi-{year}", year=year, land_cover=LAND, inputs=inputs)
    return draft(plan)


class Tower(Books):
    """Watches the accounts of one county, and checks the machine after each command."""

    base = ""
    later = ""

    @property
    def watch(self) -> Watch:
        found = [part.state for part in self.machine.parts if isinstance(part.state, Watch)]
        return found[0]

    def warning(self, name: str) -> StoredWarning:
        found = self.watch.warnings.get(name)
        assert found is not None
        return found

    def raised(self, **changes: Any) -> str:
        self.must(self.decline(**changes), actor="R-1")
        return warning_id(WarningRule.DECLINE, account=self.later, service="")

    def decline(self, **changes: Any) -> w.RaiseGepWarning:
        whole: dict[str, Any] = {
            "rule": WarningRule.DECLINE,
            "account": self.later,
            "base": self.base,
        }
        return w.RaiseGepWarning(**(whole | changes))

    def assigned(self, name: str, **changes: Any) -> None:
        self.must(assignment(name, **changes), actor="R-1")

    def answered(self, name: str, *, account: str = "") -> None:
        answer = w.AnswerGepWarning(warning=name, reason="drought", account=account)
        self.must(answer, actor="M-1")


def assignment(name: str, **changes: Any) -> w.AssignGepWarning:
    whole: dict[str, Any] = {
        "warning": name,
        "party": "M",
        "owner": "M-1",
        "deadline": DEADLINE,
    }
    return w.AssignGepWarning(**(whole | changes))


def closure(name: str, outcome: str = "accepted", reason: str = "") -> w.CloseGepWarning:
    return w.CloseGepWarning(warning=name, outcome=w.ClosureOutcome(outcome), reason=reason)


@pytest.fixture
def tower() -> Tower:
    """Accounts of 2024 and 2025 between which visits fell by a fifth."""
    books = opened_books()
    found = Tower(books.machine)
    found.index = books.index
    found.base = found.published(counted(2024, "200000"))
    found.later = found.published(counted(2025, "160000"))
    return found


def test_a_warning_is_raised_assigned_answered_and_closed(tower: Tower) -> None:
    name = tower.raised()
    raised = tower.warning(name)
    tower.assigned(name)
    tower.answered(name)
    tower.must(closure(name, reason="seen"), actor="R-2")

    assert (raised.state, raised.area, raised.year) == ("raised", "990101", 2025)
    assert (raised.before, raised.after) == (2_320_950_000, 1_920_950_000)
    assert (raised.measured_ppm, raised.limit_ppm) == (172_343, 50_000)
    assert raised.severity == "severe"
    closed = tower.warning(name)
    assert (closed.state, closed.owner, closed.closed_by) == ("closed", "M-1", "R-2")
    events = [tower.watch.events.get(name, number) for number in range(1, 5)]
    assert [each and each.event for each in events] == [
        "raised",
        "assigned",
        "answered",
        "closed",
    ]
    assert [each and each.actor for each in events] == ["R-1", "R-1", "M-1", "R-2"]


def test_an_answer_that_is_returned_is_its_owners_again(tower: Tower) -> None:
    name = tower.raised()
    tower.assigned(name)
    tower.answered(name)

    tower.must(closure(name, "rejected", "no sources"), actor="R-2")

    assert (tower.warning(name).state, tower.warning(name).answered_by) == ("assigned", "")
    tower.answered(name)
    assert tower.warning(name).events == 5


def test_a_warning_can_change_hands_before_it_is_answered(tower: Tower) -> None:
    name = tower.raised()
    tower.assigned(name)

    tower.assigned(name, owner="M-2")

    refused = w.AnswerGepWarning(warning=name, reason="drought")
    assert tower.refused(refused, actor="M-1").code == Reject.WARNING_OWNER_ONLY
    tower.must(refused, actor="M-2")


def test_the_same_warning_is_raised_once(tower: Tower) -> None:
    tower.raised()

    assert tower.refused(tower.decline(), actor="R-1").code == Reject.WARNING_DOUBLED


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"account": "00" * 32}, AccountReject.ACCOUNT_UNKNOWN),
        ({"base": "00" * 32}, AccountReject.ACCOUNT_UNKNOWN),
        ({"base": ""}, AccountReject.ACCOUNT_UNKNOWN),
        ({"service": "C1"}, Reject.THRESHOLD_NOT_CROSSED),
        ({"rule": WarningRule.SERVICE_SHARE, "base": ""}, Reject.THRESHOLD_NOT_CROSSED),
        (
            {"rule": WarningRule.SERVICE_SHARE, "base": "", "service": "M1"},
            Reject.THRESHOLD_NOT_CROSSED,
        ),
        ({"rule": WarningRule.SERVICE_SHARE, "service": "C1"}, Reject.THRESHOLD_NOT_CROSSED),
        (
            {"rule": WarningRule.MANDATORY_MISSING, "base": "", "service": "R1"},
            Reject.THRESHOLD_NOT_CROSSED,
        ),
    ],
)
def test_what_is_not_crossed_is_not_raised(
    tower: Tower, changes: dict[str, Any], code: str
) -> None:
    assert tower.refused(tower.decline(**changes), actor="R-1").code == code
    assert (tower.watch.warnings.count, tower.watch.events.count) == (0, 0)


def test_years_the_wrong_way_round_do_not_compare(tower: Tower) -> None:
    reversed_ = tower.decline(account=tower.base, base=tower.later)

    assert tower.refused(reversed_, actor="R-1").code == Reject.NOT_COMPARABLE


def signed(year: int, *, quantity: str, price: str) -> g.DraftGepAccount:
    """Return the draft of an account whose visits were counted, and paid, as no engine would."""
    found = counted(year, "1000")
    account = read_account(found.document)
    lines = tuple(
        each
        if each.price is None
        else replace(each, quantity=Decimal(quantity), price=Decimal(price))
        for each in account.lines
    )
    document = canonical(replace(account, lines=lines).document()).decode()
    return g.DraftGepAccount(plan=found.plan, document=document, account=digest(document))


def test_what_has_no_place_in_a_row_does_not_compare(tower: Tower) -> None:
    base = signed(2022, quantity="0.00000000000001", price="10000000000000000000")
    later = signed(2023, quantity="-10000000000000000000", price="-0.00000000000001")
    for each in (base, later):
        tower.published(each)

    refusal = tower.refused(tower.decline(base=base.account, account=later.account), actor="R-1")

    assert (refusal.code, refusal.field) == (Reject.NOT_COMPARABLE, "base")


def test_an_account_that_was_superseded_raises_nothing(tower: Tower) -> None:
    corrected = counted(2025, "190000")
    again = g.DraftGepAccount(
        plan=corrected.plan,
        document=corrected.document,
        account=corrected.account,
        supersedes=tower.later,
    )
    tower.published(again)

    assert tower.refused(tower.decline(), actor="R-1").code == Reject.ACCOUNT_NOT_COUNTING


def test_another_threshold_holds_from_its_entry_on(tower: Tower) -> None:
    wider = w.SetGepThreshold(rule=WarningRule.DECLINE, limit_ppm=200_000, reason="dry years")

    tower.must(wider, actor="X-1")

    assert tower.refused(tower.decline(), actor="R-1").code == Reject.THRESHOLD_NOT_CROSSED
    assert tower.refused(wider, actor="X-1").code == Reject.THRESHOLD_UNFIT
    back = w.SetGepThreshold(rule=WarningRule.DECLINE, limit_ppm=100_000, reason="a year on")
    tower.must(back, actor="R-1")
    assert tower.warning(tower.raised()).limit_ppm == 100_000


@pytest.mark.parametrize(
    ("rule", "limit", "reason", "code"),
    [
        (WarningRule.DECLINE, 0, "why", Reject.THRESHOLD_UNFIT),
        (WarningRule.DECLINE, 1_000_000, "why", Reject.THRESHOLD_UNFIT),
        (WarningRule.MANDATORY_MISSING, 1, "why", Reject.THRESHOLD_UNFIT),
        (WarningRule.DECLINE, 1, " ", Reject.WORDS_UNFIT),
        (WarningRule.DECLINE, 1, "x" * 501, Reject.WORDS_UNFIT),
    ],
)
def test_a_threshold_is_a_share_with_a_reason(
    tower: Tower, rule: WarningRule, limit: int, reason: str, code: str
) -> None:
    command = w.SetGepThreshold(rule=rule, limit_ppm=limit, reason=reason)

    assert tower.refused(command, actor="X-1").code == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"warning": "00" * 16}, Reject.WARNING_UNKNOWN),
        ({"owner": "nobody"}, Reject.OWNER_UNFIT),
        ({"party": "B"}, Reject.OWNER_UNFIT),
        ({"deadline": TODAY - 1}, Reject.DEADLINE_UNFIT),
        ({"deadline": TODAY + 3 * 366 + 1}, Reject.DEADLINE_UNFIT),
        ({"deadline": 10**12}, Reject.DEADLINE_UNFIT),
    ],
)
def test_an_owner_is_a_live_key_with_a_day_ahead(
    tower: Tower, changes: dict[str, Any], code: str
) -> None:
    command = assignment(tower.raised(), **changes)

    assert tower.refused(command, actor="R-1").code == code


def test_a_key_that_was_revoked_owns_nothing(tower: Tower) -> None:
    name = tower.raised()
    tower.must(c.RevokeActor(actor="M-1"), actor="X-1")

    assert tower.refused(assignment(name), actor="R-1").code == Reject.OWNER_UNFIT


def test_every_step_has_its_turn(tower: Tower) -> None:
    name = tower.raised()
    answer = w.AnswerGepWarning(warning=name, reason="drought")
    assert tower.refused(answer, actor="M-1").code == Reject.WARNING_STATE_UNFIT
    assert tower.refused(closure(name), actor="R-2").code == Reject.WARNING_STATE_UNFIT
    tower.assigned(name)
    tower.answered(name)
    assert tower.refused(assignment(name), actor="R-1").code == Reject.WARNING_STATE_UNFIT
    assert tower.refused(closure(name, "rejected"), actor="R-2").code == Reject.WORDS_UNFIT
    tower.must(closure(name), actor="R-2")
    assert tower.refused(closure(name), actor="R-2").code == Reject.WARNING_STATE_UNFIT


def test_whoever_answers_does_not_close(tower: Tower) -> None:
    name = tower.raised()
    tower.assigned(name, party="R", owner="R-1")
    tower.must(w.AnswerGepWarning(warning=name, reason="drought"), actor="R-1")

    assert tower.refused(closure(name), actor="R-1").code == Reject.CLOSER_IS_ANSWERER
    tower.must(closure(name), actor="R-2")


def test_an_answer_names_an_account_of_the_same_area_and_year(tower: Tower) -> None:
    name = tower.raised()
    tower.assigned(name)
    for account, code in (
        ("00" * 32, AccountReject.ACCOUNT_UNKNOWN),
        (tower.base, Reject.ANSWER_ACCOUNT_UNFIT),
        (tower.later, Reject.ANSWER_ACCOUNT_UNFIT),
    ):
        answer = w.AnswerGepWarning(warning=name, reason="recomputed", account=account)
        assert tower.refused(answer, actor="M-1").code == code
    newer = tower.drafted(counted(2025, "199000"))

    tower.answered(name, account=newer)

    assert tower.warning(name).answer_account == newer


@pytest.mark.parametrize(
    ("command", "actor"),
    [
        (w.SetGepThreshold(rule=WarningRule.DECLINE, limit_ppm=1, reason="x"), "M-1"),
        (w.RaiseGepWarning(rule=WarningRule.DECLINE, account="x"), "M-1"),
        (assignment("x"), "M-1"),
        (closure("x"), "X-1"),
    ],
)
def test_roles_are_asked_for(tower: Tower, command: c.Command, actor: str) -> None:
    assert tower.refused(command, actor=actor).code == LedgerReject.ROLE_MISSING


def test_every_step_can_be_undone(tower: Tower) -> None:
    name = warning_id(WarningRule.DECLINE, account=tower.later, service="")
    steps = [
        (w.SetGepThreshold(rule=WarningRule.DECLINE, limit_ppm=80_000, reason="x"), "X-1"),
        (tower.decline(), "R-1"),
        (assignment(name), "R-1"),
        (w.AnswerGepWarning(warning=name, reason="drought"), "M-1"),
        (closure(name, "rejected", "no sources"), "R-2"),
        (w.AnswerGepWarning(warning=name, reason="gauges"), "M-1"),
        (closure(name), "R-2"),
    ]
    for command, actor in steps:
        journal = tower.machine.ledger.journal
        before, mark = state_hash(tower.machine), len(journal)
        tower.must(command, actor=actor)
        assert state_hash(tower.machine) != before
        undo(journal, mark=mark)
        assert state_hash(tower.machine) == before
        tower.must(command, actor=actor)
