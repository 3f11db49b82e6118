"""Long answers go in turn, and a turn lasts as long as its thread."""

import asyncio
import threading

import pytest

from gateway.api.problems import Problem
from gateway.api.turns import Turns


@pytest.mark.asyncio
async def test_who_finds_no_turn_is_told_to_come_again() -> None:
    turns = Turns(at_once=1, wait_seconds=0)
    end, begun = threading.Event(), threading.Event()

    def work() -> str:
        begun.set()
        end.wait()
        return "done"

    running = asyncio.ensure_future(turns.run(work))
    await asyncio.to_thread(begun.wait)
    with pytest.raises(Problem) as caught:
        await turns.run(work)
    end.set()

    assert (caught.value.status, caught.value.code) == (503, "service.overloaded")
    assert await running == "done"
    assert await turns.run(lambda: "again") == "again"


@pytest.mark.asyncio
async def test_who_hangs_up_does_not_free_the_turn_of_a_running_thread() -> None:
    turns = Turns(at_once=1, wait_seconds=0)
    end, begun = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        end.wait()

    asked = asyncio.ensure_future(turns.run(work))
    await asyncio.to_thread(begun.wait)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    with pytest.raises(Problem):
        await turns.run(lambda: None)
    end.set()


@pytest.mark.asyncio
async def test_what_a_computation_raises_is_raised_and_frees_its_turn() -> None:
    turns = Turns(at_once=1, wait_seconds=10)

    def work() -> None:
        raise Problem(status=422, code="gep.malformed")

    with pytest.raises(Problem, match=r"gep\.malformed"):
        await turns.run(work)
    assert await turns.run(lambda: 1) == 1
