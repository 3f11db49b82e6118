"""Long answers in turn: so many threads at a time, and who waits too long is told to come again."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from gateway.api.problems import Problem

AT_ONCE = 2
WAIT_SECONDS = 10.0
P = ParamSpec("P")
T = TypeVar("T")


class Turns:
    """Lets a few computations run beside the loop; a thread counts until it has really ended."""

    def __init__(self, *, at_once: int = AT_ONCE, wait_seconds: float = WAIT_SECONDS) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._wait_seconds = wait_seconds

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a computation in a thread of its own.

        Raises:
            Problem: 503, all turns were taken for too long.
        """
        try:
            async with asyncio.timeout(self._wait_seconds):
                await self._free.acquire()
        except TimeoutError as error:
            raise Problem(status=503, code="service.overloaded") from error
        running = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
        running.add_done_callback(self._ended)
        # Whoever hangs up does not end the thread, so it does not free its turn either.
        return await asyncio.shield(running)

    def _ended(self, running: "asyncio.Future[T]") -> None:
        self._free.release()
        if not running.cancelled():
            running.exception()
