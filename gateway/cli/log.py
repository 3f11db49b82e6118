"""`./ecorights log`: the public log of a venue: its signer, its publisher, its keys, its files."""

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import asyncpg
import httpx
import structlog
import typer

from gateway.published_venue import published_venue
from gateway.readiness import announce_ready
from gateway.servers import open_server
from gateway.settings import Settings, database_of, load_settings
from gateway.transparency.cosigning import Witnesses
from gateway.transparency.export import export_log
from gateway.transparency.places import signer_folder, signer_socket
from gateway.transparency.serve_check import serve_check
from kernel.errors import DomainError
from ledger.transparency.policy import parse_policy
from ledger.transparency.publishing import PAUSE_SECONDS, Publisher, SignerRefused
from ledger.transparency.signer_socket import ask_signer, serve_signer
from ledger.transparency.signing import (
    Signed,
    Signers,
    SignRequest,
    add_secret,
    read_publics,
    read_secrets,
)
from ledger.transparency.store import LogStore

app = typer.Typer(help="The public log of a venue.", no_args_is_help=True)
ALARM_PAUSE_SECONDS = 10.0
Venue = Annotated[str | None, typer.Option(help="The venue of the log.")]
log = structlog.get_logger()


@app.command()
def signer(*, venue: Venue = None) -> None:
    """Sign checkpoints until stopped; never two that do not continue each other."""
    settings = load_settings(venue=venue)
    _until_stopped(_sign(settings))


async def _sign(settings: Settings) -> None:
    folder = signer_folder(settings)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    server = await serve_signer(Signers(folder), signer_socket(settings))
    announce_ready()
    async with server:
        await server.serve_forever()


@app.command()
def publish(*, venue: Venue = None) -> None:
    """Let the tiles follow the log and publish checkpoints, until stopped."""
    settings = load_settings(venue=venue)
    with open_server(settings) as server:
        _until_stopped(_publish(settings, server.url(database_of(settings.venue))))


async def _publish(settings: Settings, dsn: str) -> None:
    announce_ready()
    while True:
        connection = None
        try:
            connection = await asyncpg.connect(dsn)
            await _publish_on(connection, settings)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("publisher_waits", reason=repr(error))
        except DomainError as error:
            # Nothing is published any more; trading goes on, and the log's age tells everybody.
            log.error("alarm", what=f"{error.code}: {error}")  # noqa: TRY400  the cause is in the words
            await asyncio.sleep(ALARM_PAUSE_SECONDS)
        finally:
            if connection is not None:
                connection.terminate()
        await asyncio.sleep(PAUSE_SECONDS)


async def _publish_on(connection: asyncpg.Connection, settings: Settings) -> None:
    origin = await LogStore(connection).origin()
    if origin is None:
        return
    socket = signer_socket(settings)
    folder = signer_folder(settings)
    if not read_secrets(folder, origin):
        if await LogStore(connection).newest() is not None:
            raise SignerRefused(f"{origin} has checkpoints, and {folder} no key of it any more")
        add_secret(folder, origin)

    async def sign(request: SignRequest) -> Signed:
        return await ask_signer(socket, request)

    if settings.log_policy is None:
        await Publisher(connection=connection, origin=origin, sign=sign).run()
        return
    policy = parse_policy(settings.log_policy.read_text(encoding="utf-8"))
    async with httpx.AsyncClient() as client:
        cosign = Witnesses(policy, client).cosign
        publisher = Publisher(connection=connection, origin=origin, sign=sign, cosign=cosign)
        await publisher.run()


@app.command()
def keys(*, venue: Venue = None) -> None:
    """Print the log's public keys as a policy file begins: `log NAME+ID+KEY`."""
    settings = load_settings(venue=venue)
    with open_server(settings) as server:
        origin = asyncio.run(_origin(server.url(database_of(settings.venue))))
    for key in read_publics(signer_folder(settings), origin):
        sys.stdout.write(f"log {key.text}\n")


async def _origin(dsn: str) -> str:
    async with published_venue(dsn) as (_, origin):
        return origin


@app.command()
def rotate(*, venue: Venue = None) -> None:
    """Make a further key: from the signer's next start on, both sign."""
    settings = load_settings(venue=venue)
    with open_server(settings) as server:
        origin = asyncio.run(_origin(server.url(database_of(settings.venue))))
    sys.stdout.write(f"log {add_secret(signer_folder(settings), origin).public.text}\n")


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Where the files go.")], *, venue: Venue = None
) -> None:
    """Write checkpoint, tiles and entry bundles as files that any server can serve."""
    settings = load_settings(venue=venue)
    with open_server(settings) as server:
        url = server.url(database_of(settings.venue))
        size, files = asyncio.run(export_log(url, folder))
    sys.stdout.write(f"{files} files for {size} entries in {folder}\n")


@app.command(name="serve-check")
def serve_check_command(
    *,
    entries: Annotated[int, typer.Option(help="How many entries the log shall have.")] = 257,
    port: Annotated[int | None, typer.Option(help="The port of the API.")] = None,
    fresh: Annotated[bool, typer.Option(help="Start the log over, or let it grow.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """Serve a log of its own with so many entries, for a verifier of others, until stopped."""

    def tell(found: dict[str, Any]) -> None:
        words = json.dumps(found) if as_json else "\n".join(f"{k}: {v}" for k, v in found.items())
        sys.stdout.write(words + "\n")
        sys.stdout.flush()

    with contextlib.suppress(KeyboardInterrupt):
        serve_check(entries=entries, port=port, fresh=fresh, tell=tell)


def _until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Run until SIGTERM or Ctrl-C."""

    async def run() -> None:
        task = asyncio.ensure_future(work)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, task.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await task

    asyncio.run(run())
