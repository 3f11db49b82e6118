"""Who may do what with files and tasks, and that every change has a way back."""

import time
from typing import Any

import pytest

from gateway import wiring
from ledger import commands as c
from ledger.journal import undo
from ledger.machine import Outcome
from ledger.reconciliation import commands as k
from ledger.reconciliation.day import EPOCH
from ledger.reconciliation.difference import Difference, DifferenceKind, FileKind, Side
from ledger.reconciliation.state import Task
from ledger.roles import Role
from ledger.state_hash import state_hash
from tests.ledger.rows.reconciling import SECOND, agree, terms
from tests.ledger.rows.scribe import DAY, HOUR, START, Scribe, found_venue

NOW = START + DAY
TODAY = NOW // DAY + EPOCH


class Desk(Scribe):
    """A scribe whose commits go nowhere, and that proves every change undone and done again."""

    def __init__(self) -> None:
        super().__init__(None, machine=wiring.new_machine())  # type: ignore[arg-type]  # no rows

    def _apply(self, command: c.Command, **more: Any) -> Outcome:
        journal = self.ledger.journal
        mark, before = len(journal), state_hash(self.machine)
        numbering = self.state.next
        numbers = (numbering.run, numbering.task)
        stamp = {"actor": more["actor"], "index": self.index + 1, "at": self.at}
        first = self.machine.apply(command, **stamp, fetched=more.get("fetched"))
        after = state_hash(self.machine)
        undo(journal, mark=mark)
        assert state_hash(self.machine) == before
        assert (numbering.run, numbering.task) == numbers
        self.machine.check()
        again = super()._apply(command, **more)
        assert again == first
        assert state_hash(self.machine) == after
        self.machine.check()
        return again

    @property
    def state(self) -> Any:
        return self.machine.parts[3].state

    def code_of(self, command: c.Command, *, actor: str = "x") -> str:
        refusal = self.send(command, actor=actor).refusal
        assert refusal is not None
        return refusal.code

    def task(self, number: int) -> Task:
        found: Task = self.state.tasks[number]
        return found


@pytest.fixture(scope="module")
def furnished() -> Desk:
    desk = Desk()
    found_venue(desk)
    desk.move(NOW)
    agree(desk, terms("B2", FileKind.BANK), terms("E04", FileKind.REGISTER))
    desk.must(c.RegisterActor(actor="x-third", party="X", roles=[Role.OPERATOR], digest="5" * 64))
    return desk


@pytest.fixture
def desk(furnished: Desk) -> Any:
    """The furnished desk; what a test does is taken back."""
    ledger = furnished.ledger
    mark = len(ledger.journal)
    kept = (furnished.index, furnished.at, furnished.chain.previous)
    yield furnished
    undo(ledger.journal, mark=mark)
    furnished.index, furnished.at, furnished.chain.previous = kept


def difference(subject: str, *, at_stake: int = 100, instrument: str = "CNY") -> Difference:
    side = Side(holder="100", amount="1.00", reference=subject, day=TODAY, line=2)
    return Difference(
        kind=DifferenceKind.MISSING_HERE,
        subject=f"movement|{TODAY}|{subject}",
        instrument=instrument,
        there=side,
        here=None,
        at_stake=at_stake,
    )


def file(desk: Desk, *differences: Difference, **changes: Any) -> k.RecordReconciliation:
    latest = desk.state.terms["B2", "bank"].latest
    made = {
        "counterparty": "B2",
        "file_kind": FileKind.BANK,
        "day": TODAY,
        "as_of": desk.index,
        "digest": "d" * 64,
        "previous": latest,
        "lines": len(differences) + 3,
        "matched": 3,
        "differences": list(differences),
        "left_out": 0,
        "resolved": [],
        "supersede": False,
    }
    return k.RecordReconciliation(**(made | changes))


