"""State roots through commands: begun by a close, seeded, committed, undone, loaded again."""

from typing import Any

import pytest

from gateway.wiring import load_machine, new_machine
from ledger import commands as c
from ledger.effects import PhaseEnded
from ledger.journal import undo
from ledger.machine import SYSTEM
from ledger.state_hash import state_hash
from ledger.state_roots import building
from ledger.state_roots.capture import balances_of, capture_of
from ledger.state_roots.fragments import fragments_of
from ledger.state_roots.part import StateRootCommitted
from ledger.state_roots.state import STATE_ROOT, seed_and_unit
from ledger.state_roots.sum_tree import SumTree
from ledger.verification.audit import Audit
from tests.ledger.rows.scribe import DAY, FIRST_DAY, HOUR, Scribe, found_venue

CLOSE = (FIRST_DAY + 1) * DAY + 7 * HOUR


def a_day(scribe: Scribe) -> None:
    """A venue of the version that brought state roots, and trades on its first day."""
    found_venue(scribe)
    scribe.must(c.ActivateMachine(machine=3))
    scribe.move(CLOSE - HOUR)
    scribe.order("E01", is_buy=False, lots=500, ticks=7_400)
    scribe.order("E02", is_buy=True, lots=300, ticks=7_400)


def committed(seen: list[Any]) -> dict[str, StateRootCommitted]:
    return {each.instrument: each for each in seen if isinstance(each, StateRootCommitted)}


def watch(scribe: Scribe, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Note every effect that the machine emits."""
    seen: list[Any] = []
    original = scribe.machine.apply

    def apply(*given: Any, **more: Any) -> Any:
        outcome = original(*given, **more)
        seen.extend(outcome.effects)
        return outcome

    monkeypatch.setattr(scribe.machine, "apply", apply)
    return seen


async def test_a_close_commits_to_what_everybody_holds(
    scribe: Scribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_day(scribe)
    seen = watch(scribe, monkeypatch)
    scribe.move(CLOSE)
    expected = capture_of(balances_of(scribe.ledger))
    roots = committed(seen)

    assert set(roots) == {"CEA25", "CNY", "NOX"}
    for code, root in roots.items():
        supply = expected[code]
        leaves = [
            fragment.leaf(account)
            for account, quantity in supply.holders
            for fragment in fragments_of(
                b"\7" * 32, instrument=code, account=account, quantity=quantity
            )
        ]
        assert root.root == SumTree(sorted(leaves)).root().digest.hex()
        assert root.total == supply.total == root.issued - root.ended
        assert root.leaves == len(leaves)
    await scribe.commit()
    rows = await scribe.connection.fetch("SELECT * FROM state_root ORDER BY entry, number")
    assert [row["instrument"] for row in rows] == sorted(roots)
    assert (await Audit(scribe.connection, new_machine).run()).ok


async def test_versions_before_it_have_no_state_roots(scribe: Scribe) -> None:
    found_venue(scribe)
    scribe.move(CLOSE)

    assert not scribe.ledger.phases
    await scribe.commit()
    assert await scribe.connection.fetchval("SELECT count(*) FROM state_root") == 0


async def test_a_writer_that_dies_between_units_goes_on_to_the_same_roots(
    scribe: Scribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "LEAVES_PER_UNIT_MAX", 16)
    monkeypatch.setattr(building, "HOLDERS_PER_STEP", 2)
    monkeypatch.setattr(building, "LEAVES_PER_BUCKET", 8)
    a_day(scribe)
    begin_close(scribe)
    [phase] = [p for p in scribe.ledger.phases.values() if p.kind == STATE_ROOT]
    taken = capture_of(balances_of(scribe.ledger))
    for _ in range(4):
        step(scribe)
    # What happens between two units is not in the trees of the close.
    cash = c.CashOut(account=scribe.account("E03"), currency="CNY", amount=10**9, reference="")
    one(scribe, cash, actor="B2-1")
    await scribe.commit()
    scribe.machine = await load_machine(scribe.connection)
    assert seed_and_unit(scribe.ledger.phases[phase.id])[1] > 0
    seen = watch(scribe, monkeypatch)
    while scribe.ledger.phases:
        step(scribe)
    await scribe.commit()
    rows = await scribe.connection.fetch("SELECT instrument, total FROM state_root")

    assert {row["instrument"]: row["total"] for row in rows} == {
        code: supply.total for code, supply in taken.items()
    }
    assert any(isinstance(each, PhaseEnded) for each in seen)
    report = await Audit(scribe.connection, new_machine).run()
    assert report.ok, report.findings
    assert state_hash(scribe.machine) == report.state_hash


async def test_every_step_can_be_taken_back_and_done_again(scribe: Scribe) -> None:
    a_day(scribe)
    begin_close(scribe)
    machine = scribe.machine
    while scribe.ledger.phases:
        before, mark = state_hash(machine), len(scribe.ledger.journal)
        command = machine.next_slice(lambda: b"\7" * 32)
        first = machine.apply(command, actor=SYSTEM, index=scribe.index + 1, at=scribe.at)
        after = state_hash(machine)
        undo(scribe.ledger.journal, mark=mark)
        assert state_hash(machine) == before
        again = machine.apply(command, actor=SYSTEM, index=scribe.index + 1, at=scribe.at)
        assert (again, state_hash(machine)) == (first, after)
        scribe.index += 1


def begin_close(scribe: Scribe) -> None:
    """Fire the timers of the close, and end the phases that stand before the state roots."""
    while (timer := scribe.ledger.timers.earliest()) is not None and timer.due <= CLOSE:
        scribe.at = max(timer.due, scribe.at)
        one(scribe, c.FireTimer(timer=timer.kind, subject=timer.subject), actor=SYSTEM)
        while any(phase.kind != STATE_ROOT for phase in scribe.ledger.phases.values()):
            step(scribe)


def step(scribe: Scribe) -> None:
    one(scribe, scribe.machine.next_slice(lambda: b"\7" * 32), actor=SYSTEM)


def one(scribe: Scribe, command: c.Command, *, actor: str) -> None:
    """Apply a command without the slices that would follow."""
    key = "" if actor == SYSTEM else f"k{scribe.index}"
    assert scribe._apply(command, actor=actor, key=key).refusal is None
