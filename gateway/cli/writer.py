"""`./ecorights writer`: the single writer of a venue; a second one waits for the lease."""

import asyncio
import secrets
import time
from typing import Annotated

import asyncpg
import typer

from exchange.commands import CancelOrder, MassCancel
from gateway import event_loop
from gateway.database_server import DatabaseServer
from gateway.embedded.runtime_folder import socket_of
from gateway.errors import CannotRun
from gateway.keys import OPERATOR, digest_of, ensure_keys, keys_file
from gateway.readiness import announce_ready
from gateway.servers import open_server
from gateway.settings import Settings, database_of, load_settings
from gateway.transparency.loss import refuse_loss
from gateway.transparency.places import signer_folder
from gateway.wiring import TABLE_MODULES, certify, load_machine
from kernel.clock import SystemClock
from ledger.commands import OpenVenue
from ledger.decisions import MACHINE_VERSIONS
from ledger.projection import APPENDED
from ledger.sequencer.fence import Unsafe
from ledger.sequencer.sequencer import Stopped
from ledger.sequencer.writer import Plan, Writer

app = typer.Typer()
LEASE_SECONDS = 2.0


def opening_of(settings: Settings) -> OpenVenue:
    """Return the first command of a new log: the venue, its clock, its operator's key."""
    path = keys_file(settings.home, settings.venue)
    secret = ensure_keys(path, [OPERATOR])[OPERATOR]
    return OpenVenue(
        venue=settings.venue,
        # Each log has a name of its own, also where a venue is started over under the same name.
        origin=f"ecorights.example/{settings.venue}/{secrets.token_hex(4)}",
        clock=settings.clock,
        start=0 if settings.clock == "scenario" else time.time_ns() // 1000,
        operator=OPERATOR.partition("-")[0],
        actor=OPERATOR,
        digest=digest_of(secret),
        machine=MACHINE_VERSIONS[-1],
    )


def plan_of(server: DatabaseServer, settings: Settings) -> Plan:
    """Return what the writer of a venue is made of."""
    return Plan(
        dsn=server.url(database_of(settings.venue)),
        venue=settings.venue,
        socket=socket_of(settings.home, settings.venue),
        vault=settings.vault_file,
        load=load_machine,
        certify=certify,
        clock=SystemClock(),
        tables=TABLE_MODULES,
        appended=APPENDED,
        ttl=LEASE_SECONDS,
        urgent=(CancelOrder, MassCancel),
        opening=opening_of(settings),
    )


@app.command()
def writer(
    *,
    venue: Annotated[str | None, typer.Option(help="The venue to write.")] = None,
    standby: Annotated[bool, typer.Option(help="Be ready at once, and wait.")] = False,
) -> None:
    """Write a venue until stopped."""
    settings = load_settings(venue=venue)
    with open_server(settings) as server:
        plan = plan_of(server, settings)
        asyncio.run(refuse_loss(plan.dsn, signer_folder(settings)))
        if standby:
            announce_ready()
        try:
            event_loop.run(Writer(plan, ready=announce_ready).run())
        except (Stopped, Unsafe, asyncpg.PostgresError) as error:
            raise CannotRun(f"The writer of {settings.venue} stopped: {error}") from error
