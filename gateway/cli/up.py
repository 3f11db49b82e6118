"""`./ecorights up`: PostgreSQL, schema, writer and API of one venue, until Ctrl-C.

Safe to repeat: what is there is kept, unless `--fresh` starts the venue over. `--check`
trades once through the API, verifies, and stops.
"""

import asyncio
import importlib
import os
import sys
from typing import Annotated, Any

import typer

from gateway.cli.terminal import Progress, print_json, treat_terminate_as_interrupt
from gateway.database_server import DatabaseServer
from gateway.demonstration.running import load_demonstration
from gateway.errors import CannotRun
from gateway.instance import Instance, only_instance
from gateway.servers import open_server
from gateway.service import Service, refuse_taken_port, running_service
from gateway.settings import Settings, load_settings
from gateway.work.starting import keep_worker

app = typer.Typer()


@app.command()
def up(
    *,
    venue: Annotated[str | None, typer.Option(help="The venue to serve.")] = None,
    port: Annotated[int | None, typer.Option(help="The port of the API.")] = None,
    fresh: Annotated[bool, typer.Option(help="Drop the venue's data first.")] = False,
    standby: Annotated[bool, typer.Option(help="A second writer that waits.")] = False,
    check: Annotated[bool, typer.Option(help="Trade once, verify, and stop.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Start everything and serve until Ctrl-C."""
    settings = load_settings(venue=venue, port=port)
    progress = Progress()
    treat_terminate_as_interrupt()
    try:
        result = run(settings, progress, fresh=fresh, standby=standby, check=check)
    except KeyboardInterrupt:
        progress.tell("Stopped")
        return
    except CannotRun as trouble:
        if as_json:
            print_json({"ok": False, "error": str(trouble), "seconds": progress.seconds})
        raise
    if as_json:
        print_json(result | {"seconds": progress.seconds})
    if not result["ok"]:
        sys.exit(1)


def run(
    settings: Settings, progress: Progress, *, fresh: bool, standby: bool, check: bool
) -> dict[str, Any]:
    """Serve until interrupted or broken, or until the check is done.

    Raises:
        CannotRun: something outside the code is in the way, or a process died.
        KeyboardInterrupt: somebody asked us to stop; everything is stopped.
    """
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = Instance(pid=os.getpid(), port=settings.port)
    with only_instance(settings.home, venue=settings.venue, own=own):
        refuse_taken_port(host=settings.host, port=settings.port)
        with open_server(settings) as server:
            progress.tell("PostgreSQL ready")
            served = _serve(server, settings, progress, fresh=fresh, standby=standby, check=check)
            result = asyncio.run(served)
        progress.tell("Stopped")
    return result


async def _serve(
    server: DatabaseServer,
    settings: Settings,
    progress: Progress,
    *,
    fresh: bool,
    standby: bool,
    check: bool,
) -> dict[str, Any]:
    async with running_service(
        server, settings, fresh=fresh, standby=standby, tell=progress.tell
    ) as service:
        if check:
            return await service.unless_broken(_check(service, settings, progress))
        await keep_worker(server, settings, service.supervisor, tell=progress.tell)
        await load_demonstration(service, settings, tell=progress.tell)
        progress.tell(f"{service.venue} is served at {service.url} (API pages: {service.url}/docs)")
        progress.tell(f"The public log: {service.url}/log/checkpoint")
        progress.tell("Ctrl-C stops everything; the data stays")
        raise await service.broken()


async def _check(service: Service, settings: Settings, progress: Progress) -> dict[str, Any]:
    checker = importlib.import_module("gateway.cli.check")
    result: dict[str, Any] = await checker.run(service, settings, tell=progress.tell)
    return result
