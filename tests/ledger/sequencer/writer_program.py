"""A writer process for the tests: arguments are the database's address and the socket."""

import asyncio
import sys
from pathlib import Path

from gateway.wiring import TABLE_MODULES, certify, load_machine
from kernel.clock import SystemClock
from ledger.commands import OpenVenue
from ledger.projection import APPENDED
from ledger.sequencer.writer import Plan, Writer


def main() -> None:
    plan = Plan(
        dsn=sys.argv[1],
        venue="t",
        socket=Path(sys.argv[2]),
        load=load_machine,
        certify=certify,
        clock=SystemClock(),
        tables=TABLE_MODULES,
        appended=APPENDED,
        ttl=1.0,
        opening=OpenVenue(
            venue="t",
            origin="ledger.example/t",
            clock="system",
            start=1_700_000_000_000_000,
            operator="X",
            actor="x",
            digest="0" * 64,
        ),
    )
    asyncio.run(Writer(plan, ready=lambda: None).run())


if __name__ == "__main__":
    main()
