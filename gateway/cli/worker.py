"""`./ecorights worker`: the processes that do a venue's long work; `up` starts them beside."""

from typing import Annotated

import typer

from gateway.errors import CannotRun
from gateway.event_loop import until_stopped
from gateway.servers import open_server
from gateway.settings import load_settings
from gateway.work.keeping import keep, keeping_of

app = typer.Typer()


@app.command()
def worker(
    *, venue: Annotated[str | None, typer.Option(help="The venue to work for.")] = None
) -> None:
    """Do a venue's long work until stopped."""
    settings = load_settings(venue=venue)
    if settings.worker_processes == 0:
        raise CannotRun("ECORIGHTS_WORKER_PROCESSES is 0: expected at least 1 for a worker")
    with open_server(settings) as server:
        until_stopped(keep(keeping_of(settings, server)))