def test_terms_need_a_second_person_and_a_scope_that_fits(desk: Desk) -> None:
    assert desk.code_of(terms("B2", FileKind.BANK)) == "ledger.four_eyes_required"
    unfit = (
        ({"instruments": ["CEA25"]}, "reconciliation.terms_unfit"),
        ({"instruments": ["ZZZ"]}, "ledger.instrument_unknown"),
        ({"counterparty": "Q"}, "ledger.party_unknown"),
        ({"window_days": 32}, "reconciliation.terms_unfit"),
        ({"cut_off_minutes": 0}, "reconciliation.terms_unfit"),
        ({"utc_offset_minutes": -900}, "reconciliation.terms_unfit"),
        ({"four_eyes": [k.Threshold(instrument="NOX", quantity=1)]}, "reconciliation.terms_unfit"),
        ({"four_eyes": [k.Threshold(instrument="CNY", quantity=0)]}, "reconciliation.terms_unfit"),
    )
    for changes, code in unfit:
        named = {"counterparty": "B2"} | changes
        counterparty = str(named.pop("counterparty"))
        desk.must(c.Propose(command=terms(counterparty, FileKind.BANK, **named)))
        approval = c.Approve(proposal=desk.ledger.next_proposal - 1)
        assert desk.code_of(approval, actor=SECOND) == code


def test_a_file_is_recorded_once_and_the_same_one_changes_nothing(desk: Desk) -> None:
    first = desk.must(file(desk, difference("R-1")))
    again = desk.must(file(desk, difference("R-1"), previous=0))

    assert len(first.effects) == 2
    assert again.effects == []
    assert desk.code_of(file(desk, digest="e" * 64)) == "reconciliation.day_recorded"


def test_a_file_supersedes_another_only_when_it_says_so(desk: Desk) -> None:
    too_early = desk.code_of(file(desk, supersede=True))
    desk.must(file(desk, difference("R-1"), difference("R-2")))
    stale = file(desk, digest="e" * 64, supersede=True, previous=0)
    meanwhile = desk.code_of(stale)

    resolved = [desk.state.by_subject["B2", "bank", f"movement|{TODAY}|R-2"]]
    newer = file(
        desk, difference("R-1", at_stake=7), digest="e" * 64, supersede=True, resolved=resolved
    )
    desk.must(newer)

    assert too_early == "reconciliation.nothing_to_supersede"
    assert meanwhile == "reconciliation.changed_meanwhile"
    run = desk.state.runs["B2", "bank", TODAY]
    assert (run.digest, run.supersedes) == ("e" * 64, run.id - 1)
    states = {t.subject[-3:]: (t.state, t.at_stake, t.seen) for t in desk.state.tasks.values()}
    assert states == {"R-1": ("open", 7, run.id), "R-2": ("closed", 100, run.id)}


@pytest.mark.parametrize(
    ("actor", "changes", "code"),
    [
        ("B2-1", {"counterparty": "E04", "file_kind": FileKind.REGISTER}, "not_the_owner"),
        ("E01-1", {}, "role_missing"),
        ("x", {"counterparty": "E01"}, "terms_unknown"),
        ("x", {"day": TODAY + 1}, "day_ahead"),
        ("x", {"as_of": 10**6}, "entry_not_committed"),
        ("x", {"as_of": -1}, "entry_not_committed"),
        ("x", {"due": 5}, "time_not_ahead"),
        ("x", {"lines": 200_001}, "counts_unfit"),
        ("x", {"matched": 9}, "counts_unfit"),
        ("x", {"left_out": -1}, "counts_unfit"),
        ("x", {"previous": 9}, "changed_meanwhile"),
        ("x", {"differences": [difference("R-1"), difference("R-1")]}, "counts_unfit"),
    ],
)
def test_what_does_not_fit_is_refused(
    desk: Desk, actor: str, changes: dict[str, Any], code: str
) -> None:
    assert desk.code_of(file(desk, **changes), actor=actor).endswith(f".{code}")


def test_the_settlement_bank_records_its_own_statement(desk: Desk) -> None:
    outcome = desk.send(file(desk, difference("R-1")), actor="B2-1")

    assert outcome.refusal is None
    assert next(iter(desk.state.tasks.values())).reconciliation == 1


