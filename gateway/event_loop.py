"""How a coroutine runs as a program: on uvloop where it is installed, or until it is stopped."""

import asyncio
import contextlib
import importlib
import importlib.util
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


def run(main: Coroutine[Any, Any, Result]) -> Result:
    """Run to the end and return what it returns."""
    if importlib.util.find_spec("uvloop") is None:
        return asyncio.run(main)
    uvloop = importlib.import_module("uvloop")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


def until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Run until SIGTERM or Ctrl-C."""

    async def run() -> None:
        task = asyncio.ensure_future(work)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, task.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await task

    asyncio.run(run())
