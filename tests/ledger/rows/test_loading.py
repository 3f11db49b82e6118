"""What is loaded from the rows is what lived, and goes on like it."""

import pytest

from gateway import wiring
from ledger.state_hash import state_hash
from tests.ledger.rows.scribe import DAY, HOUR, START, Scribe
from tests.ledger.rows.stream import tell_story, trade_at_random


def copy_of(scribe: Scribe, machine: object) -> Scribe:
    """Return a scribe that goes on from loaded state where another one stands."""
    other = Scribe(scribe.connection, machine=machine)  # type: ignore[arg-type]
    other.index, other.at = scribe.index, scribe.at
    return other


@pytest.mark.parametrize("seed", [3, 4, 5])
async def test_loaded_state_is_lived_state_after_every_batch(scribe: Scribe, seed: int) -> None:
    scribe.move(START + DAY + 2 * HOUR)
    for batch in range(12):
        trade_at_random(scribe, seed=seed * 100 + batch, commands=25)
        await scribe.commit()

        loaded = await wiring.load_machine(scribe.connection)

        assert state_hash(loaded) == state_hash(scribe.machine)
        loaded.check()


async def test_loaded_state_goes_on_as_the_lived_one_does(scribe: Scribe) -> None:
    scribe.move(START + DAY + 2 * HOUR)
    trade_at_random(scribe, seed=8, commands=400)
    await scribe.commit()
    other = copy_of(scribe, await wiring.load_machine(scribe.connection))

    for each in (scribe, other):
        trade_at_random(each, seed=9, commands=1_000)

    assert state_hash(other.machine) == state_hash(scribe.machine)
    assert other.refused[-50:] == scribe.refused[-50:]


async def test_loading_leaves_nothing_to_undo(scribe: Scribe) -> None:
    await tell_story(scribe)

    loaded = await wiring.load_machine(scribe.connection)

    assert loaded.ledger.journal == []
    assert loaded.ledger.entry == scribe.index
    assert state_hash(loaded) == state_hash(scribe.machine)


async def test_a_timer_that_replaced_another_in_one_batch_is_loaded(scribe: Scribe) -> None:
    await scribe.commit()
    scribe.move(START + DAY + 4 * HOUR)
    await scribe.commit()

    loaded = await wiring.load_machine(scribe.connection)

    pending = loaded.ledger.timers.earliest()
    assert pending is not None
    assert pending.due == scribe.ledger.timers.earliest().due
