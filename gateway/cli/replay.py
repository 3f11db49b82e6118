"""`./ecorights replay`: folds the effects of all entries into a fresh state and compares."""

import asyncio
from typing import Annotated

import typer

from gateway.cli.verify import replay_database, show
from gateway.servers import open_server
from gateway.settings import database_of, load_settings

app = typer.Typer()


@app.command()
def replay(
    *,
    venue: Annotated[str | None, typer.Option(help="The venue to replay.")] = None,
    decide: Annotated[bool, typer.Option(help="Run the commands again and compare.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Fold all entries and compare with the state that the rows give."""
    settings = load_settings(venue=venue)
    with open_server(settings) as server:
        url = server.url(database_of(settings.venue))
        report = asyncio.run(replay_database(url, decide=decide))
    show(report, verb="replayed", as_json=as_json)
