"""`./ecorights witness`: cosigns the checkpoints of logs that continue what it saw before.

Run it where the exchange's operator has no hand: its key and its memory are all that it needs.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from gateway.errors import CannotRun
from gateway.readiness import announce_ready
from gateway.transparency.witnessing import (
    create_witness_application,
    ensure_witness_key,
    witness_of,
)
from ledger.transparency.note import NoteRefused, PublicKey

app = typer.Typer()


@app.command()
def witness(
    folder: Annotated[Path, typer.Argument(help="Its key and its memory, and nothing else.")],
    *,
    name: Annotated[str, typer.Option(help="The key's name, on the first start.")] = "",
    log: Annotated[list[str] | None, typer.Option(help="A log's public key.")] = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8100,
) -> None:
    """Cosign logs until stopped; without --log only print the witness's public key."""
    try:
        key = ensure_witness_key(folder, name)
        logs = [PublicKey.parse(text) for text in log or ()]
    except NoteRefused as error:
        raise CannotRun(f"A key is not one: {error}") from error
    sys.stdout.write(f"witness {key.public.name.rsplit('/', 1)[-1]} {key.public.text}\n")
    sys.stdout.flush()
    if not logs:
        return
    application = create_witness_application(witness_of(folder, key, logs))
    config = uvicorn.Config(application, host=host, port=port, log_level="warning")
    server = uvicorn.Server(config)
    announce_ready()
    server.run()
