"""`./ecorights import`: real data into a venue of its own, through the public API."""

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway import event_loop
from gateway.cli.terminal import Progress, print_json, treat_terminate_as_interrupt
from gateway.client import Refused
from gateway.database_server import DatabaseServer
from gateway.errors import CannotRun
from gateway.imports.eu_ets.run import Years, run_import
from gateway.instance import Instance, only_instance
from gateway.servers import open_server
from gateway.service import free_port, running_service
from gateway.settings import Settings, load_settings

app = typer.Typer(help="Import real data into a venue of its own.", no_args_is_help=True)
EU_ETS = "eu-ets"


@app.callback()
def root() -> None:
    """Let Typer see a group although there is one data set."""


@app.command(EU_ETS)
def eu_ets(
    folder: Annotated[Path, typer.Argument(help="The folder with the three files.")],
    *,
    first: Annotated[int, typer.Option("--from", help="The first year.")] = 2013,
    last: Annotated[int, typer.Option("--to", help="The last year.")] = 2019,
    fresh: Annotated[bool, typer.Option(help="Drop the venue's data first.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Take a part of the EU emissions trading system through whole years.

    Starts what is not running and stops what it started. Without --fresh an import that was cut
    off goes on where it stood.
    """
    settings = load_settings(venue=EU_ETS)
    settings = settings.model_copy(update={"clock": "scenario", "port": free_port(settings.host)})
    progress = Progress()
    treat_terminate_as_interrupt()
    years = Years(folder=folder, first=first, last=last)
    try:
        result = run(settings, years, progress, fresh=fresh)
    except KeyboardInterrupt:
        progress.tell("Stopped; the same command without --fresh goes on here")
        sys.exit(1)
    except (CannotRun, Refused) as trouble:
        if as_json:
            print_json({"ok": False, "error": str(trouble), "seconds": progress.seconds})
        raise CannotRun(str(trouble)) from trouble
    if as_json:
        print_json(result | {"seconds": progress.seconds})
    if not result["ok"]:
        sys.exit(1)


def run(settings: Settings, years: Years, progress: Progress, *, fresh: bool) -> dict[str, Any]:
    """Import while the venue is served by this process alone.

    Raises:
        CannotRun: something outside the code is in the way, or a process died.
        Refused: the service refused a request.
    """
    years.plan()
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = Instance(pid=os.getpid(), port=settings.port)
    with (
        only_instance(settings.home, venue=settings.venue, own=own),
        open_server(settings) as server,
    ):
        progress.tell("PostgreSQL ready")
        result = event_loop.run(_import(server, settings, years, progress=progress, fresh=fresh))
    progress.tell("Stopped")
    return result


async def _import(
    server: DatabaseServer,
    settings: Settings,
    years: Years,
    *,
    progress: Progress,
    fresh: bool,
) -> dict[str, Any]:
    async with running_service(
        server, settings, fresh=fresh, standby=False, tell=progress.tell
    ) as service:
        return await service.unless_broken(run_import(service, settings, years, tell=progress.tell))
