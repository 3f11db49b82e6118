"""The writer of a whole market in a process of its own, to be killed."""

import asyncio
import sys
from pathlib import Path

from benchmarks.venue import plan_of
from ledger.sequencer.writer import Writer


def ready() -> None:
    print("ready", flush=True)  # noqa: T201  the test waits for it


if __name__ == "__main__":
    asyncio.run(Writer(plan_of(sys.argv[1], Path(sys.argv[2])), ready=ready).run())
