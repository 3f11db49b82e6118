"""`./ecorights down`: stop the `up` of a venue that runs in another terminal."""

import os
import signal
from typing import Annotated

import typer

from gateway.errors import NotRunning
from gateway.instance import running_instance, wait_until_gone
from gateway.settings import load_settings

app = typer.Typer()


@app.command()
def down(
    venue: Annotated[str | None, typer.Option(help="The venue to stop.")] = None,
) -> None:
    """Stop what `up` started, and wait until it is gone."""
    settings = load_settings(venue=venue)
    instance = running_instance(settings.home, venue=settings.venue)
    if instance is None or instance.pid == 0:
        raise NotRunning(settings.venue)
    os.kill(instance.pid, signal.SIGTERM)
    wait_until_gone(settings.home, venue=settings.venue)
    typer.echo(f"{settings.venue} is stopped.")
