"""A writer in a process of its own, so that a test may stop and kill it."""

import asyncio
import sys
from pathlib import Path

from ledger.sequencer.writer import Writer
from tests.ledger.sequencer import rig


def ready() -> None:
    print("ready", flush=True)  # noqa: T201  the test waits for it


async def serve(dsn: str, socket: Path, clock: str) -> None:
    plan = rig.plan_of(dsn, socket, venue_clock=clock, ttl=1.0)
    await Writer(plan, ready=ready).run()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))
