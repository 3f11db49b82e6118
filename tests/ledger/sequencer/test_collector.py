"""The collector of cycles is off while it would stop others, and only for so long."""

import gc
from collections.abc import Iterator

import pytest

from ledger.sequencer import collector


@pytest.fixture(autouse=True)
def _on_again() -> Iterator[None]:
    yield
    gc.enable()


def test_work_aside_switches_it_off_and_on_again() -> None:
    with collector.aside():
        during = gc.isenabled()

    assert (during, gc.isenabled()) == (False, True)


def test_work_aside_leaves_it_off_under_a_writer_that_serves() -> None:
    collector.stand_aside()
    with collector.aside():
        pass
    after_work = gc.isenabled()
    collector.come_back()

    assert (after_work, gc.isenabled()) == (False, True)


def test_what_a_writer_has_loaded_is_out_of_sight_until_it_ends() -> None:
    collector.stand_aside()
    loaded = [[number] for number in range(1_000)]
    collector.spare()
    serving = any(each is loaded for each in gc.get_objects())
    collector.come_back()

    assert not serving
    assert any(each is loaded for each in gc.get_objects())