def test_a_task_goes_its_way_and_only_its_way(desk: Desk) -> None:
    desk.must(file(desk, difference("R-1")))
    [number] = desk.state.tasks
    answer = k.AnswerTask(task=number, finding=k.Finding.TIMING)
    close = k.CloseTask(task=number)

    assert desk.code_of(answer) == "reconciliation.task_state_unfit"
    assert desk.code_of(close) == "reconciliation.task_state_unfit"
    assert desk.code_of(k.ReopenTask(task=number)) == "reconciliation.task_state_unfit"
    for assignee in ("nobody", "E01-1", "R-1"):
        unfit = k.AssignTask(task=number, assignee=assignee)
        assert desk.code_of(unfit) == "reconciliation.assignee_unfit"
    desk.must(k.AssignTask(task=number, assignee="B2-1"))
    assert desk.code_of(answer) == "reconciliation.assignee_only"
    desk.must(answer, actor="B2-1")
    assert desk.code_of(close, actor="B2-1") == "ledger.role_missing"
    desk.must(k.AssignTask(task=number, assignee="x"))
    desk.must(answer)
    desk.must(close)
    task = desk.task(number)
    assert (task.state, task.outcome, task.finding) == ("closed", "closed_by_hand", "timing")
    assert desk.code_of(k.AssignTask(task=99, assignee="x")) == "reconciliation.task_unknown"


def test_much_at_stake_is_closed_by_two(desk: Desk) -> None:
    desk.must(file(desk, difference("R-1", at_stake=49_999), difference("R-2", at_stake=50_000)))
    small, large = sorted(desk.state.tasks)
    for number in (small, large):
        desk.must(k.AssignTask(task=number, assignee="x"))
        desk.must(k.AnswerTask(task=number, finding=k.Finding.OUR_ERROR))

    desk.must(k.CloseTask(task=small))
    assert desk.code_of(k.CloseTask(task=large)) == "ledger.four_eyes_required"
    desk.must(c.Propose(command=k.CloseTask(task=large)))
    approval = c.Approve(proposal=desk.ledger.next_proposal - 1)
    assert desk.code_of(approval) == "ledger.checker_is_maker"
    [*_, closed] = desk.must(approval, actor="x-third").effects
    assert getattr(closed, "checker", None) == "x-third"


def test_a_closed_task_is_opened_again_until_its_time_is_over(desk: Desk) -> None:
    desk.must(file(desk, difference("R-1")))
    [number] = desk.state.tasks
    desk.must(k.AssignTask(task=number, assignee="x"))
    desk.must(k.AnswerTask(task=number, finding=k.Finding.OUR_ERROR))
    desk.must(k.CloseTask(task=number))
    desk.move(desk.at + 47 * HOUR)
    desk.must(k.ReopenTask(task=number, due=desk.at + HOUR), actor="B2-1")
    assert desk.task(number).state == "reopened"
    desk.move(desk.at + HOUR)
    assert desk.task(number).overdue
    desk.must(k.AssignTask(task=number, assignee="x", due=desk.at + HOUR))
    assert not desk.task(number).overdue
    desk.must(k.AnswerTask(task=number, finding=k.Finding.OUR_ERROR))
    desk.must(k.CloseTask(task=number))
    desk.move(desk.at + 48 * HOUR)

    assert desk.code_of(k.ReopenTask(task=number)) == "reconciliation.task_unknown"
    assert desk.state.tasks == {}
    assert not [name for name in desk.ledger.timers.pending if name[0] == "reconciliation_task"]


def test_a_task_is_not_reopened_beside_another_about_the_same(desk: Desk) -> None:
    desk.must(file(desk, difference("R-1")))
    [number] = desk.state.tasks
    desk.must(file(desk, digest="e" * 64, supersede=True, resolved=[number]))
    desk.must(file(desk, difference("R-1"), digest="f" * 64, supersede=True))

    assert len(desk.state.tasks) == 2
    assert desk.code_of(k.ReopenTask(task=number)) == "reconciliation.task_state_unfit"
    assert desk.code_of(k.ReopenTask(task=number), actor="E01-1") == "ledger.role_missing"


def test_what_is_open_stays_below_its_bound(desk: Desk) -> None:
    """Two thousand tasks in one command stay far below what may hold the writer."""
    begin = time.process_time()
    for number in range(3):
        many = [difference(f"R-{number}-{each}") for each in range(k.DIFFERENCES_MAX)]
        desk.must(file(desk, *many, digest=str(number) * 64, supersede=number > 0))
    print(f"{(time.process_time() - begin):.1f} s for 3 files, each decided twice")  # noqa: T201

    assert desk.state.open_tasks("B2", "bank") == k.OPEN_TASKS_MAX
    assert desk.state.runs["B2", "bank", TODAY].left_out == k.DIFFERENCES_MAX
    desk.move(desk.at + 30 * HOUR)
    assert all(task.overdue for task in desk.state.tasks.values())
