"""Files and tasks after a restart: what is loaded from the rows is what lived."""

from gateway import wiring
from ledger.reconciliation import commands as k
from ledger.reconciliation.state import Reconciliations
from ledger.state_hash import state_hash
from tests.ledger.rows.reconciling import reconcile
from tests.ledger.rows.scribe import DAY, START, Scribe
from tests.ledger.rows.test_loading import copy_of


def state_of(scribe: Scribe) -> Reconciliations:
    found: Reconciliations = scribe.machine.parts[3].state
    return found


async def test_loaded_files_and_tasks_go_on_as_those_that_lived(scribe: Scribe) -> None:
    scribe.move(START + DAY)
    await reconcile(scribe)
    await scribe.commit()
    other = copy_of(scribe, await wiring.load_machine(scribe.connection))
    lived, loaded = state_of(scribe), state_of(other)

    loaded.check()
    assert loaded.by_subject == lived.by_subject
    assert loaded.waiting == {at: tasks for at, tasks in lived.waiting.items() if tasks}
    assert (loaded.next.run, loaded.next.task) == (lived.next.run, lived.next.task)
    for each in (scribe, other):
        for task in sorted(state_of(each).tasks):
            each.send(k.AssignTask(task=task, assignee="x", due=each.at + DAY))
        each.move(each.at + 9 * DAY)
        each.machine.check()
    assert state_hash(other.machine) == state_hash(scribe.machine)
    assert all(task.state != "closed" for task in loaded.tasks.values())
